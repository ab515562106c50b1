#ifndef TML_STATISTICS_DESCRIPTION_H
#define TML_STATISTICS_DESCRIPTION_H

/** @file statistics/description.h
 * The shape of a sample by its moments: mean, spread, error of the mean, skewness, kurtosis. Quantiles are in
 * sample_summary.h. Not collective. */

#include <stddef.h>

/** With m_k = mean of (value - mean)^k. All are NaN without a value. */
typedef struct tml_description {
    size_t count;
    double mean;
    double sd_population;  /* sqrt(m_2): divided by n (NumPy's ddof 0) */
    double sd_sample;      /* divided by n - 1 (ddof 1); NaN below two values */
    double standard_error; /* of the mean: sd_sample / sqrt(n); NaN below two values */
    double skewness;       /* m_3 / m_2^1.5, as scipy.stats.skew; GSL's own divides by the sample's sd */
    double kurtosis;       /* m_4 / m_2^2 - 3, as scipy.stats.kurtosis: 0 for a Gaussian */
} tml_description;

/** Describe a sample. Skewness and kurtosis are NaN when the values differ by roundings only: sd_population
 * not above 2^-52 |mean|.
 * @param values  [count] finite; borrowed
 */
tml_description tml_describe(size_t count, const double *values);

#endif
