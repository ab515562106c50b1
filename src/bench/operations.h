#ifndef TML_BENCH_OPERATIONS_H
#define TML_BENCH_OPERATIONS_H

/** @file bench/operations.h
 * Floating-point operations of a layer for one sample, a multiply-add counted as two. Only products are
 * counted: biases, ReLU, pooling, the transforms of Winograd's form and the optimiser are not. Not
 * collective. */

#include <stdbool.h>

#include "network/architecture.h"

typedef struct tml_operations {
    double effective; /* as the direct form of the convolutions does them */
    double real;      /* as they are done: Winograd's form multiplies at the points of its tiles only */
} tml_operations;

/** Of one product of the layer: its forward pass; the gradients of its kernel and of its input take the same
 * each. Zero for layers without weights. */
tml_operations tml_layer_operations(const tml_layer *layer);

/** Of the network for one sample: the forward pass, or with `is_training` the backward pass as well. The
 * gradient of the network's input is not computed and not counted. */
tml_operations tml_network_operations(const tml_network *network, bool is_training);

#endif
