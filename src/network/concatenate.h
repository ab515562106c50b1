#ifndef TML_NETWORK_CONCATENATE_H
#define TML_NETWORK_CONCATENATE_H

/** @file network/concatenate.h
 * The features of each sample behind what the layers before made of it. Not collective. */

#include <stddef.h>

#include "network/architecture.h"
#include "network/real.h"

/** @param in [lane][units]  @param features [lane][features]  @param out [lane][units + features] */
void tml_concatenate_forward(const tml_layer *layer, size_t lane, const tml_real *in,
                             const tml_real *features, tml_real *out);

/** Gradient of in from that of out; the features have none. */
void tml_concatenate_backward(const tml_layer *layer, size_t lane, const tml_real *d_out, tml_real *d_in);

#endif
