/** @file test_schedule.c
 * The learning rate is a function of the step: constant, or half a cosine wave down to its end. */
#include "network/schedule.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void test_a_constant_rate_stays(void **state)
{
    tml_schedule schedule = {TML_SCHEDULE_CONSTANT, 1.5e-3, 0.01, 100};

    (void)state;
    assert_true(tml_schedule_rate(&schedule, 0) == 1.5e-3);
    assert_true(tml_schedule_rate(&schedule, 50) == 1.5e-3);
    assert_true(tml_schedule_rate(&schedule, UINT64_MAX) == 1.5e-3);
}

/* Where the cosine is known: 1, sqrt(1/2), 0, -1. The tolerance is that of a few roundings. */
static void test_the_cosine_passes_through_its_known_points(void **state)
{
    tml_schedule schedule = {TML_SCHEDULE_COSINE, 2.0, 0.1, 400};
    const double quarter = 2.0 * (0.1 + 0.9 * 0.5 * (1.0 + sqrt(0.5)));

    (void)state;
    assert_true(tml_schedule_rate(&schedule, 0) == 2.0);
    assert_true(fabs(tml_schedule_rate(&schedule, 100) - quarter) < 1e-15 * 8);
    assert_true(fabs(tml_schedule_rate(&schedule, 200) - 2.0 * 0.55) < 1e-15 * 8);
    assert_true(fabs(tml_schedule_rate(&schedule, 400) - 0.2) < 1e-15 * 8);
}

static void test_after_the_decay_the_rate_stays_at_its_end(void **state)
{
    tml_schedule schedule = {TML_SCHEDULE_COSINE, 2.0, 0.25, 7};

    (void)state;
    for (uint64_t step = 7; step < 20; ++step)
        assert_true(fabs(tml_schedule_rate(&schedule, step) - 0.5) < 1e-15 * 8);
    assert_true(fabs(tml_schedule_rate(&schedule, UINT64_MAX) - 0.5) < 1e-15 * 8);
}

static void test_the_cosine_only_falls(void **state)
{
    tml_schedule schedule = {TML_SCHEDULE_COSINE, 1e-3, 0.0, 1000};

    (void)state;
    for (uint64_t step = 0; step < 1000; ++step)
        assert_true(tml_schedule_rate(&schedule, step + 1) < tml_schedule_rate(&schedule, step));
    assert_true(tml_schedule_rate(&schedule, 1000) >= 0.0);
}

static void test_a_decay_over_no_steps_is_no_decay(void **state)
{
    tml_schedule schedule = {TML_SCHEDULE_COSINE, 1e-3, 0.01, 0};

    (void)state;
    assert_true(tml_schedule_rate(&schedule, 0) == 1e-3);
    assert_true(tml_schedule_rate(&schedule, 12) == 1e-3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_constant_rate_stays),
        cmocka_unit_test(test_the_cosine_passes_through_its_known_points),
        cmocka_unit_test(test_after_the_decay_the_rate_stays_at_its_end),
        cmocka_unit_test(test_the_cosine_only_falls),
        cmocka_unit_test(test_a_decay_over_no_steps_is_no_decay),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
