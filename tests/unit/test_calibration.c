/** @file test_calibration.c
 * Where true values lie among draws: shares, quantiles of the binomial distribution, and what uniform and
 * other shares give; and the misfit that noise alone makes. */
#include "statistics/calibration.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "statistics/chi_square.h"
#include "statistics/noise_misfit.h"

enum { OBJECTS = 1010 };

static void assert_close(double got, double want, double tolerance)
{
    if (!(fabs(got - want) <= tolerance))
        fail_msg("%.17g instead of %.17g", got, want);
}

static void test_share_of_the_values_below(void **state)
{
    const double values[] = {3.0, -1.0, 1.0, -1.0, 2.0, -1.0, 2.0, -1.0};

    (void)state;
    assert_close(tml_share_below(4, 2, values, 2.5), 0.75, 0.0);
    assert_close(tml_share_below(4, 2, values, 2.0), 0.5, 0.0); /* one below, two equal */
    assert_close(tml_share_below(4, 2, values, 0.0), 0.0, 0.0);
    assert_close(tml_share_below(4, 2, values, INFINITY), 1.0, 0.0);
    assert_true(isnan(tml_share_below(0, 1, values, 1.0)));
    assert_true(isnan(tml_share_below(4, 1, values, (double)NAN)));
}

/* By sums of exact fractions. */
static void test_binomial_quantiles(void **state)
{
    static const struct {
        size_t n;
        double success, p;
        size_t k;
    } known[] = {{50, 0.1, 0.025, 1},     {50, 0.1, 0.975, 9},        {500, 0.1, 0.025, 37},
                 {500, 0.1, 0.975, 64},   {20000, 0.5, 0.975, 10139}, {1, 0.3, 0.5, 0},
                 {1, 0.3, 0.975, 1},      {7, 0.0, 0.975, 0},         {7, 1.0, 0.025, 7},
                 {1000, 0.95, 0.025, 936}};

    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; ++i)
        assert_int_equal(tml_binomial_quantile(known[i].n, known[i].success, known[i].p), known[i].k);
    assert_in_range(tml_binomial_quantile(1000000, 0.1, 0.975), 100586, 100590);
}

/* 0 to 100 of 100 draws, each ten times. */
static void fill_uniform(double *share)
{
    for (size_t i = 0; i < OBJECTS; ++i)
        share[i] = (double)(i % 101) / 100.0;
}

static void test_uniform_shares(void **state)
{
    double share[OBJECTS];
    tml_calibration c;
    size_t sum = 0;

    (void)state;
    fill_uniform(share);
    c = tml_calibration_of(OBJECTS, share, 100);
    assert_int_equal(c.count, OBJECTS);
    assert_int_equal(c.bins, 10);
    for (size_t b = 0; b < c.bins; ++b) {
        sum += c.bin[b];
        assert_in_range(c.bin[b], 100, 110);
        assert_in_range(c.bin[b], c.bin_low, c.bin_high);
    }
    assert_int_equal(sum, OBJECTS);
    assert_close(c.expected, 101.0, 1e-12);
    for (size_t l = 0; l < TML_CALIBRATION_LEVELS; ++l) /* steps of two places of 101 */
        assert_close(c.observed[l], c.nominal[l], 1.0 / 101.0 + 1e-12);
    assert_close(c.nominal[TML_CALIBRATION_LEVELS - 1], 1.0, 0.0);
    assert_close(c.observed[TML_CALIBRATION_LEVELS - 1], 1.0, 0.0);
    assert_true(c.p > 0.99);
}

/* Errors stated too small: half of the truths lie below or above all draws. */
static void test_errors_that_are_too_small(void **state)
{
    double share[OBJECTS];
    tml_calibration c;

    (void)state;
    fill_uniform(share);
    for (size_t i = 0; i < OBJECTS; i += 2)
        share[i] = i % 4 == 0 ? 0.0 : 1.0;
    c = tml_calibration_of(OBJECTS, share, 100);
    assert_true(c.bin[0] > c.bin_high && c.bin[9] > c.bin_high && c.bin[4] < c.bin_low);
    assert_true(c.observed[20] < c.chance_low[20]);
    assert_true(c.p < 1e-10);
}

static void test_few_draws_get_even_bins(void **state)
{
    static const struct {
        size_t draws, bins;
    } known[] = {{0, 10}, {2, 3}, {9, 10}, {12, 2}, {20, 7}, {49, 10}, {50, 10}, {1000, 10}};

    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; ++i) {
        double share[3] = {0.0, 0.5, 1.0};
        tml_calibration c = tml_calibration_of(3, share, known[i].draws);

        assert_int_equal(c.bins, known[i].bins);
        assert_int_equal(c.bin[0], 1);
        assert_int_equal(c.bin[c.bins - 1], c.bins == 2 ? 2 : 1);
    }
}

static void test_no_object(void **state)
{
    tml_calibration c = tml_calibration_of(0, NULL, 100);

    (void)state;
    assert_int_equal(c.count, 0);
    assert_true(isnan(c.p));
}

/* Both ends by their own probability. */
static void test_misfit_of_noise(void **state)
{
    static const double dofs[] = {1.0, 5.0, 99.0, 5000.0};

    (void)state;
    for (size_t i = 0; i < sizeof dofs / sizeof dofs[0]; ++i) {
        tml_interval noise = tml_noise_misfit(dofs[i]);

        assert_close(tml_chi_square_tail(noise.low * noise.low * dofs[i], dofs[i]), 0.975, 1e-9);
        assert_close(tml_chi_square_tail(noise.high * noise.high * dofs[i], dofs[i]), 0.025, 1e-9);
    }
    assert_true(isnan(tml_noise_misfit(0.0).low) && isnan(tml_noise_misfit((double)NAN).high));
    assert_close(tml_misfit(400.0, 100.0), 2.0, 0.0);
    assert_true(isnan(tml_misfit(-1.0, 100.0)) && isnan(tml_misfit((double)NAN, 100.0)));
    assert_true(isnan(tml_misfit(1.0, 0.0)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_share_of_the_values_below),
        cmocka_unit_test(test_binomial_quantiles),
        cmocka_unit_test(test_uniform_shares),
        cmocka_unit_test(test_errors_that_are_too_small),
        cmocka_unit_test(test_few_draws_get_even_bins),
        cmocka_unit_test(test_no_object),
        cmocka_unit_test(test_misfit_of_noise),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
