#include "network/architecture.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "network/convolution.h"

/* The flat vector travels in messages, whose entries MPI counts in an int. */
#define MOST_PARAMETERS ((double)INT32_MAX)

/* TensorFlow's 'same' padding: the odd row goes behind. */
static size_t rows_before(size_t kernel)
{
    return (kernel - 1) / 2;
}

static tml_activation_shape flat(size_t units)
{
    tml_activation_shape shape = {1, units, 0, 0};

    return shape;
}

static tml_activation_shape padded(size_t positions, size_t channels, size_t kernel)
{
    tml_activation_shape shape = {positions, channels, rows_before(kernel), kernel - 1 - rows_before(kernel)};

    return shape;
}

static tml_layer *append(tml_network *network, tml_layer_kind kind, tml_activation_shape in,
                         tml_activation_shape out, const char *format, ...) TML_PRINTF(5, 6);

static tml_layer *append(tml_network *network, tml_layer_kind kind, tml_activation_shape in,
                         tml_activation_shape out, const char *format, ...)
{
    tml_layer *layer = &network->layer[network->layer_count++];
    va_list arguments;

    memset(layer, 0, sizeof *layer);
    layer->kind = kind;
    layer->in = in;
    layer->out = out;
    va_start(arguments, format);
    vsnprintf(layer->name, sizeof layer->name, format, arguments);
    va_end(arguments);
    return layer;
}

static void set_tensors(tml_layer *layer)
{
    size_t in = layer->in.channels;
    size_t out = layer->out.channels;
    tml_tensor kernel = {0, in * out, 2, {in, out, 0}};
    tml_tensor bias = {0, out, 1, {out, 0, 0}};

    if (layer->kind == TML_LAYER_CONVOLUTION) {
        tml_tensor convolution = {0, layer->window * in * out, 3, {layer->window, in, out}};

        kernel = convolution;
    }
    layer->kernel = kernel;
    layer->bias = bias;
}

static tml_status append_convolutions(tml_network *network, tml_activation_shape *at, tml_error *error)
{
    const tml_architecture *a = &network->architecture;

    for (size_t b = 0; b < a->conv_blocks; ++b) {
        size_t left = at->positions / a->pool;

        for (size_t l = 0; l < a->conv_layers; ++l) {
            size_t filters = a->conv_filters * (b + l + 1) * (b + l + 1);
            tml_activation_shape out = padded(at->positions, filters, a->conv_kernel);
            tml_layer *layer = append(network, TML_LAYER_CONVOLUTION, *at, out, "Conv__B%zu_L%zu", b + 1,
                                      l + 1);

            layer->window = a->conv_kernel;
            layer->tile = tml_convolution_tile(a->convolution, layer->window, at->positions, at->channels,
                                               filters);
            layer->has_relu = true;
            *at = out;
        }
        if (left == 0)
            return TML_FAIL(
                error, TML_CONFIG,
                "network.pool %zu leaves nothing of the %zu positions at the end of convolution block "
                "%zu of %zu; use a smaller pool or fewer conv_blocks",
                a->pool, at->positions, b + 1, a->conv_blocks);
        {
            bool is_last = b + 1 == a->conv_blocks;
            tml_activation_shape out = padded(left, at->channels, is_last ? 1 : a->conv_kernel);

            append(network, TML_LAYER_POOL, *at, out, "Pool__B%zu", b + 1)->window = a->pool;
            *at = out;
        }
    }
    /* Flatten: without padding, position * channels + channel is already the order in memory. */
    *at = flat(at->positions * at->channels);
    return TML_OK;
}

static void append_dense(tml_network *network, tml_activation_shape *at, size_t units, const char *stack,
                         size_t block, size_t layer_number)
{
    append(network, TML_LAYER_DENSE, *at, flat(units), "%s__B%zu_L%zu", stack, block + 1, layer_number + 1)
        ->has_relu = true;
    *at = flat(units);
}

static void append_dropout(tml_network *network, tml_activation_shape at, double rate, const char *stack,
                           size_t block)
{
    if (rate > 0.0)
        append(network, TML_LAYER_DROPOUT, at, at, "%s__B%zu_Dropout", stack, block + 1)->rate = rate;
}

static void append_dense_stacks(tml_network *network, tml_activation_shape *at)
{
    const tml_architecture *a = &network->architecture;

    for (size_t l = 0; l < a->fc1_layers; ++l)
        append_dense(network, at, a->fc1_units * (l + 1) * (l + 1), "FC1", 0, l);
    if (a->fc1_layers > 0)
        append_dropout(network, *at, a->fc1_dropout, "FC1", 0);
    if (a->features > 0) {
        append(network, TML_LAYER_CONCATENATE, *at, flat(at->channels + a->features), "Features");
        *at = flat(at->channels + a->features);
    }
    for (size_t b = 0; b < a->fc2_blocks; ++b) {
        for (size_t l = 0; l < a->fc2_layers; ++l)
            append_dense(network, at, a->fc2_units * (b + l + 1) * (b + l + 1), "FC2", b, l);
        if (a->fc2_layers > 0)
            append_dropout(network, *at, a->fc2_dropout, "FC2", b);
    }
    append(network, TML_LAYER_DENSE, *at, flat(a->targets), "output")->is_head = true;
}

/* Last layer first: the order in which gradients become known. */
static tml_status place_tensors(tml_network *network, tml_error *error)
{
    double total = 0.0;
    size_t offset = 0;

    for (size_t i = network->layer_count; i-- > 0;) {
        tml_layer *layer = &network->layer[i];

        if (layer->kind != TML_LAYER_CONVOLUTION && layer->kind != TML_LAYER_DENSE)
            continue;
        set_tensors(layer);
        total += (double)layer->out.channels *
                 (1.0 + (double)layer->in.channels *
                            (double)(layer->kind == TML_LAYER_CONVOLUTION ? layer->window : 1));
        if (total > MOST_PARAMETERS)
            return TML_FAIL(
                error, TML_CONFIG,
                "the network would have more than 2^31 weights (layer %s alone %zu x %zu); use fewer or "
                "narrower layers",
                layer->name, layer->in.channels, layer->out.channels);
        layer->kernel.offset = offset;
        layer->bias.offset = offset + layer->kernel.count;
        offset += layer->kernel.count + layer->bias.count;
    }
    network->parameter_count = offset;
    return TML_OK;
}

tml_status tml_network_lay_out(const tml_architecture *architecture, tml_network *network, tml_error *error)
{
    const tml_architecture *a = architecture;
    size_t layers = a->conv_blocks * (a->conv_layers + 1) + a->fc1_layers +
                    a->fc2_blocks * (a->fc2_layers + 1) + 3;
    tml_activation_shape at = padded(a->wavelengths, 1, a->conv_blocks > 0 ? a->conv_kernel : 1);
    tml_status status;

    memset(network, 0, sizeof *network);
    network->architecture = *architecture;
    if (layers > TML_LAYERS)
        return TML_FAIL(error, TML_CONFIG, "the network would have %zu layers, more than %d", layers,
                        TML_LAYERS);
    status = append_convolutions(network, &at, error);
    if (status != TML_OK)
        return status;
    append_dense_stacks(network, &at);
    return place_tensors(network, error);
}

double tml_network_multiply_adds(const tml_network *network)
{
    double sum = 0.0;

    for (size_t i = 0; i < network->layer_count; ++i)
        sum += (double)network->layer[i].kernel.count * (double)network->layer[i].out.positions;
    return sum;
}
