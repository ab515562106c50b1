/** @file test_chi_square.c
 * Upper tail of chi-square against its closed forms, down to the smallest doubles, and the best factor on a
 * model. */
#include "statistics/chi_square.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void assert_close(double got, double want, double relative)
{
    if (!(fabs(got - want) <= relative * fabs(want)))
        fail_msg("%.17g instead of %.17g", got, want);
}

/* 1e-12 in the bulk; far out the logarithm, some hundreds, is rounded at 1e-16: 1e-10 is asked for. */
static double tolerance(double tail)
{
    return tail > 1e-10 ? 1e-12 : 1e-10;
}

static void test_two_degrees_of_freedom(void **state)
{
    (void)state;
    for (double chi2 = 0.0; chi2 <= 930.0; chi2 += 0.37) {
        double want = exp(-0.5 * chi2);

        assert_close(tml_chi_square_tail(chi2, 2.0), want, tolerance(want));
    }
    assert_true(tml_chi_square_tail(921.1, 2.0) < 1e-200); /* the range above has reached there */
}

static void test_four_degrees_of_freedom(void **state)
{
    (void)state;
    for (double chi2 = 0.0; chi2 <= 945.0; chi2 += 0.41) {
        double want = exp(-0.5 * chi2) * (1.0 + 0.5 * chi2);

        assert_close(tml_chi_square_tail(chi2, 4.0), want, tolerance(want));
    }
    assert_true(tml_chi_square_tail(940.0, 4.0) < 1e-200);
}

static void test_one_degree_of_freedom(void **state)
{
    (void)state;
    for (double x = 0.0; x < 30.0; x += 0.11) {
        double want = erfc(x / sqrt(2.0));

        assert_close(tml_chi_square_tail(x * x, 1.0), want, tolerance(want));
    }
}

/* As many as a spectrum has, by mpmath 1.2 with 40 digits: gammainc(k/2, x/2, inf, regularized=True). */
static void test_many_degrees_of_freedom(void **state)
{
    static const double cases[][3] = {
        {82.9, 103, 0.92734234658766334069},    {150, 103, 0.0017350447711790582956},
        {300, 103, 3.879382815458548982e-21},   {600, 103, 3.5496467174355255065e-71},
        {1200, 103, 2.644019687252987878e-186}, {0.5, 1, 0.47950012218695346232},
        {10, 3.5, 0.028039861714310437883},     {100100, 100000, 0.4109807320121483959},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; ++i)
        assert_close(tml_chi_square_tail(cases[i][0], cases[i][1]), cases[i][2], tolerance(cases[i][2]));
}

/* GSL's error handler would end the program. */
static void test_what_has_no_tail(void **state)
{
    (void)state;
    assert_true(isnan(tml_chi_square_tail(1.0, 0.0)));
    assert_true(isnan(tml_chi_square_tail(1.0, -3.0)));
    assert_true(isnan(tml_chi_square_tail(1.0, (double)NAN)));
    assert_true(isnan(tml_chi_square_tail(1.0, (double)INFINITY)));
    assert_true(isnan(tml_chi_square_tail(1.0, 2.1e5)));
    assert_true(isnan(tml_chi_square_tail(-1e-9, 3.0)));
    assert_true(isnan(tml_chi_square_tail((double)NAN, 3.0)));
}

static void test_the_ends_of_the_range(void **state)
{
    static const double dofs[] = {1e-300, 0.3, 1.0, 103.0, 2e4, 2e5};

    (void)state;
    for (size_t i = 0; i < sizeof dofs / sizeof dofs[0]; ++i) {
        double last = 1.0;

        assert_true(tml_chi_square_tail(0.0, dofs[i]) == 1.0);
        for (double chi2 = 1e-12; chi2 < 1e12; chi2 *= 1.3) {
            double tail = tml_chi_square_tail(chi2, dofs[i]);

            assert_true(tail >= 0.0 && tail <= last * (1.0 + 1e-9));
            last = tail;
        }
        assert_true(tml_chi_square_tail((double)INFINITY, dofs[i]) == 0.0);
    }
}

