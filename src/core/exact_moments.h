#ifndef TML_CORE_EXACT_MOMENTS_H
#define TML_CORE_EXACT_MOMENTS_H

/** @file core/exact_moments.h
 * Variance and third moment from one pass over the data, without cancellation and independent of the order.
 *
 * The textbook formula (sum of squares minus square of the sum) is safe when nothing in it is rounded:
 * products are split into a sum of doubles by fused multiply-add (Ogita, Rump & Oishi 2005, SIAM J. Sci.
 * Comput. 26, 1955) and added in exact accumulators (core/exact_sum.h), the difference is formed there too
 * and rounded once. The accumulators of several ranks are combined by mpi/exact_reduce.h. Not collective.
 *
 * Values are finite and at most TML_EXACT_MOMENTS_LIMIT in magnitude; at most 2^28 of them over all ranks.
 */

#include "core/exact_sum.h"

#define TML_EXACT_MOMENTS_LIMIT 1e60

/** Add value^2 without rounding. */
void tml_exact_sum_add_square(tml_exact_sum *sum, double value);

/** Add value^3 without rounding. */
void tml_exact_sum_add_cube(tml_exact_sum *sum, double value);

/** Mean of the values; NaN when count is 0. */
double tml_exact_mean(double count, const tml_exact_sum *first);

/** Population variance: mean of (value - mean)^2; exactly 0 for equal values; NaN when count is 0.
 * @param first   sum of the values
 * @param second  sum of their squares
 */
double tml_exact_variance(double count, const tml_exact_sum *first, const tml_exact_sum *second);

/** Third central moment: mean of (value - mean)^3; NaN when count is 0.
 * @param third  sum of the cubes
 */
double tml_exact_third_moment(double count, const tml_exact_sum *first, const tml_exact_sum *second,
                              const tml_exact_sum *third);

#endif
