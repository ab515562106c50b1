/** @file test_mean_interval.c
 * Quantiles of Student's t against closed forms and 40 digits, and the two intervals that they make. Golden
 * numbers: tests/golden/statistics.py. */
#include "statistics/mean_interval.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/statistics_check.h"

static void test_one_degree_of_freedom(void **state)
{
    (void)state;
    for (double p = 1e-4; p < 1.0 - 5e-5; p += 0.00997)
        assert_within(tml_student_quantile(p, 1.0), -1.0 / tan(pi * p),
                      1e-12 * (1.0 + fabs(1.0 / tan(pi * p)))); /* 0 in the middle */
}

static void test_two_degrees_of_freedom(void **state)
{
    (void)state;
    for (double p = 1e-4; p < 1.0 - 5e-5; p += 0.00997) {
        double want = (2.0 * p - 1.0) / sqrt(2.0 * p * (1.0 - p));

        assert_within(tml_student_quantile(p, 2.0), want, 1e-12 * (1.0 + fabs(want)));
    }
}

static void test_other_degrees_of_freedom(void **state)
{
    (void)state;
    assert_close(tml_student_quantile(0.975, 9.0), 2.2621571627982049, 1e-12);
    assert_close(tml_student_quantile(0.995, 29.0), 2.7563859036706053, 1e-12);
    assert_close(tml_student_quantile(0.84, 102.0), 0.99932940225107891, 1e-12);
    assert_close(tml_student_quantile(0.9999, 7.0), 7.0634328281576391, 1e-12);
    assert_close(tml_student_quantile(0.025, 9.0), -2.2621571627982053, 1e-12);
    assert_close(tml_student_quantile(0.975, 25018.0), 1.9600588116266753, 1e-12);
}

/* 1 / tan(pi p) = 1 / (pi p) to 1e-17 there. */
static void test_far_tails(void **state)
{
    (void)state;
    assert_close(tml_student_quantile(1e-9, 1.0), -1e9 / pi, 1e-7);
    assert_close(tml_student_quantile(1e-9, 2.0), -(1.0 - 2e-9) / sqrt(2e-9), 1e-7);
}

/* GSL's error handler would end the program. */
static void test_what_has_no_quantile(void **state)
{
    (void)state;
    assert_true(isnan(tml_student_quantile(0.0, 3.0)));
    assert_true(isnan(tml_student_quantile(1.0, 3.0)));
    assert_true(isnan(tml_student_quantile(-0.1, 3.0)));
    assert_true(isnan(tml_student_quantile((double)NAN, 3.0)));
    assert_true(isnan(tml_student_quantile(0.5, 0.0)));
    assert_true(isnan(tml_student_quantile(0.5, (double)NAN)));
    assert_true(isnan(tml_student_quantile(0.5, (double)INFINITY)));
    for (double p = 1e-300; p < 1e-3; p *= 1e3)
        for (double dof = 1e-3; dof < 1e12; dof *= 10.0)
            assert_true(!(tml_student_quantile(p, dof) > 0.0));
}

static void test_both_intervals_of_a_sample(void **state)
{
    tml_interval mean = tml_mean_confidence(10, 5.0, 2.0, 0.95);
    tml_interval next = tml_mean_prediction(10, 5.0, 2.0, 0.95);

    (void)state;
    assert_close(mean.low, 5.0 - 1.4307138119413294, 1e-13);
    assert_close(mean.high, 5.0 + 1.4307138119413294, 1e-13);
    assert_close(next.low, 5.0 - 4.7451408965884871, 1e-12);
    assert_close(next.high, 5.0 + 4.7451408965884871, 1e-12);
}

/* With many values the mean is known and the next value is not. */
static void test_only_the_interval_of_the_mean_shrinks(void **state)
{
    tml_interval mean = tml_mean_confidence(100000000, 0.0, 1.0, 0.95);
    tml_interval next = tml_mean_prediction(100000000, 0.0, 1.0, 0.95);

    (void)state;
    assert_close(mean.high, 1.959963984540054e-4, 1e-7);
    assert_close(next.high, 1.959963984540054, 1e-7);
    assert_true(mean.low == -mean.high && next.low == -next.high);
}

static void test_what_has_no_interval(void **state)
{
    (void)state;
    for (size_t n = 0; n < 2; ++n) {
        assert_true(isnan(tml_mean_confidence(n, 5.0, 2.0, 0.95).low));
        assert_true(isnan(tml_mean_prediction(n, 5.0, 2.0, 0.95).high));
    }
    assert_true(isnan(tml_mean_confidence(10, 5.0, 2.0, 0.0).high));
    assert_true(isnan(tml_mean_confidence(10, 5.0, 2.0, 1.0).high));
    assert_true(isnan(tml_mean_confidence(10, 5.0, (double)NAN, 0.95).low));
    assert_true(tml_mean_confidence(2, 5.0, 0.0, 0.95).low == 5.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_degree_of_freedom),
        cmocka_unit_test(test_two_degrees_of_freedom),
        cmocka_unit_test(test_other_degrees_of_freedom),
        cmocka_unit_test(test_far_tails),
        cmocka_unit_test(test_what_has_no_quantile),
        cmocka_unit_test(test_both_intervals_of_a_sample),
        cmocka_unit_test(test_only_the_interval_of_the_mean_shrinks),
        cmocka_unit_test(test_what_has_no_interval),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
