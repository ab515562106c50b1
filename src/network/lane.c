#include "network/lane.h"

#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "network/convolution.h"
#include "network/dense.h"
#include "network/dropout.h"
#include "network/pool.h"

struct tml_lane {
    const tml_network *network;
    size_t size;
    tml_block *block;
    tml_real *input;              /* [size][pitch][1] */
    tml_real *features;           /* [size][features] */
    tml_real *targets;            /* [size][targets] */
    tml_real *sample_weight;      /* [size] */
    uint64_t *number;             /* [size] */
    tml_real *output[TML_LAYERS]; /* of each layer; a dropout shares that of the layer before */
    tml_real *factor[TML_LAYERS]; /* of each dropout, [size][units] */
    tml_real *d_activation[2];    /* gradients of the layer above and the layer below, in turn */
    tml_real *d_parameters;       /* gradient of one layer: kernel, then bias */
    tml_real *scratch;            /* of one convolution */
};

static size_t largest_activation(const tml_network *network)
{
    size_t most = 0;

    for (size_t i = 0; i < network->layer_count; ++i) {
        size_t in = tml_activation_size(network->layer[i].in);
        size_t out = tml_activation_size(network->layer[i].out);

        most = in > most ? in : most;
        most = out > most ? out : most;
    }
    return most;
}

static size_t most_channels(const tml_network *network)
{
    size_t most = 0;

    for (size_t i = 0; i < network->layer_count; ++i)
        if (network->layer[i].kind == TML_LAYER_CONVOLUTION && network->layer[i].out.channels > most)
            most = network->layer[i].out.channels;
    return most;
}

static size_t largest_layer(const tml_network *network)
{
    size_t most = 0;

    for (size_t i = 0; i < network->layer_count; ++i) {
        size_t count = network->layer[i].kernel.count + network->layer[i].bias.count;

        most = count > most ? count : most;
    }
    return most;
}

static size_t most_scratch(const tml_network *network, size_t size, int training)
{
    size_t most = 0;

    for (size_t i = 0; i < network->layer_count; ++i)
        if (network->layer[i].kind == TML_LAYER_CONVOLUTION) {
            size_t count = tml_convolution_scratch_count(&network->layer[i], size, training);

            most = count > most ? count : most;
        }
    return most;
}

static void take_forward_spans(tml_lane *lane)
{
    const tml_network *network = lane->network;
    const tml_architecture *a = &network->architecture;
    tml_block *block = lane->block;

    lane->input = tml_block_take(block, lane->size * tml_activation_size(network->layer[0].in),
                                 sizeof(tml_real));
    lane->features = tml_block_take(block, lane->size * (a->features + 1), sizeof(tml_real));
    lane->targets = tml_block_take(block, lane->size * a->targets, sizeof(tml_real));
    lane->sample_weight = tml_block_take(block, lane->size, sizeof(tml_real));
    lane->number = tml_block_take(block, lane->size, sizeof *lane->number);
    for (size_t i = 0; i < network->layer_count; ++i) {
        const tml_layer *layer = &network->layer[i];

        if (layer->kind == TML_LAYER_DROPOUT)
            lane->output[i] = lane->output[i - 1];
        else
            lane->output[i] = tml_block_take(block, lane->size * tml_activation_size(layer->out),
                                             sizeof(tml_real));
    }
}

static void take_backward_spans(tml_lane *lane)
{
    const tml_network *network = lane->network;
    /* One row of zeros stands in front of each gradient (network/convolution.h). */
    size_t front = most_channels(network);
    size_t activation = lane->size * largest_activation(network) + front;

    for (size_t i = 0; i < network->layer_count; ++i)
        if (network->layer[i].kind == TML_LAYER_DROPOUT)
            lane->factor[i] = tml_block_take(lane->block, lane->size * network->layer[i].out.channels,
                                             sizeof(tml_real));
    for (int i = 0; i < 2; ++i) {
        tml_real *span = tml_block_take(lane->block, activation, sizeof(tml_real));

        lane->d_activation[i] = span == NULL ? NULL : span + front;
    }
    lane->d_parameters = tml_block_take(lane->block, largest_layer(network), sizeof(tml_real));
}

static void take_spans(tml_lane *lane, int training)
{
    take_forward_spans(lane);
    lane->scratch = tml_block_take(lane->block, most_scratch(lane->network, lane->size, training),
                                   sizeof(tml_real));
    if (training)
        take_backward_spans(lane);
}

