#ifndef TML_NETWORK_LANE_PRIVATE_H
#define TML_NETWORK_LANE_PRIVATE_H

/** @file network/lane_private.h
 * A lane's inside, shared by lane.c (creation, samples), lane_forward.c and lane_backward.c. */

#include "core/memory.h"
#include "network/lane.h"

enum {
    TML_LANE_PLACES = 4,   /* of outputs in a lane that only predicts: two in turn, and what a block adds */
    TML_LANE_GRADIENTS = 3 /* of outputs at one time: above and below a layer, and what waits for a sum */
};

struct tml_lane {
    const tml_network *network;
    size_t size;
    tml_block *block;
    tml_real *features;      /* [size][features] */
    tml_real *targets;       /* [size][targets] */
    tml_real *sample_weight; /* [size] */
    uint64_t *number;        /* [size] */

    /* By number of the output: 0 is the spectra [size][pitch][1], i + 1 the output of layer i. A dropout
     * shares that of its input. Several share a place where only predictions are made. */
    tml_real *output[TML_LAYERS + 1];
    size_t prepared[TML_LAYERS]; /* place of a convolution's kernel within the prepared ones */
    tml_real *scratch;           /* of one convolution */
    tml_layer_done *done;        /* NULL: nobody watches */
    void *done_context;

    /* Of a lane that also goes backward. */
    tml_real *factor[TML_LAYERS];           /* of each dropout, [size][units] */
    tml_real *d_output[TML_LANE_GRADIENTS]; /* gradients of outputs, each behind a row of zeros */
    tml_real *d_parameters;                 /* gradient of one layer: kernel, then bias */
};

/** When a pass is made: the seed and the step key its dropout. */
typedef struct tml_lane_moment {
    uint64_t seed;
    uint64_t step;
} tml_lane_moment;

/** Tell whoever watches. */
static inline void tml_lane_tell(const tml_lane *lane, const tml_layer *layer, bool is_backward)
{
    if (lane->done != NULL)
        lane->done(lane->done_context, layer, is_backward);
}

/** Forward pass of the first `count` places. @param moment NULL: without dropout
 * @return the outputs, borrowed until the next pass */
const tml_real *tml_lane_forward(tml_lane *lane, const tml_prepared_weights *prepared, size_t count,
                                 const tml_lane_moment *moment);

/** Backward pass of all places; the gradient of the outputs stands in d_output[0]. */
void tml_lane_backward(tml_lane *lane, const tml_prepared_weights *prepared, tml_gradient_ready *ready,
                       void *context);

#endif
