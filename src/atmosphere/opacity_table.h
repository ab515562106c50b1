#ifndef TML_ATMOSPHERE_OPACITY_TABLE_H
#define TML_ATMOSPHERE_OPACITY_TABLE_H

/** @file atmosphere/opacity_table.h
 * Opacity of molecules on a grid of wavelength bins, temperatures and pressures, as correlated-k needs it,
 * and of colliding pairs.
 *
 * Within a bin the cross section of a species is taken as distributed log-normally over the bin's
 * frequencies: its mean m and its squared relative deviation c = variance / mean^2 say all. For independent
 * species means and variances add, so a mixture is log-normal again (Fenton 1960, IRE Trans. Commun. Syst. 8,
 * 57), and the quadrature over its quantiles is done once for the mixture. A species whose ln c is
 * TML_OPACITY_GREY or less everywhere does not vary within a bin. Not collective. */

#include <stddef.h>

#include "atmosphere/species.h"

enum { TML_OPACITY_TEMPERATURES = 16, TML_OPACITY_PRESSURES = 12, TML_COLLISION_TEMPERATURES = 32 };

#define TML_OPACITY_GREY (-20.0F)

/** Pairs whose collisions absorb. */
typedef enum tml_collision { TML_COLLISION_H2_H2, TML_COLLISION_H2_HE, TML_COLLISION_COUNT } tml_collision;

/** Plain arrays; the owner is who made them (io/opacity_file.h frees its own). */
typedef struct tml_opacity_table {
    size_t bins;
    const double *wavelength_um; /* [bins] centres, ascending; edges are the means of neighbours */
    size_t temperatures, pressures;
    double temperature_k[TML_OPACITY_TEMPERATURES]; /* ascending */
    double pressure_bar[TML_OPACITY_PRESSURES];     /* ascending */
    size_t species_count;
    tml_species species[TML_SPECIES_COUNT];
    const float *ln_mean;     /* [species][temperatures][pressures][bins] ln of the mean [cm2 per particle] */
    const float *ln_contrast; /* the same shape: ln of c, variance over squared mean */
    size_t collision_temperatures;
    double collision_temperature_k[TML_COLLISION_TEMPERATURES]; /* ascending */
    const float *log10_collision; /* [TML_COLLISION_COUNT][collision_temperatures][bins] [cm5 molecule-2] */
} tml_opacity_table;

#endif
