#ifndef TML_NETWORK_SKIP_ADD_H
#define TML_NETWORK_SKIP_ADD_H

/** @file network/skip_add.h
 * The sum at the end of a residual block (He et al. 2016), and the sum of gradients where a way parts. Not
 * collective. */

#include <stdbool.h>
#include <stddef.h>

#include "network/real.h"

/** out[i] = a[i] + b[i], then ReLU if has_relu. */
void tml_skip_add(bool has_relu, size_t count, const tml_real *a, const tml_real *b, tml_real *out);

/** Gradient of either summand where the sum had a ReLU. @param d_out in: gradient of out; out: 0 where out is
 * not above 0 */
void tml_skip_add_backward(size_t count, const tml_real *out, tml_real *d_out);

/** to[i] += from[i]. */
void tml_add_numbers(size_t count, const tml_real *from, tml_real *to);

#endif
