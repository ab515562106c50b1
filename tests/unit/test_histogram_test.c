/** @file test_histogram_test.c
 * Two histograms compared as scipy.stats.chi2_contingency does. Golden numbers: tests/golden/statistics.py.
 */
#include "statistics/histogram_test.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/statistics_check.h"

static void test_two_histograms_as_by_scipy(void **state)
{
    const double first[6] = {12.0, 7.0, 0.0, 30.0, 4.0, 9.0};
    const double second[6] = {20.0, 3.0, 0.0, 41.0, 0.0, 22.0};
    tml_histogram_test test = tml_histogram_compare(6, first, second);

    (void)state;
    assert_close(test.chi2, 11.157346265235097, 1e-14);
    assert_int_equal(test.dof, 4); /* one bin is empty in both */
    assert_close(test.p, 0.024851428102119207, 1e-12);
    test = tml_histogram_compare(6, second, first);
    assert_close(test.chi2, 11.157346265235097, 1e-14);
}

static void test_histograms_that_are_far_apart(void **state)
{
    const double first[3] = {400.0, 100.0, 20.0};
    const double second[3] = {100.0, 500.0, 900.0};
    tml_histogram_test test = tml_histogram_compare(3, first, second);

    (void)state;
    assert_close(test.chi2, 1063.2060943887031, 1e-14);
    assert_close(test.p, 1.3419305515839584e-231, 1e-10);
}

/* Two bins, equal totals: chi2 = 2 (a - b)^2 n / ((a + b) (2 n - a - b)). */
static void test_two_bins_by_hand(void **state)
{
    const double first[2] = {30.0, 70.0};
    const double second[2] = {45.0, 55.0};
    tml_histogram_test test = tml_histogram_compare(2, first, second);
    double chi2 = 2.0 * 15.0 * 15.0 * 100.0 / (75.0 * 125.0);

    (void)state;
    assert_close(test.chi2, chi2, 1e-14);
    assert_int_equal(test.dof, 1);
    assert_close(test.p, erfc(sqrt(0.5 * chi2)), 1e-12);
}

static void test_the_same_shape(void **state)
{
    const double first[3] = {4.0, 8.0, 12.0};
    const double second[3] = {1.0, 2.0, 3.0};
    tml_histogram_test test = tml_histogram_compare(3, first, second);

    (void)state;
    assert_within(test.chi2, 0.0, 1e-29);
    assert_within(test.p, 1.0, 1e-15);
}

static void test_what_cannot_be_compared(void **state)
{
    const double good[2] = {1.0, 2.0};
    const double empty[2] = {0.0, 0.0};
    const double negative[2] = {1.0, -1e-9};
    const double holes[2] = {1.0, NAN};
    const double endless[2] = {1.0, INFINITY};

    (void)state;
    assert_true(isnan(tml_histogram_compare(0, good, good).chi2));
    assert_true(isnan(tml_histogram_compare(2, good, empty).chi2));
    assert_true(isnan(tml_histogram_compare(2, empty, good).p));
    assert_true(isnan(tml_histogram_compare(2, good, negative).chi2));
    assert_true(isnan(tml_histogram_compare(2, holes, good).chi2));
    assert_true(isnan(tml_histogram_compare(2, good, endless).p));
    /* One bin holds everything: nothing is left to differ. */
    assert_true(tml_histogram_compare(1, good, good).chi2 == 0.0 &&
                isnan(tml_histogram_compare(1, good, good).p));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_two_histograms_as_by_scipy),
        cmocka_unit_test(test_histograms_that_are_far_apart),
        cmocka_unit_test(test_two_bins_by_hand),
        cmocka_unit_test(test_the_same_shape),
        cmocka_unit_test(test_what_cannot_be_compared),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
