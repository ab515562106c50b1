#ifndef TML_NETWORK_POOL_H
#define TML_NETWORK_POOL_H

/** @file network/pool.h
 * Maximum over windows of positions that do not overlap ('valid': what is left over at the end is dropped).
 * Not collective. */

#include <stddef.h>

#include "network/architecture.h"
#include "network/real.h"

/** out[q][c] = max of in[q * window .. q * window + window - 1][c]; padding rows of out become zero.
 * @param in   [lane][pitch in][channels]
 * @param out  [lane][pitch out][channels]
 */
void tml_pool_forward(const tml_layer *layer, size_t lane, const tml_real *in, tml_real *out);

/** d_in at the first position of each maximum = d_out, 0 elsewhere; padding rows of d_in are left alone. */
void tml_pool_backward(const tml_layer *layer, size_t lane, const tml_real *in, const tml_real *out,
                       const tml_real *d_out, tml_real *d_in);

#endif
