/** @file test_network_gradients.c
 * The gradients of whole networks - every trunk, activation, normalisation and head - with respect to every
 * tensor, against central differences. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "network/initialise.h"
#include "network/lane.h"

#include "gradient_check.h"

enum { LANE = 3 };

typedef struct network_case {
    tml_network network;
    tml_prepared_weights prepared;
    tml_real *weights, *gradient;
    tml_lane *lane;
    tml_loss loss;
    size_t covered; /* entries that the backward pass has reported */
} network_case;

static void collect(void *context, size_t first, size_t count, const tml_real *values)
{
    network_case *c = context;

    assert_int_equal(first, c->covered); /* in ascending order, without gaps */
    memcpy(c->gradient + first, values, count * sizeof *values);
    c->covered += count;
}

static void ignore(void *context, size_t first, size_t count, const tml_real *values)
{
    (void)context;
    (void)first;
    (void)count;
    (void)values;
}

static double network_value(void *context)
{
    network_case *c = context;
    double sum[TML_LOSS_TARGETS];
    double total = 0;

    tml_prepare_weights(&c->network, &c->prepared);
    tml_lane_train(c->lane, &c->prepared, &c->loss, 5, 3, sum, ignore, NULL);
    for (size_t t = 0; t < c->network.architecture.targets; ++t)
        total += c->loss.weight[t] * sum[t];
    return total;
}

static void fill_lane(network_case *c)
{
    const tml_architecture *a = &c->network.architecture;

    for (size_t s = 0; s < LANE - 1; ++s) {
        float spectrum[64];
        float features[8];
        float targets[8];

        for (size_t i = 0; i < a->wavelengths; ++i)
            spectrum[i] = (float)tml_random_uniform(1, TML_RANDOM_NOISE, s, i, 0) * 2.0F - 1.0F;
        for (size_t i = 0; i < a->features; ++i)
            features[i] = (float)tml_random_uniform(2, TML_RANDOM_NOISE, s, i, 0);
        for (size_t i = 0; i < a->targets; ++i)
            targets[i] = 4.0F * (float)tml_random_uniform(3, TML_RANDOM_NOISE, s, i, 0) - 2.0F;
        tml_lane_set_sample(c->lane, s, spectrum, features, 17 + s);
        tml_lane_set_targets(c->lane, s, targets);
    }
    tml_lane_set_empty(c->lane, LANE - 1); /* a short lane */
}

static void check_network(const tml_architecture *architecture, tml_loss_kind loss)
{
    network_case c = {
        .loss = {.kind = loss, .delta = 1.0, .weight = {1.0, 0.5, 2.0}, .least_variance = 1e-6}};
    tml_error error;
    void *kernels = NULL;
    size_t count;

    assert_int_equal(tml_network_lay_out(architecture, &c.network, &error), TML_OK);
    count = c.network.parameter_count;
    c.weights = calloc(count, sizeof(tml_real));
    c.gradient = calloc(count, sizeof(tml_real));
    c.prepared.weights = c.weights;
    assert_int_equal(posix_memalign(&kernels, 64, (tml_prepared_count(&c.network) + 1) * sizeof(tml_real)),
                     0);
    c.prepared.kernels = kernels;
    tml_initialise_weights(&c.network, 9, c.weights);
    for (size_t i = 0; i < count; ++i) /* biases off zero, so that padding rows are told from others */
        c.weights[i] += 0.05 * (tml_random_uniform(4, TML_RANDOM_NOISE, i, 0, 0) - 0.5);
    assert_int_equal(tml_lane_create(&c.network, LANE, 1, &c.lane, &error), TML_OK);
    fill_lane(&c);
    tml_prepare_weights(&c.network, &c.prepared);
    {
        double sum[TML_LOSS_TARGETS];

        tml_lane_train(c.lane, &c.prepared, &c.loss, 5, 3, sum, collect, &c);
    }
    assert_int_equal(c.covered, count);
    for (size_t i = 0; i < c.network.layer_count; ++i) {
        const tml_layer *layer = &c.network.layer[i];

        check_gradients(network_value, &c, layer->kernel.count, c.weights + layer->kernel.offset,
                        c.gradient + layer->kernel.offset);
        check_gradients(network_value, &c, layer->bias.count, c.weights + layer->bias.offset,
                        c.gradient + layer->bias.offset);
    }
    tml_lane_destroy(&c.lane);
    free(c.weights);
    free(c.gradient);
    free(kernels);
}

