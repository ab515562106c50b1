/** @file test_ks_test.c
 * Kolmogorov-Smirnov tests against all ways to deal the values out, SciPy, and closed forms. Golden numbers:
 * tests/golden/statistics.py. */
#include "statistics/ks_test.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/statistics_check.h"

static tml_ks_test compare(size_t n, const double *first, size_t m, const double *second)
{
    tml_ks_test test;
    tml_error error = {0, ""};

    assert_int_equal(tml_ks_compare(n, first, m, second, &test, &error), TML_OK);
    return test;
}

static void assert_compared(int n, int m, double shift, double d, double p)
{
    double first[FIRST_COUNT], second[SECOND_COUNT];
    tml_ks_test test;

    fill_sorted(n, first_value, 0.0, first);
    fill_sorted(m, second_value, shift, second);
    test = compare((size_t)n, first, (size_t)m, second);
    assert_close(test.d, d, 1e-15);
    assert_close(test.p, p, 1e-12);
    assert_int_equal(test.method, TML_KS_EXACT);
    test = compare((size_t)m, second, (size_t)n, first);
    assert_close(test.p, p, 1e-12);
}

static void test_two_samples_as_by_scipy(void **state)
{
    (void)state;
    assert_compared(FIRST_COUNT, SECOND_COUNT, 0.0, 0.11071428571428571, 0.95280280400663098);
    assert_compared(FIRST_COUNT, SECOND_COUNT, 3.75, 0.34999999999999998, 0.015183953174521246);
    assert_compared(FIRST_COUNT, 7, 5.0, 0.45000000000000001, 0.12837175339070869);
}

/* All values of one sample below those of the other: 2 of the C(100, 50) ways. */
static void test_samples_that_are_apart(void **state)
{
    double first[50], second[50];
    tml_ks_test test;

    (void)state;
    for (int i = 0; i < 50; ++i) {
        first[i] = i;
        second[i] = 50.0 + i;
    }
    test = compare(50, first, 50, second);
    assert_true(test.d == 1.0);
    assert_close(test.p, 1.9823306042836678e-29, 1e-12);
}

/* Distance of two samples into which the values are dealt: those with a bit set are the first. */
static double distance_of(const double *all, int count, unsigned chosen, double n, double m)
{
    double greatest = 0.0;

    for (int at = 0; at < count; ++at) {
        double below = 0.0, below_other = 0.0;

        for (int i = 0; i < count; ++i)
            if (all[i] <= all[at])
                *(chosen >> i & 1U ? &below : &below_other) += 1.0;
        greatest = fmax(greatest, fabs(below / n - below_other / m));
    }
    return greatest;
}

/* By definition: the share of all choices of n of the n + m values that are as far apart, ties included. */
static void test_every_way_to_deal_them_out(void **state)
{
    static const double samples[3][9] = {{1.0, 2.0, 5.0, 7.0, 3.0, 4.0, 6.0, 8.0, 9.0},
                                         {1.0, 2.0, 2.0, 3.0, 2.0, 3.0, 3.0, 4.0, 5.0},
                                         {1.0, 1.0, 1.0, 5.0, 1.0, 1.0, 5.0, 5.0, 5.0}};
    const int n = 4, m = 5;

    (void)state;
    for (size_t s = 0; s < 3; ++s) {
        double seen = distance_of(samples[s], n + m, 0x0fU, n, m);
        double as_far = 0.0, ways = 0.0;
        tml_ks_test test = compare((size_t)n, samples[s], (size_t)m, samples[s] + n);

        for (unsigned chosen = 0; chosen < 1U << (n + m); ++chosen)
            if (__builtin_popcount(chosen) == n) {
                ways += 1.0;
                as_far += distance_of(samples[s], n + m, chosen, n, m) >= seen - 1e-12;
            }
        assert_close(test.d, seen, 1e-15);
        assert_close(test.p, as_far / ways, 1e-14);
    }
}

static void fill_even(size_t count, double shift, double *values)
{
    for (size_t i = 0; i < count; ++i)
        values[i] = (double)i / (double)count + shift;
}

