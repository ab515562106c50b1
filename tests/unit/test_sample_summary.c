/** @file test_sample_summary.c
 * Summaries of samples as NumPy makes them. The numbers are those that this prints:
 *
 *   /usr/bin/python3 -c '
 *   import numpy as np
 *   a = np.array([3.25,-1.5,8.0,2.0,2.0,11.75,-4.0,0.5,6.125,9.0])
 *   for s in a, a[:9]:
 *       print(s.mean(), s.std(ddof=1), np.percentile(s, [2.5,15.8655,50,84.1345,97.5]),
 *             np.median(abs(s - np.median(s))))'
 */
#include "statistics/sample_summary.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { MANY = 10, LARGE = 10000 };

static const double sample[MANY] = {3.25, -1.5, 8.0, 2.0, 2.0, 11.75, -4.0, 0.5, 6.125, 9.0};

/* A few roundings of numbers of size 10. */
static void assert_near(double got, double want)
{
    if (!(fabs(got - want) <= 4e-15))
        fail_msg("%.17g instead of %.17g", got, want);
}

static tml_sample_summary summarise(size_t count, double offset)
{
    double values[MANY];

    for (size_t i = 0; i < count; ++i)
        values[i] = sample[i] + offset;
    return tml_sample_summarise(count, values);
}

static void test_an_even_sample_is_summarised_as_by_numpy(void **state)
{
    tml_sample_summary s = summarise(10, 0.0);

    (void)state;
    assert_int_equal(s.count, 10);
    assert_near(s.mean, 3.7125);
    assert_near(s.sd, 4.942042565804368);
    assert_true(s.minimum == -4.0 && s.maximum == 11.75);
    assert_near(s.p2_5, -3.4375);
    assert_near(s.p16, -0.6442099999999997);
    assert_near(s.p50, 2.625);
    assert_near(s.p84, 8.572105);
    assert_near(s.p97_5, 11.131250000000001);
    assert_near(s.mad, 3.8125);
}

static void test_an_odd_sample_is_summarised_as_by_numpy(void **state)
{
    tml_sample_summary s = summarise(9, 0.0);

    (void)state;
    assert_near(s.mean, 3.125);
    assert_near(s.sd, 4.857339806931362);
    assert_near(s.p2_5, -3.5);
    assert_near(s.p16, -0.9615199999999997);
    assert_near(s.p50, 2.0);
    assert_near(s.p84, 7.495175);
    assert_near(s.p97_5, 11.0);
    assert_near(s.mad, 3.5);
}

static void test_quantiles_by_hand(void **state)
{
    static const double sorted[5] = {1.0, 2.0, 4.0, 8.0, 16.0};

    (void)state;
    assert_true(tml_sorted_quantile(5, sorted, 0.0) == 1.0);
    assert_true(tml_sorted_quantile(5, sorted, 0.25) == 2.0);
    assert_true(tml_sorted_quantile(5, sorted, 0.5) == 4.0);
    assert_near(tml_sorted_quantile(5, sorted, 0.9), 8.0 + 0.6 * 8.0);
    assert_true(tml_sorted_quantile(5, sorted, 1.0) == 16.0);
    assert_true(tml_sorted_quantile(1, sorted, 0.3) == 1.0);
}

static void test_the_order_does_not_matter(void **state)
{
    double values[MANY];
    tml_sample_summary turned;
    tml_sample_summary plain = summarise(MANY, 0.0);

    (void)state;
    for (size_t i = 0; i < MANY; ++i)
        values[i] = sample[MANY - 1 - i];
    turned = tml_sample_summarise(MANY, values);
    assert_memory_equal(&turned, &plain, sizeof plain);
}

/* All sample values are multiples of 1/8, so that the shifted ones are exact up to 2^49. */
static void test_a_large_offset_loses_no_digits(void **state)
{
    const double offset = 0x1p49;
    tml_sample_summary plain = summarise(MANY, 0.0);
    tml_sample_summary shifted = summarise(MANY, offset);

    (void)state;
    assert_near(shifted.sd, plain.sd);
    assert_true(fabs(shifted.mean - offset - plain.mean) <= 0.0625); /* half of the last digit there is */
    assert_true(shifted.p50 - offset == plain.p50);
    assert_near(shifted.mad, plain.mad);
}

static void test_a_constant_sample_does_not_spread(void **state)
{
    static double values[LARGE];
    tml_sample_summary s;

    (void)state;
    for (size_t i = 0; i < LARGE; ++i)
        values[i] = 0.1;
    s = tml_sample_summarise(LARGE, values);
    assert_true(s.mean == 0.1 && s.sd == 0.0 && s.mad == 0.0 && s.p2_5 == 0.1 && s.p97_5 == 0.1);
}

/* The distances of 0, 1, ..., n - 1 from their middle have a known median. */
static void test_the_median_distance_of_whole_numbers(void **state)
{
    (void)state;
    for (size_t count = 1; count <= MANY; ++count) {
        static const double want[MANY + 1] = {0, 0, 0.5, 1, 1, 1, 1.5, 2, 2, 2, 2.5};
        double values[MANY];

        for (size_t i = 0; i < count; ++i)
            values[i] = (double)i;
        assert_near(tml_sample_summarise(count, values).mad, want[count]);
    }
}

static void test_small_samples(void **state)
{
    double one = 2.5;
    tml_sample_summary s = tml_sample_summarise(1, &one);

    (void)state;
    assert_true(s.mean == 2.5 && s.minimum == 2.5 && s.p2_5 == 2.5 && s.p97_5 == 2.5 && s.mad == 0.0);
    assert_true(isnan(s.sd));
    s = tml_sample_summarise(0, NULL);
    assert_int_equal(s.count, 0);
    assert_true(isnan(s.mean) && isnan(s.sd) && isnan(s.minimum) && isnan(s.maximum) && isnan(s.p2_5) &&
                isnan(s.p16) && isnan(s.p50) && isnan(s.p84) && isnan(s.p97_5) && isnan(s.mad));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_even_sample_is_summarised_as_by_numpy),
        cmocka_unit_test(test_an_odd_sample_is_summarised_as_by_numpy),
        cmocka_unit_test(test_quantiles_by_hand),
        cmocka_unit_test(test_the_order_does_not_matter),
        cmocka_unit_test(test_a_large_offset_loses_no_digits),
        cmocka_unit_test(test_a_constant_sample_does_not_spread),
        cmocka_unit_test(test_the_median_distance_of_whole_numbers),
        cmocka_unit_test(test_small_samples),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
