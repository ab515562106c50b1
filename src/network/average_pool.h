#ifndef TML_NETWORK_AVERAGE_POOL_H
#define TML_NETWORK_AVERAGE_POOL_H

/** @file network/average_pool.h
 * The mean of each channel over all positions. Not collective. */

#include <stddef.h>

#include "network/architecture.h"
#include "network/real.h"

/** out[c] = mean of in[p][c]. @param in [lane][pitch in][channels]  @param out [lane][channels] */
void tml_average_pool_forward(const tml_layer *layer, size_t lane, const tml_real *in, tml_real *out);

/** d_in[p][c] = d_out[c] / positions; padding rows of d_in are left alone. */
void tml_average_pool_backward(const tml_layer *layer, size_t lane, const tml_real *d_out, tml_real *d_in);

#endif