static void test_whole_network_with_dropout_and_features(void **state)
{
    tml_architecture a = {.wavelengths = 29,
                          .features = 2,
                          .targets = 3,
                          .conv_blocks = 2,
                          .conv_layers = 2,
                          .conv_filters = 3,
                          .conv_kernel = 4,
                          .pool = 3,
                          .fc1_layers = 2,
                          .fc1_units = 6,
                          .fc2_blocks = 2,
                          .fc2_layers = 2,
                          .fc2_units = 4,
                          .fc1_dropout = 0.2,
                          .fc2_dropout = 0.3};

    (void)state;
    check_network(&a, TML_LOSS_HUBER);
    check_network(&a, TML_LOSS_SQUARED);
}

static void test_network_without_dense_stacks_and_features(void **state)
{
    tml_architecture a = {.wavelengths = 12,
                          .targets = 1,
                          .conv_blocks = 1,
                          .conv_layers = 1,
                          .conv_filters = 4,
                          .conv_kernel = 5,
                          .pool = 2};

    (void)state;
    check_network(&a, TML_LOSS_HUBER);
}

static const tml_architecture residual = {.kind = TML_NETWORK_RESIDUAL,
                                          .wavelengths = 23,
                                          .features = 2,
                                          .targets = 3,
                                          .stages = 2,
                                          .stage_blocks = 2,
                                          .stage_filters = 4,
                                          .conv_kernel = 4,
                                          .pool = 2,
                                          .fc1_layers = 1,
                                          .fc1_units = 6,
                                          .fc2_blocks = 1,
                                          .fc2_layers = 2,
                                          .fc2_units = 5,
                                          .fc1_dropout = 0.2,
                                          .fc2_dropout = 0.3};

static void test_residual_networks(void **state)
{
    (void)state;
    for (int activation = 0; activation < 2; ++activation)
        for (int normalisation = 0; normalisation < 2; ++normalisation)
            for (int head = 0; head < 2; ++head) {
                tml_architecture a = residual;

                a.activation = (tml_activation)activation;
                a.normalisation = (tml_normalisation)normalisation;
                a.head = (tml_head)head;
                check_network(&a, TML_LOSS_SQUARED);
            }
}

/* A block whose input is the pool's and whose filters do not change, and windows that are odd. */
static void test_residual_network_of_one_stage(void **state)
{
    tml_architecture a = residual;

    (void)state;
    a.stages = 1;
    a.stage_blocks = 3;
    a.conv_kernel = 3;
    a.activation = TML_ACTIVATION_GELU;
    check_network(&a, TML_LOSS_HUBER);
}

static void test_published_trunk_with_everything_else(void **state)
{
    tml_architecture a = {.activation = TML_ACTIVATION_GELU,
                          .normalisation = TML_NORMALISATION_LAYER,
                          .head = TML_HEAD_AVERAGE,
                          .wavelengths = 17,
                          .features = 1,
                          .targets = 2,
                          .conv_blocks = 2,
                          .conv_layers = 1,
                          .conv_filters = 3,
                          .conv_kernel = 5,
                          .pool = 2,
                          .fc2_blocks = 1,
                          .fc2_layers = 1,
                          .fc2_units = 9};

    (void)state;
    check_network(&a, TML_LOSS_SQUARED);
    a.activation = TML_ACTIVATION_RELU;
    check_network(&a, TML_LOSS_SQUARED);
}

static void test_two_outputs_per_target(void **state)
{
    tml_architecture a = residual;

    (void)state;
    a.outputs_per_target = 2;
    a.activation = TML_ACTIVATION_GELU;
    a.normalisation = TML_NORMALISATION_LAYER;
    check_network(&a, TML_LOSS_GAUSSIAN);
}

static void test_winograd_in_a_residual_network(void **state)
{
    tml_architecture a = residual;

    (void)state;
    a.convolution = TML_CONVOLUTION_WINOGRAD;
    a.stage_filters = 16;
    a.stage_blocks = 1;
    a.activation = TML_ACTIVATION_GELU;
    check_network(&a, TML_LOSS_SQUARED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whole_network_with_dropout_and_features),
        cmocka_unit_test(test_network_without_dense_stacks_and_features),
        cmocka_unit_test(test_residual_networks),
        cmocka_unit_test(test_residual_network_of_one_stage),
        cmocka_unit_test(test_published_trunk_with_everything_else),
        cmocka_unit_test(test_two_outputs_per_target),
        cmocka_unit_test(test_winograd_in_a_residual_network),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