/* By hand: errors 1, 2, 2, 1 weigh 1, 1/4, 1/4, 1; sum o m = 2 + 1.5 + 3 + 8.4 = 14.9,
 * sum m^2 = 1 + 1 + 2.25 + 4 = 8.25; residuals at the scale s: 2 - s, 3 - 2 s, 4 - 3 s, 4.2 - 2 s. */
static void test_the_best_factor_by_hand(void **state)
{
    const double observed[4] = {2.0, 3.0, 4.0, 4.2};
    const double error[4] = {1.0, 2.0, 2.0, 1.0};
    const double model[4] = {1.0, 2.0, 3.0, 2.0};
    const double scale = 14.9 / 8.25;
    tml_scale_fit fit = tml_scale_fit_of(4, observed, error, model);
    double chi2 = pow(2.0 - scale, 2) + pow(3.0 - 2.0 * scale, 2) / 4.0 + pow(4.0 - 3.0 * scale, 2) / 4.0 +
                  pow(4.2 - 2.0 * scale, 2);

    (void)state;
    assert_int_equal(fit.used, 4);
    assert_close(fit.scale, scale, 1e-15);
    assert_close(fit.sd, 1.0 / sqrt(8.25), 1e-15);
    assert_close(fit.chi2, chi2, 1e-14);
    assert_close(tml_chi_square_at(4, observed, error, model, 1.0), 1.0 + 0.25 + 0.25 + 4.84, 1e-14);
    /* chi2 grows by ((s - best) / sd)^2. */
    assert_close(tml_chi_square_at(4, observed, error, model, scale + 2.0 * fit.sd), chi2 + 4.0, 1e-13);
}

static void test_fluxes_as_small_as_they_are(void **state)
{
    const double observed[2] = {2e-180, 3e-180};
    const double error[2] = {1e-181, 1e-181};
    const double model[2] = {4e-170, 6e-170};
    tml_scale_fit fit = tml_scale_fit_of(2, observed, error, model);

    (void)state;
    assert_close(fit.scale, 5e-11, 1e-15);
    assert_close(fit.sd, 1e-11 / sqrt(52.0), 1e-14); /* m / e is 4e11 and 6e11 */
    assert_true(fit.chi2 < 1e-25);
}

static void test_unusable_pixels_are_left_out(void **state)
{
    const double observed[8] = {2.0, NAN, 5.0, 5.0, 5.0, 5.0, INFINITY, 4.0};
    const double error[8] = {1.0, 1.0, NAN, 0.0, -1.0, 1.0, 1.0, 1.0};
    const double model[8] = {1.0, 1.0, 1.0, 1.0, 1.0, NAN, 1.0, 3.0};
    tml_scale_fit fit = tml_scale_fit_of(8, observed, error, model);

    (void)state;
    assert_int_equal(fit.used, 2);
    assert_close(fit.scale, 14.0 / 10.0, 1e-15);
    assert_close(tml_chi_square_at(8, observed, error, model, 1.0), 2.0, 1e-15);
}

static void test_nothing_to_fit(void **state)
{
    const double observed[2] = {2.0, 3.0};
    const double error[2] = {0.0, NAN};
    const double good[2] = {1.0, 1.0};
    const double dark[2] = {0.0, 0.0};
    tml_scale_fit fit = tml_scale_fit_of(2, observed, error, good);

    (void)state;
    assert_int_equal(fit.used, 0);
    assert_true(isnan(fit.scale) && isnan(fit.sd) && isnan(fit.chi2));
    assert_true(tml_chi_square_at(2, observed, error, good, 1.0) == 0.0);
    fit = tml_scale_fit_of(2, observed, good, dark);
    assert_int_equal(fit.used, 2);
    assert_true(isnan(fit.scale) && isnan(fit.sd) && isnan(fit.chi2));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_two_degrees_of_freedom),
        cmocka_unit_test(test_four_degrees_of_freedom),
        cmocka_unit_test(test_one_degree_of_freedom),
        cmocka_unit_test(test_many_degrees_of_freedom),
        cmocka_unit_test(test_what_has_no_tail),
        cmocka_unit_test(test_the_ends_of_the_range),
        cmocka_unit_test(test_the_best_factor_by_hand),
        cmocka_unit_test(test_fluxes_as_small_as_they_are),
        cmocka_unit_test(test_unusable_pixels_are_left_out),
        cmocka_unit_test(test_nothing_to_fit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
