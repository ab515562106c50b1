#ifndef TML_SPECTRA_INSTRUMENT_H
#define TML_SPECTRA_INSTRUMENT_H

/** @file spectra/instrument.h
 * What an instrument makes of a computed spectrum: a Gaussian line-spread function of the width lambda / R,
 * and bins of its own.
 *
 * The computed spectrum is constant within each of its native bins. With the line-spread function G (full
 * width at half maximum lambda / R, sigma = lambda / (R 2 sqrt(2 ln 2)), lambda the centre of the bin [a, b])
 * the mean over the bin is a sum over native bins [c, d] with the weights
 *
 *     1 / (b - a) integral_a^b dx integral_c^d dy G(x - y)
 *       = (H(b - c) - H(a - c) - H(b - d) + H(a - d)) / (b - a),   H(x) = x Phi(x / sigma) + sigma phi(x /
 * sigma)
 *
 * (Phi, phi: normal distribution and its density; H'' = G). Native bins further than 5 sigma away are left
 * out and the weights are divided by their sum, so a constant spectrum stays what it is. Without a
 * line-spread function sigma = 0 and the weights are overlaps, as in resampling.h. Means are over wavelength,
 * of whatever unit the flux has. A native bin smooths by itself: the resolution reached is somewhat below R
 * where R comes near that of the native bins. Not collective. */

#include <stdbool.h>
#include <stddef.h>

#include "core/status.h"
#include "spectra/resampling.h"

/** Range that may be asked for [micron]. */
#define TML_INSTRUMENT_LEAST_UM 0.8
#define TML_INSTRUMENT_MOST_UM 5.0

/** Largest resolution that may be asked for. */
#define TML_INSTRUMENT_RESOLUTION 1e6

/** What is asked of the instrument. All zero: the published wavelengths without a line-spread function.
 *
 * The bins are lambda_k+1 = lambda_k (2 R + 1) / (2 R - 1), one per width of the line-spread function. With a
 * constant R (100 without a line-spread function: the published bins and their continuation) the centres are
 * 0.8967795781943042 ((2 R + 1) / (2 R - 1))^k micron within the range; with a table they start at the lower
 * end of the range and go by the R at each. */
typedef struct tml_instrument_wish {
    double low_um, high_um; /* range of the centres; both 0: that of the published grid, or of the table */
    double resolution;      /* R, the same everywhere; 0: none */
    size_t rows;            /* of the table; 0: none */
    const double *row_um;   /* [rows] ascending */
    const double *row_resolution; /* [rows] linear between the rows */
} tml_instrument_wish;

/** Output wavelengths, and how they come from native ones. */
typedef struct tml_instrument {
    size_t bins;
    double *wavelength_um;  /* [bins] centres */
    size_t first;           /* the native bins that are needed: first .. first + weights.pixels - 1 */
    tml_resampling weights; /* from those native bins to `bins` */
} tml_instrument;

/** Make an instrument.
 * @param native      number of native bins, at least 2
 * @param native_um   [native] centres, ascending; edges half-way between
 * @param instrument  out, freed by tml_instrument_free; zeroed on failure
 * @return TML_OK; TML_USAGE (range not ascending or outside 0.8 to 5 micron; a resolution outside 5 to
 * TML_INSTRUMENT_RESOLUTION; fewer than two bins); TML_BAD_DATA (native bins that do not reach as far as the
 * range, or that are wider than lambda / R; a range beyond the rows of the table); TML_INTERNAL
 */
TML_NODISCARD tml_status tml_instrument_create(size_t native, const double *native_um,
                                               const tml_instrument_wish *wish, tml_instrument *instrument,
                                               tml_error *error);

/** Free what it owns and zero it; a zeroed one is fine. */
void tml_instrument_free(tml_instrument *instrument);

#endif
