/** @file test_initialise.c
 * Starting weights: he_normal in hidden layers, glorot_uniform in the outputs, zero biases; each number a
 * function of seed, layer and place.
 *
 * The bounds of moments are five standard errors: sd / sqrt(n) of a mean, variance * sqrt((kurtosis - 1) / n)
 * of a variance, with the kurtosis 2.37 of a normal distribution cut at two and 1.8 of a uniform one. The
 * numbers are fixed by the seed, so the tests either always pass or never. */
#include "network/initialise.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Standard deviation of a standard normal distribution cut at two: sqrt(1 - 4 phi(2) / (2 Phi(2) - 1)). */
static const double CUT_SD = 0.8796256610342398;

/* Its fourth and eighth moment in units of its deviation, from E x^n = (n - 1) E x^(n-2) - 2^n phi(2) / (2
 * Phi(2) - 1): 1.41624 and 9.74567 in those of the whole distribution. */
static const double CUT_KURTOSIS = 2.36562;
static const double CUT_EIGHTH = 27.19;

static tml_architecture architecture(void)
{
    tml_architecture a = {.wavelengths = 60,
                          .features = 2,
                          .targets = 4,
                          .conv_blocks = 2,
                          .conv_layers = 2,
                          .conv_filters = 16,
                          .conv_kernel = 4,
                          .pool = 3,
                          .fc1_layers = 1,
                          .fc1_units = 200,
                          .fc2_blocks = 1,
                          .fc2_layers = 2,
                          .fc2_units = 100,
                          .fc2_dropout = 0.1};

    return a;
}

static float *draw(const tml_architecture *a, uint64_t seed, tml_network *network)
{
    tml_error error = {0, ""};
    float *weights;

    assert_int_equal(tml_network_lay_out(a, network, &error), TML_OK);
    weights = malloc(network->parameter_count * sizeof *weights);
    assert_non_null(weights);
    memset(weights, 0xff, network->parameter_count * sizeof *weights);
    tml_initialise_weights(network, seed, weights);
    return weights;
}

static const tml_layer *find(const tml_network *network, const char *name)
{
    for (size_t i = 0; i < network->layer_count; ++i)
        if (strcmp(network->layer[i].name, name) == 0)
            return &network->layer[i];
    fail_msg("no layer %s", name);
    return NULL;
}

static void check_moments(const float *values, size_t count, double variance, double kurtosis)
{
    double n = (double)count;
    double sum = 0.0;
    double squares = 0.0;

    for (size_t i = 0; i < count; ++i) {
        sum += (double)values[i];
        squares += (double)values[i] * (double)values[i];
    }
    assert_true(fabs(sum / n) < 5.0 * sqrt(variance / n));
    assert_true(fabs(squares / n - variance) < 5.0 * variance * sqrt((kurtosis - 1.0) / n));
}

static void check_hidden(const tml_layer *layer, const float *weights)
{
    const float *kernel = weights + layer->kernel.offset;
    size_t count = layer->kernel.count;
    double fan_in = (double)(layer->kind == TML_LAYER_CONVOLUTION ? layer->window : 1) *
                    (double)layer->in.channels;
    double sd = sqrt(2.0 / fan_in);
    double limit = 2.0 * sd / CUT_SD;
    double n = (double)count;
    double within = 0.6826894921370859 / 0.9544997361036416; /* one of its deviations, given two */
    size_t inside = 0;
    double largest = 0.0;
    double fourths = 0.0;

    check_moments(kernel, count, sd * sd, 2.37);
    for (size_t i = 0; i < count; ++i) {
        double size = fabs((double)kernel[i]);

        largest = size > largest ? size : largest;
        fourths += pow(size / sd, 4.0);
        inside += size <= 0.5 * limit ? 1 : 0;
    }
    assert_true(largest <= limit * (1.0 + 1e-6));
    if (count > 1000)
        assert_true(largest > 0.97 * limit);
    assert_true(fabs(fourths / n - CUT_KURTOSIS) <
                5.0 * sqrt((CUT_EIGHTH - CUT_KURTOSIS * CUT_KURTOSIS) / n));
    assert_true(fabs((double)inside - within * n) < 5.0 * sqrt(n * within * (1.0 - within)));
}

static void test_hidden_kernels_are_he_normal_cut_at_two_deviations(void **state)
{
    tml_architecture a = architecture();
    tml_network network;
    float *weights = draw(&a, 42, &network);

    (void)state;
    for (size_t i = 0; i < network.layer_count; ++i)
        if (network.layer[i].kernel.count > 0 && !network.layer[i].is_head)
            check_hidden(&network.layer[i], weights);
    free(weights);
}

/* Each output is one unit of its own, as four separate heads would be. */
static void test_the_outputs_are_glorot_uniform_of_one_unit_each(void **state)
{
    tml_architecture a = architecture();
    tml_network network;
    float *weights = draw(&a, 42, &network);
    const tml_layer *head = find(&network, "output");
    double limit = sqrt(6.0 / ((double)head->in.channels + 1.0));

    (void)state;
    for (size_t t = 0; t < a.targets; ++t) {
        float column[400];
        double largest = 0.0;

        assert_true(head->in.channels <= 400);
        for (size_t i = 0; i < head->in.channels; ++i) {
            column[i] = weights[head->kernel.offset + i * a.targets + t];
            largest = fmax(largest, fabs((double)column[i]));
        }
        assert_true(largest <= limit * (1.0 + 1e-6) && largest > 0.97 * limit);
        check_moments(column, head->in.channels, limit * limit / 3.0, 1.8);
    }
    free(weights);
}

