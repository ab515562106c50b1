#ifndef TML_NETWORK_CONVOLUTION_H
#define TML_NETWORK_CONVOLUTION_H

/** @file network/convolution.h
 * One-dimensional convolution with 'same' padding and ReLU over a lane of samples, forward and backward.
 *
 * Direct form without an im2col buffer: with channels last, the window of output row r is the K * C numbers
 * from row r of the padded input, so an overlapping view (row stride C) is the im2col matrix and the whole
 * lane is one matrix product. Rows that straddle two samples fall exactly on padding rows of the output,
 * which are zeroed. Input and output have the same padding. Not collective.
 */

#include <stddef.h>

#include "network/architecture.h"
#include "network/real.h"

/** out = max(0, in * W + b).
 * @param layer   a convolution
 * @param lane    samples in the lane
 * @param kernel  [window][channels in][filters]
 * @param bias    [filters]
 * @param in      [lane][pitch][channels in], padding rows zero
 * @param out     [lane][pitch][filters], padding rows zero afterwards
 */
void tml_convolution_forward(const tml_layer *layer, size_t lane, const tml_real *kernel,
                             const tml_real *bias, const tml_real *in, tml_real *out);

/** Kernel as the gradient of the input needs it: [window reversed][filters][channels in]. */
void tml_convolution_flip(const tml_layer *layer, const tml_real *kernel, tml_real *flipped);

/** Gradients from that of the output.
 * @param flipped      from tml_convolution_flip; unused when d_in is NULL
 * @param out          output of the forward pass
 * @param d_out        in: gradient of out, any numbers in padding rows; out: gradient before ReLU. One row of
 *                     `filters` zeros must stand before it in memory.
 * @param d_kernel     [window][channels in][filters], overwritten
 * @param d_bias       [filters], overwritten
 * @param d_in         [lane][pitch][channels in], padding rows undefined; NULL if not wanted
 */
void tml_convolution_backward(const tml_layer *layer, size_t lane, const tml_real *flipped,
                              const tml_real *in, const tml_real *out, tml_real *d_out, tml_real *d_kernel,
                              tml_real *d_bias, tml_real *d_in);

#endif
