#ifndef TML_NETWORK_DENSE_H
#define TML_NETWORK_DENSE_H

/** @file network/dense.h
 * A dense layer, with ReLU or linear, over a lane of samples. Not collective. */

#include <stddef.h>

#include "network/architecture.h"
#include "network/real.h"

/** Numbers of scratch that the passes need: forward alone, or (is_training) both. */
size_t tml_dense_scratch_count(const tml_layer *layer, size_t lane, int is_training);

/** out = in W + b, then ReLU if the layer has one. A sample's numbers are the same in a lane of any size.
 * @param kernel [units in][units out]   @param bias [units out]
 * @param in     [lane][units in]        @param out  [lane][units out]
 * @param scratch  [tml_dense_scratch_count], aligned to 64 bytes
 */
void tml_dense_forward(const tml_layer *layer, size_t lane, const tml_real *kernel, const tml_real *bias,
                       const tml_real *in, tml_real *out, tml_real *scratch);

/** Gradients from that of the output.
 * @param d_out     [lane][units out] in: gradient of out; out: gradient before ReLU
 * @param d_kernel  [units in][units out], overwritten   @param d_bias [units out], overwritten
 * @param d_in      [lane][units in], overwritten; NULL if not wanted
 * @param scratch   [tml_dense_scratch_count], aligned to 64 bytes
 */
void tml_dense_backward(const tml_layer *layer, size_t lane, const tml_real *kernel, const tml_real *in,
                        const tml_real *out, tml_real *d_out, tml_real *d_kernel, tml_real *d_bias,
                        tml_real *d_in, tml_real *scratch);

#endif
