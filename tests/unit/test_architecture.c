/** @file test_architecture.c
 * The layers of a network, their shapes and their places in the flat vector; the published network in every
 * number that its authors give (Gharib-Nezhad et al., TelescopeML). */
#include "network/architecture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const tml_architecture PUBLISHED = {.wavelengths = 104,
                                           .features = 2,
                                           .targets = 4,
                                           .conv_blocks = 2,
                                           .conv_layers = 3,
                                           .conv_filters = 32,
                                           .conv_kernel = 4,
                                           .pool = 3,
                                           .fc1_layers = 3,
                                           .fc1_units = 256,
                                           .fc1_dropout = 1.89897444e-03,
                                           .fc2_blocks = 1,
                                           .fc2_layers = 4,
                                           .fc2_units = 128,
                                           .fc2_dropout = 1.89897444e-03};

typedef struct expected_layer {
    const char *name;
    tml_layer_kind kind;
    size_t positions, channels, parameters;
} expected_layer;

static const expected_layer PUBLISHED_LAYERS[] = {
    {"Conv__B1_L1", TML_LAYER_CONVOLUTION, 104, 32, 160},
    {"Conv__B1_L2", TML_LAYER_CONVOLUTION, 104, 128, 16512},
    {"Conv__B1_L3", TML_LAYER_CONVOLUTION, 104, 288, 147744},
    {"Pool__B1", TML_LAYER_POOL, 34, 288, 0},
    {"Conv__B2_L1", TML_LAYER_CONVOLUTION, 34, 128, 147584},
    {"Conv__B2_L2", TML_LAYER_CONVOLUTION, 34, 288, 147744},
    {"Conv__B2_L3", TML_LAYER_CONVOLUTION, 34, 512, 590336},
    {"Pool__B2", TML_LAYER_POOL, 11, 512, 0},
    {"FC1__B1_L1", TML_LAYER_DENSE, 1, 256, 1442048},
    {"FC1__B1_L2", TML_LAYER_DENSE, 1, 1024, 263168},
    {"FC1__B1_L3", TML_LAYER_DENSE, 1, 2304, 2361600},
    {"FC1__B1_Dropout", TML_LAYER_DROPOUT, 1, 2304, 0},
    {"Features", TML_LAYER_CONCATENATE, 1, 2306, 0},
    {"FC2__B1_L1", TML_LAYER_DENSE, 1, 128, 295296},
    {"FC2__B1_L2", TML_LAYER_DENSE, 1, 512, 66048},
    {"FC2__B1_L3", TML_LAYER_DENSE, 1, 1152, 590976},
    {"FC2__B1_L4", TML_LAYER_DENSE, 1, 2048, 2361344},
    {"FC2__B1_Dropout", TML_LAYER_DROPOUT, 1, 2048, 0},
    {"output", TML_LAYER_DENSE, 1, 4, 8196},
};

static const tml_architecture RESIDUAL = {.kind = TML_NETWORK_RESIDUAL,
                                          .activation = TML_ACTIVATION_GELU,
                                          .normalisation = TML_NORMALISATION_LAYER,
                                          .head = TML_HEAD_AVERAGE,
                                          .wavelengths = 104,
                                          .features = 2,
                                          .targets = 4,
                                          .stages = 2,
                                          .stage_blocks = 2,
                                          .stage_filters = 16,
                                          .conv_kernel = 4,
                                          .pool = 3,
                                          .fc2_blocks = 1,
                                          .fc2_layers = 1,
                                          .fc2_units = 64};

