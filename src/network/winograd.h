#ifndef TML_NETWORK_WINOGRAD_H
#define TML_NETWORK_WINOGRAD_H

/** @file network/winograd.h
 * One-dimensional convolution with fewer multiplications (network/cook_toom.h), forward and backward: the
 * direct form's results (network/convolution.h) to rounding. layer->tile outputs come from one tile of tile +
 * window - 1 input rows; between the transforms, one matrix product per point does the work for all tiles.
 * The backward pass is the exact adjoint of the forward pass. A lane is walked in pieces of some samples that
 * fit into the cache; their size is a function of the layer's shape alone. Not collective.
 */

#include <stddef.h>

#include "network/architecture.h"
#include "network/real.h"

/** Numbers of a kernel at the points: [points][channels in][filters]. */
size_t tml_winograd_prepared_count(const tml_layer *layer);

/** Numbers of scratch that forward (is_training 0) or both passes need. */
size_t tml_winograd_scratch_count(const tml_layer *layer, size_t lane, int is_training);

/** The kernel at the points. */
void tml_winograd_prepare(const tml_layer *layer, const tml_real *kernel, tml_real *prepared);

/** As tml_convolution_forward. */
void tml_winograd_forward(const tml_layer *layer, size_t lane, const tml_real *prepared, const tml_real *bias,
                          const tml_real *in, tml_real *out, tml_real *scratch);

/** As tml_convolution_backward, behind the ReLU: d_out is the gradient before it, with padding rows zero, and
 * d_bias is not looked at. */
void tml_winograd_backward(const tml_layer *layer, size_t lane, const tml_real *prepared, const tml_real *in,
                           const tml_real *d_out, tml_real *d_kernel, tml_real *d_in, tml_real *scratch);

#endif