/* Nor does it matter that each has a second output, its variance. */
static void test_two_outputs_per_target_start_like_one(void **state)
{
    tml_architecture a = architecture();
    tml_network network;
    const tml_layer *head;
    float *weights;

    (void)state;
    a.outputs_per_target = 2;
    weights = draw(&a, 42, &network);
    head = find(&network, "output");
    assert_int_equal(head->out.channels, 2 * a.targets);
    check_moments(weights + head->kernel.offset, head->kernel.count, 2.0 / ((double)head->in.channels + 1.0),
                  1.8);
    free(weights);
}

/* With few inputs and many outputs the limit of one unit is far from that of all units together. */
static void test_the_outputs_do_not_share_a_limit(void **state)
{
    tml_architecture a = architecture();
    tml_network network;
    const tml_layer *head;
    float *weights;
    double limit = sqrt(6.0 / (4.0 + 1.0));
    double largest = 0.0;

    (void)state;
    a.targets = 64;
    a.fc2_layers = 1;
    a.fc2_units = 4;
    weights = draw(&a, 42, &network);
    head = find(&network, "output");
    for (size_t i = 0; i < head->kernel.count; ++i)
        largest = fmax(largest, fabs((double)weights[head->kernel.offset + i]));
    assert_true(largest <= limit * (1.0 + 1e-6) && largest > 0.97 * limit);
    free(weights);
}

static void test_biases_are_zero(void **state)
{
    tml_architecture a = architecture();
    tml_network network;
    float *weights = draw(&a, 42, &network);

    (void)state;
    for (size_t i = 0; i < network.layer_count; ++i)
        for (size_t j = 0; j < network.layer[i].bias.count; ++j)
            assert_true(weights[network.layer[i].bias.offset + j] == 0.0F);
    free(weights);
}

/* A larger network starts with the same numbers where it is the same, though their places in the flat vector
 * have moved. */
static void test_a_layer_starts_the_same_whatever_follows_it(void **state)
{
    static const char *const names[] = {"Conv__B1_L1", "Conv__B1_L2", "Conv__B2_L2", "FC1__B1_L1"};
    tml_architecture small = architecture();
    tml_architecture large = architecture();
    tml_network networks[2];
    float *weights[2];

    (void)state;
    large.targets = 7;
    large.fc2_layers = 4;
    weights[0] = draw(&small, 5, &networks[0]);
    weights[1] = draw(&large, 5, &networks[1]);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; ++i) {
        const tml_layer *a = find(&networks[0], names[i]);
        const tml_layer *b = find(&networks[1], names[i]);

        assert_int_not_equal(a->kernel.offset, b->kernel.offset);
        assert_memory_equal(weights[0] + a->kernel.offset, weights[1] + b->kernel.offset,
                            a->kernel.count * sizeof(float));
    }
    free(weights[0]);
    free(weights[1]);
}

static void test_the_seed_decides(void **state)
{
    tml_architecture a = architecture();
    tml_network network;
    float *one = draw(&a, 42, &network);
    float *again = draw(&a, 42, &network);
    float *other = draw(&a, 43, &network);
    size_t same = 0;
    size_t kernels = 0;

    (void)state;
    assert_memory_equal(one, again, network.parameter_count * sizeof(float));
    for (size_t i = 0; i < network.layer_count; ++i)
        for (size_t j = 0; j < network.layer[i].kernel.count; ++j, ++kernels)
            same += one[network.layer[i].kernel.offset + j] == other[network.layer[i].kernel.offset + j];
    assert_true(same * 1000 < kernels); /* floats of two draws meet now and then */
    free(one);
    free(again);
    free(other);
}

/* Layers of the same fan-in would have the same numbers if the layer were not part of the key. */
static void test_layers_differ_from_each_other(void **state)
{
    tml_architecture a = architecture();
    tml_network network;
    float *weights;
    size_t same = 0;

    (void)state;
    a.conv_blocks = 1;
    a.fc1_layers = 0;
    a.fc2_layers = 1;
    a.fc2_blocks = 2;
    a.fc2_units = 16;
    weights = draw(&a, 42, &network);
    for (size_t i = 0; i < network.layer_count; ++i)
        for (size_t k = i + 1; k < network.layer_count; ++k) {
            const tml_layer *one = &network.layer[i];
            const tml_layer *two = &network.layer[k];
            double scale;

            if (one->kernel.count < 64 || two->kernel.count < 64)
                continue;
            scale = sqrt((double)(one->kernel.count * two->out.channels) /
                         (double)(two->kernel.count * one->out.channels));
            for (size_t j = 0; j < 64; ++j)
                same += fabs((double)weights[one->kernel.offset + j] * scale -
                             (double)weights[two->kernel.offset + j]) < 1e-6;
        }
    assert_true(same < 3);
    free(weights);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hidden_kernels_are_he_normal_cut_at_two_deviations),
        cmocka_unit_test(test_the_outputs_are_glorot_uniform_of_one_unit_each),
        cmocka_unit_test(test_two_outputs_per_target_start_like_one),
        cmocka_unit_test(test_the_outputs_do_not_share_a_limit),
        cmocka_unit_test(test_biases_are_zero),
        cmocka_unit_test(test_a_layer_starts_the_same_whatever_follows_it),
        cmocka_unit_test(test_the_seed_decides),
        cmocka_unit_test(test_layers_differ_from_each_other),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
