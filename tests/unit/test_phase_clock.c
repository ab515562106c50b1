/** @file test_phase_clock.c
 * Every moment is charged to one use of the time, and the range over ranks names the slowest. */
#include "training/phase_clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/clock.h"

static void wait_for(double seconds)
{
    double end = tml_clock_now() + seconds;

    while (tml_clock_now() < end)
        continue;
}

static void test_uses_add_up_to_the_time_that_passed(void **state)
{
    double before = tml_clock_now();
    double seconds[TML_SPENT_KINDS];
    double sum = 0.0;
    tml_phase_clock clock;
    double inner;

    (void)state;
    tml_phase_clock_start(&clock, TML_SPENT_SETUP);
    inner = tml_clock_now();
    for (int k = 0; k < TML_SPENT_KINDS; ++k)
        (void)tml_phase_clock_enter(&clock, (tml_spent)k);
    inner = tml_clock_now() - inner;
    tml_phase_clock_read(&clock, seconds);
    for (int k = 0; k < TML_SPENT_KINDS; ++k) {
        assert_true(seconds[k] >= 0.0);
        sum += seconds[k];
    }
    /* The clock ran from within start to within read; the sum is rounded a few times. */
    assert_true(sum >= inner * (1.0 - 1e-9));
    assert_true(sum <= tml_clock_now() - before + 1e-12);
}

static void test_only_the_use_under_way_is_charged(void **state)
{
    double seconds[TML_SPENT_KINDS];
    tml_phase_clock clock;

    (void)state;
    tml_phase_clock_start(&clock, TML_SPENT_COMPUTE);
    wait_for(1e-3);
    assert_int_equal(tml_phase_clock_enter(&clock, TML_SPENT_INPUT), TML_SPENT_COMPUTE);
    tml_phase_clock_read(&clock, seconds);
    assert_true(seconds[TML_SPENT_COMPUTE] >= 1e-3);
    assert_true(seconds[TML_SPENT_WAITING] == 0.0);
    assert_true(seconds[TML_SPENT_SETUP] == 0.0);
}

static void test_the_range_names_the_first_of_the_slowest_ranks(void **state)
{
    /* The second of two numbers of each of four ranks. */
    const double numbers[] = {9, 2, 9, 5, 9, 5, 9, 0};
    tml_spent_range range = tml_spent_over_ranks(4, 2, numbers + 1);

    (void)state;
    assert_true(range.least == 0.0 && range.most == 5.0 && range.mean == 3.0);
    assert_int_equal(range.slowest, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_uses_add_up_to_the_time_that_passed),
        cmocka_unit_test(test_only_the_use_under_way_is_charged),
        cmocka_unit_test(test_the_range_names_the_first_of_the_slowest_ranks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
