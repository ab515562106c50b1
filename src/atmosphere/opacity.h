#ifndef TML_ATMOSPHERE_OPACITY_H
#define TML_ATMOSPHERE_OPACITY_H

/** @file atmosphere/opacity.h
 * Opacity of a gas in a set of wavelength bins, from a table (opacity_table.h) and the abundances.
 *
 *   molecules  m = sum_s x_s m_s,  c = sum_s (x_s m_s)^2 c_s / m^2: mean and contrast of a log-normal mixture
 *   continuum  grey species of the table, H2-H2 and H2-He collisions (collisions.h), Rayleigh scattering by
 *              H2 and He as extinction (rayleigh.h)
 *
 * ln m_s and ln c_s are bilinear in ln T and ln P between the nodes of the table and constant beyond. Not
 * collective. */

#include <stddef.h>
#include <stdint.h>

#include "atmosphere/opacity_table.h"
#include "core/status.h"

/** A set of species: bit 1 << species. */
typedef uint32_t tml_species_set;

/** Opacity of one layer; arrays of the caller. */
typedef struct tml_opacity_layer {
    double *mean;      /* [bins] of the mixture [cm2 g-1] */
    double *spread;    /* [bins] s, s^2 = ln(1 + c) */
    double *continuum; /* [bins] cm2 g-1 */
} tml_opacity_layer;

typedef struct tml_opacity tml_opacity;

/** Take the bins that are wanted from a table.
 * @param table          borrowed for the call, copied
 * @param wavelength_um  [bins] ascending; each must be the centre of a bin of the table (to 1e-9 of it)
 * @param without        species that do not absorb: neither by lines, nor in collisions, nor by scattering
 * @param opacity        out, owned by the caller; NULL on failure
 * @return TML_OK, TML_BAD_DATA (a wavelength that is not in the table) or TML_INTERNAL
 */
TML_NODISCARD tml_status tml_opacity_create(const tml_opacity_table *table, size_t bins,
                                            const double *wavelength_um, tml_species_set without,
                                            tml_opacity **opacity, tml_error *error);

/** Opacity at a temperature [K] and a pressure [bar].
 * @param fraction  [TML_SPECIES_COUNT] of all particles, by number
 * @param layer     out; its arrays must not overlap
 */
void tml_opacity_at(const tml_opacity *opacity, double temperature_k, double pressure_bar,
                    const double fraction[TML_SPECIES_COUNT], const tml_opacity_layer *layer);

/** Free it and set the pointer to NULL; NULL is fine. */
void tml_opacity_destroy(tml_opacity **opacity);

#endif