/* Names are part of the model file. */
static const expected_layer RESIDUAL_LAYERS[] = {
    {"Stem", TML_LAYER_CONVOLUTION, 104, 16, 80},
    {"Stem_Norm", TML_LAYER_NORM, 104, 16, 32},
    {"Stem_Gelu", TML_LAYER_GELU, 104, 16, 0},
    {"Res__S1_B1_Conv1", TML_LAYER_CONVOLUTION, 104, 16, 1040},
    {"Res__S1_B1_Conv1_Norm", TML_LAYER_NORM, 104, 16, 32},
    {"Res__S1_B1_Conv1_Gelu", TML_LAYER_GELU, 104, 16, 0},
    {"Res__S1_B1_Conv2", TML_LAYER_CONVOLUTION, 104, 16, 1040},
    {"Res__S1_B1", TML_LAYER_ADD, 104, 16, 0},
    {"Res__S1_B1_Norm", TML_LAYER_NORM, 104, 16, 32},
    {"Res__S1_B1_Gelu", TML_LAYER_GELU, 104, 16, 0},
    {"Res__S1_B2_Conv1", TML_LAYER_CONVOLUTION, 104, 16, 1040},
    {"Res__S1_B2_Conv1_Norm", TML_LAYER_NORM, 104, 16, 32},
    {"Res__S1_B2_Conv1_Gelu", TML_LAYER_GELU, 104, 16, 0},
    {"Res__S1_B2_Conv2", TML_LAYER_CONVOLUTION, 104, 16, 1040},
    {"Res__S1_B2", TML_LAYER_ADD, 104, 16, 0},
    {"Res__S1_B2_Norm", TML_LAYER_NORM, 104, 16, 32},
    {"Res__S1_B2_Gelu", TML_LAYER_GELU, 104, 16, 0},
    {"Pool__S1", TML_LAYER_POOL, 34, 16, 0},
    {"Res__S2_B1_Skip", TML_LAYER_PROJECTION, 34, 32, 544},
    {"Res__S2_B1_Conv1", TML_LAYER_CONVOLUTION, 34, 32, 2080},
    {"Res__S2_B1_Conv1_Norm", TML_LAYER_NORM, 34, 32, 64},
    {"Res__S2_B1_Conv1_Gelu", TML_LAYER_GELU, 34, 32, 0},
    {"Res__S2_B1_Conv2", TML_LAYER_CONVOLUTION, 34, 32, 4128},
    {"Res__S2_B1", TML_LAYER_ADD, 34, 32, 0},
    {"Res__S2_B1_Norm", TML_LAYER_NORM, 34, 32, 64},
    {"Res__S2_B1_Gelu", TML_LAYER_GELU, 34, 32, 0},
    {"Res__S2_B2_Conv1", TML_LAYER_CONVOLUTION, 34, 32, 4128},
    {"Res__S2_B2_Conv1_Norm", TML_LAYER_NORM, 34, 32, 64},
    {"Res__S2_B2_Conv1_Gelu", TML_LAYER_GELU, 34, 32, 0},
    {"Res__S2_B2_Conv2", TML_LAYER_CONVOLUTION, 34, 32, 4128},
    {"Res__S2_B2", TML_LAYER_ADD, 34, 32, 0},
    {"Res__S2_B2_Norm", TML_LAYER_NORM, 34, 32, 64},
    {"Res__S2_B2_Gelu", TML_LAYER_GELU, 34, 32, 0},
    {"Pool__S2", TML_LAYER_POOL, 11, 32, 0},
    {"Average", TML_LAYER_AVERAGE_POOL, 1, 32, 0},
    {"Features", TML_LAYER_CONCATENATE, 1, 34, 0},
    {"FC2__B1_L1", TML_LAYER_DENSE, 1, 64, 2240},
    {"FC2__B1_L1_Norm", TML_LAYER_NORM, 1, 64, 128},
    {"FC2__B1_L1_Gelu", TML_LAYER_GELU, 1, 64, 0},
    {"output", TML_LAYER_DENSE, 1, 4, 260},
};

static tml_network lay_out(const tml_architecture *architecture)
{
    tml_network network;
    tml_error error = {0, ""};

    assert_int_equal(tml_network_lay_out(architecture, &network, &error), TML_OK);
    return network;
}

static void check_layers(const tml_network *network, const expected_layer *wanted, size_t count)
{
    assert_int_equal(network->layer_count, count);
    for (size_t i = 0; i < count; ++i) {
        const tml_layer *layer = &network->layer[i];

        assert_string_equal(layer->name, wanted[i].name);
        assert_int_equal(layer->kind, wanted[i].kind);
        assert_int_equal(layer->out.positions, wanted[i].positions);
        assert_int_equal(layer->out.channels, wanted[i].channels);
        assert_int_equal(layer->kernel.count + layer->bias.count, wanted[i].parameters);
    }
}

