#ifndef TML_STATISTICS_HISTOGRAM_TEST_H
#define TML_STATISTICS_HISTOGRAM_TEST_H

/** @file statistics/histogram_test.h
 * Whether two histograms with the same bins can be of the same distribution: Pearson's chi-square test of
 * homogeneity. With totals R and S of counts r_i and s_i:
 *
 *   chi2 = sum_i (sqrt(S / R) r_i - sqrt(R / S) s_i)^2 / (r_i + s_i),   dof = bins with a count - 1
 *
 * (Press et al. 2007, Numerical Recipes, eq. 14.3.3; the same as of the 2 x n table of contingency). The
 * probability is good when the bins hold about five counts or more. Not collective. */

#include <stddef.h>

typedef struct tml_histogram_test {
    double chi2; /* NaN when one of the histograms is empty or a count is not finite or negative */
    size_t dof;
    double p; /* of a larger chi2 by chance; NaN as chi2, or when dof is 0 */
} tml_histogram_test;

/** Compare two histograms. Bins that are empty in both are left out.
 * @param first, second  [bins] counts, at least 0; borrowed
 */
tml_histogram_test tml_histogram_compare(size_t bins, const double *first, const double *second);

#endif
