#ifndef TML_STATISTICS_SAMPLE_SUMMARY_H
#define TML_STATISTICS_SAMPLE_SUMMARY_H

/** @file statistics/sample_summary.h
 * A sample of numbers in a few: mean, standard deviation, percentiles, median absolute deviation. Not
 * collective. */

#include <stddef.h>

typedef struct tml_sample_summary {
    size_t count;
    double mean;
    double sd; /* divided by count - 1; NaN below two */
    double minimum, maximum;
    double p2_5, p16, p50, p84, p97_5; /* linear between order statistics, as NumPy's default: Hyndman and
                                          Fan 1996, type 7; 16 and 84 are 15.8655 and 84.1345 percent */
    double mad;                        /* median of |value - median|, not scaled */
} tml_sample_summary;

/** Quantile of a sorted sample, type 7. @param sorted [count] ascending, count at least 1 @param p 0 to 1 */
double tml_sorted_quantile(size_t count, const double *sorted, double p);

/** Summarise. The mean is taken about the smallest value, so that large offsets lose no digits and the order
 * does not matter.
 * @param values  [count] finite, in any order; sorted by this call
 * @return all NaN when count is 0
 */
tml_sample_summary tml_sample_summarise(size_t count, double *values);

#endif
