#ifndef TML_ATMOSPHERE_CHEMISTRY_H
#define TML_ATMOSPHERE_CHEMISTRY_H

/** @file atmosphere/chemistry.h
 * Equilibrium abundances of the gases of the cloudless model as smooth functions of temperature, pressure,
 * metallicity and C/O, with condensation and rain-out.
 *
 * The mass-action laws of chemistry_constants.h and the conservation of elements are solved together: H, He,
 * C, O, N, S, Si (chemistry_gas.h), then Na, K, Cl and electrons (chemistry_alkalis.h), then P, Ti, V, Cr, Fe
 * (chemistry_metals.h). What condenses has rained out: the gas above a cloud holds the vapour pressure of the
 * condensate, the rest of the element is lost to it (Lodders and Fegley 2002, Icarus 155, 393; Visscher,
 * Lodders and Fegley 2006, ApJ 648, 1181). docs/forward_model.md states the deviations from the tables that
 * the Sonora models used. Not collective. */

#include "atmosphere/species.h"

/** C/O of the Sun, by number (Lodders, Palme and Gail 2009). */
#define TML_SOLAR_C_O 0.458

/** Elements of an atmosphere, as N / N_H before anything condenses. */
typedef struct tml_elements {
    double helium, carbon, nitrogen, oxygen, sodium, aluminium, silicon, phosphorus, sulphur, chlorine,
        potassium, titanium, vanadium, chromium, iron;
} tml_elements;

/** Elements of an atmosphere: the Sun's, all but H and He times 10^met, carbon also times c_o. C/O is moved
 * by the carbon at constant oxygen, as the tables of the Sonora models do.
 * @param c_o  0.1 to 2.6, in units of the solar C/O   @param met  [M/H], -1 to 2, dex */
tml_elements tml_elements_of(double c_o, double met);

/** Abundances at a level. Smooth in both arguments and in the elements: all functions used are, and what is
 * iterated is iterated to convergence.
 * @param temperature_k  75 to 6000 K
 * @param pressure_bar   1e-6 to 1000 bar
 * @param fraction  out: [TML_SPECIES_COUNT] fractions of all gas particles, by number; their sum is at most 1
 */
void tml_chemistry_at(const tml_elements *elements, double temperature_k, double pressure_bar,
                      double fraction[TML_SPECIES_COUNT]);

#endif
