#include "network/architecture.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "network/architecture_private.h"

/* The flat vector travels in messages, whose entries MPI counts in an int. */
#define MOST_PARAMETERS ((double)INT32_MAX)

static void append_dense(tml_builder *builder, size_t units, const char *stack, size_t block,
                         size_t layer_number)
{
    char name[TML_BUILDER_NAME];

    snprintf(name, sizeof name, "%s__B%zu_L%zu", stack, block + 1, layer_number + 1);
    tml_builder_append(builder, TML_LAYER_DENSE, tml_shape_flat(units), "%s", name);
    tml_builder_activate(builder, name);
}

static void append_dropout(tml_builder *builder, double rate, const char *stack, size_t block)
{
    if (rate > 0.0)
        tml_builder_append(builder, TML_LAYER_DROPOUT, builder->at, "%s__B%zu_Dropout", stack, block + 1)
            ->rate = rate;
}

static void append_dense_stacks(tml_builder *builder)
{
    const tml_architecture *a = &builder->network->architecture;

    for (size_t l = 0; l < a->fc1_layers; ++l)
        append_dense(builder, a->fc1_units * (l + 1) * (l + 1), "FC1", 0, l);
    if (a->fc1_layers > 0)
        append_dropout(builder, a->fc1_dropout, "FC1", 0);
    if (a->features > 0)
        tml_builder_append(builder, TML_LAYER_CONCATENATE, tml_shape_flat(builder->at.channels + a->features),
                           "Features");
    for (size_t b = 0; b < a->fc2_blocks; ++b) {
        for (size_t l = 0; l < a->fc2_layers; ++l)
            append_dense(builder, a->fc2_units * (b + l + 1) * (b + l + 1), "FC2", b, l);
        if (a->fc2_layers > 0)
            append_dropout(builder, a->fc2_dropout, "FC2", b);
    }
    tml_builder_append(builder, TML_LAYER_DENSE, tml_shape_flat(tml_network_outputs(builder->network)),
                       "output")
        ->is_head = true;
}

/* Positions of a kernel; 0 for a layer without one. */
static size_t kernel_rows(const tml_layer *layer)
{
    switch (layer->kind) {
    case TML_LAYER_CONVOLUTION:
        return layer->window;
    case TML_LAYER_PROJECTION:
    case TML_LAYER_DENSE:
        return 1;
    default:
        return 0;
    }
}

/* Weights of a layer, in a number that cannot overflow. */
static double count_weights(const tml_layer *layer)
{
    double out = (double)layer->out.channels;

    if (layer->kind == TML_LAYER_NORM)
        return 2.0 * out;
    return kernel_rows(layer) == 0 ? 0.0
                                   : out * (1.0 + (double)kernel_rows(layer) * (double)layer->in.channels);
}

static void set_tensors(tml_layer *layer, size_t offset)
{
    size_t rows = kernel_rows(layer);
    size_t in = layer->in.channels;
    size_t out = layer->out.channels;
    tml_tensor convolution = {offset, rows * in * out, 3, {rows, in, out}};
    tml_tensor dense = {offset, in * out, 2, {in, out, 0}};
    tml_tensor factors = {offset, out, 1, {out, 0, 0}};

    layer->kernel = layer->kind == TML_LAYER_NORM    ? factors
                    : layer->kind == TML_LAYER_DENSE ? dense
                                                     : convolution;
    layer->bias = factors;
    layer->bias.offset = offset + layer->kernel.count;
}

/* Last layer first: the order in which gradients become known. */
static tml_status place_tensors(tml_network *network, tml_error *error)
{
    double total = 0.0;
    size_t offset = 0;

    for (size_t i = network->layer_count; i-- > 0;) {
        tml_layer *layer = &network->layer[i];
        double count = count_weights(layer);

        if (count == 0.0)
            continue;
        total += count;
        if (total > MOST_PARAMETERS)
            return TML_FAIL(
                error, TML_CONFIG,
                "the network would have more than 2^31 weights (layer %s alone %zu x %zu); use fewer or "
                "narrower layers",
                layer->name, layer->in.channels, layer->out.channels);
        set_tensors(layer, offset);
        offset += layer->kernel.count + layer->bias.count;
    }
    network->parameter_count = offset;
    return TML_OK;
}

tml_status tml_network_lay_out(const tml_architecture *architecture, tml_network *network, tml_error *error)
{
    tml_builder builder = {.network = network};
    tml_status status;

    memset(network, 0, sizeof *network);
    network->architecture = *architecture;
    if (architecture->outputs_per_target == 0)
        network->architecture.outputs_per_target = 1;
    status = tml_builder_trunk(&builder, error);
    if (status != TML_OK)
        return status;
    append_dense_stacks(&builder);
    if (builder.wanted > TML_LAYERS)
        return TML_FAIL(error, TML_CONFIG,
                        "the network would have %zu layers, more than %d; use fewer blocks, stages or layers",
                        builder.wanted, TML_LAYERS);
    return place_tensors(network, error);
}

size_t tml_network_outputs(const tml_network *network)
{
    return network->architecture.targets * network->architecture.outputs_per_target;
}

double tml_network_multiply_adds(const tml_network *network)
{
    double sum = 0.0;

    for (size_t i = 0; i < network->layer_count; ++i)
        sum += (double)kernel_rows(&network->layer[i]) * (double)network->layer[i].in.channels *
               (double)network->layer[i].out.channels * (double)network->layer[i].out.positions;
    return sum;
}
