#ifndef TML_NETWORK_CONVOLUTION_DIRECT_H
#define TML_NETWORK_CONVOLUTION_DIRECT_H

/** @file network/convolution_direct.h
 * The direct form of a convolution (network/convolution.h), and the reference for the other.
 *
 * There is no im2col buffer: with channels last, the window of output row r is the K * C numbers from row r
 * of the padded input, so an overlapping view (row stride C) is the im2col matrix and the whole lane is one
 * matrix product. Rows that straddle two samples fall exactly on padding rows of the output, which the
 * interface zeroes. Not collective.
 */

#include <stddef.h>

#include "network/architecture.h"
#include "network/real.h"

/** out = max(0, in * W + b) but for the padding rows of out, which hold rubbish afterwards.
 * @param kernel  [window][channels in][filters]; the rest as tml_convolution_forward
 */
void tml_direct_forward(const tml_layer *layer, size_t lane, const tml_real *kernel, const tml_real *bias,
                        const tml_real *in, tml_real *out);

/** Kernel as the gradient of the input needs it: [window reversed][filters][channels in]. */
void tml_direct_flip(const tml_layer *layer, const tml_real *kernel, tml_real *flipped);

/** Gradients from that before the ReLU.
 * @param flipped   from tml_direct_flip; unused when d_in is NULL
 * @param d_out     gradient before the ReLU with padding rows zero; one row of `filters` zeros stands before
 *                  it in memory
 * @param d_kernel, d_in  as tml_convolution_backward
 */
void tml_direct_backward(const tml_layer *layer, size_t lane, const tml_real *flipped, const tml_real *in,
                         const tml_real *d_out, tml_real *d_kernel, tml_real *d_in);

#endif
