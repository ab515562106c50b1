#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "network/architecture_private.h"
#include "network/convolution.h"

/* TensorFlow's 'same' padding: the odd row goes behind. */
static size_t rows_before(size_t window)
{
    return (window - 1) / 2;
}

tml_activation_shape tml_shape_flat(size_t units)
{
    tml_activation_shape shape = {1, units, 0, 0};

    return shape;
}

tml_activation_shape tml_shape_padded(size_t positions, size_t channels, size_t window)
{
    tml_activation_shape shape = {positions, channels, rows_before(window), window - 1 - rows_before(window)};

    return shape;
}

size_t tml_builder_output(const tml_builder *builder)
{
    return builder->network->layer_count;
}

tml_layer *tml_builder_append(tml_builder *builder, tml_layer_kind kind, tml_activation_shape out,
                              const char *format, ...)
{
    tml_network *network = builder->network;
    bool has_room = network->layer_count < TML_LAYERS;
    tml_layer *layer = &network->layer[has_room ? network->layer_count : TML_LAYERS - 1];
    va_list arguments;

    memset(layer, 0, sizeof *layer);
    layer->kind = kind;
    layer->from = network->layer_count;
    layer->is_steady = network->architecture.is_steady;
    layer->in = builder->at;
    layer->out = out;
    va_start(arguments, format);
    vsnprintf(layer->name, sizeof layer->name, format, arguments);
    va_end(arguments);
    builder->at = out;
    builder->wanted += 1;
    network->layer_count += has_room ? 1 : 0;
    return layer;
}

tml_layer *tml_builder_convolution(tml_builder *builder, size_t filters, const char *name)
{
    const tml_architecture *a = &builder->network->architecture;
    tml_activation_shape in = builder->at;
    tml_layer *layer = tml_builder_append(
        builder, TML_LAYER_CONVOLUTION, tml_shape_padded(in.positions, filters, a->conv_kernel), "%s", name);

    layer->window = a->conv_kernel;
    layer->tile = tml_convolution_tile(a->convolution, layer->window, in.positions, in.channels, filters);
    return layer;
}

void tml_builder_activate(tml_builder *builder, const char *name)
{
    tml_network *network = builder->network;
    const tml_architecture *a = &network->architecture;

    if (a->normalisation == TML_NORMALISATION_LAYER)
        tml_builder_append(builder, TML_LAYER_NORM, builder->at, "%s_Norm", name);
    if (a->activation == TML_ACTIVATION_GELU)
        tml_builder_append(builder, TML_LAYER_GELU, builder->at, "%s_Gelu", name);
    else
        network->layer[network->layer_count - 1].has_relu = true;
}
