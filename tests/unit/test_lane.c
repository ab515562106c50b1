/** @file test_lane.c
 * The work on a lane: the same samples give the same bits, whatever the lane did before; places that are
 * empty count for nothing; dropout belongs to the sample and to training alone. The gradients themselves are
 * checked in tests/numeric.
 *
 * Where lanes of different size or order are compared, the products have other shapes and the sums another
 * order: gradients agree to float rounding, here 1e-5 of the largest entry of the layer. */
#include "network/lane.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/random.h"
#include "network/initialise.h"

enum { WAVELENGTHS = 29, FEATURES = 2, TARGETS = 3, FULL = 5, SEED = 5, STEP = 3 };

typedef struct rig {
    tml_network network;
    tml_prepared_weights prepared;
    float *weights, *gradient;
    tml_loss loss;
    double sum[TARGETS];
    size_t covered;
} rig;

static rig *make_rig(double dropout)
{
    tml_architecture a = {.wavelengths = WAVELENGTHS,
                          .features = FEATURES,
                          .targets = TARGETS,
                          .conv_blocks = 2,
                          .conv_layers = 2,
                          .conv_filters = 3,
                          .conv_kernel = 4,
                          .pool = 3,
                          .fc1_layers = 2,
                          .fc1_units = 16,
                          .fc2_blocks = 1,
                          .fc2_layers = 2,
                          .fc2_units = 12,
                          .fc1_dropout = dropout,
                          .fc2_dropout = dropout};
    rig *r = calloc(1, sizeof *r);
    tml_error error = {0, ""};

    assert_non_null(r);
    r->loss = (tml_loss){TML_LOSS_HUBER, 1.0, {1.0, 0.5, 2.0}, TML_LOSS_LEAST_VARIANCE};
    assert_int_equal(tml_network_lay_out(&a, &r->network, &error), TML_OK);
    r->weights = calloc(r->network.parameter_count, sizeof(float));
    r->gradient = calloc(r->network.parameter_count, sizeof(float));
    r->prepared.kernels = calloc(tml_prepared_count(&r->network), sizeof(float));
    assert_true(r->weights != NULL && r->gradient != NULL && r->prepared.kernels != NULL);
    tml_initialise_weights(&r->network, 9, r->weights);
    for (size_t i = 0; i < r->network.parameter_count; ++i) /* biases off zero */
        r->weights[i] += 0.05F * (float)(tml_random_uniform(4, TML_RANDOM_NOISE, i, 0, 0) - 0.5);
    r->prepared.weights = r->weights;
    tml_prepare_weights(&r->network, &r->prepared);
    return r;
}

static void free_rig(rig *r)
{
    free(r->weights);
    free(r->gradient);
    free(r->prepared.kernels);
    free(r);
}

static tml_lane *make_lane(const rig *r, size_t size, int training)
{
    tml_lane *lane = NULL;
    tml_error error = {0, ""};

    assert_int_equal(tml_lane_create(&r->network, size, training, &lane, &error), TML_OK);
    return lane;
}

/* Sample `number` of an endless set into place i. */
static void put(tml_lane *lane, size_t i, uint64_t number, float scale)
{
    float spectrum[WAVELENGTHS];
    float features[FEATURES];
    float targets[TARGETS];

    for (size_t k = 0; k < WAVELENGTHS; ++k)
        spectrum[k] = scale * (2.0F * (float)tml_random_uniform(1, TML_RANDOM_NOISE, number, k, 0) - 1.0F);
    for (size_t k = 0; k < FEATURES; ++k)
        features[k] = scale * (float)tml_random_uniform(2, TML_RANDOM_NOISE, number, k, 0);
    for (size_t k = 0; k < TARGETS; ++k)
        targets[k] = 4.0F * (float)tml_random_uniform(3, TML_RANDOM_NOISE, number, k, 0) - 2.0F;
    tml_lane_set_sample(lane, i, spectrum, features, number);
    tml_lane_set_targets(lane, i, targets);
}

/* Samples `first` and following into the first `count` places, the rest empty. */
static void put_all(tml_lane *lane, size_t size, size_t count, uint64_t first)
{
    for (size_t i = 0; i < size; ++i)
        if (i < count)
            put(lane, i, first + i, 1.0F);
        else
            tml_lane_set_empty(lane, i);
}

static void collect(void *context, size_t first, size_t count, const float *values)
{
    rig *r = context;

    assert_int_equal(first, r->covered); /* in ascending order, without gaps */
    memcpy(r->gradient + first, values, count * sizeof *values);
    r->covered += count;
}

static void train(rig *r, tml_lane *lane)
{
    r->covered = 0;
    memset(r->gradient, 0xff, r->network.parameter_count * sizeof(float));
    tml_lane_train(lane, &r->prepared, &r->loss, SEED, STEP, r->sum, collect, r);
    assert_int_equal(r->covered, r->network.parameter_count);
}

static void check_same_bits(const rig *a, const rig *b)
{
    assert_memory_equal(a->gradient, b->gradient, a->network.parameter_count * sizeof(float));
    assert_memory_equal(a->sum, b->sum, sizeof a->sum);
}

