#include "bench/conv_bench.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/conv_reference.h"
#include "bench/measurement.h"
#include "bench/timing.h"
#include "core/memory.h"
#include "core/random.h"
#include "network/convolution.h"

enum { ERROR_SAMPLES = 4 };

typedef enum conv_pass { PASS_FORWARD, PASS_INPUT, PASS_WEIGHTS, PASSES } conv_pass;

static const char *const pass_names[PASSES] = {"forward", "input", "weights"};

/* A layer with everything that its passes touch. */
typedef struct conv_room {
    const tml_layer *layer;
    size_t lane;
    tml_block *block;
    tml_real *in, *out, *d_out, *d_in;
    tml_real *kernel, *prepared, *bias, *d_kernel, *d_bias, *scratch;
    double *reference_out, *reference_kernel, *reference_in; /* of ERROR_SAMPLES */
} conv_room;

static void take_spans(conv_room *room)
{
    const tml_layer *layer = room->layer;
    size_t in = tml_activation_size(layer->in);
    size_t out = tml_activation_size(layer->out);
    size_t filters = layer->out.channels;
    tml_block *block = room->block;
    tml_real *d_out;

    room->in = tml_block_take(block, room->lane * in, sizeof(tml_real));
    room->out = tml_block_take(block, room->lane * out, sizeof(tml_real));
    d_out = tml_block_take(block, room->lane * out + filters, sizeof(tml_real));
    room->d_out = d_out == NULL ? NULL : d_out + filters; /* behind a row of zeros */
    room->d_in = tml_block_take(block, room->lane * in, sizeof(tml_real));
    room->kernel = tml_block_take(block, layer->kernel.count, sizeof(tml_real));
    room->d_kernel = tml_block_take(block, layer->kernel.count, sizeof(tml_real));
    room->prepared = tml_block_take(block, tml_convolution_prepared_count(layer), sizeof(tml_real));
    room->bias = tml_block_take(block, filters, sizeof(tml_real));
    room->d_bias = tml_block_take(block, filters, sizeof(tml_real));
    room->scratch = tml_block_take(block, tml_convolution_scratch_count(layer, room->lane, 1),
                                   sizeof(tml_real));
    room->reference_out = tml_block_take(block, ERROR_SAMPLES * out, sizeof(double));
    room->reference_kernel = tml_block_take(block, layer->kernel.count, sizeof(double));
    room->reference_in = tml_block_take(block, ERROR_SAMPLES * in, sizeof(double));
}

static tml_status make_room(conv_room *room, tml_error *error)
{
    size_t bytes;
    tml_status status = tml_block_create(0, "counting a layer", &room->block, error);

    if (status != TML_OK)
        return status;
    take_spans(room);
    bytes = tml_block_used(room->block);
    tml_block_destroy(&room->block);
    status = tml_block_create(bytes, "a layer", &room->block, error);
    if (status == TML_OK)
        take_spans(room);
    return status;
}

/* Uniform in [-1, 1). */
static void fill(tml_real *values, size_t count, uint64_t what)
{
    for (size_t i = 0; i < count; ++i)
        values[i] = (tml_real)(2.0 * tml_random_uniform(1, TML_RANDOM_DESIGN, what, i, 0) - 1.0);
}

/* Positions only: padding rows stay zero. */
static void fill_activation(tml_real *values, tml_activation_shape shape, size_t lane, uint64_t what)
{
    for (size_t s = 0; s < lane; ++s)
        fill(values + s * tml_activation_size(shape) + shape.before * shape.channels,
             shape.positions * shape.channels, what + s);
}

static void fill_room(conv_room *room)
{
    enum { KERNEL = 1 << 20, BIAS, INPUT = 1 << 21, GRADIENT = 1 << 22 };
    const tml_layer *layer = room->layer;

    fill(room->kernel, layer->kernel.count, KERNEL);
    fill(room->bias, layer->out.channels, BIAS);
    fill_activation(room->in, layer->in, room->lane, INPUT);
    fill_activation(room->d_out, layer->out, room->lane, GRADIENT);
    tml_convolution_prepare(layer, room->kernel, room->prepared);
}

static void run_forward(void *context)
{
    conv_room *room = context;

    tml_convolution_forward(room->layer, room->lane, room->kernel, room->prepared, room->bias, room->in,
                            room->out, room->scratch);
}

/* The gradient in d_out is masked by the ReLU again each time, which changes nothing after the first. */
static void run_weights(void *context)
{
    conv_room *room = context;

    tml_convolution_backward(room->layer, room->lane, room->prepared, room->in, room->out, room->d_out,
                             room->d_kernel, room->d_bias, NULL, room->scratch);
}

static void run_backward(void *context)
{
    conv_room *room = context;

    tml_convolution_backward(room->layer, room->lane, room->prepared, room->in, room->out, room->d_out,
                             room->d_kernel, room->d_bias, room->d_in, room->scratch);
}

