#include <stdio.h>

#include "network/architecture_private.h"

/* What a trunk is made of, for messages: "convolution block" and the key that sets their number. */
typedef struct part_words {
    const char *part;
    const char *key;
    const char *pool;
} part_words;

/* The max pool at the end of part `number` of `count`. */
static tml_status append_pool(tml_builder *builder, part_words words, size_t number, size_t count,
                              tml_error *error)
{
    const tml_architecture *a = &builder->network->architecture;
    tml_activation_shape in = builder->at;
    size_t left = in.positions / a->pool;
    size_t reader = number == count ? 1 : a->conv_kernel; /* window of what reads it */

    if (left == 0)
        return TML_FAIL(
            error, TML_CONFIG,
            "network.pool %zu leaves nothing of the %zu positions at the end of %s %zu of %zu; use "
            "a smaller pool or fewer %s",
            a->pool, in.positions, words.part, number, count, words.key);
    tml_builder_append(builder, TML_LAYER_POOL, tml_shape_padded(left, in.channels, reader), "Pool__%s%zu",
                       words.pool, number)
        ->window = a->pool;
    return TML_OK;
}

static tml_status append_published(tml_builder *builder, tml_error *error)
{
    const part_words words = {"convolution block", "conv_blocks", "B"};
    const tml_architecture *a = &builder->network->architecture;
    tml_status status = TML_OK;

    for (size_t b = 0; b < a->conv_blocks && status == TML_OK; ++b) {
        char name[TML_BUILDER_NAME];

        for (size_t l = 0; l < a->conv_layers; ++l) {
            snprintf(name, sizeof name, "Conv__B%zu_L%zu", b + 1, l + 1);
            tml_builder_convolution(builder, a->conv_filters * (b + l + 1) * (b + l + 1), name);
            tml_builder_activate(builder, name);
        }
        status = append_pool(builder, words, b + 1, a->conv_blocks, error);
    }
    return status;
}

static void append_block(tml_builder *builder, size_t filters, size_t stage, size_t block)
{
    char name[TML_BUILDER_NAME];
    tml_activation_shape in = builder->at;
    size_t input = tml_builder_output(builder);
    size_t skip = input;

    if (in.channels != filters) {
        tml_activation_shape out = in;

        out.channels = filters;
        tml_builder_append(builder, TML_LAYER_PROJECTION, out, "Res__S%zu_B%zu_Skip", stage + 1, block + 1);
        skip = tml_builder_output(builder);
        builder->at = in;
    }
    snprintf(name, sizeof name, "Res__S%zu_B%zu_Conv1", stage + 1, block + 1);
    tml_builder_convolution(builder, filters, name)->from = input;
    tml_builder_activate(builder, name);
    snprintf(name, sizeof name, "Res__S%zu_B%zu_Conv2", stage + 1, block + 1);
    tml_builder_convolution(builder, filters, name);
    tml_builder_append(builder, TML_LAYER_ADD, builder->at, "Res__S%zu_B%zu", stage + 1, block + 1)->with =
        skip;
}

static tml_status append_residual(tml_builder *builder, tml_error *error)
{
    const part_words words = {"stage", "stages", "S"};
    const tml_architecture *a = &builder->network->architecture;
    tml_status status = TML_OK;
    size_t filters = a->stage_filters;
    char name[TML_BUILDER_NAME] = "Stem";

    tml_builder_convolution(builder, filters, name);
    tml_builder_activate(builder, name);
    for (size_t s = 0; s < a->stages && status == TML_OK; ++s, filters *= 2) {
        for (size_t b = 0; b < a->stage_blocks; ++b) {
            append_block(builder, filters, s, b);
            snprintf(name, sizeof name, "Res__S%zu_B%zu", s + 1, b + 1);
            tml_builder_activate(builder, name);
        }
        status = append_pool(builder, words, s + 1, a->stages, error);
    }
    return status;
}

tml_status tml_builder_trunk(tml_builder *builder, tml_error *error)
{
    const tml_architecture *a = &builder->network->architecture;
    bool is_residual = a->kind == TML_NETWORK_RESIDUAL;
    tml_status status;

    builder->at = tml_shape_padded(a->wavelengths, 1, is_residual || a->conv_blocks > 0 ? a->conv_kernel : 1);
    status = is_residual ? append_residual(builder, error) : append_published(builder, error);
    if (status != TML_OK)
        return status;
    if (a->head == TML_HEAD_AVERAGE)
        tml_builder_append(builder, TML_LAYER_AVERAGE_POOL, tml_shape_flat(builder->at.channels), "Average");
    /* Flatten: without padding, position * channels + channel is already the order in memory. */
    builder->at = tml_shape_flat(builder->at.positions * builder->at.channels);
    return TML_OK;
}
