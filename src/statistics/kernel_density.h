#ifndef TML_STATISTICS_KERNEL_DENSITY_H
#define TML_STATISTICS_KERNEL_DENSITY_H

/** @file statistics/kernel_density.h
 * A smooth curve through a sample: the mean of one Gaussian per value, as scipy.stats.gaussian_kde. Not
 * collective. */

#include <stddef.h>

/** Standard deviation of each Gaussian by Scott's rule (Scott 1992, Multivariate Density Estimation):
 * n^(-1/5) times the sample's standard deviation, divided by n - 1.
 * @param values  [count] finite; borrowed
 * @return NaN when there is none: fewer than two values, or all equal
 */
double tml_scott_bandwidth(size_t count, const double *values);

/** Density at a number of points: 1 / (n h sqrt(2 pi)) sum exp(-(x - value)^2 / (2 h^2)). Costs count times
 * points exponentials; of a very large sample an even selection of some ten thousand gives the same curve.
 * @param values     [count] finite, at least one; borrowed
 * @param bandwidth  h, above 0
 * @param x          [points] borrowed
 * @param density    [points] out, in the inverse unit of the values
 */
void tml_kernel_density(size_t count, const double *values, double bandwidth, size_t points, const double *x,
                        double *density);

#endif
