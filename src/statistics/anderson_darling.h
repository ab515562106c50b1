#ifndef TML_STATISTICS_ANDERSON_DARLING_H
#define TML_STATISTICS_ANDERSON_DARLING_H

/** @file statistics/anderson_darling.h
 * Whether two samples are of one distribution, with weight on the tails: the Anderson-Darling test of Scholz
 * & Stephens (1987, J. Am. Stat. Assoc. 82, 918) for two samples, in their form for equal values (their eq.
 * 7), as scipy.stats.anderson_ksamp. Not collective. */

#include <stdbool.h>
#include <stddef.h>

/** All NaN when a sample is empty, when there are fewer than four values, or when all are equal. */
typedef struct tml_anderson_darling {
    double
        statistic; /* (A2 - 1) / sd of A2: about 0 for samples of one distribution, above 1.96 has p < 0.05 */
    double p;      /* of a larger one by chance: ln p is a parabola through their table 2 */
    bool is_bound; /* p lies beyond that table: it is at least the 0.25, or at most the 0.001, that stands
                      there */
} tml_anderson_darling;

/** Compare two samples.
 * @param first, second  [..._count] finite, ascending; borrowed
 */
tml_anderson_darling tml_anderson_darling_compare(size_t first_count, const double *first,
                                                  size_t second_count, const double *second);

#endif
