#ifndef TML_NETWORK_LANE_H
#define TML_NETWORK_LANE_H

/** @file network/lane.h
 * The work on one lane: a fixed number of samples that go through the network together.
 *
 * A lane's numbers depend on its samples and on the weights alone, not on who computes it: every product has
 * the same shapes, and a lane with fewer samples is filled up with samples of weight 0. With a steady network
 * (for predictions) a sample's numbers depend on nothing but the sample and the weights. One thread owns a
 * lane object; nothing is allocated after its creation. Not collective.
 *
 *   prepare_weights -> { set_sample or set_empty, set_targets } x size -> train, or predict
 */

#include <stddef.h>
#include <stdint.h>

#include "core/status.h"
#include "network/architecture.h"
#include "network/loss.h"
#include "network/real.h"

typedef struct tml_lane tml_lane;

/** Weights as the passes need them; made once for all lanes of a step. */
typedef struct tml_prepared_weights {
    const tml_real *weights; /* [parameter_count], borrowed */
    tml_real *kernels;       /* of the convolutions, as their passes need them; aligned to TML_ALIGNMENT */
} tml_prepared_weights;

/** A gradient that has become final: entries [first, first + count) of the flat vector. The values are
 * borrowed for the call. Calls come in ascending order of first and cover the vector once per backward pass.
 */
typedef void tml_gradient_ready(void *context, size_t first, size_t count, const tml_real *values);

/** A layer's work is done, forward or backward; with NULL that of the loss. For measurements. */
typedef void tml_layer_done(void *context, const tml_layer *layer, bool is_backward);

/** Make a lane.
 * @param size      samples in the lane
 * @param training  nonzero for a lane that also goes backward
 * @param lane      out, owned by the caller; NULL on failure
 * @return TML_OK or TML_INTERNAL (no memory)
 */
TML_NODISCARD tml_status tml_lane_create(const tml_network *network, size_t size, int training,
                                         tml_lane **lane, tml_error *error);

/** Free; sets the pointer to NULL; NULL is fine. */
void tml_lane_destroy(tml_lane **lane);

/** Bytes that a lane takes. */
size_t tml_lane_bytes(const tml_lane *lane);

/** Numbers that tml_prepared_weights.kernels must hold. */
size_t tml_prepared_count(const tml_network *network);

/** Fill prepared->kernels from prepared->weights. */
void tml_prepare_weights(const tml_network *network, tml_prepared_weights *prepared);

/** Put a sample in place i.
 * @param spectrum  [wavelengths]   @param features [features]; both borrowed for the call
 * @param number    of the sample, the same on any rank: keys its dropout
 */
void tml_lane_set_sample(tml_lane *lane, size_t i, const float *spectrum, const float *features,
                         uint64_t number);

/** Fill place i with a sample that counts for nothing. */
void tml_lane_set_empty(tml_lane *lane, size_t i);

/** Targets of the sample in place i, [targets], as the network learns them. */
void tml_lane_set_targets(tml_lane *lane, size_t i, const float *targets);

/** Call `done` behind each layer of all further passes; NULL: no more. @param context handed on, borrowed */
void tml_lane_watch(tml_lane *lane, tml_layer_done *done, void *context);

/** Forward pass without dropout. @return [size][tml_network_outputs] borrowed until the next pass */
const tml_real *tml_lane_predict(tml_lane *lane, const tml_prepared_weights *prepared);

/** The same of the first `count` places: the others are not computed where the network is steady
 * (network/architecture.h), and need not be set. @return [count][tml_network_outputs] borrowed as above */
const tml_real *tml_lane_predict_first(tml_lane *lane, size_t count, const tml_prepared_weights *prepared);

/** Forward pass with dropout keyed by (seed, step), loss, backward pass.
 * @param sum    [targets] out: sum of the loss of each target over the lane (see network/loss.h)
 * @param ready  called for each layer as soon as its gradient is known
 */
void tml_lane_train(tml_lane *lane, const tml_prepared_weights *prepared, const tml_loss *loss, uint64_t seed,
                    uint64_t step, double *sum, tml_gradient_ready *ready, void *context);

#endif
