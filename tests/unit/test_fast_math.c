/** @file test_fast_math.c
 * The exponential and the logarithm for vectors against those of the mathematical library. */
#include "atmosphere/fast_math.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void test_the_exponential_is_good_over_its_range(void **state)
{
    (void)state;
    for (double x = -707.9; x < 707.9; x += 0.00371)
        assert_true(fabs(tml_fast_exp(x) / exp(x) - 1.0) < 2e-14);
    /* Near 0, where exp(x) - 1 is wanted. */
    for (double x = 1e-12; x < 0.3; x *= 1.01) {
        assert_true(fabs(tml_fast_exp(x) - exp(x)) < 3e-16);
        assert_true(fabs(tml_fast_exp(-x) - exp(-x)) < 3e-16);
    }
    assert_true(tml_fast_exp(0.0) == 1.0);
}

static void test_the_exponential_stays_finite_beyond_its_range(void **state)
{
    (void)state;
    assert_true(tml_fast_exp(-1e300) == tml_fast_exp(-708.0));
    assert_true(tml_fast_exp(1e300) == tml_fast_exp(708.0));
    assert_true(tml_fast_exp((double)-INFINITY) > 0.0);
    assert_true(isfinite(tml_fast_exp((double)INFINITY)));
}

static void test_the_logarithm_is_good_over_its_range(void **state)
{
    (void)state;
    for (double y = 1e-300; y < 1e300; y *= 1.0137)
        assert_true(fabs(tml_fast_log(y) - log(y)) < 2e-15 * fmax(fabs(log(y)), 1.0));
    for (double y = 1.0; y < 3.0; y += 0.00071)
        assert_true(fabs(tml_fast_log(y) - log(y)) < 2e-15);
    assert_true(tml_fast_log(1.0) == 0.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_exponential_is_good_over_its_range),
        cmocka_unit_test(test_the_exponential_stays_finite_beyond_its_range),
        cmocka_unit_test(test_the_logarithm_is_good_over_its_range),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
