#ifndef TML_NETWORK_ARCHITECTURE_PRIVATE_H
#define TML_NETWORK_ARCHITECTURE_PRIVATE_H

/** @file network/architecture_private.h
 * A network while it is laid out: architecture.c (the whole, the tensors' places), architecture_trunk.c (from
 * the spectrum to the dense layers), architecture_layers.c (one layer after the other). */

#include "network/architecture.h"

/** Room for a name with any numbers in it. */
enum { TML_BUILDER_NAME = 80 };

/** Where the laying out stands. */
typedef struct tml_builder {
    tml_network *network;
    tml_activation_shape at; /* of the output of the newest layer, flattened or not */
    size_t wanted;           /* layers that were asked for; more than there is room for are counted alone */
} tml_builder;

/* ---- architecture_layers.c: none is collective, none fails ---- */

/** Shapes: one position without padding; and positions with the rows of zeros of a 'same' convolution. */
tml_activation_shape tml_shape_flat(size_t units);
tml_activation_shape tml_shape_padded(size_t positions, size_t channels, size_t window);

/** Number of the output of the newest layer. */
size_t tml_builder_output(const tml_builder *builder);

/** Append a layer that takes the newest output, of shape builder->at. @return borrowed, to be completed */
tml_layer *tml_builder_append(tml_builder *builder, tml_layer_kind kind, tml_activation_shape out,
                              const char *format, ...) TML_PRINTF(4, 5);

/** A convolution with `filters` filters, linear. */
tml_layer *tml_builder_convolution(tml_builder *builder, size_t filters, const char *name);

/** Normalisation and activation as the architecture says, behind the newest layer. */
void tml_builder_activate(tml_builder *builder, const char *name);

/* ---- architecture_trunk.c ---- */

/** The layers up to the dense ones; builder->at is flat afterwards. @return TML_OK or TML_CONFIG */
TML_NODISCARD tml_status tml_builder_trunk(tml_builder *builder, tml_error *error);

#endif
