/** @file test_schedule.c
 * The learning rate is a function of the step - constant, half a cosine wave down to its end, a warm-up
 * before either - and of the losses so far. */
#include "network/schedule.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void test_a_constant_rate_stays(void **state)
{
    tml_schedule schedule = {
        .kind = TML_SCHEDULE_CONSTANT, .rate = 1.5e-3, .final_fraction = 0.01, .decay_steps = 100};

    (void)state;
    assert_true(tml_schedule_rate(&schedule, 0, 0) == 1.5e-3);
    assert_true(tml_schedule_rate(&schedule, 50, 0) == 1.5e-3);
    assert_true(tml_schedule_rate(&schedule, UINT64_MAX, 0) == 1.5e-3);
}

/* Where the cosine is known: 1, sqrt(1/2), 0, -1. The tolerance is that of a few roundings. */
static void test_the_cosine_passes_through_its_known_points(void **state)
{
    tml_schedule schedule = {
        .kind = TML_SCHEDULE_COSINE, .rate = 2.0, .final_fraction = 0.1, .decay_steps = 400};
    const double quarter = 2.0 * (0.1 + 0.9 * 0.5 * (1.0 + sqrt(0.5)));

    (void)state;
    assert_true(tml_schedule_rate(&schedule, 0, 0) == 2.0);
    assert_true(fabs(tml_schedule_rate(&schedule, 100, 0) - quarter) < 1e-15 * 8);
    assert_true(fabs(tml_schedule_rate(&schedule, 200, 0) - 2.0 * 0.55) < 1e-15 * 8);
    assert_true(fabs(tml_schedule_rate(&schedule, 400, 0) - 0.2) < 1e-15 * 8);
}

static void test_after_the_decay_the_rate_stays_at_its_end(void **state)
{
    tml_schedule schedule = {
        .kind = TML_SCHEDULE_COSINE, .rate = 2.0, .final_fraction = 0.25, .decay_steps = 7};

    (void)state;
    for (uint64_t step = 7; step < 20; ++step)
        assert_true(fabs(tml_schedule_rate(&schedule, step, 0) - 0.5) < 1e-15 * 8);
    assert_true(fabs(tml_schedule_rate(&schedule, UINT64_MAX, 0) - 0.5) < 1e-15 * 8);
}

static void test_the_cosine_only_falls(void **state)
{
    tml_schedule schedule = {
        .kind = TML_SCHEDULE_COSINE, .rate = 1e-3, .final_fraction = 0.0, .decay_steps = 1000};

    (void)state;
    for (uint64_t step = 0; step < 1000; ++step)
        assert_true(tml_schedule_rate(&schedule, step + 1, 0) < tml_schedule_rate(&schedule, step, 0));
    assert_true(tml_schedule_rate(&schedule, 1000, 0) >= 0.0);
}

static void test_a_decay_over_no_steps_is_no_decay(void **state)
{
    tml_schedule schedule = {
        .kind = TML_SCHEDULE_COSINE, .rate = 1e-3, .final_fraction = 0.01, .decay_steps = 0};

    (void)state;
    assert_true(tml_schedule_rate(&schedule, 0, 0) == 1e-3);
    assert_true(tml_schedule_rate(&schedule, 12, 0) == 1e-3);
}

/* A straight line that arrives with its last step; the cosine begins behind it. */
static void test_a_warm_up_comes_before_any_decay(void **state)
{
    tml_schedule schedule = {.kind = TML_SCHEDULE_COSINE,
                             .rate = 2.0,
                             .final_fraction = 0.1,
                             .decay_steps = 400,
                             .warmup_steps = 8};
    tml_schedule cold = schedule;

    (void)state;
    for (uint64_t step = 0; step < 8; ++step)
        assert_true(tml_schedule_rate(&schedule, step, 0) == 0.25 * (double)(step + 1));
    cold.warmup_steps = 0;
    for (uint64_t step = 0; step < 500; ++step)
        assert_true(tml_schedule_rate(&schedule, step + 8, 0) == tml_schedule_rate(&cold, step, 0));
    schedule.kind = TML_SCHEDULE_CONSTANT;
    assert_true(tml_schedule_rate(&schedule, 0, 0) == 0.25 && tml_schedule_rate(&schedule, 8, 0) == 2.0);
    schedule.kind = TML_SCHEDULE_PLATEAU;
    schedule.plateau_factor = 0.5;
    assert_true(tml_schedule_rate(&schedule, 3, 1) == 0.5 && tml_schedule_rate(&schedule, 8, 1) == 1.0);
}

static tml_schedule plateau_schedule(void)
{
    tml_schedule schedule = {.kind = TML_SCHEDULE_PLATEAU,
                             .rate = 1.0,
                             .final_fraction = 0.1,
                             .plateau_factor = 0.5,
                             .plateau_epochs = 3};

    return schedule;
}

static void test_cuts_multiply_down_to_the_least_rate(void **state)
{
    static const double rates[] = {1.0, 0.5, 0.25, 0.125, 0.1, 0.1};
    tml_schedule schedule = plateau_schedule();

    (void)state;
    for (int64_t cuts = 0; cuts < 6; ++cuts)
        assert_true(tml_schedule_rate(&schedule, 77, cuts) == rates[cuts]);
    assert_true(tml_schedule_rate(&schedule, 0, INT64_MAX) == 0.1); /* and does not count to there */
    schedule.kind = TML_SCHEDULE_CONSTANT;
    assert_true(tml_schedule_rate(&schedule, 77, 3) == 1.0);
}

/* i: improvement, w: none; the cuts after each of these epochs. */
static void test_a_cut_comes_after_a_wait_without_improvement(void **state)
{
    static const char epochs[] = "iwwiwwwwwwiwwwwi";
    static const int cuts[] = {0, 0, 0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3};
    tml_schedule schedule = plateau_schedule();
    tml_plateau plateau = {0, 0};

    (void)state;
    for (size_t i = 0; epochs[i] != '\0'; ++i) {
        plateau = tml_plateau_after(&schedule, plateau, epochs[i] == 'i');
        assert_int_equal(plateau.cuts, cuts[i]);
    }
    assert_int_equal(plateau.waited, 0);
}

static void test_other_schedules_take_no_note_of_losses(void **state)
{
    tml_schedule schedule = plateau_schedule();
    tml_plateau plateau = {0, 0};

    (void)state;
    schedule.kind = TML_SCHEDULE_COSINE;
    for (int i = 0; i < 50; ++i)
        plateau = tml_plateau_after(&schedule, plateau, false);
    assert_true(plateau.cuts == 0 && plateau.waited == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_constant_rate_stays),
        cmocka_unit_test(test_the_cosine_passes_through_its_known_points),
        cmocka_unit_test(test_after_the_decay_the_rate_stays_at_its_end),
        cmocka_unit_test(test_the_cosine_only_falls),
        cmocka_unit_test(test_a_decay_over_no_steps_is_no_decay),
        cmocka_unit_test(test_a_warm_up_comes_before_any_decay),
        cmocka_unit_test(test_cuts_multiply_down_to_the_least_rate),
        cmocka_unit_test(test_a_cut_comes_after_a_wait_without_improvement),
        cmocka_unit_test(test_other_schedules_take_no_note_of_losses),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
