#ifndef TML_STATISTICS_HUBER_FLOOR_H
#define TML_STATISTICS_HUBER_FLOOR_H

/** @file statistics/huber_floor.h
 * The smallest mean Huber loss that one answer can have for several labels (Huber 1964,
 * doi:10.1214/aoms/1177703732): what a predictor cannot fall below for inputs that it cannot tell apart. Not
 * collective. */

#include <stddef.h>

/** min over c of sum(h(label - c)), h(e) = e^2 / 2 up to |e| = delta, delta (|e| - delta / 2) beyond. While
 * all labels lie within delta of their mean, c is the mean, and the floor half their sum of squares about it;
 * else c is where the clipped residuals sum to 0, by bisection to the last bit.
 * @param label  [count] finite
 * @param delta  above 0
 * @return the sum, not the mean; 0 for fewer than two labels
 */
double tml_huber_floor(size_t count, const double *label, double delta);

#endif