static void test_the_published_network_has_the_published_layers(void **state)
{
    tml_network network = lay_out(&PUBLISHED);

    (void)state;
    check_layers(&network, PUBLISHED_LAYERS, sizeof PUBLISHED_LAYERS / sizeof PUBLISHED_LAYERS[0]);
    assert_int_equal(network.parameter_count, 8438756);
}

static void test_multiply_adds_are_the_published_ones(void **state)
{
    const double conv = 13312.0 + 1703936.0 + 15335424.0 + 5013504.0 + 5013504.0 + 20054016.0;
    const double dense = 4063232.0 + 3309824.0 + 8192.0;
    tml_network network = lay_out(&PUBLISHED);

    (void)state;
    assert_true(conv + dense == 54514944.0);
    assert_true(tml_network_multiply_adds(&network) == 54514944.0);
}

/* TensorFlow's 'same' padding of an even kernel: the odd row goes behind. */
static void test_winograd_is_for_layers_that_are_wide_enough(void **state)
{
    tml_architecture wanted = PUBLISHED;
    tml_network network;

    (void)state;
    wanted.convolution = TML_CONVOLUTION_AUTO;
    network = lay_out(&wanted);
    assert_int_equal(network.layer[0].tile, 0); /* one channel */
    assert_int_equal(network.layer[1].tile, 4);
    assert_int_equal(network.layer[6].tile, 4);
    wanted.convolution = TML_CONVOLUTION_WINOGRAD;
    assert_int_equal(lay_out(&wanted).layer[0].tile, 4);
    wanted.convolution = TML_CONVOLUTION_DIRECT;
    assert_int_equal(lay_out(&wanted).layer[1].tile, 0);
    wanted.convolution = TML_CONVOLUTION_WINOGRAD;
    wanted.conv_kernel = 7; /* a window for which there are no points */
    assert_int_equal(lay_out(&wanted).layer[1].tile, 0);
}

static void test_every_input_carries_the_padding_that_its_reader_needs(void **state)
{
    tml_network network = lay_out(&PUBLISHED);

    (void)state;
    for (size_t i = 0; i < network.layer_count; ++i) {
        const tml_layer *layer = &network.layer[i];

        if (i > 0) /* what one layer writes is what the next one reads, but for the flattening */
            assert_int_equal(layer->in.positions * layer->in.channels,
                             layer[-1].out.positions * layer[-1].out.channels);
        if (layer->kind == TML_LAYER_CONVOLUTION) {
            assert_int_equal(layer->in.before, 1);
            assert_int_equal(layer->in.after, 2);
            assert_int_equal(layer->out.before, 1);
            assert_int_equal(layer->out.after, 2);
            assert_int_equal(layer->window, 4);
        }
        if (layer->kind == TML_LAYER_DENSE)
            assert_int_equal(tml_activation_size(layer->in), layer->in.channels);
    }
    assert_int_equal(tml_activation_size(network.layer[7].out), 5632); /* flat without moving anything */
}

static void test_only_hidden_layers_have_relu_and_only_the_outputs_are_heads(void **state)
{
    tml_network network = lay_out(&PUBLISHED);

    (void)state;
    for (size_t i = 0; i < network.layer_count; ++i) {
        const tml_layer *layer = &network.layer[i];
        bool is_last = i + 1 == network.layer_count;

        assert_int_equal(layer->is_head, is_last);
        assert_int_equal(layer->has_relu, layer->kernel.count > 0 && !is_last);
    }
}

/* The tensors in the order in which the backward pass finishes them, without a gap and without overlap. */
static void check_flat_vector(const tml_architecture *architecture)
{
    tml_network network = lay_out(architecture);
    size_t at = 0;

    for (size_t i = network.layer_count; i-- > 0;) {
        const tml_layer *layer = &network.layer[i];
        size_t product = 1;

        assert_int_equal(layer->bias.count > 0, layer->kernel.count > 0);
        if (layer->kernel.count == 0)
            continue;
        for (size_t d = 0; d < layer->kernel.rank; ++d)
            product *= layer->kernel.size[d];
        assert_int_equal(layer->kernel.rank, layer->kind == TML_LAYER_NORM    ? 1
                                             : layer->kind == TML_LAYER_DENSE ? 2
                                                                              : 3);
        assert_int_equal(layer->kernel.count, product);
        assert_int_equal(layer->kernel.size[layer->kernel.rank - 1], layer->out.channels);
        if (layer->kernel.rank > 1)
            assert_int_equal(layer->kernel.size[layer->kernel.rank - 2], layer->in.channels);
        assert_int_equal(layer->bias.rank, 1);
        assert_int_equal(layer->bias.count, layer->out.channels);
        assert_int_equal(layer->bias.size[0], layer->out.channels);
        assert_int_equal(layer->kernel.offset, at);
        assert_int_equal(layer->bias.offset, at + layer->kernel.count);
        at += layer->kernel.count + layer->bias.count;
    }
    assert_int_equal(at, network.parameter_count);
}

