#ifndef TML_STATISTICS_REGRESSION_BOOTSTRAP_H
#define TML_STATISTICS_REGRESSION_BOOTSTRAP_H

/** @file statistics/regression_bootstrap.h
 * How far the scores of a regression (statistics/regression.h) are chance, the scored rows being a sample:
 * the percentile bootstrap (Efron & Tibshirani 1993, An Introduction to the Bootstrap, section 13.3).
 *
 * As many rows as there are, are drawn with replacement, TML_BOOTSTRAP_RESAMPLES times, the targets of a row
 * together; the interval holds the central 95 % of the scores of these. Draw i of resample r is row
 * floor(u n), u being number i % 4 of the Philox words at (seed; BOOTSTRAP, stream, r, i / 4). The same rows
 * in the same order give the same bits. Not collective. */

#include <stddef.h>
#include <stdint.h>

#include "core/status.h"
#include "statistics/interval.h"
#include "statistics/regression.h"

enum {
    TML_BOOTSTRAP_RESAMPLES = 1000,
    TML_BOOTSTRAP_FEWEST = 10,  /* rows; of fewer, resamples say nothing */
    TML_BOOTSTRAP_MOST = 200000 /* rows; of n above, as many spread evenly are resampled, and the distances of
                                   the ends from the score are multiplied by sqrt(most / n) */
};

/** Central 95 % intervals; NaN: not known. */
typedef struct tml_regression_intervals {
    tml_interval r2, rmse, mae, bias;
} tml_regression_intervals;

/** Intervals of no score at all. */
tml_regression_intervals tml_regression_intervals_unknown(void);

/** The scored rows, all borrowed. */
typedef struct tml_scored_rows {
    size_t count;
    size_t targets;
    size_t stride;                       /* doubles from one row to the next */
    const double *truth;                 /* [targets] of the first row */
    const double *prediction;            /* [targets] of the first row */
    const tml_regression_result *scores; /* [targets] of all these rows */
} tml_scored_rows;

/** Intervals for the scores of every target. A score that is NaN has none; resamples without an R2 (a
 * constant truth) are left out of its interval, which is not known when they are more than half.
 * @param stream     which set of rows it is
 * @param intervals  [targets] out; not known on failure
 * @return TML_OK or TML_INTERNAL (no memory)
 */
TML_NODISCARD tml_status tml_regression_bootstrap(const tml_scored_rows *rows, uint64_t seed, uint64_t stream,
                                                  tml_regression_intervals *intervals, tml_error *error);

#endif
