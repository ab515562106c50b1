#ifndef TML_STATISTICS_MEAN_INTERVAL_H
#define TML_STATISTICS_MEAN_INTERVAL_H

/** @file statistics/mean_interval.h
 * Two intervals that are often taken for each other, both for a Gaussian sample of n values with mean m and
 * standard deviation s, both by Student's t with n - 1 degrees of freedom (t is its quantile at
 * (1 + level) / 2):
 *
 *   confidence interval of the mean    m +- t s sqrt(1 / n)       shrinks with n: where the true mean lies
 *   prediction interval of one value   m +- t s sqrt(1 + 1 / n)   does not: where the next value will lie
 *
 * (Hahn & Meeker 1991, Statistical Intervals, sections 4.2 and 4.7). A band of the first kind says nothing of
 * where spectra or draws lie. Not collective. */

#include <stddef.h>

#include "statistics/interval.h"

/** Quantile of Student's t. Right to 1e-12 for p from 1e-4 to 1 - 1e-4; to 1e-7 from 1e-9 to 1 - 1e-9.
 * @return NaN when p is not inside (0, 1) or dof is not above 0
 */
double tml_student_quantile(double p, double dof);

/** Confidence interval of the mean.
 * @param sd     of the sample, divided by n - 1
 * @param level  such as 0.95
 * @return not known when count is below 2 or level is not inside (0, 1)
 */
tml_interval tml_mean_confidence(size_t count, double mean, double sd, double level);

/** Prediction interval of one further value; arguments and failures as above. */
tml_interval tml_mean_prediction(size_t count, double mean, double sd, double level);

#endif
