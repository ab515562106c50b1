#ifndef TML_TRAINING_NODE_WEIGHTS_H
#define TML_TRAINING_NODE_WEIGHTS_H

/** @file training/node_weights.h
 * Weights and moments of a training, one copy per computer: its ranks read the same weights, each takes the
 * optimiser's step on its share of them. Every computer takes all of the step, with the same bits. */

#include <stddef.h>
#include <stdint.h>

#include "mpi/node.h"
#include "network/architecture.h"
#include "training/weight_update.h"

typedef struct tml_node_weights tml_node_weights;

/** Make them, all zero. Collective over the node.
 * @param node     borrowed, must outlive the weights
 * @param weights  out, owned by the caller; NULL on failure
 * @return the same on all ranks of the node: TML_OK or TML_INTERNAL (no room)
 */
TML_NODISCARD tml_status tml_node_weights_create(const tml_node *node, size_t count,
                                                 tml_node_weights **weights, tml_error *error);

/** Free; sets the pointer to NULL; NULL is fine. Collective over the node. */
void tml_node_weights_destroy(tml_node_weights **weights);

/** The arrays, [count] each, the same memory on all ranks of the node. Not collective. Borrowed. */
tml_weight_arrays tml_node_weights_arrays(const tml_node_weights *weights);

/** Weights of the best epoch, [count]. Not collective. Borrowed. */
float *tml_node_weights_best(const tml_node_weights *weights);

/** Starting weights (network/initialise.h), which are the best as well; moments zero. Collective over the
 * node. */
TML_NODISCARD tml_status tml_node_weights_initialise(tml_node_weights *weights, const tml_network *network,
                                                     uint64_t seed, tml_error *error);

/** One step of the optimiser, as tml_weight_update. Collective over the node, synchronising: nobody changes a
 * weight before all have called it with the gradient, and afterwards all see the new weights. */
TML_NODISCARD tml_status tml_node_weights_step(tml_node_weights *weights, const tml_weight_step *step,
                                               const float *gradient, tml_error *error);

/** The weights become the best ones. Collective over the node, synchronising. */
TML_NODISCARD tml_status tml_node_weights_keep_best(tml_node_weights *weights, tml_error *error);

/** All arrays of the first node go to the others. Collective over all ranks of the nodes, synchronising. */
TML_NODISCARD tml_status tml_node_weights_share(tml_node_weights *weights, tml_error *error);

/** Bytes of the arrays, held once on the node. Not collective. */
size_t tml_node_weights_bytes(const tml_node_weights *weights);

#endif