static void check_close_gradients(const rig *a, const rig *b)
{
    for (size_t i = 0; i < a->network.layer_count; ++i) {
        const tml_layer *layer = &a->network.layer[i];
        size_t first = layer->kernel.offset;
        size_t count = layer->kernel.count + layer->bias.count;
        float largest = 0.0F;

        for (size_t k = first; k < first + count; ++k)
            largest = fmaxf(largest, fabsf(a->gradient[k]));
        for (size_t k = first; k < first + count; ++k)
            assert_true(fabsf(a->gradient[k] - b->gradient[k]) <= 1e-5F * largest);
        assert_true(count == 0 || largest > 0.0F);
    }
    for (size_t t = 0; t < TARGETS; ++t)
        assert_true(fabs(a->sum[t] - b->sum[t]) <= 1e-5 * a->sum[t]);
}

static void test_the_same_lane_twice_gives_the_same_bits(void **state)
{
    rig *a = make_rig(0.3);
    rig *b = make_rig(0.3);
    tml_lane *lane = make_lane(a, FULL, 1);

    (void)state;
    put_all(lane, FULL, FULL, 100);
    train(a, lane);
    train(b, lane);
    check_same_bits(a, b);
    tml_lane_destroy(&lane);
    free_rig(a);
    free_rig(b);
}

/* A lane that has worked on other samples - large ones and such that are no numbers, forward and backward -
 * is as good as a new one. */
static void test_nothing_is_left_of_earlier_samples(void **state)
{
    rig *a = make_rig(0.3);
    rig *b = make_rig(0.3);
    tml_lane *used = make_lane(a, FULL, 1);
    tml_lane *fresh = make_lane(b, FULL, 1);

    (void)state;
    for (size_t i = 0; i < FULL; ++i)
        put(used, i, 900 + i, i % 2 == 0 ? 1e6F : NAN);
    train(a, used);
    tml_lane_predict(used, &a->prepared);
    for (size_t count = FULL; count > 0; --count) {
        put_all(used, FULL, count, 100);
        put_all(fresh, FULL, count, 100);
        train(a, used);
        train(b, fresh);
        check_same_bits(a, b);
    }
    tml_lane_destroy(&used);
    tml_lane_destroy(&fresh);
    free_rig(a);
    free_rig(b);
}

static void test_empty_places_count_for_nothing(void **state)
{
    rig *a = make_rig(0.3);
    rig *b = make_rig(0.3);
    tml_lane *small = make_lane(a, 3, 1);
    tml_lane *large = make_lane(b, FULL, 1);

    (void)state;
    put_all(small, 3, 3, 100);
    put_all(large, FULL, 3, 100);
    train(a, small);
    train(b, large);
    check_close_gradients(a, b);
    tml_lane_destroy(&small);
    tml_lane_destroy(&large);
    free_rig(a);
    free_rig(b);
}

static void test_a_lane_of_empty_places_has_no_gradient(void **state)
{
    rig *r = make_rig(0.3);
    tml_lane *lane = make_lane(r, FULL, 1);

    (void)state;
    put_all(lane, FULL, 0, 0);
    train(r, lane);
    for (size_t i = 0; i < r->network.parameter_count; ++i)
        assert_true(r->gradient[i] == 0.0F);
    assert_true(r->sum[0] == 0.0 && r->sum[1] == 0.0 && r->sum[2] == 0.0);
    tml_lane_destroy(&lane);
    free_rig(r);
}

/* The gradient of a lane is the sum of those of its samples. */
static void test_a_lane_is_the_sum_of_its_samples(void **state)
{
    rig *whole = make_rig(0.3);
    rig *single = make_rig(0.3);
    size_t parameters = whole->network.parameter_count;
    double *total = calloc(parameters, sizeof *total);
    double sum[TARGETS] = {0};
    tml_lane *lane = make_lane(whole, FULL, 1);

    (void)state;
    assert_non_null(total);
    for (size_t i = 0; i < FULL; ++i) {
        put_all(lane, FULL, 0, 0);
        put(lane, i, 100 + i, 1.0F);
        train(single, lane);
        for (size_t k = 0; k < parameters; ++k)
            total[k] += (double)single->gradient[k];
        for (size_t t = 0; t < TARGETS; ++t)
            sum[t] += single->sum[t];
    }
    for (size_t k = 0; k < parameters; ++k)
        single->gradient[k] = (float)total[k];
    memcpy(single->sum, sum, sizeof sum);
    put_all(lane, FULL, FULL, 100);
    train(whole, lane);
    check_close_gradients(whole, single);
    free(total);
    tml_lane_destroy(&lane);
    free_rig(whole);
    free_rig(single);
}

/* Which units are dropped goes with the sample's number, not with its place. */
static void test_the_place_of_a_sample_does_not_matter(void **state)
{
    rig *a = make_rig(0.5);
    rig *b = make_rig(0.5);
    tml_lane *lane = make_lane(a, FULL, 1);

    (void)state;
    put_all(lane, FULL, FULL, 100);
    train(a, lane);
    for (size_t i = 0; i < FULL; ++i)
        put(lane, (3 * i + 2) % FULL, 100 + i, 1.0F);
    train(b, lane);
    check_close_gradients(a, b);
    tml_lane_destroy(&lane);
    free_rig(a);
    free_rig(b);
}

