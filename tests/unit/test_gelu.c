/** @file test_gelu.c
 * GELU in float against its definition by the error function in double. */
#include "network/gelu.h"

#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { STEPS = 200001 };

static double gelu(double x)
{
    return 0.5 * x * erfc(-x * sqrt(0.5));
}

static double slope(double x)
{
    return 0.5 * erfc(-x * sqrt(0.5)) + x * exp(-0.5 * x * x) / sqrt(8.0 * atan(1.0));
}

/* Hastings' form is within 1.5e-7 / 2 of the normal distribution function, and float rounds each of some ten
 * operations: 3e-7 of 1 and of x. */
static void test_values_and_slopes_are_those_of_the_definition(void **state)
{
    (void)state;
    for (int i = 0; i < STEPS; ++i) {
        float x = 12.0F * (2.0F * (float)i / (float)(STEPS - 1) - 1.0F);
        float one = 1.0F;
        float value;
        float rise;

        tml_gelu_forward(1, &x, &value);
        tml_gelu_backward(1, &x, &one, &rise);
        if (!(fabs((double)value - gelu((double)x)) <= 3e-7 * (1.0 + fabs((double)x))))
            fail_msg("gelu(%.9g) is %.9g, not %.9g", (double)x, (double)value, gelu((double)x));
        if (!(fabs((double)rise - slope((double)x)) <= 5e-7))
            fail_msg("gelu'(%.9g) is %.9g, not %.9g", (double)x, (double)rise, slope((double)x));
    }
}

static void test_extremes_stay_numbers_and_nan_stays_nan(void **state)
{
    const float in[] = {0.0F, -0.0F, 1e4F, -1e4F, 1e18F, -1e18F, FLT_MAX, -FLT_MAX, FLT_MIN, NAN};
    const float want[] = {0.0F, 0.0F, 1e4F, 0.0F, 1e18F, 0.0F, FLT_MAX, 0.0F, 0.5F * FLT_MIN, NAN};
    enum { COUNT = sizeof in / sizeof in[0] };
    float out[COUNT];

    (void)state;
    tml_gelu_forward(COUNT, in, out);
    for (size_t i = 0; i + 1 < COUNT; ++i)
        if (!(fabsf(out[i] - want[i]) <= 1e-6F * fabsf(in[i])))
            fail_msg("gelu(%g) is %g", (double)in[i], (double)out[i]);
    assert_true(isnan(out[COUNT - 1]));
}

/* Vectors and what is left behind them: a number does not depend on its place. */
static void test_the_place_does_not_matter(void **state)
{
    enum { COUNT = 37 };
    float in[COUNT];
    float out[COUNT];

    (void)state;
    for (int i = 0; i < COUNT; ++i)
        in[i] = 0.21F * (float)(i - 18);
    tml_gelu_forward(COUNT, in, out);
    for (int i = 0; i < COUNT; ++i) {
        float alone;

        tml_gelu_forward(1, &in[i], &alone);
        assert_memory_equal(&alone, &out[i], sizeof alone);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values_and_slopes_are_those_of_the_definition),
        cmocka_unit_test(test_extremes_stay_numbers_and_nan_stays_nan),
        cmocka_unit_test(test_the_place_does_not_matter),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
