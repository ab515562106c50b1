#ifndef TML_BENCH_CONV_REFERENCE_H
#define TML_BENCH_CONV_REFERENCE_H

/** @file bench/conv_reference.h
 * A convolution with 'same' padding and ReLU, term by term in double: what the forms of network/convolution.h
 * are compared with. Shapes as there; sums over whatever stands in the padding rows of `in`. Not collective.
 */

#include <stddef.h>

#include "network/architecture.h"
#include "network/real.h"

/** @param out  [lane][pitch][filters]; padding rows are left alone */
void tml_conv_reference_forward(const tml_layer *layer, size_t lane, const tml_real *kernel,
                                const tml_real *bias, const tml_real *in, double *out);

/** From a gradient before the ReLU.
 * @param d_out     [lane][pitch][filters], padding rows zero
 * @param d_kernel  out: [window][channels in][filters]
 * @param d_in      out: [lane][pitch][channels in]; padding rows hold what falls on them
 */
void tml_conv_reference_backward(const tml_layer *layer, size_t lane, const tml_real *kernel,
                                 const tml_real *in, const tml_real *d_out, double *d_kernel, double *d_in);

#endif
