/** @file test_correlation.c
 * Correlations as SciPy computes them, and their probabilities against closed forms and 40 digits. Golden
 * numbers: tests/golden/statistics.py. */
#include "statistics/correlation.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/statistics_check.h"

enum { SIDE = FIRST_COUNT };

static tml_correlation spearman(size_t count, const double *x, const double *y)
{
    tml_correlation correlation;
    tml_error error = {0, ""};

    assert_int_equal(tml_spearman(count, x, y, &correlation, &error), TML_OK);
    return correlation;
}

static void assert_correlation(tml_correlation got, double r, double p)
{
    assert_within(got.r, r, 1e-15); /* the sums of a small r cancel */
    assert_close(got.p, p, 1e-12);
}

static void test_two_samples_as_by_scipy(void **state)
{
    double x[FIRST_COUNT], y[FIRST_COUNT];

    (void)state;
    fill(FIRST_COUNT, first_value, 0.0, x);
    fill(FIRST_COUNT, skewed_value, 0.0, y);
    assert_correlation(tml_pearson(FIRST_COUNT, x, y), 0.048197280387310512, 0.76774028745219081);
    assert_correlation(spearman(FIRST_COUNT, x, y), -0.19321545544754487, 0.23226351183295796);
}

static void test_equal_values_share_their_rank(void **state)
{
    double x[SECOND_COUNT], y[SECOND_COUNT];

    (void)state;
    fill(SECOND_COUNT, tied_first_value, 0.0, x);
    fill(SECOND_COUNT, tied_second_value, 0.0, y);
    assert_correlation(tml_pearson(SECOND_COUNT, x, y), -0.011910742262201866, 0.9458587840553887);
    assert_correlation(spearman(SECOND_COUNT, x, y), 0.010732968301489915, 0.95120572836461137);
}

/* p is about (1 - r^2)^19: one rounding of r, next to 1, changes Spearman's by 3e-12 of it. */
static void test_a_steep_curve_is_in_order_but_not_on_a_line(void **state)
{
    double x[SIDE], y[SIDE];
    tml_correlation line, order;

    (void)state;
    for (int i = 0; i < SIDE; ++i) {
        x[i] = (double)i * i * i;
        y[i] = i + first_value(i) / 8.0;
    }
    line = tml_pearson(SIDE, x, y);
    assert_within(line.r, 0.91211394583528882, 1e-15);
    assert_close(line.p, 2.6928719161220952e-16, 1e-12);
    order = spearman(SIDE, x, y);
    assert_within(order.r, 0.99934312384409996, 1e-15);
    assert_close(order.p, 2.2830124271136937e-56, 1e-10);
}

/* Three pairs: p = 1 - (2 / pi) asin |r|. Four: 1 - |r|. */
static void test_probabilities_of_few_pairs(void **state)
{
    (void)state;
    for (double r = -1.0; r <= 1.0; r += 0.03125) {
        assert_within(tml_correlation_p(r, 3), 1.0 - 2.0 / pi * asin(fabs(r)), 1e-14);
        assert_within(tml_correlation_p(r, 4), 1.0 - fabs(r), 1e-14);
    }
}

static void test_probabilities_to_the_far_tail(void **state)
{
    static const struct {
        double r;
        size_t count;
        double p;
    } cases[] = {
        {0.5, 10, 0.14111328125},
        {-0.9, 40, 2.810313898304574e-15},
        {0.01, 104, 0.91974864873652273},
        {0.2, 30888, 3.7182685461589323e-276},
        {-0.999, 60, 5.5251648795643552e-80},
        {0.6875, 1000, 7.7502887480472298e-141},
        {0.03125, 1000000, 1.7603852047694153e-214},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; ++i)
        assert_close(tml_correlation_p(cases[i].r, cases[i].count), cases[i].p, 1e-10);
}

static void test_a_line_and_what_is_in_order(void **state)
{
    double x[SIDE], up[SIDE], down[SIDE];

    (void)state;
    for (int i = 0; i < SIDE; ++i) {
        x[i] = i * 0.5;
        up[i] = 3.0 + 2.0 * x[i];
        down[i] = -exp(0.5 * i);
    }
    assert_true(tml_pearson(SIDE, x, up).r == 1.0 && tml_pearson(SIDE, x, up).p == 0.0);
    assert_true(fabs(tml_pearson(SIDE, x, down).r) < 0.7);
    assert_true(spearman(SIDE, x, down).r == -1.0 && spearman(SIDE, x, down).p == 0.0);
}

static void test_what_has_no_correlation(void **state)
{
    const double x[3] = {1.0, 2.0, 4.0};
    const double same[3] = {0.1, 0.1, 0.1};

    (void)state;
    for (size_t n = 0; n < 2; ++n)
        assert_true(isnan(tml_pearson(n, x, x).r) && isnan(spearman(n, x, x).p));
    assert_true(isnan(tml_pearson(3, x, same).r) && isnan(tml_pearson(3, same, x).p));
    assert_true(isnan(spearman(3, x, same).r) && isnan(spearman(3, same, x).p));
    assert_close(tml_pearson(2, x, x + 1).r, 1.0, 1e-15);
    assert_true(tml_pearson(2, x, x + 1).p == 1.0);
    assert_true(isnan(tml_correlation_p(0.5, 1)) && isnan(tml_correlation_p(1.1, 5)));
    assert_true(isnan(tml_correlation_p((double)NAN, 5)));
    assert_true(tml_correlation_p(0.0, 5) == 1.0 && tml_correlation_p(-1.0, 5) == 0.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_two_samples_as_by_scipy),
        cmocka_unit_test(test_equal_values_share_their_rank),
        cmocka_unit_test(test_a_steep_curve_is_in_order_but_not_on_a_line),
        cmocka_unit_test(test_probabilities_of_few_pairs),
        cmocka_unit_test(test_probabilities_to_the_far_tail),
        cmocka_unit_test(test_a_line_and_what_is_in_order),
        cmocka_unit_test(test_what_has_no_correlation),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
