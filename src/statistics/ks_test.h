#ifndef TML_STATISTICS_KS_TEST_H
#define TML_STATISTICS_KS_TEST_H

/** @file statistics/ks_test.h
 * Kolmogorov-Smirnov tests: whether two samples are of one distribution, whether one sample is uniform, as
 * the places of true values in predicted distributions must be (probability integral transform). They see
 * shifts of the middle better than differences in the tails, for which anderson_darling.h is there. Not
 * collective. */

#include <stddef.h>

#include "core/status.h"
#include "statistics/kolmogorov.h"

typedef struct tml_ks_test {
    double d; /* greatest distance of the two cumulative distributions, 0 to 1; NaN for an empty sample */
    double p; /* of one at least as large by chance; NaN for an empty sample */
    tml_ks_method method; /* of p */
} tml_ks_test;

/** Products of the two counts up to which p is exact. */
enum { TML_KS_TWO_SAMPLE_EXACT = 10000000 };

/** Compare two samples.
 *
 * Exact: the share of all ways to deal the values out to the two samples that have a distance as large, equal
 * values included (Hodges 1958, Ark. Mat. 3, 469; ties after Nikiforov 1994, AS 288); as
 * scipy.stats.ks_2samp when no value occurs twice. Asymptotic: tml_kolmogorov_tail(sqrt(n m / (n + m)) d),
 * too high by some percent.
 * @param first, second  [..._count] finite, ascending; borrowed
 * @return TML_OK or TML_INTERNAL (no memory)
 */
TML_NODISCARD tml_status tml_ks_compare(size_t first_count, const double *first, size_t second_count,
                                        const double *second, tml_ks_test *test, tml_error *error);

/** Compare a sample with the uniform distribution from 0 to 1.
 * @param sorted  [count] ascending; values outside belong to the ends; borrowed
 */
tml_ks_test tml_ks_uniform(size_t count, const double *sorted);

#endif
