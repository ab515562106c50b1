#ifndef TML_ATMOSPHERE_CLOUDLESS_H
#define TML_ATMOSPHERE_CLOUDLESS_H

/** @file atmosphere/cloudless.h
 * The forward model "cloudless": a plane-parallel brown dwarf without clouds, in local thermodynamic
 * equilibrium (docs/forward_model.md).
 *
 * 1. Temperature over pressure: structure.h, 60 levels.
 * 2. Between two levels lies a layer with P = sqrt(P1 P2), T = (T1 + T2) / 2 and the column (P2 - P1) / g.
 * Its abundances: chemistry.h. Its opacity in each bin: opacity.h, from the table of the setup.
 * 3. At each of the 8 quantiles of a bin (opacity_quantiles.h): emergent flux by formal_solution.h with three
 *    angles, S = Planck's law at the centre of the bin. Above the first level the gas is that of the first
 *    layer; below the last the source is that of the last level.
 * 4. The mean of the quantiles is the flux of the bin.
 *
 * No scattering but as a loss, no clouds, no irradiation, no departures from equilibrium. Wavelengths are
 * centres of bins of the table; an instrument (spectra/instrument.h) makes others of them.
 *
 * Parameters, in this order: teff [K], logg [dex, cgs], c_o [solar C/O], met [dex]. */

#include "atmosphere/forward_model.h"

/** The kind; used through forward_model.h. Its setup needs `opacity`. */
extern const tml_forward_kind tml_cloudless;

#endif
