#ifndef TML_ATMOSPHERE_RAYLEIGH_H
#define TML_ATMOSPHERE_RAYLEIGH_H

/** @file atmosphere/rayleigh.h
 * Rayleigh scattering of the two commonest gases. In the cloudless model it counts as extinction: light that
 * is scattered is lost. Not collective. */

/** Cross section of H2 [cm2 per molecule]: 8.14e-13 / l^4 + 1.28e-6 / l^6 + 1.61 / l^8, l in Angstrom
 * (Dalgarno and Williams 1962, ApJ 136, 690). */
double tml_rayleigh_h2(double wavelength_um);

/** Cross section of He [cm2 per atom]: 5.484e-14 / l^4 (1 + 2.44e5 / l^2), l in Angstrom (Dalgarno 1962, as
 * used by Kurucz 1970, SAO Special Report 309). */
double tml_rayleigh_he(double wavelength_um);

#endif
