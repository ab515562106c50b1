/** @file test_early_stop.c
 * A training stops after `patience` epochs in a row that are not better by min_delta. */
#include "statistics/early_stop.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void test_stops_after_patience_without_improvement(void **state)
{
    const double losses[] = {1.0, 0.5, 0.6, 0.55, 0.7};
    const tml_early_stop_verdict want[] = {TML_EARLY_STOP_IMPROVED, TML_EARLY_STOP_IMPROVED,
                                           TML_EARLY_STOP_WAIT, TML_EARLY_STOP_WAIT, TML_EARLY_STOP_NOW};
    tml_early_stop stop;

    (void)state;
    tml_early_stop_begin(&stop, 0.0, 3);
    for (int epoch = 0; epoch < 5; ++epoch)
        assert_int_equal(tml_early_stop_update(&stop, epoch, losses[epoch]), want[epoch]);
    assert_int_equal(stop.best_epoch, 1);
    assert_true(stop.best_loss == 0.5);
}

static void test_an_improvement_starts_the_waiting_anew(void **state)
{
    const double losses[] = {1.0, 1.0, 0.5, 0.5, 0.5};
    tml_early_stop stop;

    (void)state;
    tml_early_stop_begin(&stop, 0.0, 2);
    for (int epoch = 0; epoch < 4; ++epoch)
        assert_int_not_equal(tml_early_stop_update(&stop, epoch, losses[epoch]), TML_EARLY_STOP_NOW);
    assert_int_equal(tml_early_stop_update(&stop, 4, losses[4]), TML_EARLY_STOP_NOW);
}

/* Exactly min_delta better is not better: the comparison is strict. All numbers are exact in binary. */
static void test_min_delta_is_a_strict_bound(void **state)
{
    tml_early_stop stop;

    (void)state;
    tml_early_stop_begin(&stop, 0.25, 5);
    assert_int_equal(tml_early_stop_update(&stop, 0, 1.0), TML_EARLY_STOP_IMPROVED);
    assert_int_equal(tml_early_stop_update(&stop, 1, 0.75), TML_EARLY_STOP_WAIT);
    assert_true(stop.best_loss == 1.0);
    assert_int_equal(tml_early_stop_update(&stop, 2, 0.5), TML_EARLY_STOP_IMPROVED);
}

/* Small steps that never reach min_delta at once do so together: the best one is only moved by an
 * improvement. */
static void test_slow_progress_adds_up(void **state)
{
    tml_early_stop stop;

    (void)state;
    tml_early_stop_begin(&stop, 0.25, 3);
    assert_int_equal(tml_early_stop_update(&stop, 0, 1.0), TML_EARLY_STOP_IMPROVED);
    assert_int_equal(tml_early_stop_update(&stop, 1, 0.875), TML_EARLY_STOP_WAIT);
    assert_int_equal(tml_early_stop_update(&stop, 2, 0.6875), TML_EARLY_STOP_IMPROVED);
}

static void test_nan_is_no_improvement(void **state)
{
    tml_early_stop stop;

    (void)state;
    tml_early_stop_begin(&stop, 0.0, 2);
    assert_int_equal(tml_early_stop_update(&stop, 0, (double)NAN), TML_EARLY_STOP_WAIT);
    assert_int_equal(stop.best_epoch, -1);
    assert_int_equal(tml_early_stop_update(&stop, 1, (double)NAN), TML_EARLY_STOP_NOW);
}

static void test_patience_of_zero_stops_at_the_first_failure(void **state)
{
    tml_early_stop stop;

    (void)state;
    tml_early_stop_begin(&stop, 0.0, 0);
    assert_int_equal(tml_early_stop_update(&stop, 0, 1.0), TML_EARLY_STOP_IMPROVED);
    assert_int_equal(tml_early_stop_update(&stop, 1, 0.5), TML_EARLY_STOP_IMPROVED);
    assert_int_equal(tml_early_stop_update(&stop, 2, 0.5), TML_EARLY_STOP_NOW);
}

static void test_the_state_can_be_put_away_and_taken_up(void **state)
{
    tml_early_stop whole;
    tml_early_stop parted;
    tml_early_stop stored;

    (void)state;
    tml_early_stop_begin(&whole, 0.01, 4);
    tml_early_stop_begin(&parted, 0.01, 4);
    for (int epoch = 0; epoch < 12; ++epoch) {
        double loss = 1.0 / (1.0 + epoch % 5);

        stored = parted;
        memset(&parted, 0xff, sizeof parted);
        parted = stored;
        assert_int_equal(tml_early_stop_update(&parted, epoch, loss),
                         tml_early_stop_update(&whole, epoch, loss));
    }
    assert_memory_equal(&whole, &parted, sizeof whole);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_stops_after_patience_without_improvement),
        cmocka_unit_test(test_an_improvement_starts_the_waiting_anew),
        cmocka_unit_test(test_min_delta_is_a_strict_bound),
        cmocka_unit_test(test_slow_progress_adds_up),
        cmocka_unit_test(test_nan_is_no_improvement),
        cmocka_unit_test(test_patience_of_zero_stops_at_the_first_failure),
        cmocka_unit_test(test_the_state_can_be_put_away_and_taken_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