/* Squares of the differences and of the reference, of the positions of an activation. */
static double error_of(const tml_real *values, const double *reference, tml_activation_shape shape,
                       size_t lane)
{
    double difference = 0.0;
    double size = 0.0;

    for (size_t s = 0; s < lane; ++s)
        for (size_t i = 0; i < shape.positions * shape.channels; ++i) {
            size_t at = s * tml_activation_size(shape) + shape.before * shape.channels + i;
            double d = (double)values[at] - reference[at];

            difference += d * d;
            size += reference[at] * reference[at];
        }
    return size > 0.0 ? sqrt(difference / size) : 0.0;
}

/* Errors of a few samples, worked out before the times: the whole lane would take the reference minutes. */
static void find_errors(conv_room *room, double errors[PASSES])
{
    const tml_layer *layer = room->layer;
    tml_activation_shape flat = {1, layer->kernel.count, 0, 0};
    size_t lane = room->lane;

    room->lane = lane < ERROR_SAMPLES ? lane : ERROR_SAMPLES;
    run_forward(room);
    run_backward(room);
    tml_conv_reference_forward(layer, room->lane, room->kernel, room->bias, room->in, room->reference_out);
    tml_conv_reference_backward(layer, room->lane, room->kernel, room->in, room->d_out,
                                room->reference_kernel, room->reference_in);
    errors[PASS_FORWARD] = error_of(room->out, room->reference_out, layer->out, room->lane);
    errors[PASS_INPUT] = error_of(room->d_in, room->reference_in, layer->in, room->lane);
    errors[PASS_WEIGHTS] = error_of(room->d_kernel, room->reference_kernel, flat, 1);
    room->lane = lane;
}

static void add_figures(const tml_bench_setting *setting, const conv_room *room,
                        double seconds[PASSES][TML_BENCH_REPEATS], const double errors[PASSES],
                        tml_bench_figures *figures)
{
    double work = (double)room->lane * tml_layer_operations(room->layer).effective * 1e-9;

    for (int p = 0; p < PASSES; ++p) {
        char name[TML_BENCH_NAME];

        for (size_t r = 0; r < setting->repeats; ++r)
            seconds[p][r] = work / seconds[p][r];
        snprintf(name, sizeof name, "conv.%s.%s.%s", room->layer->name, setting->convolution, pass_names[p]);
        tml_bench_add_series(figures, setting, name, "GFLOP/s", seconds[p], setting->repeats);
        snprintf(name, sizeof name, "conv.%s.%s.%s.error", room->layer->name, setting->convolution,
                 pass_names[p]);
        tml_bench_add(figures, setting, name, "rms", errors[p]);
    }
}

static tml_status measure_layer(tml_bench_setting *setting, const tml_layer *layer,
                                tml_bench_figures *figures, tml_error *error)
{
    conv_room room = {.layer = layer, .lane = setting->lane};
    double seconds[PASSES][TML_BENCH_REPEATS];
    double errors[PASSES];
    tml_status status = make_room(&room, error);

    if (status != TML_OK)
        return status;
    setting->convolution = layer->tile > 0 ? "winograd" : "direct";
    snprintf(setting->shape, sizeof setting->shape, "%zu x %zu, %zu to %zu channels, window %zu", room.lane,
             layer->out.positions, layer->in.channels, layer->out.channels, layer->window);
    fill_room(&room);
    find_errors(&room, errors);
    tml_time_calls(run_forward, &room, setting->repeats, seconds[PASS_FORWARD]);
    tml_time_calls(run_weights, &room, setting->repeats, seconds[PASS_WEIGHTS]);
    tml_time_calls(run_backward, &room, setting->repeats, seconds[PASS_INPUT]);
    for (size_t r = 0; r < setting->repeats; ++r)
        seconds[PASS_INPUT][r] = fmax(seconds[PASS_INPUT][r] - seconds[PASS_WEIGHTS][r], 1e-9);
    add_figures(setting, &room, seconds, errors, figures);
    tml_block_destroy(&room.block);
    return TML_OK;
}

tml_status tml_bench_conv(const tml_world *world, const tml_step_request *request, tml_bench_figures *figures,
                          tml_error *error)
{
    static const tml_convolution forms[] = {TML_CONVOLUTION_DIRECT, TML_CONVOLUTION_WINOGRAD};
    tml_architecture architecture = tml_settings_architecture(request->settings, request->wavelengths);
    tml_bench_setting setting = tml_bench_setting_of(world, request->settings, NULL, request->repeats);
    tml_network *network = NULL;
    tml_status status = tml_array_create(1, sizeof *network, "a network", &network, error);

    setting.ranks = 1;
    setting.threads = 1;
    setting.batch = setting.lane;
    setting.reduction = NULL;
    for (size_t f = 0; f < sizeof forms / sizeof forms[0] && status == TML_OK; ++f) {
        architecture.convolution = forms[f];
        status = tml_network_lay_out(&architecture, network, error);
        for (size_t i = 0; status == TML_OK && i < network->layer_count; ++i)
            if (network->layer[i].kind == TML_LAYER_CONVOLUTION &&
                (forms[f] == TML_CONVOLUTION_DIRECT || network->layer[i].tile > 0))
                status = measure_layer(&setting, &network->layer[i], figures, error);
    }
    free(network);
    return status;
}
