#ifndef TML_NETWORK_CONVOLUTION_H
#define TML_NETWORK_CONVOLUTION_H

/** @file network/convolution.h
 * One-dimensional convolution with 'same' padding, with ReLU or linear, over a lane of samples, forward and
 * backward, in the form that the layer asks for: direct (layer->tile 0) or Winograd with tiles of layer->tile
 * outputs. Input and output have the same padding. Not collective.
 */

#include <stddef.h>

#include "network/architecture.h"
#include "network/real.h"

/** Outputs of a tile that suit a layer; 0: the direct form. A function of the shapes alone.
 * @param form  as configured; AUTO takes Winograd for wide layers; where there is no Winograd both are direct
 */
size_t tml_convolution_tile(tml_convolution form, size_t window, size_t positions, size_t channels,
                            size_t filters);

/** Numbers of the kernel as the passes need it, made once per step for all lanes; and those of scratch that a
 * lane needs, for the forward pass alone or (is_training) for both. */
size_t tml_convolution_prepared_count(const tml_layer *layer);
size_t tml_convolution_scratch_count(const tml_layer *layer, size_t lane, int is_training);

/** Prepare a kernel.
 * @param kernel    [window][channels in][filters]
 * @param prepared  out: [tml_convolution_prepared_count], aligned to 64 bytes */
void tml_convolution_prepare(const tml_layer *layer, const tml_real *kernel, tml_real *prepared);

/** out = in * W + b, then ReLU if the layer has one.
 * @param layer     a convolution
 * @param lane      samples in the lane
 * @param kernel    [window][channels in][filters]
 * @param prepared  of this kernel
 * @param bias      [filters]
 * @param in        [lane][pitch][channels in], padding rows zero
 * @param out       [lane][pitch][filters], padding rows zero afterwards
 * @param scratch   [tml_convolution_scratch_count], aligned to 64 bytes; may be NULL if that is 0
 */
void tml_convolution_forward(const tml_layer *layer, size_t lane, const tml_real *kernel,
                             const tml_real *prepared, const tml_real *bias, const tml_real *in,
                             tml_real *out, tml_real *scratch);

/** Gradients from that of the output.
 * @param out       output of the forward pass
 * @param d_out     in: gradient of out, any numbers in padding rows; out: gradient before ReLU. One row of
 *                  `filters` zeros must stand before it in memory.
 * @param d_kernel  [window][channels in][filters], overwritten
 * @param d_bias    [filters], overwritten
 * @param d_in      [lane][pitch][channels in], padding rows undefined; NULL if not wanted
 */
void tml_convolution_backward(const tml_layer *layer, size_t lane, const tml_real *prepared,
                              const tml_real *in, const tml_real *out, tml_real *d_out, tml_real *d_kernel,
                              tml_real *d_bias, tml_real *d_in, tml_real *scratch);

#endif
