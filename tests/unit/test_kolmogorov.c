/** @file test_kolmogorov.c
 * Distributions of the Kolmogorov-Smirnov distance against closed forms, 40 digits and SciPy, from the middle
 * to the far tail. Golden numbers: tests/golden/statistics.py. */
#include "statistics/kolmogorov.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/statistics_check.h"

static void test_the_limit(void **state)
{
    static const double cases[][2] = {
        {0.2, 0.99999999999949496},    {0.4, 0.9971923267772983},       {0.75, 0.62716704177626159},
        {0.95, 0.32748548447955922},   {1.0, 0.2699996716773545},       {1.05, 0.22020555870195027},
        {1.36, 0.049485876755377883},  {2.0, 0.00067092525577969533},   {2.5, 7.4533063441573419e-06},
        {5.0, 3.8574996959278356e-22}, {12.0, 1.6757885067638739e-125}, {15.0, 7.3877661369745121e-196}};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; ++i)
        assert_close(tml_kolmogorov_tail(cases[i][0]), cases[i][1], 1e-12);
    assert_true(tml_kolmogorov_tail(0.0) == 1.0 && tml_kolmogorov_tail(-1.0) == 1.0);
    assert_true(tml_kolmogorov_tail(1e-3) == 1.0 && tml_kolmogorov_tail(1e9) == 0.0);
    assert_true(isnan(tml_kolmogorov_tail((double)NAN)));
}

static void assert_one_sample(size_t n, double d, double p, tml_ks_method method, double relative)
{
    tml_ks_method got;

    assert_close(tml_kolmogorov_one_sample_tail(n, d, &got), p, relative);
    assert_int_equal(got, method);
}

/* D of one value u is max(u, 1 - u); of two, P(D < d) is 2 (2 d - 1/2)^2 up to 1/2 and 1 - 2 (1 - d)^2
 * behind. */
static void test_one_and_two_values_by_hand(void **state)
{
    tml_ks_method method;

    (void)state;
    for (double d = 0.5; d < 1.0; d += 0.03125) {
        assert_one_sample(1, d, 2.0 * (1.0 - d), TML_KS_EXACT, 1e-14);
        assert_one_sample(2, d, 2.0 * (1.0 - d) * (1.0 - d), TML_KS_EXACT, 1e-13);
    }
    for (double d = 0.25; d < 0.5; d += 0.03125)
        assert_one_sample(2, d, 1.0 - 2.0 * (2.0 * d - 0.5) * (2.0 * d - 0.5), TML_KS_EXACT, 1e-14);
    assert_true(tml_kolmogorov_one_sample_tail(1, 0.499, &method) == 1.0);
    assert_true(tml_kolmogorov_one_sample_tail(7, 0.0714, &method) == 1.0); /* D is at least 1 / (2 n) */
    assert_true(tml_kolmogorov_one_sample_tail(7, 1.0, &method) == 0.0);
}

/* Both sides of n d^2 = 4, where the two exact forms meet. */
static void test_some_values(void **state)
{
    (void)state;
    assert_one_sample(3, 0.375, 0.6640625, TML_KS_EXACT, 1e-12);
    assert_one_sample(5, 0.25, 0.8446, TML_KS_EXACT, 1e-12);
    assert_one_sample(10, 0.274, 0.37152038454349562, TML_KS_EXACT, 1e-12);
    assert_one_sample(10, 0.0625, 0.99999999965393072, TML_KS_EXACT, 1e-12);
    assert_one_sample(20, 0.4375, 0.00053160131441704376, TML_KS_EXACT, 1e-10);
    assert_one_sample(20, 0.46875, 0.00014986543990601963, TML_KS_EXACT, 1e-10);
    assert_one_sample(64, 0.125, 0.2485221814909194, TML_KS_EXACT, 1e-12);
    assert_one_sample(64, 0.24609375, 0.00067171279772908275, TML_KS_EXACT, 1e-10);
    assert_one_sample(64, 0.25, 0.0005194758402402935, TML_KS_EXACT, 1e-10);
    assert_one_sample(64, 0.5, 2.5483098363448337e-15, TML_KS_EXACT, 1e-12);
    assert_one_sample(100, 0.0703125, 0.67940603456758319, TML_KS_EXACT, 1e-12);
}

/* The first two by mpmath: SciPy has seven digits there. */
static void test_a_thousand_values(void **state)
{
    (void)state;
    assert_one_sample(1000, 0.03125, 0.27707240764554567, TML_KS_EXACT, 1e-12);
    assert_one_sample(1000, 0.0546875, 0.0048565008610425843, TML_KS_EXACT, 1e-10);
    assert_one_sample(1000, 0.125, 4.4512615958880796e-14, TML_KS_EXACT, 1e-10);
}

/* SciPy's Pelz-Good form is right to 1e-7. */
static void test_more_values_than_are_counted_out(void **state)
{
    (void)state;
    assert_one_sample(5000, 0.00390625, 0.99999888453195374, TML_KS_ASYMPTOTIC, 1e-4);
    assert_one_sample(5000, 0.015625, 0.1721586969364538, TML_KS_ASYMPTOTIC, 1e-4);
    assert_one_sample(5000, 0.017578125, 0.089937272799954, TML_KS_ASYMPTOTIC,
                      1e-4); /* n d^2 just below 1.6 */
    assert_one_sample(5000, 0.018310546875, 0.06911634112346687, TML_KS_ASYMPTOTIC, 1e-4); /* and above */
    assert_one_sample(5000, 0.0234375, 0.008098545623881721, TML_KS_ASYMPTOTIC, 1e-4);
    assert_one_sample(100000, 0.00390625, 0.09429536842949926, TML_KS_ASYMPTOTIC, 1e-4);
    assert_one_sample(100000, 0.03125, 2.8223414917032777e-85, TML_KS_EXACT, 1e-9);
}

static void test_what_has_no_probability(void **state)
{
    tml_ks_method method = TML_KS_EXACT;

    (void)state;
    assert_true(isnan(tml_kolmogorov_one_sample_tail(0, 0.5, &method)));
    assert_int_equal(method, TML_KS_NONE);
    assert_true(isnan(tml_kolmogorov_one_sample_tail(5, (double)NAN, &method)));
    assert_string_equal(tml_ks_method_name(TML_KS_NONE), "none");
    assert_string_equal(tml_ks_method_name(TML_KS_EXACT), "exact");
    assert_string_equal(tml_ks_method_name(TML_KS_ASYMPTOTIC), "asymptotic");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_limit),
        cmocka_unit_test(test_one_and_two_values_by_hand),
        cmocka_unit_test(test_some_values),
        cmocka_unit_test(test_a_thousand_values),
        cmocka_unit_test(test_more_values_than_are_counted_out),
        cmocka_unit_test(test_what_has_no_probability),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