/* Counted out, up to the limit of the product, p is a few percent below. */
static void test_many_values_have_an_asymptotic_p(void **state)
{
    enum { MANY = 4000, LESS = 2500 };
    static double first[MANY + 1], second[LESS];
    tml_ks_test test;
    double want;

    (void)state;
    fill_even(LESS, 0.03125, second);
    fill_even(MANY + 1, 0.0, first);
    test = compare(MANY + 1, first, LESS, second);
    want = tml_kolmogorov_tail(sqrt((MANY + 1.0) * LESS / (MANY + 1.0 + LESS)) * test.d);
    assert_within(test.d, 0.03125, 1e-3);
    assert_int_equal(test.method, TML_KS_ASYMPTOTIC);
    assert_close(test.p, want, 1e-15);
    fill_even(MANY, 0.0, first);
    test = compare(MANY, first, LESS, second);
    assert_int_equal(test.method, TML_KS_EXACT);
    assert_true(test.p < want * 0.999 && test.p > want * 0.95);
}

static void test_uniform_values_as_by_scipy(void **state)
{
    double values[FIRST_COUNT];
    tml_ks_test test;

    (void)state;
    fill_sorted(FIRST_COUNT, first_value, 0.0, values);
    for (int i = 0; i < FIRST_COUNT; ++i)
        values[i] /= 16.0;
    test = tml_ks_uniform(FIRST_COUNT, values);
    assert_true(test.d == 0.234375);
    assert_close(test.p, 0.020445718106234523, 1e-12);
    assert_int_equal(test.method, TML_KS_EXACT);
    for (int i = 0; i < FIRST_COUNT; ++i)
        values[i] *= values[i];
    test = tml_ks_uniform(FIRST_COUNT, values);
    assert_close(test.d, 0.44277343749999998, 1e-15);
    assert_close(test.p, 1.1576590210356892e-07, 1e-12);
    for (int i = 0; i < FIRST_COUNT / 2; ++i) { /* seen from the other end */
        double low = values[i];

        values[i] = 1.0 - values[FIRST_COUNT - 1 - i];
        values[FIRST_COUNT - 1 - i] = 1.0 - low;
    }
    assert_close(tml_ks_uniform(FIRST_COUNT, values).d, 0.44277343749999998, 1e-15);
}

static void test_the_most_even_values(void **state)
{
    double values[10];
    tml_ks_test test;

    (void)state;
    for (int i = 0; i < 10; ++i)
        values[i] = (i + 0.5) / 10.0;
    test = tml_ks_uniform(10, values);
    assert_close(test.d, 0.05, 1e-14);
    assert_close(test.p, 1.0, 1e-14);
}

static void test_values_outside_belong_to_the_ends(void **state)
{
    const double values[4] = {-3.0, -1.0, 0.5, 2.0};
    tml_ks_test test = tml_ks_uniform(4, values);

    (void)state;
    assert_true(test.d == 0.5); /* half of them are at 0 */
    assert_true(test.p > 0.0 && test.p < 1.0);
}

static void test_samples_without_values(void **state)
{
    const double one = 1.0;

    (void)state;
    assert_true(isnan(compare(0, NULL, 1, &one).p) && isnan(compare(1, &one, 0, NULL).d));
    assert_true(isnan(tml_ks_uniform(0, NULL).p));
    assert_int_equal(tml_ks_uniform(0, NULL).method, TML_KS_NONE);
    assert_true(compare(1, &one, 1, &one).d == 0.0 && compare(1, &one, 1, &one).p == 1.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_two_samples_as_by_scipy),
        cmocka_unit_test(test_samples_that_are_apart),
        cmocka_unit_test(test_every_way_to_deal_them_out),
        cmocka_unit_test(test_many_values_have_an_asymptotic_p),
        cmocka_unit_test(test_uniform_values_as_by_scipy),
        cmocka_unit_test(test_the_most_even_values),
        cmocka_unit_test(test_values_outside_belong_to_the_ends),
        cmocka_unit_test(test_samples_without_values),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
