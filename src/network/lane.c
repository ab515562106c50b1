#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/denormals.h"
#include "network/convolution.h"
#include "network/dense.h"
#include "network/lane_private.h"

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

    for (size_t i = 0; i < network->layer_count; ++i) {
        const tml_layer *layer = &network->layer[i];
        size_t count = 0;

        if (layer->kind == TML_LAYER_CONVOLUTION)
            count = tml_convolution_scratch_count(layer, size, training);
        else if (layer->kind == TML_LAYER_DENSE)
            count = tml_dense_scratch_count(layer, size, training);
        most = count > most ? count : most;
    }
    return most;
}

static bool has_sums(const tml_network *network)
{
    for (size_t i = 0; i < network->layer_count; ++i)
        if (network->layer[i].kind == TML_LAYER_ADD)
            return true;
    return false;
}

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

/* For each output the last layer that reads it; a dropout's readers are its input's as well. */
static void find_last_readers(const tml_network *network, size_t *last)
{
    memset(last, 0, (TML_LAYERS + 1) * sizeof *last);
    last[network->layer_count] = network->layer_count;
    for (size_t i = network->layer_count; i-- > 0;) {
        const tml_layer *layer = &network->layer[i];
        size_t reader = layer->kind == TML_LAYER_DROPOUT ? last[i + 1] : i;

        last[layer->from] = larger(last[layer->from], reader);
        if (layer->kind == TML_LAYER_ADD)
            last[layer->with] = larger(last[layer->with], reader);
    }
}

/* Places that outputs share: one is free again behind the last reader of what stands in it. */
static void assign_places(const tml_network *network, size_t *place, size_t *room)
{
    size_t last[TML_LAYERS + 1];
    size_t held_until[TML_LANE_PLACES] = {0}; /* layer behind which the place is free */

    find_last_readers(network, last);
    memset(room, 0, TML_LANE_PLACES * sizeof *room);
    for (size_t i = 0; i < network->layer_count; ++i) {
        const tml_layer *layer = &network->layer[i];
        size_t k = 0;

        if (layer->kind == TML_LAYER_DROPOUT && layer->from > 0) {
            place[i + 1] = place[layer->from];
            continue;
        }
        while (k < TML_LANE_PLACES && held_until[k] > i)
            ++k;
        assert(k < TML_LANE_PLACES);
        held_until[k] = last[i + 1] + 1;
        place[i + 1] = k;
        room[k] = larger(room[k], tml_activation_size(layer->out));
    }
}

static void take_shared_outputs(tml_lane *lane)
{
    size_t place[TML_LAYERS + 1];
    size_t room[TML_LANE_PLACES];
    tml_real *span[TML_LANE_PLACES];

    assign_places(lane->network, place, room);
    for (size_t k = 0; k < TML_LANE_PLACES; ++k)
        span[k] = tml_block_take(lane->block, lane->size * room[k], sizeof(tml_real));
    for (size_t i = 1; i <= lane->network->layer_count; ++i)
        lane->output[i] = span[place[i]];
}

static void take_own_outputs(tml_lane *lane)
{
    const tml_network *network = lane->network;

    for (size_t i = 0; i < network->layer_count; ++i) {
        const tml_layer *layer = &network->layer[i];

        if (layer->kind == TML_LAYER_DROPOUT)
            lane->output[i + 1] = lane->output[layer->from];
        else
            lane->output[i + 1] = tml_block_take(lane->block, lane->size * tml_activation_size(layer->out),
                                                 sizeof(tml_real));
    }
}

static void take_samples(tml_lane *lane)
{
    const tml_architecture *a = &lane->network->architecture;
    size_t spectrum = tml_activation_size(lane->network->layer[0].in);

    lane->output[0] = tml_block_take(lane->block, lane->size * spectrum, sizeof(tml_real));
    lane->features = tml_block_take(lane->block, lane->size * (a->features + 1), sizeof(tml_real));
    lane->targets = tml_block_take(lane->block, lane->size * a->targets, sizeof(tml_real));
    lane->sample_weight = tml_block_take(lane->block, lane->size, sizeof(tml_real));
    lane->number = tml_block_take(lane->block, lane->size, sizeof *lane->number);
}

static void take_backward_spans(tml_lane *lane)
{
    const tml_network *network = lane->network;
    /* One row of zeros stands in front of each gradient (network/convolution.h). */
    size_t front = most_channels(network);
    size_t activation = lane->size * largest_activation(network) + front;
    size_t gradients = has_sums(network) ? TML_LANE_GRADIENTS : TML_LANE_GRADIENTS - 1;

    for (size_t i = 0; i < network->layer_count; ++i)
        if (network->layer[i].kind == TML_LAYER_DROPOUT)
            lane->factor[i] = tml_block_take(lane->block, lane->size * network->layer[i].out.channels,
                                             sizeof(tml_real));
    for (size_t i = 0; i < gradients; ++i) {
        tml_real *span = tml_block_take(lane->block, activation, sizeof(tml_real));

        lane->d_output[i] = span == NULL ? NULL : span + front;
    }
    lane->d_parameters = tml_block_take(lane->block, largest_layer(network), sizeof(tml_real));
}

static void place_prepared_kernels(tml_lane *lane)
{
    size_t at = 0;

    for (size_t i = 0; i < lane->network->layer_count; ++i) {
        lane->prepared[i] = at;
        if (lane->network->layer[i].kind == TML_LAYER_CONVOLUTION)
            at += tml_convolution_prepared_count(&lane->network->layer[i]);
    }
}

static void take_spans(tml_lane *lane, int training)
{
    take_samples(lane);
    if (training)
        take_own_outputs(lane);
    else
        take_shared_outputs(lane);
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
    place_prepared_kernels(made);
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
    tml_real *place = lane->output[0] + i * tml_activation_size(shape) + shape.before * shape.channels;

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

    memset(lane->output[0] + i * size, 0, size * sizeof *lane->output[0]);
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

void tml_lane_watch(tml_lane *lane, tml_layer_done *done, void *context)
{
    lane->done = done;
    lane->done_context = context;
}

const tml_real *tml_lane_predict_first(tml_lane *lane, size_t count, const tml_prepared_weights *prepared)
{
    bool is_steady = lane->network->architecture.is_steady;
    tml_denormals before = tml_denormals_flush();
    const tml_real *output = tml_lane_forward(lane, prepared, is_steady ? count : lane->size, NULL);

    tml_denormals_restore(before);
    return output;
}

const tml_real *tml_lane_predict(tml_lane *lane, const tml_prepared_weights *prepared)
{
    return tml_lane_predict_first(lane, lane->size, prepared);
}

void tml_lane_train(tml_lane *lane, const tml_prepared_weights *prepared, const tml_loss *loss, uint64_t seed,
                    uint64_t step, double *sum, tml_gradient_ready *ready, void *context)
{
    const tml_lane_moment moment = {seed, step};
    tml_denormals before = tml_denormals_flush();
    const tml_real *output = tml_lane_forward(lane, prepared, lane->size, &moment);

    tml_loss_of_lane(loss, lane->size, lane->network->architecture.targets, lane->sample_weight, output,
                     lane->targets, sum, lane->d_output[0]);
    tml_lane_tell(lane, NULL, true);
    tml_lane_backward(lane, prepared, ready, context);
    tml_denormals_restore(before);
}
