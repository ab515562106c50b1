#ifndef TML_ATMOSPHERE_SIMPLE_OPACITY_H
#define TML_ATMOSPHERE_SIMPLE_OPACITY_H

/** @file atmosphere/simple_opacity.h
 * Opacity of the simple emission model: a handful of analytic bands in place of a billion lines.
 *
 *     kappa(nu) = sum over absorbers a of weight_a(T, P) shape_a(nu)      [cm2 per g of gas]
 *
 * With Z = 10^[M/H], P in bar, nu in cm-1, x the abundances of simple_chemistry.h, mu m_u the mass of a
 * molecule:
 *
 * - H2O, CH4, CO, NH3: shape = sum of bands S / cosh((nu - nu_0) / w) [cm2 per molecule], an envelope with
 *   exponential wings, as the rotational structure of a band has; weight = x / (mu m_u). Positions, heights
 *   and widths are those of the real bands, read by eye to one or two digits off the ExoMol cross sections
 *   (Tennyson et al. 2016, J. Mol. Spectrosc. 327, 73) at 600 K, averaged over about 3 %.
 * - Wings of H2O and CH4: shape = the same bands, 0.05 times as high and 2.2 times as wide;
 *   weight = x / (mu m_u) P^0.3. A stand-in for pressure broadening: in a band of unresolved lines the
 *   effective opacity grows between P^0 (weak lines) and P^0.5 (strong lines; Goody and Yung 1989,
 *   Atmospheric Radiation, chapter 4). The numbers are chosen, not derived.
 * - Hot H2O, which fills the windows between its bands: shape = 5.1e-19 exp(-nu / 1270),
 *   weight = x / (mu m_u) exp(-6000 K / T), fitted by eye to the ExoMol cross sections at 600 and 3400 K.
 * - Wings of the K and Na resonance lines: shape = the far Lorentz wing pi e^2 / (m_e c^2) / (pi (dnu^2 +
 *   100^2)), cut off by exp(-dnu / 2500) in the manner of Burrows, Marley and Sharp (2000, ApJ 531, 438);
 *   weight = x / (mu m_u) times the half width 0.1 P (296 K / T)^0.7.
 * - Collisions of H2 with H2: shape = four bands (rotation, fundamental, two overtones) fitted by eye to
 *   Borysow et al. (2001, JQSRT 68, 235; 2002, A&A 390, 779) at 1000 K [cm-1 amagat-2];
 *   weight = n(H2)^2 / rho ~ P / T.
 * - Metal oxides and hydrides (TiO, VO, FeH, ...) as if they never condensed: shape = 1 / (1 + exp((15000 -
 *   nu) / 700)) [cm2 g-1], weight = Z^1.7 P^0.5: hydrides take one heavy atom and, by Fe + H2 / 2, the root
 * of P, oxides take two. A stand-in that closes the visible and makes the flux bluewards of 1.1 micron depend
 *   on Z; the numbers are chosen.
 * - Grains: shape = 0.002 (nu / 10^4)^2 [cm2 g-1], weight = Z^1.3: a thin haze, stand-in for clouds; chosen.
 *
 * Limits. One shape for all temperatures; no line is resolved; no CO2, H2S, PH3, H-; no scattering. The last
 * two absorbers and the molecules' wings are there above all to give [M/H] and log g traces of their own:
 * where all opacity is proportional to Z, a spectrum depends on g / Z alone. Not collective.
 */

#include <stddef.h>

#include "atmosphere/simple_chemistry.h"

/** Mean molecular weight of the gas [atomic masses]. */
#define TML_SIMPLE_MEAN_WEIGHT 2.34

typedef enum tml_simple_absorber {
    TML_SIMPLE_H2O,
    TML_SIMPLE_CH4,
    TML_SIMPLE_H2O_WINGS,
    TML_SIMPLE_CH4_WINGS,
    TML_SIMPLE_HOT_H2O,
    TML_SIMPLE_CO,
    TML_SIMPLE_NH3,
    TML_SIMPLE_ALKALI,
    TML_SIMPLE_COLLISIONS,
    TML_SIMPLE_METALS,
    TML_SIMPLE_GRAINS,
    TML_SIMPLE_ABSORBERS
} tml_simple_absorber;

/** Shape of one absorber at a wavelength, in the unit that its weight expects. */
double tml_simple_shape(tml_simple_absorber absorber, double wavelength_um);

/** Weights of all absorbers at a temperature [K] and a pressure [bar]. */
void tml_simple_weights(const tml_simple_elements *elements, double temperature_k, double pressure_bar,
                        double weights[TML_SIMPLE_ABSORBERS]);

/** Opacities [cm2 g-1] from weights and shapes.
 * @param shapes  [TML_SIMPLE_ABSORBERS][count]
 * @param kappa   out: [count], not overlapping the others
 */
void tml_simple_opacities(const double weights[TML_SIMPLE_ABSORBERS], const double *shapes, size_t count,
                          double *restrict kappa);

#endif
