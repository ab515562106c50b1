#ifndef TML_NETWORK_COMBINE_H
#define TML_NETWORK_COMBINE_H

/** @file network/combine.h
 * Linear combinations of rows of numbers: what the transforms of Winograd's convolution consist of. Not
 * collective. */

#include <stddef.h>

#include "network/real.h"

/** to[i] = (add ? to[i] : 0) + sum over j of matrix[i][j] from[j]. The order of the sum is that of j.
 * @param matrix  [outs][ins], both at most TML_COOK_TOOM_POINTS
 * @param from    [ins] rows of `width` numbers, which do not overlap those of `to`
 * @param to      [outs] rows
 */
void tml_combine_rows(size_t outs, size_t ins, const tml_real *matrix, const tml_real *const *from,
                      size_t width, int add, tml_real *const *to);

#endif
