/** @file test_anderson_darling.c
 * The two-sample Anderson-Darling test as scipy.stats.anderson_ksamp. Golden numbers:
 * tests/golden/statistics.py. */
#include "statistics/anderson_darling.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/statistics_check.h"

static void assert_test(tml_anderson_darling test, double statistic, double p, bool is_bound)
{
    assert_close(test.statistic, statistic, 1e-12);
    assert_close(test.p, p, 1e-12);
    assert_int_equal(test.is_bound, is_bound);
}

static void test_two_samples_as_by_scipy(void **state)
{
    double first[FIRST_COUNT], second[SECOND_COUNT];

    (void)state;
    fill_sorted(FIRST_COUNT, first_value, 0.0, first);
    fill_sorted(SECOND_COUNT, second_value, 2.5, second);
    assert_test(tml_anderson_darling_compare(FIRST_COUNT, first, SECOND_COUNT, second), 2.9598814592672524,
                0.020189961778270139, false);
    assert_test(tml_anderson_darling_compare(SECOND_COUNT, second, FIRST_COUNT, first), 2.9598814592672524,
                0.020189961778270139, false);
}

static void test_equal_values_as_by_scipy(void **state)
{
    double first[FIRST_COUNT], second[SECOND_COUNT];

    (void)state;
    fill_sorted(FIRST_COUNT, tied_first_value, 0.0, first);
    fill_sorted(SECOND_COUNT, tied_second_value, 0.0, second);
    assert_test(tml_anderson_darling_compare(FIRST_COUNT, first, SECOND_COUNT, second), 5.5313339242933299,
                0.0022477502400564714, false);
}

static void test_beyond_the_table_p_is_a_bound(void **state)
{
    double first[FIRST_COUNT], second[SECOND_COUNT];

    (void)state;
    fill_sorted(FIRST_COUNT, first_value, 0.0, first);
    fill_sorted(SECOND_COUNT, second_value, 0.0, second);
    assert_test(tml_anderson_darling_compare(FIRST_COUNT, first, SECOND_COUNT, second), -0.75849975150696536,
                0.25, true);
    fill_sorted(SECOND_COUNT, second_value, 20.0, second);
    assert_test(tml_anderson_darling_compare(FIRST_COUNT, first, SECOND_COUNT, second), 37.724751496008331,
                0.001, true);
}

static void test_four_values_are_enough(void **state)
{
    double first[2], second[2];

    (void)state;
    fill_sorted(2, first_value, 0.0, first);
    fill_sorted(2, second_value, 9.0, second);
    assert_test(tml_anderson_darling_compare(2, first, 2, second), 1.5427784316797186, 0.075025591421974347,
                false);
}

static void test_what_cannot_be_compared(void **state)
{
    const double values[3] = {1.0, 2.0, 3.0};
    const double same[3] = {0.1, 0.1, 0.1};

    (void)state;
    assert_true(isnan(tml_anderson_darling_compare(0, NULL, 3, values).p));
    assert_true(isnan(tml_anderson_darling_compare(3, values, 0, NULL).statistic));
    assert_true(isnan(tml_anderson_darling_compare(1, values, 2, values).p));
    assert_true(isnan(tml_anderson_darling_compare(3, same, 3, same).p));
    assert_true(isfinite(tml_anderson_darling_compare(3, same, 3, values).p));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_two_samples_as_by_scipy),       cmocka_unit_test(test_equal_values_as_by_scipy),
        cmocka_unit_test(test_beyond_the_table_p_is_a_bound), cmocka_unit_test(test_four_values_are_enough),
        cmocka_unit_test(test_what_cannot_be_compared),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
