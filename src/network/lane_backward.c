#include <assert.h>
#include <string.h>

#include "network/average_pool.h"
#include "network/concatenate.h"
#include "network/convolution.h"
#include "network/dense.h"
#include "network/dropout.h"
#include "network/gelu.h"
#include "network/lane_private.h"
#include "network/layer_norm.h"
#include "network/pool.h"
#include "network/projection.h"
#include "network/skip_add.h"

/* A pass under way: which outputs have a gradient, and where it stands. */
typedef struct pass {
    tml_lane *lane;
    const tml_prepared_weights *prepared;
    tml_real *gradient[TML_LAYERS + 1]; /* by number of the output; NULL: none yet, or no longer */
    bool is_taken[TML_LANE_GRADIENTS];
} pass;

static tml_real *take_place(pass *p)
{
    size_t i = 0;

    while (i < TML_LANE_GRADIENTS && (p->is_taken[i] || p->lane->d_output[i] == NULL))
        ++i;
    assert(i < TML_LANE_GRADIENTS);
    p->is_taken[i] = true;
    return p->lane->d_output[i];
}

static void give_back(pass *p, const tml_real *place)
{
    for (size_t i = 0; i < TML_LANE_GRADIENTS; ++i)
        if (p->lane->d_output[i] == place)
            p->is_taken[i] = false;
}

/* The gradient of an output by one of its readers; it may have more than one. */
static void hand_down(pass *p, size_t output, tml_activation_shape shape, tml_real *gradient)
{
    if (p->gradient[output] == NULL) {
        p->gradient[output] = gradient;
        return;
    }
    tml_add_numbers(p->lane->size * tml_activation_size(shape), gradient, p->gradient[output]);
    give_back(p, gradient);
}

/* Layers whose gradient goes through in place, or to two outputs. */
static bool pass_through(pass *p, size_t i, tml_real *above)
{
    tml_lane *lane = p->lane;
    const tml_layer *layer = &lane->network->layer[i];
    size_t numbers = lane->size * tml_activation_size(layer->out);
    tml_real *other;

    if (layer->kind != TML_LAYER_DROPOUT && layer->kind != TML_LAYER_ADD)
        return false;
    if (layer->kind == TML_LAYER_DROPOUT)
        tml_dropout_apply(numbers, lane->factor[i], above);
    if (layer->kind == TML_LAYER_ADD) {
        if (layer->has_relu)
            tml_skip_add_backward(numbers, lane->output[i + 1], above);
        other = take_place(p);
        memcpy(other, above, numbers * sizeof *other);
        hand_down(p, layer->with, layer->out, other);
    }
    hand_down(p, layer->from, layer->out, above);
    return true;
}

/* From the gradient of a layer's output to those of its weights and its input (NULL: not wanted). */
static void layer_backward(const pass *p, size_t i, tml_real *above, tml_real *below)
{
    tml_lane *lane = p->lane;
    const tml_layer *layer = &lane->network->layer[i];
    const tml_real *in = lane->output[layer->from];
    const tml_real *out = lane->output[i + 1];
    const tml_real *kernel = p->prepared->weights + layer->kernel.offset;
    tml_real *d_kernel = lane->d_parameters;
    tml_real *d_bias = lane->d_parameters + layer->kernel.count;

    switch (layer->kind) {
    case TML_LAYER_CONVOLUTION:
        tml_convolution_backward(layer, lane->size, p->prepared->kernels + lane->prepared[i], in, out, above,
                                 d_kernel, d_bias, below, lane->scratch);
        break;
    case TML_LAYER_PROJECTION:
        tml_projection_backward(layer, lane->size, kernel, in, above, d_kernel, d_bias, below);
        break;
    case TML_LAYER_NORM:
        tml_layer_norm_backward(layer, lane->size, kernel, in, out, above, d_kernel, d_bias, below);
        break;
    case TML_LAYER_GELU:
        tml_gelu_backward(lane->size * tml_activation_size(layer->out), in, above, below);
        break;
    case TML_LAYER_POOL:
        tml_pool_backward(layer, lane->size, in, out, above, below);
        break;
    case TML_LAYER_AVERAGE_POOL:
        tml_average_pool_backward(layer, lane->size, above, below);
        break;
    case TML_LAYER_DENSE:
        tml_dense_backward(layer, lane->size, kernel, in, out, above, d_kernel, d_bias, below, lane->scratch);
        break;
    case TML_LAYER_CONCATENATE:
        tml_concatenate_backward(layer, lane->size, above, below);
        break;
    case TML_LAYER_DROPOUT:
    case TML_LAYER_ADD:
        break; /* pass_through */
    }
}

/* The spectrum wants no gradient, and only layers with weights have anything else to do. */
static bool is_needed(const tml_layer *layer)
{
    return layer->from > 0 || layer->kernel.count > 0;
}

void tml_lane_backward(tml_lane *lane, const tml_prepared_weights *prepared, tml_gradient_ready *ready,
                       void *context)
{
    const tml_network *network = lane->network;
    pass p = {.lane = lane, .prepared = prepared};

    p.gradient[network->layer_count] = take_place(&p);
    for (size_t i = network->layer_count; i-- > 0;) {
        const tml_layer *layer = &network->layer[i];
        tml_real *above = p.gradient[i + 1];
        tml_real *below = NULL;

        p.gradient[i + 1] = NULL;
        if (pass_through(&p, i, above) || !is_needed(layer))
            continue;
        if (layer->from > 0)
            below = take_place(&p);
        layer_backward(&p, i, above, below);
        give_back(&p, above);
        if (layer->from > 0)
            hand_down(&p, layer->from, layer->in, below);
        tml_lane_tell(lane, layer, true);
        if (layer->kernel.count > 0)
            ready(context, layer->kernel.offset, layer->kernel.count + layer->bias.count, lane->d_parameters);
    }
}
