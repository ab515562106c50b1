/** @file test_ticks.c
 * Ticks of axes: round steps, real minus signs, raised exponents, and labels also on short logarithmic axes.
 */
#include "plots/ticks.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const tml_tick *find_text(const tml_ticks *ticks, const char *text)
{
    for (size_t i = 0; i < ticks->count; ++i)
        if (strcmp(ticks->tick[i].text, text) == 0)
            return &ticks->tick[i];
    fail_msg("no tick is labelled '%s'", text);
    return NULL;
}

static size_t count_labels(const tml_ticks *ticks)
{
    size_t count = 0;

    for (size_t i = 0; i < ticks->count; ++i)
        count += ticks->tick[i].text[0] != '\0';
    return count;
}

static void test_linear_steps_are_round(void **state)
{
    tml_ticks ticks;

    (void)state;
    tml_ticks_linear(-0.93, 1.07, 5, false, &ticks);
    assert_int_equal(count_labels(&ticks), 4);
    assert_true(fabs(find_text(&ticks, "−0.5")->value + 0.5) < 1e-12);
    find_text(&ticks, "0");
    find_text(&ticks, "0.5");
    find_text(&ticks, "1.0");
}

static void test_whole_axis_has_whole_ticks(void **state)
{
    (void)state;
    for (int high = 1; high <= 2000; high = high * 3 / 2 + 1) {
        tml_ticks ticks;

        tml_ticks_linear(-0.02 * high, 1.02 * high, 6, true, &ticks);
        assert_true(count_labels(&ticks) >= 2);
        assert_true(count_labels(&ticks) <= 12);
        for (size_t i = 0; i < ticks.count; ++i)
            assert_true(fabs(ticks.tick[i].value - round(ticks.tick[i].value)) < 1e-9);
    }
}

static void test_ticks_lie_on_the_axis(void **state)
{
    (void)state;
    for (int e = -12; e <= 12; ++e) {
        double low = 3.7 * pow(10.0, e), high = low * (1.3 + (e + 12) * (e + 12));
        tml_ticks ticks;

        tml_ticks_log(low, high, &ticks);
        assert_true(count_labels(&ticks) >= 2);
        for (size_t i = 0; i < ticks.count; ++i) {
            assert_true(ticks.tick[i].value >= low * (1.0 - 1e-6));
            assert_true(ticks.tick[i].value <= high * (1.0 + 1e-6));
        }
    }
}

static void test_long_log_axis_shows_powers_of_ten(void **state)
{
    tml_ticks ticks;

    (void)state;
    tml_ticks_log(2e-12, 3.0, &ticks);
    assert_true(fabs(find_text(&ticks, "10⁻¹⁰")->value / 1e-10 - 1.0) < 1e-9);
    assert_true(count_labels(&ticks) <= 8);
}

static void test_short_log_axis_shows_numbers(void **state)
{
    tml_ticks ticks;

    (void)state;
    tml_ticks_log(0.015, 0.4, &ticks);
    find_text(&ticks, "0.02");
    find_text(&ticks, "0.1");
    tml_ticks_log(0.0201, 0.0264, &ticks);
    assert_true(count_labels(&ticks) >= 3);
}

static void test_large_numbers_are_powers(void **state)
{
    tml_ticks ticks;

    (void)state;
    tml_ticks_linear(-2.1e7, 2.1e7, 4, false, &ticks);
    find_text(&ticks, "−2×10⁷");
    find_text(&ticks, "10⁷");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_linear_steps_are_round),
        cmocka_unit_test(test_whole_axis_has_whole_ticks),
        cmocka_unit_test(test_ticks_lie_on_the_axis),
        cmocka_unit_test(test_long_log_axis_shows_powers_of_ten),
        cmocka_unit_test(test_short_log_axis_shows_numbers),
        cmocka_unit_test(test_large_numbers_are_powers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
