#ifndef TML_ATMOSPHERE_SIMPLE_EMISSION_H
#define TML_ATMOSPHERE_SIMPLE_EMISSION_H

/** @file atmosphere/simple_emission.h
 * The forward model "simple": a toy whose spectra look like those of brown dwarfs and cost 0.1 ms each.
 *
 * It is there to test the pipeline: to train a network within minutes on spectra of which every parameter can
 * be found again. It is not for science: no number of it is to be compared with an observed object.
 *
 * A plane-parallel atmosphere in local thermodynamic equilibrium, without scattering:
 *
 * 1. Temperature over the mean optical depth tau: Eddington's grey atmosphere (Mihalas 1978, Stellar
 *    Atmospheres, 2nd ed., section 3-3), T^4 = 3/4 Teff^4 (tau + q), with q = 2/3 (1 - 3/4 exp(-8 tau)) in
 *    place of 2/3: lines cool the top of a real atmosphere (here to 0.6 Teff). That factor is chosen to
 *    resemble the Sonora profiles, not derived. No convection, no irradiation.
 * 2. Pressure: hydrostatic, dP = g dm and dtau = kappa_R(T, P) dm, with g = 10^logg and the column mass m.
 * 3. kappa_R: the Rosseland mean (Mihalas 1978, section 3-2) of the model's own opacity, from 40 points
 *    between 0.4 and 40 micron, level by level from the top; between two levels it is extrapolated from the
 *    two above. The top level is found by a fixed number of steps, so that the spectrum is smooth in all
 *    parameters.
 * 4. Abundances at each level: simple_chemistry.h. Opacity: simple_opacity.h. Optical depth at a wavelength:
 *    t = integral kappa(nu) dm (trapezoid between levels).
 * 5. Flux: formal_solution.h with S = Planck's law on 32 levels tau = 0.001 + 0.01 (exp(l / 3) - 1), up to
 *    tau = 300.
 *
 * Wavelengths are points, not bins. The levels are coarse: with ten times as many the flux moves by 10 to
 * 20 % (rms), alike for neighbouring parameters. No energy balance is solved: the flux over all wavelengths
 * is sigma Teff^4 to about 15 % (solar abundances, Teff 200 to 2400 K); between 0.9 and 2.5 micron it is
 * below sigma Teff^4 everywhere in the allowed ranges. Over the published ranges one step of any parameter
 * changes the spectrum by 0.9 % (rms) or more, and the changes with two parameters are never nearly the same
 * (|cosine| below 0.98 in 99.8 % of the cells, below 0.985 in all). tests/unit/test_forward_model.c holds
 * this on a sample.
 *
 * Parameters, in this order: teff [K], logg [dex, cgs], c_o [solar C/O], met [dex].
 */

#include "atmosphere/forward_model.h"

/** The kind; used through forward_model.h. */
extern const tml_forward_kind tml_simple_emission;

#endif
