#ifndef TML_ATMOSPHERE_STRUCTURE_H
#define TML_ATMOSPHERE_STRUCTURE_H

/** @file atmosphere/structure.h
 * Temperature over pressure in a cloudless brown dwarf, in radiative-convective equilibrium. Not collective.
 *
 * Solar metals. With the photosphere P_phot(Teff, g), where T = Teff, x = log10(P / P_phot) and the gradient
 * nabla = dlnT / dlnP,
 *
 *     ln T(P) = ln Teff + integral from P_phot to P of nabla dlnP,   nabla > 0
 *
 * nabla is linear in x between 20 nodes: small at the top (radiative, nearly isothermal), rising through the
 * photosphere to the adiabat of H2 and He (0.30 where it is cold, 0.1 where H2 dissociates), with the second
 * radiative zone where the opacity has its minimum; T is held above 75 K. ln P_phot and ln nabla at the nodes
 * are polynomials in ln Teff and log g, fitted to the 389 solar profiles of Sonora Bobcat (Marley et al.
 * 2021, ApJ 920, 85) without Teff 700, 1400, 2000 K and log g 4.0 (jobs/structure/fit_structure.py,
 * structure_table.h). On those left out, between 0.001 and 100 bar, the rms of T is 1.0 % (median of the
 * profiles) and 2.1 % (95 % of them).
 *
 * Other metals. In hydrostatic equilibrium P and g enter radiative transfer as kappa dP / g alone and the
 * adiabat knows no g (Mihalas 1978, Stellar Atmospheres, section 7-2; Saumon and Marley 2008, ApJ 689, 1327),
 * so an atmosphere with f times the opacity has the T(P) of a solar one with the gravity g / f. Here
 *
 *     log10 f = sum over i, j, k, l of C_ijkl y^i (log g - 5)^j [M/H]^k (c_o - 1)^l,   i + j <= 2, 1 <= k + l
 * <= 4,
 *
 * with y = ln(Teff / 1200 K) held between -0.75 and 0.75. The coefficients (structure_metals.h,
 * jobs/opacity/metals_in_structure.py) are those for which the model keeps the flux between 0.8 and 5 micron
 * of the solar atmosphere of the same Teff and log g: energy conservation, solved for at 756 nodes within
 * Teff 600 to 2400 K, [M/H] -1 to 2, C/O 0.25 to 2.5 and met by the polynomial within 0.06 dex (rms). It is
 * exactly 0 at solar elements.
 */

#include <stddef.h>

enum { TML_STRUCTURE_LEVELS = 60 };

/** The top lies near 1e-5 bar; the bottom 2.2 to 3.1 dex below the photosphere and above 890 bar; T there is
 * below 5000 K. */
typedef struct tml_structure {
    double pressure_bar[TML_STRUCTURE_LEVELS];  /* ascending, equal steps of the logarithm */
    double temperature_k[TML_STRUCTURE_LEVELS]; /* ascending */
    double gravity;                             /* cm s-2 */
} tml_structure;

/** The structure of an atmosphere; every level is smooth in all parameters.
 * @param teff  200 to 2400 K
 * @param logg  3 to 5.5 (cm s-2)
 * @param c_o   0.25 to 2.5, in units of the solar C/O
 * @param met   [M/H], -1 to 2 dex
 * @param structure  out
 */
void tml_structure_of(double teff, double logg, double c_o, double met, tml_structure *structure);

#endif
