/** @file test_kernel_density.c
 * A density as scipy.stats.gaussian_kde makes it. Golden numbers: tests/golden/statistics.py. */
#include "statistics/kernel_density.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/statistics_check.h"

static void test_a_density_as_by_scipy(void **state)
{
    static const double x[7] = {-20.0, -2.0, 0.0, 2.3, 5.0, 19.5, 40.0};
    static const double want[7] = {1.5212286945499172e-47, 0.023097281376841732, 0.13134138024318753,
                                   0.17713816333971372,    0.070599596320938901, 0.0040077907804366682,
                                   2.3836893987926861e-57};
    double values[FIRST_COUNT];
    double density[7];
    double bandwidth;

    (void)state;
    fill(FIRST_COUNT, skewed_value, 0.0, values);
    bandwidth = tml_scott_bandwidth(FIRST_COUNT, values);
    assert_close(bandwidth, 1.3889468099945881, 1e-14);
    tml_kernel_density(FIRST_COUNT, values, bandwidth, 7, x, density);
    for (size_t i = 0; i < 7; ++i)
        assert_close(density[i], want[i], 1e-12); /* exp(-130) loses two digits */
}

static void test_one_value_makes_a_gaussian(void **state)
{
    const double value = 3.0;
    const double x[3] = {3.0, 5.0, -1.0};
    double density[3];

    (void)state;
    tml_kernel_density(1, &value, 2.0, 3, x, density);
    assert_close(density[0], 0.5 / sqrt(2.0 * pi), 1e-15);
    assert_close(density[1], 0.5 * exp(-0.5) / sqrt(2.0 * pi), 1e-15);
    assert_close(density[2], 0.5 * exp(-2.0) / sqrt(2.0 * pi), 1e-15);
}

/* A trapezoidal sum of Gaussians with a step of a third of their width is exact to exp(-2 (3 pi)^2). */
static void test_the_integral_is_one(void **state)
{
    enum { POINTS = 200 };
    double values[FIRST_COUNT], x[POINTS], density[POINTS];
    double bandwidth, sum = 0.0;

    (void)state;
    fill(FIRST_COUNT, first_value, 0.0, values);
    bandwidth = tml_scott_bandwidth(FIRST_COUNT, values);
    for (int i = 0; i < POINTS; ++i)
        x[i] = 6.0 + bandwidth / 3.0 * (i - POINTS / 2);
    tml_kernel_density(FIRST_COUNT, values, bandwidth, POINTS, x, density);
    for (int i = 0; i < POINTS; ++i)
        sum += density[i] * bandwidth / 3.0;
    assert_close(sum, 1.0, 1e-13);
}

static void test_what_has_no_bandwidth(void **state)
{
    const double same[3] = {0.1, 0.1, 0.1};

    (void)state;
    assert_true(isnan(tml_scott_bandwidth(0, same)));
    assert_true(isnan(tml_scott_bandwidth(1, same)));
    assert_true(isnan(tml_scott_bandwidth(3, same)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_density_as_by_scipy),
        cmocka_unit_test(test_one_value_makes_a_gaussian),
        cmocka_unit_test(test_the_integral_is_one),
        cmocka_unit_test(test_what_has_no_bandwidth),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
