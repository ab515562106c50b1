#ifndef TML_SPECTRA_RESAMPLING_H
#define TML_SPECTRA_RESAMPLING_H

/** @file spectra/resampling.h
 * Flux-conserving resampling of a spectrum to other wavelengths (Carnall 2017, arXiv:1705.05165, SpectRes),
 * as weights: bin i = sum over j of weight_ij flux_j. The weights depend on wavelengths and mask alone, so
 * every Monte-Carlo draw of the pixels goes the same way. Not collective.
 *
 * Edges of pixels and of bins lie half-way between their centres; the outermost are as far beyond their
 * centre as the other edge is before it. weight_ij = P_ij w_j / sum_j P_ij w_j, with w_j the width of pixel j
 * and P_ij the share of it within bin i, over the pixels that are used.
 */

#include <stddef.h>
#include <stdint.h>

#include "core/status.h"

/** Weights of one mask. */
typedef struct tml_resampling {
    size_t pixels;
    size_t bins;
    size_t *first;  /* [bins + 1] bin i has entries first[i] .. first[i + 1] - 1 */
    size_t *pixel;  /* [first[bins]] */
    double *weight; /* [first[bins]]; those of a bin add up to 1; a bin that is not USED has none */
    uint8_t *state; /* [bins] USED; OUTSIDE: the pixels, masked or not, cover less than half of it; else the
                       commonest reason of its masked pixels when the used ones cover less than half of it */
} tml_resampling;

/** Make the weights.
 * @param wavelength_um  [pixels] strictly ascending   @param state [pixels] of the pixels (pixel_state.h)
 * @param bin_um         [bins] strictly ascending
 * @param resampling     out, owned by the caller; all zero on failure
 * @return TML_OK, TML_BAD_DATA (fewer than two pixels or bins) or TML_INTERNAL
 */
TML_NODISCARD tml_status tml_resampling_create(size_t pixels, const double *wavelength_um,
                                               const uint8_t *state, size_t bins, const double *bin_um,
                                               tml_resampling *resampling, tml_error *error);

/** Pixels that are the bins already: weight 1 for each used one, and the states of the pixels.
 * @return TML_OK or TML_INTERNAL; all zero on failure */
TML_NODISCARD tml_status tml_resampling_identity(size_t pixels, const uint8_t *state,
                                                 tml_resampling *resampling, tml_error *error);

/** Fluxes of the bins; NaN for a bin that is not USED. @param flux [pixels] @param binned out: [bins] */
void tml_resampling_apply(const tml_resampling *resampling, const double *flux, double *binned);

/** Errors of the bins, of pixels with independent errors: sqrt(sum (weight error)^2); NaN where not USED. */
void tml_resampling_errors(const tml_resampling *resampling, const double *error, double *binned);

/** Free what it owns and zero it; a zeroed one is fine. */
void tml_resampling_free(tml_resampling *resampling);

#endif
