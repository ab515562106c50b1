#ifndef TML_ATMOSPHERE_COLLISIONS_H
#define TML_ATMOSPHERE_COLLISIONS_H

/** @file atmosphere/collisions.h
 * Absorption by colliding pairs, H2-H2 and H2-He: alpha = k(T) n_1 n_2 [cm-1], so that a particle of the gas
 * has the cross section k(T) x_1 x_2 n, n = P / kT. log10 k is linear in ln T between the temperatures of the
 * table and constant beyond. Not collective. */

#include <stddef.h>

/** Add the cross sections of one pair.
 * @param bins     of all spans
 * @param low, high  [bins] log10 k [cm5 molecule-2] at the two temperatures around T
 * @param share    0 to 1: how far T lies towards `high`
 * @param weight   x_1 x_2 n [cm-3]
 * @param sum      in and out: [bins] cm2 per particle of the gas, not overlapping the others
 */
void tml_collisions_add(size_t bins, const float *low, const float *high, double share, double weight,
                        double *sum);

#endif
