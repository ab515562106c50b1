/** @file test_dropout.c
 * Dropout: the share that is dropped, the factor of what is kept, and that both depend on the key alone.
 * Counts may be off by five binomial deviations; the keys are fixed, so the tests pass always or never. */
#include "network/dropout.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { UNITS = 200003 };

static const tml_dropout_key KEY = {7, 12, 3};

static float factors[UNITS];
static float others[UNITS];

static int is_within(size_t count, double n, double p)
{
    return fabs((double)count - n * p) <= 5.0 * sqrt(n * p * (1.0 - p));
}

static size_t count_dropped(const float *values, size_t count)
{
    size_t dropped = 0;

    for (size_t i = 0; i < count; ++i)
        dropped += values[i] == 0.0F;
    return dropped;
}

static void test_the_rate_is_kept_and_the_rest_made_up_for(void **state)
{
    const double rates[] = {1.89897444e-03, 0.1, 0.5, 0.95};

    (void)state;
    for (size_t r = 0; r < sizeof rates / sizeof rates[0]; ++r) {
        tml_dropout_factors(KEY, 5, rates[r], UNITS, factors);
        for (size_t i = 0; i < UNITS; ++i)
            assert_true(factors[i] == 0.0F || factors[i] == (float)(1.0 / (1.0 - rates[r])));
        assert_true(is_within(count_dropped(factors, UNITS), UNITS, rates[r]));
    }
}

static void test_a_rate_of_zero_drops_nothing(void **state)
{
    (void)state;
    tml_dropout_factors(KEY, 5, 0.0, UNITS, factors);
    for (size_t i = 0; i < UNITS; ++i)
        assert_true(factors[i] == 1.0F);
}

/* A unit's fate does not depend on how many units the layer has, nor on what was asked before. */
static void test_the_key_alone_decides(void **state)
{
    const size_t counts[] = {1, 7, 8, 9, 100, UNITS};

    (void)state;
    tml_dropout_factors(KEY, 5, 0.3, UNITS, factors);
    for (size_t c = 0; c < sizeof counts / sizeof counts[0]; ++c) {
        memset(others, 0xff, sizeof others);
        tml_dropout_factors(KEY, 5, 0.3, counts[c], others);
        assert_memory_equal(others, factors, counts[c] * sizeof(float));
        if (counts[c] < UNITS)
            assert_true(isnan(others[counts[c]])); /* nothing is written behind the last unit */
    }
}

/* Independent draws agree on a dropped unit with probability rate^2. */
static void check_independent(tml_dropout_key key, uint64_t sample)
{
    size_t both = 0;

    tml_dropout_factors(KEY, 5, 0.3, UNITS, factors);
    tml_dropout_factors(key, sample, 0.3, UNITS, others);
    for (size_t i = 0; i < UNITS; ++i)
        both += factors[i] == 0.0F && others[i] == 0.0F;
    assert_true(is_within(both, UNITS, 0.09));
}

static void test_every_part_of_the_key_gives_other_units(void **state)
{
    tml_dropout_key key = KEY;

    (void)state;
    check_independent(KEY, 6);
    key.step = 13;
    check_independent(key, 5);
    key = KEY;
    key.layer = 4;
    check_independent(key, 5);
    key = KEY;
    key.seed = 8;
    check_independent(key, 5);
}

static void test_neighbouring_units_are_independent(void **state)
{
    (void)state;
    tml_dropout_factors(KEY, 5, 0.3, UNITS, factors);
    for (size_t lag = 1; lag <= 8; ++lag) {
        size_t both = 0;

        for (size_t i = 0; i + lag < UNITS; ++i)
            both += factors[i] == 0.0F && factors[i + lag] == 0.0F;
        assert_true(is_within(both, (double)(UNITS - lag), 0.09));
    }
}

static void test_apply_multiplies(void **state)
{
    const float factor[4] = {0.0F, 2.0F, 1.0F, 2.0F};
    float values[5] = {3.0F, -1.5F, 7.0F, 0.0F, 9.0F};

    (void)state;
    tml_dropout_apply(4, factor, values);
    assert_true(values[0] == 0.0F && values[1] == -3.0F && values[2] == 7.0F && values[3] == 0.0F);
    assert_true(values[4] == 9.0F);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_rate_is_kept_and_the_rest_made_up_for),
        cmocka_unit_test(test_a_rate_of_zero_drops_nothing),
        cmocka_unit_test(test_the_key_alone_decides),
        cmocka_unit_test(test_every_part_of_the_key_gives_other_units),
        cmocka_unit_test(test_neighbouring_units_are_independent),
        cmocka_unit_test(test_apply_multiplies),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
