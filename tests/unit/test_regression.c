/** @file test_regression.c
 * The figures of a regression are those of scikit-learn and SciPy, and the same bits in any order.
 * Golden numbers: tests/golden/regression_and_preparation.py. */
#include "statistics/regression.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { ROWS = 40 };

/* Both sides round a few times in double; sums of 40 numbers lose less than 1e-14. */
static void assert_near(double got, double want)
{
    if (!(fabs(got - want) <= 1e-13 * fabs(want)))
        fail_msg("%.17g instead of %.17g", got, want);
}

static double truth_of(int i)
{
    return 400.0 + 25.0 * (i * 7 % ROWS);
}

static double residual_of(int i)
{
    return (i * i % 11) * 0.5 - 2.0 + (i == 13 ? 16.0 : 0.0);
}

static void add_row(tml_regression *regression, int i)
{
    tml_regression_add(regression, truth_of(i), truth_of(i) + residual_of(i));
}

static void assert_same_bits(const tml_regression *a, const tml_regression *b)
{
    tml_regression_result x = tml_regression_get(a);
    tml_regression_result y = tml_regression_get(b);

    assert_memory_equal(&x, &y, sizeof x);
}

static void test_figures_are_those_of_scikit_learn(void **state)
{
    tml_regression regression;
    tml_regression_result result;

    (void)state;
    tml_regression_clear(&regression);
    for (int i = 0; i < ROWS; ++i)
        add_row(&regression, i);
    result = tml_regression_get(&regression);
    assert_int_equal(result.count, ROWS);
    assert_int_equal(result.unusable, 0);
    assert_near(result.r2, 0.99989936210131336); /* 0.99989890971736728 with the arguments swapped */
    assert_near(result.rmse, 2.8950388598428174);
    assert_near(result.mae, 1.4875);
    assert_near(result.bias, 0.3625);
    assert_near(result.sd, 2.872254123506484);
    assert_near(result.skewness, 3.9974127839281985);
    assert_near(result.truth_mean, 887.5);
    assert_near(result.truth_sd, 25.0 * sqrt((ROWS * ROWS - 1.0) / 12.0));
}

/* scikit-learn's documentation of r2_score and mean_squared_error: 0.948..., 0.375, 0.612... */
static void test_published_example(void **state)
{
    const double truth[] = {3.0, -0.5, 2.0, 7.0};
    const double prediction[] = {2.5, 0.0, 2.0, 8.0};
    tml_regression regression;
    tml_regression_result result;

    (void)state;
    tml_regression_clear(&regression);
    for (int i = 0; i < 4; ++i)
        tml_regression_add(&regression, truth[i], prediction[i]);
    result = tml_regression_get(&regression);
    assert_near(result.r2, 0x1.e5aff73aa7be4p-1);
    assert_near(result.rmse * result.rmse, 0.375);
    assert_near(result.mae, 0.5);
}

static void test_order_and_parts_do_not_matter(void **state)
{
    tml_regression forward;
    tml_regression backward;
    tml_regression parts[3];

    (void)state;
    tml_regression_clear(&forward);
    tml_regression_clear(&backward);
    for (int p = 0; p < 3; ++p)
        tml_regression_clear(&parts[p]);
    for (int i = 0; i < ROWS; ++i) {
        double third = 1.0 / (i + 3.0);

        tml_regression_add(&forward, third, third * third);
        tml_regression_add(&parts[i < 5 ? 0 : 2], third, third * third);
    }
    for (int i = ROWS - 1; i >= 0; --i)
        tml_regression_add(&backward, 1.0 / (i + 3.0), (1.0 / (i + 3.0)) * (1.0 / (i + 3.0)));
    tml_regression_merge(&parts[2], &parts[1]);
    tml_regression_merge(&parts[2], &parts[0]);
    assert_same_bits(&forward, &parts[2]);
    assert_same_bits(&forward, &backward);
}

static void test_constant_truth_has_no_r2(void **state)
{
    tml_regression regression;
    tml_regression_result result;

    (void)state;
    tml_regression_clear(&regression);
    tml_regression_add(&regression, 0.1, 0.25);
    tml_regression_add(&regression, 0.1, 0.5);
    tml_regression_add(&regression, 0.1, 0.0);
    result = tml_regression_get(&regression);
    assert_true(isnan(result.r2));
    assert_true(isfinite(result.rmse));
    assert_true(isfinite(result.skewness));
}

static void test_constant_residual_has_no_skewness(void **state)
{
    tml_regression regression;
    tml_regression_result result;

    (void)state;
    tml_regression_clear(&regression);
    for (int i = 0; i < 7; ++i)
        tml_regression_add(&regression, i, i + 0.5);
    result = tml_regression_get(&regression);
    assert_true(isnan(result.skewness));
    assert_true(result.sd == 0.0);
    assert_true(result.bias == 0.5);
    assert_near(result.r2, 1.0 - 0.25 / 4.0);
}

static void test_symmetric_residuals_have_no_skewness_at_all(void **state)
{
    tml_regression regression;

    (void)state;
    tml_regression_clear(&regression);
    for (int i = -20; i <= 20; ++i)
        tml_regression_add(&regression, 0.0, i / 3.0);
    assert_true(tml_regression_get(&regression).skewness == 0.0);
}

/* Truth 1e8 + {0, 1}: a sum of squares in double would leave no digit of the variance 1/4. */
static void test_a_large_mean_does_not_spoil_r2(void **state)
{
    tml_regression regression;

    (void)state;
    tml_regression_clear(&regression);
    for (int i = 0; i < 1000; ++i)
        tml_regression_add(&regression, 1e8 + i % 2, 1e8 + i % 2 + 0.25);
    assert_near(tml_regression_get(&regression).r2, 0.75);
}

static void test_an_unusable_pair_spoils_the_score_and_is_counted(void **state)
{
    const double bad[] = {(double)NAN, (double)INFINITY, -(double)INFINITY, 1e61};

    (void)state;
    for (size_t b = 0; b < sizeof bad / sizeof bad[0]; ++b) {
        tml_regression regression;
        tml_regression_result result;

        tml_regression_clear(&regression);
        for (int i = 0; i < 3; ++i)
            add_row(&regression, i);
        tml_regression_add(&regression, 1.0, bad[b]);
        result = tml_regression_get(&regression);
        assert_int_equal(result.count, 3);
        assert_int_equal(result.unusable, 1);
        assert_true(isnan(result.r2) && isnan(result.rmse) && isnan(result.mae) && isnan(result.bias));
        assert_true(isnan(result.sd) && isnan(result.skewness));
    }
}

static void test_no_rows_have_no_figures(void **state)
{
    tml_regression regression;
    tml_regression_result result;

    (void)state;
    tml_regression_clear(&regression);
    result = tml_regression_get(&regression);
    assert_int_equal(result.count, 0);
    assert_true(isnan(result.r2) && isnan(result.rmse) && isnan(result.mae) && isnan(result.bias));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_figures_are_those_of_scikit_learn),
        cmocka_unit_test(test_published_example),
        cmocka_unit_test(test_order_and_parts_do_not_matter),
        cmocka_unit_test(test_constant_truth_has_no_r2),
        cmocka_unit_test(test_constant_residual_has_no_skewness),
        cmocka_unit_test(test_symmetric_residuals_have_no_skewness_at_all),
        cmocka_unit_test(test_a_large_mean_does_not_spoil_r2),
        cmocka_unit_test(test_an_unusable_pair_spoils_the_score_and_is_counted),
        cmocka_unit_test(test_no_rows_have_no_figures),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
