#ifndef TML_SPECTRA_PREPARATION_FIT_H
#define TML_SPECTRA_PREPARATION_FIT_H

/** @file spectra/preparation_fit.h
 * The column scalings of a preparation, worked out from the training rows in one pass.
 *
 *   begin -> add_row (every training row once, on any rank, in any order)
 *         -> the caller reduces over the ranks: tml_exact_reduce(comm, fit.sums, fit.sum_count),
 *            MPI_MIN over fit.minima and MPI_MAX over fit.maxima (fit.columns doubles each)
 *         -> end -> free
 *
 * Sums and sums of squares are exact (core/exact_moments.h), so no second pass is needed and the scalings are
 * the same bits for any distribution of the rows. Not collective.
 */

#include <stddef.h>

#include "core/exact_sum.h"
#include "spectra/preparation.h"

/** Sums over the rows added so far. Columns are those that need a scaling: pixels, features, targets. */
typedef struct tml_preparation_fit {
    size_t columns;
    size_t sum_count;    /* 1 + 2 * columns */
    tml_exact_sum *sums; /* [sum_count] number of rows; then for each column the sum and the sum of squares */
    double *minima;      /* [columns] infinity where there are no rows */
    double *maxima;      /* [columns] -infinity where there are no rows */
    size_t pixels;       /* the columns in their order: spectrum, ... */
    size_t features;     /* ... features, ... */
    size_t targets;      /* ... targets; 0 for a part that is not scaled by column */
    double *row;         /* [columns] of the row that is being added */
} tml_preparation_fit;

/** Start without rows.
 * @param fit  out, owned by the caller (tml_preparation_fit_free); all zero on failure
 * @return TML_OK or TML_INTERNAL (no memory)
 */
TML_NODISCARD tml_status tml_preparation_fit_begin(const tml_preparation *preparation,
                                                   tml_preparation_fit *fit, tml_error *error);

/** Add one row.
 * @param flux     [wavelengths] ascending, borrowed
 * @param targets  [target_count] in their units, borrowed
 * @return TML_OK, or TML_BAD_DATA as tml_preparation_input and tml_preparation_targets; the fit is then
 * unchanged
 */
TML_NODISCARD tml_status tml_preparation_fit_add_row(const tml_preparation *preparation,
                                                     tml_preparation_fit *fit, const float *flux,
                                                     const double *targets, tml_error *error);

/** Put the scalings into the preparation.
 * @return TML_OK, or TML_BAD_DATA when there are no rows; the preparation is then unchanged
 */
TML_NODISCARD tml_status tml_preparation_fit_end(const tml_preparation_fit *fit, tml_preparation *preparation,
                                                 tml_error *error);

/** Free what it owns and set all to zero; a zeroed one is fine. */
void tml_preparation_fit_free(tml_preparation_fit *fit);

#endif