tml_status tml_lane_create(const tml_network *network, size_t size, int training, tml_lane **lane,
                           tml_error *error)
{
    tml_lane *made = NULL;
    size_t bytes;
    tml_status status;

    *lane = NULL;
    status = tml_array_create(1, sizeof *made, "a lane", &made, error);
    if (status != TML_OK)
        return status;
    made->network = network;
    made->size = size;
    status = tml_block_create(0, "counting a lane", &made->block, error);
    if (status == TML_OK) {
        take_spans(made, training);
        bytes = tml_block_used(made->block);
        tml_block_destroy(&made->block);
        status = tml_block_create(bytes, "the activations of a lane", &made->block, error);
    }
    if (status != TML_OK) {
        free(made);
        return status;
    }
    take_spans(made, training);
    *lane = made;
    return TML_OK;
}

void tml_lane_destroy(tml_lane **lane)
{
    if (*lane == NULL)
        return;
    tml_block_destroy(&(*lane)->block);
    free(*lane);
    *lane = NULL;
}

size_t tml_lane_bytes(const tml_lane *lane)
{
    return tml_block_used(lane->block);
}

size_t tml_prepared_count(const tml_network *network)
{
    size_t count = 0;

    for (size_t i = 0; i < network->layer_count; ++i)
        if (network->layer[i].kind == TML_LAYER_CONVOLUTION)
            count += tml_convolution_prepared_count(&network->layer[i]);
    return count;
}

void tml_prepare_weights(const tml_network *network, tml_prepared_weights *prepared)
{
    tml_real *kernel = prepared->kernels;

    for (size_t i = 0; i < network->layer_count; ++i)
        if (network->layer[i].kind == TML_LAYER_CONVOLUTION) {
            tml_convolution_prepare(&network->layer[i], prepared->weights + network->layer[i].kernel.offset,
                                    kernel);
            kernel += tml_convolution_prepared_count(&network->layer[i]);
        }
}

void tml_lane_set_sample(tml_lane *lane, size_t i, const float *spectrum, const float *features,
                         uint64_t number)
{
    const tml_architecture *a = &lane->network->architecture;
    tml_activation_shape shape = lane->network->layer[0].in;
    tml_real *place = lane->input + i * tml_activation_size(shape) + shape.before * shape.channels;

    for (size_t p = 0; p < a->wavelengths; ++p)
        place[p] = (tml_real)spectrum[p];
    for (size_t f = 0; f < a->features; ++f)
        lane->features[i * a->features + f] = (tml_real)features[f];
    lane->sample_weight[i] = 1;
    lane->number[i] = number;
}

void tml_lane_set_empty(tml_lane *lane, size_t i)
{
    const tml_architecture *a = &lane->network->architecture;
    size_t size = tml_activation_size(lane->network->layer[0].in);

    memset(lane->input + i * size, 0, size * sizeof *lane->input);
    memset(lane->features + i * a->features, 0, a->features * sizeof *lane->features);
    memset(lane->targets + i * a->targets, 0, a->targets * sizeof *lane->targets);
    lane->sample_weight[i] = 0;
    lane->number[i] = 0;
}

void tml_lane_set_targets(tml_lane *lane, size_t i, const float *targets)
{
    size_t count = lane->network->architecture.targets;

    for (size_t t = 0; t < count; ++t)
        lane->targets[i * count + t] = (tml_real)targets[t];
}

static void concatenate(const tml_lane *lane, const tml_layer *layer, const tml_real *in, tml_real *out)
{
    size_t units = layer->in.channels;
    size_t features = layer->out.channels - units;

    for (size_t s = 0; s < lane->size; ++s) {
        memcpy(out + s * (units + features), in + s * units, units * sizeof *out);
        memcpy(out + s * (units + features) + units, lane->features + s * features, features * sizeof *out);
    }
}

static void drop_out(tml_lane *lane, size_t i, uint64_t seed, uint64_t step)
{
    const tml_layer *layer = &lane->network->layer[i];
    tml_dropout_key key = {seed, step, i};
    size_t units = layer->out.channels;

    for (size_t s = 0; s < lane->size; ++s)
        tml_dropout_factors(key, lane->number[s], layer->rate, units, lane->factor[i] + s * units);
    tml_dropout_apply(lane->size * units, lane->factor[i], lane->output[i]);
}

