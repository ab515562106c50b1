#ifndef TML_NETWORK_PROJECTION_H
#define TML_NETWORK_PROJECTION_H

/** @file network/projection.h
 * A linear convolution of one position: each position's channels times one matrix. Input and output have the
 * same padding, whatever its width. Not collective. */

#include <stddef.h>

#include "network/architecture.h"
#include "network/real.h"

/** out = in W + b.
 * @param kernel [1][channels in][filters]   @param bias [filters]
 * @param in     [lane][pitch][channels in]  @param out  [lane][pitch][filters], padding rows zero afterwards
 */
void tml_projection_forward(const tml_layer *layer, size_t lane, const tml_real *kernel, const tml_real *bias,
                            const tml_real *in, tml_real *out);

/** Gradients from that of the output.
 * @param d_out     any numbers in padding rows, zero there afterwards
 * @param d_kernel  [1][channels in][filters], overwritten   @param d_bias [filters], overwritten
 * @param d_in      [lane][pitch][channels in], overwritten; NULL if not wanted
 */
void tml_projection_backward(const tml_layer *layer, size_t lane, const tml_real *kernel, const tml_real *in,
                             tml_real *d_out, tml_real *d_kernel, tml_real *d_bias, tml_real *d_in);

#endif
