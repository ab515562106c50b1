/** @file test_description.c
 * Mean, spread, skewness and kurtosis as SciPy defines them, and by hand. Golden numbers:
 * tests/golden/statistics.py. */
#include "statistics/description.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/statistics_check.h"

/* Sums of 40 numbers of the same size: a few roundings. */
static const double roundings = 1e-14;

static void test_a_sample_is_described_as_by_scipy(void **state)
{
    double values[FIRST_COUNT];
    tml_description d;

    (void)state;
    fill(FIRST_COUNT, skewed_value, 0.0, values);
    d = tml_describe(FIRST_COUNT, values);
    assert_int_equal(d.count, FIRST_COUNT);
    assert_close(d.mean, 2.4187500000000002, roundings);
    assert_close(d.sd_population, 2.8681371894489285, roundings);
    assert_close(d.sd_sample, 2.9046754419516345, roundings);
    assert_close(d.standard_error, 0.45926951300616836, roundings);
    assert_close(d.skewness, 3.9444370655100451, roundings);
    assert_close(d.kurtosis, 18.891787444266992, roundings);
}

static void test_a_flat_sample_is_described_as_by_scipy(void **state)
{
    double values[FIRST_COUNT];
    tml_description d;

    (void)state;
    fill(FIRST_COUNT, first_value, 0.0, values);
    d = tml_describe(FIRST_COUNT, values);
    assert_close(d.mean, 6.0281250000000002, roundings);
    assert_close(d.sd_population, 3.6448259024780598, roundings);
    assert_close(d.skewness, 0.049332195787054285, 1e-13); /* hardly any: the terms cancel */
    assert_close(d.kurtosis, -1.1897736657426781, roundings);
}

/* One of four is 1, the others 0: Bernoulli's distribution with p = 1/4. */
static void test_four_numbers_by_hand(void **state)
{
    const double values[4] = {0.0, 1.0, 0.0, 0.0};
    tml_description d = tml_describe(4, values);

    (void)state;
    assert_close(d.mean, 0.25, 1e-15);
    assert_close(d.sd_population, sqrt(3.0) / 4.0, 1e-15);
    assert_close(d.sd_sample, 0.5, 1e-15);
    assert_close(d.standard_error, 0.25, 1e-15);
    assert_close(d.skewness, 2.0 / sqrt(3.0), 1e-15);
    assert_close(d.kurtosis, -2.0 / 3.0, 4e-15);
}

/* 1, 2, ..., n: variance (n^2 - 1) / 12, no skewness, kurtosis -6 (n^2 + 1) / (5 (n^2 - 1)). */
static void test_whole_numbers_by_hand(void **state)
{
    double values[101];

    (void)state;
    for (int n = 2; n <= 101; ++n) {
        double square = (double)n * n;
        tml_description d;

        for (int i = 0; i < n; ++i)
            values[i] = i + 1.0;
        d = tml_describe((size_t)n, values);
        assert_close(d.mean, 0.5 * (n + 1.0), 1e-14);
        assert_close(d.sd_population, sqrt((square - 1.0) / 12.0), 1e-14);
        assert_within(d.skewness, 0.0, 1e-14);
        assert_close(d.kurtosis, -1.2 * (square + 1.0) / (square - 1.0), 1e-14);
    }
}

/* 2^40 leaves 13 bits behind the point; the mean is rounded to the last of them, 1e-4 of the spread. */
static void test_a_large_offset_does_little(void **state)
{
    double plain[FIRST_COUNT], shifted[FIRST_COUNT];
    tml_description a, b;

    (void)state;
    fill(FIRST_COUNT, skewed_value, 0.0, plain);
    fill(FIRST_COUNT, skewed_value, 0x1p40, shifted);
    a = tml_describe(FIRST_COUNT, plain);
    b = tml_describe(FIRST_COUNT, shifted);
    assert_close(b.sd_population, a.sd_population, 1e-8);
    assert_close(b.skewness, a.skewness, 1e-4);
}

static void test_equal_values_have_no_shape(void **state)
{
    const double values[3] = {0.1, 0.1, 0.1};
    const double nearly[3] = {0.1, 0.1, 0.1 * (1.0 + 0x1p-52)};
    tml_description d = tml_describe(3, values);

    (void)state;
    assert_true(d.mean == 0.1 && d.sd_population == 0.0 && d.sd_sample == 0.0 && d.standard_error == 0.0);
    assert_true(isnan(d.skewness) && isnan(d.kurtosis));
    d = tml_describe(3, nearly);
    assert_true(isnan(d.skewness) && isnan(d.kurtosis));
}

static void test_small_samples(void **state)
{
    const double one = 2.5;
    tml_description d = tml_describe(1, &one);

    (void)state;
    assert_true(d.mean == 2.5 && d.sd_population == 0.0);
    assert_true(isnan(d.sd_sample) && isnan(d.standard_error) && isnan(d.skewness) && isnan(d.kurtosis));
    d = tml_describe(0, NULL);
    assert_int_equal(d.count, 0);
    assert_true(isnan(d.mean) && isnan(d.sd_population) && isnan(d.sd_sample) && isnan(d.standard_error) &&
                isnan(d.skewness) && isnan(d.kurtosis));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_sample_is_described_as_by_scipy),
        cmocka_unit_test(test_a_flat_sample_is_described_as_by_scipy),
        cmocka_unit_test(test_four_numbers_by_hand),
        cmocka_unit_test(test_whole_numbers_by_hand),
        cmocka_unit_test(test_a_large_offset_does_little),
        cmocka_unit_test(test_equal_values_have_no_shape),
        cmocka_unit_test(test_small_samples),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