static void test_the_flat_vector_holds_every_tensor_once(void **state)
{
    tml_architecture a = PUBLISHED;

    (void)state;
    check_flat_vector(&a);
    a.features = 0;
    a.fc1_layers = 0;
    check_flat_vector(&a);
    a.fc2_blocks = 3;
    a.conv_kernel = 7;
    a.pool = 1;
    check_flat_vector(&a);
    a.fc2_blocks = 0;
    a.conv_blocks = 0;
    check_flat_vector(&a);
    a = RESIDUAL;
    check_flat_vector(&a);
}

static void test_a_dropout_of_zero_and_a_missing_stack_leave_no_layer(void **state)
{
    tml_architecture a = PUBLISHED;
    tml_network network;

    (void)state;
    a.fc1_dropout = 0.0;
    a.fc2_layers = 0; /* its dropout goes with it */
    a.features = 0;
    network = lay_out(&a);
    for (size_t i = 0; i < network.layer_count; ++i) {
        assert_int_not_equal(network.layer[i].kind, TML_LAYER_DROPOUT);
        assert_int_not_equal(network.layer[i].kind, TML_LAYER_CONCATENATE);
    }
    assert_int_equal(network.layer[network.layer_count - 1].in.channels, 2304);
}

static void test_a_residual_network_has_its_layers(void **state)
{
    tml_network network = lay_out(&RESIDUAL);

    (void)state;
    check_layers(&network, RESIDUAL_LAYERS, sizeof RESIDUAL_LAYERS / sizeof RESIDUAL_LAYERS[0]);
    assert_int_equal(network.parameter_count,
                     1U * 80 + 32 + 4 * 1040 + 4 * 32 + 544 + 2080 + 3 * 4128 + 4 * 64 + 2240 + 128 + 260);
}

/* A block adds to what it got: the output of the layer before it, or that behind its projection. */
static void test_a_block_adds_to_what_it_got(void **state)
{
    tml_network network = lay_out(&RESIDUAL);

    (void)state;
    for (size_t i = 0; i < network.layer_count; ++i) {
        const tml_layer *layer = &network.layer[i];

        if (strcmp(layer->name, "Res__S2_B1_Conv1") == 0)
            assert_int_equal(layer->from, i - 1); /* past the projection */
        else
            assert_int_equal(layer->from, i);
        if (strcmp(layer->name, "Res__S1_B2") == 0)
            assert_string_equal(network.layer[layer->with - 1].name, "Res__S1_B1_Gelu");
        if (strcmp(layer->name, "Res__S2_B1") == 0)
            assert_string_equal(network.layer[layer->with - 1].name, "Res__S2_B1_Skip");
    }
}

static void test_the_activation_is_fused_where_it_is_relu(void **state)
{
    tml_architecture a = RESIDUAL;
    tml_network network;

    (void)state;
    a.activation = TML_ACTIVATION_RELU;
    a.normalisation = TML_NORMALISATION_NONE;
    network = lay_out(&a);
    for (size_t i = 0; i < network.layer_count; ++i) {
        const tml_layer *layer = &network.layer[i];
        bool is_linear = strstr(layer->name, "Conv2") != NULL || strstr(layer->name, "Skip") != NULL ||
                         layer->is_head;
        bool has_weights = layer->kernel.count > 0 || layer->kind == TML_LAYER_ADD;

        assert_int_not_equal(layer->kind, TML_LAYER_GELU);
        assert_int_not_equal(layer->kind, TML_LAYER_NORM);
        assert_int_equal(layer->has_relu, has_weights && !is_linear);
    }
}

