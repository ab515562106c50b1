/** @file test_lane_predict.c
 * Lanes that only predict: outputs that share places are those of a lane that keeps all, a sample's bits do
 * not depend on its company, and memory does not grow with depth. */
#include "network/lane.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/memory.h"
#include "core/random.h"
#include "network/initialise.h"

enum { WAVELENGTHS = 53, TARGETS = 3, FULL = 33 };

typedef struct rig {
    tml_network network;
    tml_block *block;
    tml_prepared_weights prepared;
    float *weights;
} rig;

static tml_architecture architecture(tml_network_kind kind, int variant)
{
    tml_architecture a = {.kind = kind,
                          .activation = variant % 2 == 0 ? TML_ACTIVATION_RELU : TML_ACTIVATION_GELU,
                          .normalisation = variant < 2 ? TML_NORMALISATION_NONE : TML_NORMALISATION_LAYER,
                          .wavelengths = WAVELENGTHS,
                          .features = 2,
                          .targets = TARGETS,
                          .conv_blocks = 2,
                          .conv_layers = 2,
                          .conv_filters = 5,
                          .stages = 3,
                          .stage_blocks = 2,
                          .stage_filters = 5,
                          .conv_kernel = 4,
                          .pool = 2,
                          .fc1_layers = 1,
                          .fc1_units = 19,
                          .fc2_blocks = 1,
                          .fc2_layers = 2,
                          .fc2_units = 11,
                          .fc1_dropout = 0.2,
                          .fc2_dropout = 0.2};

    a.is_steady = true;
    return a;
}

static rig *make_rig(const tml_architecture *a)
{
    rig *r = calloc(1, sizeof *r);
    tml_error error = {0, ""};

    assert_non_null(r);
    assert_int_equal(tml_network_lay_out(a, &r->network, &error), TML_OK);
    r->weights = calloc(r->network.parameter_count, sizeof *r->weights);
    assert_non_null(r->weights);
    tml_initialise_weights(&r->network, 5, r->weights);
    assert_int_equal(
        tml_block_create((tml_prepared_count(&r->network) + 1) * sizeof(float), "kernels", &r->block, &error),
        TML_OK);
    r->prepared.weights = r->weights;
    r->prepared.kernels = tml_block_take(r->block, tml_prepared_count(&r->network), sizeof(float));
    tml_prepare_weights(&r->network, &r->prepared);
    return r;
}

static void free_rig(rig *r)
{
    tml_block_destroy(&r->block);
    free(r->weights);
    free(r);
}

static tml_lane *make_lane(const rig *r, size_t size, int training)
{
    tml_lane *lane = NULL;
    tml_error error = {0, ""};

    assert_int_equal(tml_lane_create(&r->network, size, training, &lane, &error), TML_OK);
    return lane;
}

static void put(tml_lane *lane, size_t i, uint64_t number)
{
    float spectrum[WAVELENGTHS];
    float features[2];

    for (size_t k = 0; k < WAVELENGTHS; ++k)
        spectrum[k] = 2.0F * (float)tml_random_uniform(1, TML_RANDOM_NOISE, number, k, 0) - 1.0F;
    for (size_t k = 0; k < 2; ++k)
        features[k] = (float)tml_random_uniform(2, TML_RANDOM_NOISE, number, k, 0);
    tml_lane_set_sample(lane, i, spectrum, features, number);
}

static void check_against_a_lane_that_keeps_all(const tml_architecture *a)
{
    rig *r = make_rig(a);
    tml_lane *keeps = make_lane(r, FULL, 1);
    tml_lane *shares = make_lane(r, FULL, 0);
    const float *output;

    for (size_t i = 0; i < FULL; ++i) {
        put(keeps, i, i);
        put(shares, i, i);
    }
    output = tml_lane_predict(keeps, &r->prepared);
    assert_memory_not_equal(output, output + TARGETS, TARGETS * sizeof *output);
    for (int again = 0; again < 2; ++again)
        assert_memory_equal(tml_lane_predict(shares, &r->prepared), output, FULL * TARGETS * sizeof *output);
    tml_lane_destroy(&keeps);
    tml_lane_destroy(&shares);
    free_rig(r);
}

static void test_shared_places_change_nothing(void **state)
{
    (void)state;
    for (int variant = 0; variant < 4; ++variant) {
        tml_architecture published = architecture(TML_NETWORK_PUBLISHED, variant);
        tml_architecture residual = architecture(TML_NETWORK_RESIDUAL, variant);

        check_against_a_lane_that_keeps_all(&published);
        check_against_a_lane_that_keeps_all(&residual);
    }
}

static void check_company(const tml_architecture *a)
{
    rig *r = make_rig(a);
    tml_lane *large = make_lane(r, FULL, 0);
    float all[FULL * TARGETS];

    for (size_t i = 0; i < FULL; ++i)
        put(large, i, i);
    memcpy(all, tml_lane_predict(large, &r->prepared), sizeof all);
    for (size_t size = 1; size <= FULL; size += size < 9 ? 1 : 8) {
        tml_lane *lane = make_lane(r, size, 0);

        for (size_t i = 0; i < size; ++i) /* in other places */
            put(lane, i, FULL - size + i);
        assert_memory_equal(tml_lane_predict(lane, &r->prepared), all + (FULL - size) * TARGETS,
                            size * TARGETS * sizeof *all);
        assert_memory_equal(tml_lane_predict_first(large, size, &r->prepared), all,
                            size * TARGETS * sizeof *all);
        tml_lane_destroy(&lane);
    }
    tml_lane_destroy(&large);
    free_rig(r);
}

static void test_the_bits_of_a_sample_do_not_depend_on_its_company(void **state)
{
    (void)state;
    for (int winograd = 0; winograd < 2; ++winograd) {
        tml_architecture published = architecture(TML_NETWORK_PUBLISHED, 0);
        tml_architecture residual = architecture(TML_NETWORK_RESIDUAL, 3);

        published.convolution = winograd == 1 ? TML_CONVOLUTION_WINOGRAD : TML_CONVOLUTION_DIRECT;
        published.conv_filters = 17;
        residual.convolution = published.convolution;
        residual.stage_filters = 17;
        check_company(&published);
        check_company(&residual);
    }
}

/* Outputs share places: more blocks of the same width need no more memory; a lane that keeps all does. */
static void test_memory_does_not_grow_with_depth(void **state)
{
    tml_architecture shallow = architecture(TML_NETWORK_RESIDUAL, 3);
    tml_architecture deep = shallow;
    rig *few;
    rig *many;

    (void)state;
    deep.stage_blocks = 5;
    few = make_rig(&shallow);
    many = make_rig(&deep);
    for (int training = 0; training < 2; ++training) {
        tml_lane *a = make_lane(few, FULL, training);
        tml_lane *b = make_lane(many, FULL, training);

        if (training == 0)
            assert_int_equal(tml_lane_bytes(a), tml_lane_bytes(b));
        else
            assert_true(tml_lane_bytes(a) < tml_lane_bytes(b));
        tml_lane_destroy(&a);
        tml_lane_destroy(&b);
    }
    free_rig(few);
    free_rig(many);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shared_places_change_nothing),
        cmocka_unit_test(test_the_bits_of_a_sample_do_not_depend_on_its_company),
        cmocka_unit_test(test_memory_does_not_grow_with_depth),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
