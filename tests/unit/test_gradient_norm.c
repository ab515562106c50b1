/** @file test_gradient_norm.c
 * The sum of squares is right, the same for the same numbers, and a gradient that is too long is shortened to
 * its limit. */
#include "network/gradient_norm.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/exact_sum.h"
#include "core/random.h"

enum { COUNT = 5003 };

/* Numbers of very different size, as gradients are. */
static void draw(float values[COUNT])
{
    for (size_t i = 0; i < COUNT; ++i)
        values[i] = ldexpf(2.0F * (float)tml_random_uniform(3, TML_RANDOM_NOISE, i, 0, 0) - 1.0F,
                           (int)(i % 60) - 40);
}

/* Squares of floats are exact in double; of n additions each rounds by 1.1e-16 of the sum at most. */
static void test_the_sum_is_that_of_the_exact_squares(void **state)
{
    static float values[COUNT];

    (void)state;
    draw(values);
    for (size_t count = 0; count <= COUNT; count = 2 * count + 1) {
        tml_exact_sum sum;
        double want;

        tml_exact_sum_clear(&sum);
        for (size_t i = 0; i < count; ++i)
            tml_exact_sum_add(&sum, (double)values[i] * (double)values[i]);
        want = tml_exact_sum_value(&sum);
        assert_true(fabs(tml_square_sum(count, values) - want) <= 1.2e-16 * (double)COUNT * want);
    }
}

/* Wherever the numbers lie in memory: vectors that start elsewhere must not add in another order. */
static void test_the_place_of_the_numbers_changes_no_bit(void **state)
{
    static float values[COUNT];
    static float moved[COUNT + 16];
    double want;

    (void)state;
    draw(values);
    want = tml_square_sum(COUNT, values);
    for (size_t by = 1; by <= 16; ++by) {
        for (size_t i = 0; i < COUNT; ++i)
            moved[i + by] = values[i];
        assert_true(tml_square_sum(COUNT, moved + by) == want);
    }
}

/* The squares of the largest and of the smallest floats are numbers in double. */
static void test_no_float_is_too_large_or_too_small(void **state)
{
    const float ends[] = {0x1p127F, 0x1p-126F};

    (void)state;
    assert_true(tml_square_sum(1, ends) == 0x1p254);
    assert_true(tml_square_sum(1, ends + 1) == 0x1p-252);
}

static void test_only_what_is_too_long_is_shortened(void **state)
{
    (void)state;
    assert_true(tml_clip_factor(4.0, 1.0) == 0.25);
    assert_true(tml_clip_factor(1.0, 1.0) == 1.0);
    assert_true(tml_clip_factor(0.0, 1.0) == 1.0);
    assert_true(tml_clip_factor(1e30, 0.0) == 1.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_sum_is_that_of_the_exact_squares),
        cmocka_unit_test(test_the_place_of_the_numbers_changes_no_bit),
        cmocka_unit_test(test_no_float_is_too_large_or_too_small),
        cmocka_unit_test(test_only_what_is_too_long_is_shortened),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