static void test_predictions_know_no_dropout(void **state)
{
    rig *with = make_rig(0.5);
    rig *without = make_rig(0.0);
    tml_lane *a = make_lane(with, FULL, 1);
    tml_lane *b = make_lane(without, FULL, 0);
    float before[FULL * TARGETS];

    (void)state;
    /* Dropout layers have no weights, but they shift the layers' numbers, which key the starting weights. */
    memcpy(without->weights, with->weights, with->network.parameter_count * sizeof(float));
    tml_prepare_weights(&without->network, &without->prepared);
    put_all(a, FULL, FULL, 100);
    put_all(b, FULL, FULL, 100);
    memcpy(before, tml_lane_predict(a, &with->prepared), sizeof before);
    assert_memory_equal(before, tml_lane_predict(b, &without->prepared), sizeof before);
    train(with, a);
    assert_memory_equal(before, tml_lane_predict(a, &with->prepared), sizeof before);
    tml_lane_destroy(&a);
    tml_lane_destroy(&b);
    free_rig(with);
    free_rig(without);
}

/* A neighbour a million times brighter would show in any row that straddles two samples. */
static void test_neighbours_do_not_leak_into_each_other(void **state)
{
    rig *r = make_rig(0.3);
    tml_lane *lane = make_lane(r, FULL, 0);
    float before[FULL * TARGETS];
    const float *after;

    (void)state;
    put_all(lane, FULL, FULL, 100);
    memcpy(before, tml_lane_predict(lane, &r->prepared), sizeof before);
    for (size_t bright = 0; bright < FULL; ++bright) {
        put_all(lane, FULL, FULL, 100);
        put(lane, bright, 100 + bright, 1e6F);
        after = tml_lane_predict(lane, &r->prepared);
        for (size_t i = 0; i < FULL * TARGETS; ++i)
            if (i / TARGETS != bright)
                assert_true(fabsf(after[i] - before[i]) <= 1e-5F * (1.0F + fabsf(before[i])));
    }
    tml_lane_destroy(&lane);
    free_rig(r);
}

static void test_seed_and_step_change_what_is_dropped(void **state)
{
    rig *r = make_rig(0.5);
    tml_lane *lane = make_lane(r, FULL, 1);
    double sums[3][TARGETS];

    (void)state;
    put_all(lane, FULL, FULL, 100);
    for (int i = 0; i < 3; ++i) {
        r->covered = 0;
        tml_lane_train(lane, &r->prepared, &r->loss, SEED + (i == 1), STEP + (i == 2), sums[i], collect, r);
    }
    assert_memory_not_equal(sums[0], sums[1], sizeof sums[0]);
    assert_memory_not_equal(sums[0], sums[2], sizeof sums[0]);
    tml_lane_destroy(&lane);
    free_rig(r);
}

/* A network so bad that its numbers are not finite must not hide it. */
static void test_a_weight_that_is_not_a_number_shows_in_the_loss(void **state)
{
    rig *r = make_rig(0.0);
    tml_lane *lane = make_lane(r, FULL, 1);

    (void)state;
    for (size_t i = 0; i < r->network.layer_count; ++i) {
        const tml_layer *layer = &r->network.layer[i];
        float kept;

        if (layer->kernel.count == 0)
            continue;
        kept = r->weights[layer->bias.offset];
        r->weights[layer->bias.offset] = NAN;
        put_all(lane, FULL, FULL, 100);
        train(r, lane);
        assert_true(isnan(r->sum[0]));
        r->weights[layer->bias.offset] = kept;
    }
    tml_lane_destroy(&lane);
    free_rig(r);
}

static void test_a_lane_for_prediction_needs_less(void **state)
{
    rig *r = make_rig(0.3);
    tml_lane *small = make_lane(r, FULL, 0);
    tml_lane *large = make_lane(r, FULL, 1);

    (void)state;
    assert_true(tml_lane_bytes(small) > 0);
    assert_true(tml_lane_bytes(small) < tml_lane_bytes(large));
    tml_lane_destroy(&small);
    tml_lane_destroy(&large);
    assert_null(small);
    tml_lane_destroy(&small);
    free_rig(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_same_lane_twice_gives_the_same_bits),
        cmocka_unit_test(test_nothing_is_left_of_earlier_samples),
        cmocka_unit_test(test_empty_places_count_for_nothing),
        cmocka_unit_test(test_a_lane_of_empty_places_has_no_gradient),
        cmocka_unit_test(test_a_lane_is_the_sum_of_its_samples),
        cmocka_unit_test(test_the_place_of_a_sample_does_not_matter),
        cmocka_unit_test(test_predictions_know_no_dropout),
        cmocka_unit_test(test_neighbours_do_not_leak_into_each_other),
        cmocka_unit_test(test_seed_and_step_change_what_is_dropped),
        cmocka_unit_test(test_a_weight_that_is_not_a_number_shows_in_the_loss),
        cmocka_unit_test(test_a_lane_for_prediction_needs_less),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