/* A forward pass; with `is_training` dropout is at work. */
static const tml_real *forward(tml_lane *lane, const tml_prepared_weights *prepared, int is_training,
                               uint64_t seed, uint64_t step)
{
    const tml_network *network = lane->network;
    const tml_real *in = lane->input;
    const tml_real *prepared_kernel = prepared->kernels;

    for (size_t i = 0; i < network->layer_count; ++i) {
        const tml_layer *layer = &network->layer[i];
        const tml_real *kernel = prepared->weights + layer->kernel.offset;
        const tml_real *bias = prepared->weights + layer->bias.offset;

        switch (layer->kind) {
        case TML_LAYER_CONVOLUTION:
            tml_convolution_forward(layer, lane->size, kernel, prepared_kernel, bias, in, lane->output[i],
                                    lane->scratch);
            prepared_kernel += tml_convolution_prepared_count(layer);
            break;
        case TML_LAYER_POOL:
            tml_pool_forward(layer, lane->size, in, lane->output[i]);
            break;
        case TML_LAYER_DENSE:
            tml_dense_forward(layer, lane->size, kernel, bias, in, lane->output[i]);
            break;
        case TML_LAYER_DROPOUT:
            if (is_training)
                drop_out(lane, i, seed, step);
            break;
        case TML_LAYER_CONCATENATE:
            concatenate(lane, layer, in, lane->output[i]);
            break;
        }
        in = lane->output[i];
    }
    return in;
}

static void concatenate_backward(const tml_lane *lane, const tml_layer *layer, const tml_real *d_out,
                                 tml_real *d_in)
{
    for (size_t s = 0; s < lane->size; ++s)
        memcpy(d_in + s * layer->in.channels, d_out + s * layer->out.channels,
               layer->in.channels * sizeof *d_in);
}

/* One layer backward: from the gradient of its output in *above to that of its input, which becomes *above.
 */
static void layer_backward(tml_lane *lane, size_t i, const tml_prepared_weights *prepared,
                           const tml_real *prepared_kernel, tml_real **above, tml_real **below)
{
    const tml_layer *layer = &lane->network->layer[i];
    const tml_real *in = i > 0 ? lane->output[i - 1] : lane->input;
    tml_real *d_in = i > 0 ? *below : NULL;
    tml_real *d_bias = lane->d_parameters + layer->kernel.count;
    tml_real *swap = *above;

    switch (layer->kind) {
    case TML_LAYER_CONVOLUTION:
        tml_convolution_backward(layer, lane->size, prepared_kernel, in, lane->output[i], *above,
                                 lane->d_parameters, d_bias, d_in, lane->scratch);
        break;
    case TML_LAYER_POOL:
        tml_pool_backward(layer, lane->size, in, lane->output[i], *above, *below);
        break;
    case TML_LAYER_DENSE:
        tml_dense_backward(layer, lane->size, prepared->weights + layer->kernel.offset, in, lane->output[i],
                           *above, lane->d_parameters, d_bias, d_in);
        break;
    case TML_LAYER_DROPOUT:
        tml_dropout_apply(lane->size * layer->out.channels, lane->factor[i], *above);
        return; /* in place: above stays above */
    case TML_LAYER_CONCATENATE:
        concatenate_backward(lane, layer, *above, *below);
        break;
    }
    *above = *below;
    *below = swap;
}

static void backward(tml_lane *lane, const tml_prepared_weights *prepared, tml_gradient_ready *ready,
                     void *context)
{
    const tml_network *network = lane->network;
    const tml_real *prepared_kernel = prepared->kernels + tml_prepared_count(network);
    tml_real *above = lane->d_activation[0];
    tml_real *below = lane->d_activation[1];

    for (size_t i = network->layer_count; i-- > 0;) {
        const tml_layer *layer = &network->layer[i];

        if (layer->kind == TML_LAYER_CONVOLUTION)
            prepared_kernel -= tml_convolution_prepared_count(layer);
        layer_backward(lane, i, prepared, prepared_kernel, &above, &below);
        if (layer->kernel.count > 0)
            ready(context, layer->kernel.offset, layer->kernel.count + layer->bias.count, lane->d_parameters);
    }
}

const tml_real *tml_lane_predict(tml_lane *lane, const tml_prepared_weights *prepared)
{
    return forward(lane, prepared, 0, 0, 0);
}

void tml_lane_train(tml_lane *lane, const tml_prepared_weights *prepared, const tml_loss *loss, uint64_t seed,
                    uint64_t step, double *sum, tml_gradient_ready *ready, void *context)
{
    const tml_real *output = forward(lane, prepared, 1, seed, step);

    tml_loss_of_lane(loss, lane->size, lane->network->architecture.targets, lane->sample_weight, output,
                     lane->targets, sum, lane->d_activation[0]);
    backward(lane, prepared, ready, context);
}
