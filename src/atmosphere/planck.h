#ifndef TML_ATMOSPHERE_PLANCK_H
#define TML_ATMOSPHERE_PLANCK_H

/** @file atmosphere/planck.h
 * Black bodies in the units of the product, and the constants behind them (SI 2019, exact, here in cgs).
 * Not collective. */

#include <math.h>

#define TML_PLANCK_CONSTANT 6.62607015e-27  /* erg s */
#define TML_LIGHT_SPEED 2.99792458e10       /* cm s-1 */
#define TML_BOLTZMANN_CONSTANT 1.380649e-16 /* erg K-1 */
#define TML_ATOMIC_MASS 1.66053906660e-24   /* g (CODATA 2018) */
#define TML_STEFAN_BOLTZMANN 5.670374419e-5 /* erg s-1 cm-2 K-4 */
#define TML_LOSCHMIDT_NUMBER 2.686780111e19 /* cm-3 per amagat (CODATA 2018) */
#define TML_PI 3.14159265358979323846

/** h c / (lambda k) [K]: the exponent of Planck's law times the temperature. */
static inline double tml_planck_temperature(double wavelength_um)
{
    return TML_PLANCK_CONSTANT * TML_LIGHT_SPEED / (1e-4 * wavelength_um * TML_BOLTZMANN_CONSTANT);
}

/** 2 h c / lambda^3 = 2 h nu^3 / c^2 [erg s-1 cm-2 Hz-1 sr-1]: the factor before Planck's law. */
static inline double tml_planck_factor(double wavelength_um)
{
    const double cm = 1e-4 * wavelength_um;

    return 2.0 * TML_PLANCK_CONSTANT * TML_LIGHT_SPEED / (cm * cm * cm);
}

/** Planck's law B_nu(T) = 2 h nu^3 / c^2 / (exp(h nu / k T) - 1) [erg s-1 cm-2 Hz-1 sr-1]. */
static inline double tml_planck_nu(double wavelength_um, double temperature_k)
{
    return tml_planck_factor(wavelength_um) / expm1(tml_planck_temperature(wavelength_um) / temperature_k);
}

#endif
