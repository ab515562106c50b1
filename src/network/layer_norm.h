#ifndef TML_NETWORK_LAYER_NORM_H
#define TML_NETWORK_LAYER_NORM_H

/** @file network/layer_norm.h
 * Layer normalisation (Ba, Kiros and Hinton 2016) of each position over its channels, or of a dense layer
 * over its units, then ReLU if the layer has one. Input and output have the same shape. Not collective. */

#include <stddef.h>

#include "network/architecture.h"
#include "network/real.h"

/** Added to the variance, as PyTorch does. */
#define TML_LAYER_NORM_EPSILON 1e-5

/** out = factor (in - mean) / sqrt(variance + epsilon) + shift, with mean and (population) variance of each
 * row.
 * @param factor, shift  [channels]
 * @param in, out        [lane][pitch][channels]; padding rows of out zero afterwards
 */
void tml_layer_norm_forward(const tml_layer *layer, size_t lane, const tml_real *factor,
                            const tml_real *shift, const tml_real *in, tml_real *out);

/** Gradients from that of the output.
 * @param d_out    any numbers in padding rows; out: gradient before the ReLU
 * @param d_factor, d_shift  [channels], overwritten
 * @param d_in     [lane][pitch][channels], padding rows left alone; NULL if not wanted
 */
void tml_layer_norm_backward(const tml_layer *layer, size_t lane, const tml_real *factor, const tml_real *in,
                             const tml_real *out, tml_real *d_out, tml_real *d_factor, tml_real *d_shift,
                             tml_real *d_in);

#endif
