#ifndef TML_NETWORK_GRADIENT_NORM_H
#define TML_NETWORK_GRADIENT_NORM_H

/** @file network/gradient_norm.h
 * Clipping of a gradient by its global norm (Pascanu, Mikolov and Bengio 2013, algorithm 1). Not collective.
 */

#include <stddef.h>

#include "network/real.h"

/** Sum of squares in double, added in an order that depends on the count alone: the same bits for the same
 * numbers, on any machine. Squares of floats are exact in it.
 * @param values  [count], finite
 */
double tml_square_sum(size_t count, const tml_real *values);

/** Factor that brings a gradient down to a norm: 1 where it is not above it.
 * @param norm   Euclidean norm of the gradient, finite
 * @param limit  greatest norm; 0: none
 */
double tml_clip_factor(double norm, double limit);

#endif
