#ifndef TML_STATISTICS_REGRESSION_H
#define TML_STATISTICS_REGRESSION_H

/** @file statistics/regression.h
 * How well predictions of one target meet the truth: R2, RMSE, MAE, bias and shape of the residuals.
 *
 * R2 is not symmetric: it divides by the variance of the truth. The original calls scikit-learn's
 * r2_score(predicted, true), whose first argument is the truth, and so divides by the variance of the
 * predictions: higher where these vary more than the truth, lower where they vary less.
 *
 *   clear -> add ... -> (ranks: tml_exact_reduce over `sums`) -> result
 *
 * Everything that is accumulated, the counts included, is an exact sum, so the figures are the same bits for
 * any order of the rows and any number of ranks. An array of n accumulators is reduced by one call:
 *   tml_exact_reduce(comm, targets[0].sums, n * TML_REGRESSION_SUMS, error)
 * Not collective.
 */

#include <stdint.h>

#include "core/exact_sum.h"

enum { TML_REGRESSION_SUMS = 8 };

/** Sums over the rows added so far. At most 2^28 rows over all ranks. */
typedef struct tml_regression {
    tml_exact_sum sums[TML_REGRESSION_SUMS];
} tml_regression;

/** A residual is prediction - truth; all figures are in the unit of the target or its powers. NaN (null in
 * JSON) is a figure that does not exist: all of them when there are no rows or when a pair was unusable. */
typedef struct tml_regression_result {
    uint64_t count;    /* usable pairs */
    uint64_t unusable; /* pairs with a number that is not finite or beyond 1e60 */
    double r2;         /* 1 - sum(residual^2) / sum((truth - mean truth)^2); NaN when the truth is constant */
    double rmse;       /* root of the mean squared residual */
    double mae;        /* mean absolute residual */
    double bias;       /* mean residual */
    double sd;         /* standard deviation of the residuals about the bias, divided by n */
    double
        skewness; /* m3 / m2^1.5 of the residuals, biased as scipy.stats.skew; NaN when they are constant */
    double truth_mean;
    double truth_sd; /* divided by n */
} tml_regression_result;

/** Forget all rows. */
void tml_regression_clear(tml_regression *regression);

/** Add one row; an unusable pair is counted and nothing else. */
void tml_regression_add(tml_regression *regression, double truth, double prediction);

/** Add the rows of another accumulator. */
void tml_regression_merge(tml_regression *regression, const tml_regression *other);

/** The figures of the rows added so far. */
tml_regression_result tml_regression_get(const tml_regression *regression);

#endif