static void test_two_outputs_per_target(void **state)
{
    tml_architecture a = RESIDUAL;
    tml_network network;

    (void)state;
    a.outputs_per_target = 2;
    network = lay_out(&a);
    assert_int_equal(tml_network_outputs(&network), 8);
    assert_int_equal(network.layer[network.layer_count - 1].out.channels, 8);
    a.outputs_per_target = 0;
    network = lay_out(&a);
    assert_int_equal(tml_network_outputs(&network), 4);
}

static void test_pools_that_leave_nothing_are_refused(void **state)
{
    tml_architecture a = PUBLISHED;
    tml_network network;
    tml_error error = {0, ""};

    (void)state;
    a.wavelengths = 9; /* 9, 3, 1: just enough */
    assert_int_equal(tml_network_lay_out(&a, &network, &error), TML_OK);
    a.wavelengths = 8; /* 8, 2: nothing for the second pool */
    assert_int_equal(tml_network_lay_out(&a, &network, &error), TML_CONFIG);
    assert_non_null(strstr(error.message, "network.pool 3 leaves nothing of the 2 positions"));
    assert_non_null(strstr(error.message, "convolution block 2 of 2"));
    a = RESIDUAL;
    a.wavelengths = 8;
    assert_int_equal(tml_network_lay_out(&a, &network, &error), TML_CONFIG);
    assert_non_null(strstr(error.message, "stage 2 of 2"));
}

static void test_too_many_layers_are_refused(void **state)
{
    tml_architecture a = PUBLISHED;
    tml_network network;
    tml_error error = {0, ""};

    (void)state;
    a.pool = 1;
    a.conv_blocks = 20;
    a.conv_layers = 8;
    a.conv_filters = 1;
    assert_int_equal(tml_network_lay_out(&a, &network, &error), TML_CONFIG);
    assert_non_null(strstr(error.message, "layers, more than 160"));
}

/* The vector's length, biases included, must fit into what MPI counts in. */
static void test_networks_beyond_counting_are_refused(void **state)
{
    tml_architecture a = PUBLISHED;
    tml_architecture edge = {.wavelengths = 32765, .targets = 1, .fc1_layers = 1, .fc1_units = 65536};
    tml_network network;
    tml_error error = {0, ""};

    (void)state;
    a.fc1_units = 65536;
    a.fc1_layers = 8;
    assert_int_equal(tml_network_lay_out(&a, &network, &error), TML_CONFIG);
    assert_non_null(strstr(error.message, "2^31 weights"));
    assert_non_null(strstr(error.message, "FC1__B1_L"));
    assert_int_equal(tml_network_lay_out(&edge, &network, &error), TML_OK);
    assert_true(network.parameter_count <= INT32_MAX);
    edge.wavelengths = 32767; /* 2^31 in the kernels, and the biases */
    assert_int_equal(tml_network_lay_out(&edge, &network, &error), TML_CONFIG);
    edge.wavelengths = SIZE_MAX / 2;
    assert_int_equal(tml_network_lay_out(&edge, &network, &error), TML_CONFIG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_published_network_has_the_published_layers),
        cmocka_unit_test(test_multiply_adds_are_the_published_ones),
        cmocka_unit_test(test_winograd_is_for_layers_that_are_wide_enough),
        cmocka_unit_test(test_every_input_carries_the_padding_that_its_reader_needs),
        cmocka_unit_test(test_only_hidden_layers_have_relu_and_only_the_outputs_are_heads),
        cmocka_unit_test(test_the_flat_vector_holds_every_tensor_once),
        cmocka_unit_test(test_a_dropout_of_zero_and_a_missing_stack_leave_no_layer),
        cmocka_unit_test(test_a_residual_network_has_its_layers),
        cmocka_unit_test(test_a_block_adds_to_what_it_got),
        cmocka_unit_test(test_the_activation_is_fused_where_it_is_relu),
        cmocka_unit_test(test_two_outputs_per_target),
        cmocka_unit_test(test_pools_that_leave_nothing_are_refused),
        cmocka_unit_test(test_too_many_layers_are_refused),
        cmocka_unit_test(test_networks_beyond_counting_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
