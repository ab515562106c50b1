/** @file test_plots_scaling.c
 * The figures of a scaling study and of the phases of a run: three complete files, the same bytes each time,
 * whatever was measured: one point, 1,000 ranks, no communication, several numbers of threads, no time. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "plots/phases.h"
#include "plots/scaling.h"

#include "plots_example.h"

enum { RANKS = 1000, HOST = 32 };

static tml_scaling_mark points[RANKS];
static tml_phase_bar bars[RANKS];
static char hosts[RANKS][HOST];

/* Amdahl's law with a serial share of 2 %; x is 1, 2, 4, ... */
static tml_scaling_plot sample_scaling(size_t count)
{
    for (size_t i = 0; i < count; ++i) {
        double x = ldexp(1.0, (int)(i % 11)), speed_up = 1.0 / (0.02 + 0.98 / x);

        points[i] = (tml_scaling_mark){x, x, speed_up, 0.9 * speed_up, 1.05 * speed_up, 0.03 * (double)i, 1};
    }
    return (tml_scaling_plot){.title = "Strong scaling",
                              .x_label = "Ranks",
                              .speed_up_label = "Speed-up",
                              .note = "same weights at every point",
                              .count = count,
                              .mark = points};
}

static tml_phases_plot sample_phases(size_t ranks)
{
    for (size_t r = 0; r < ranks; ++r) {
        double busy = 8.0 + 0.5 * noise(r);

        snprintf(hosts[r], HOST, "node%03zu", r / 4);
        bars[r] = (tml_phase_bar){r, hosts[r], {busy, 1.2, 0.4, 9.0 - busy}};
    }
    return (tml_phases_plot){.title = "Phases of a run", .ranks = ranks, .bar = bars};
}

static void check_scaling(const tml_scaling_plot *plot, const char *folder)
{
    tml_error error = {0};

    expect_drawn(tml_plot_scaling(plot, folder, "figure", &error), &error, folder);
}

static void check_phases(const tml_phases_plot *plot, const char *folder)
{
    tml_error error = {0};

    expect_drawn(tml_plot_phases(plot, folder, "figure", &error), &error, folder);
}

static void test_three_formats(void **state)
{
    const tml_scaling_plot scaling = sample_scaling(8);
    const tml_phases_plot phases = sample_phases(8);

    check_scaling(&scaling, *state);
    check_phases(&phases, *state);
}

static void draw_either(int which, const char *folder)
{
    const tml_scaling_plot scaling = sample_scaling(8);
    const tml_phases_plot phases = sample_phases(8);

    if (which == 0)
        check_scaling(&scaling, folder);
    else
        check_phases(&phases, folder);
}

static void test_the_same_bytes(void **state)
{
    for (int which = 0; which < 2; ++which) {
        char *first[FORMATS];
        size_t count[FORMATS];

        draw_either(which, *state);
        for (int f = 0; f < FORMATS; ++f)
            first[f] = read_figure(*state, f, &count[f]);
        draw_either(which, *state);
        for (int f = 0; f < FORMATS; ++f) {
            size_t again;
            char *second = read_figure(*state, f, &again);

            assert_int_equal(again, count[f]);
            assert_memory_equal(first[f], second, again);
            free(first[f]);
            free(second);
        }
    }
}

static void test_one_point(void **state)
{
    const tml_scaling_plot scaling = sample_scaling(1);
    const tml_phases_plot phases = sample_phases(1);

    check_scaling(&scaling, *state);
    check_phases(&phases, *state);
}

static void test_a_thousand_ranks(void **state)
{
    tml_scaling_plot scaling = sample_scaling(RANKS);
    const tml_phases_plot phases = sample_phases(RANKS);

    for (size_t i = 0; i < RANKS; ++i)
        points[i].x = points[i].ideal = (double)(i + 1);
    check_scaling(&scaling, *state);
    check_phases(&phases, *state);
}

static size_t height_of(const char *folder)
{
    size_t count;
    unsigned char *png = (unsigned char *)read_figure(folder, 2, &count);
    size_t height = (size_t)png[20] << 24 | (size_t)png[21] << 16 | (size_t)png[22] << 8 | png[23];

    free(png);
    return height;
}

/* What was not measured leaves no empty panel. */
static void test_missing_communication(void **state)
{
    const tml_scaling_plot scaling = sample_scaling(6);
    size_t height;

    check_scaling(&scaling, *state);
    height = height_of(*state);
    points[3].communication = NAN;
    check_scaling(&scaling, *state);
    assert_int_equal(height_of(*state), height);
    for (size_t i = 0; i < 6; ++i)
        points[i].communication = NAN;
    check_scaling(&scaling, *state);
    assert_in_range(height_of(*state), 1, height - 200);
}

static void test_several_numbers_of_threads(void **state)
{
    const tml_scaling_plot scaling = sample_scaling(22);

    for (size_t i = 11; i < 22; ++i)
        points[i].threads = 4;
    check_scaling(&scaling, *state);
    for (size_t i = 0; i < 22; ++i)
        points[i].threads = i + 1;
    check_scaling(&scaling, *state);
}

static void test_missing_and_absurd_numbers(void **state)
{
    static const double absurd[] = {NAN, INFINITY, 1e308, 0.0, -1.0};

    for (size_t a = 0; a < sizeof absurd / sizeof absurd[0]; ++a) {
        const tml_scaling_plot scaling = sample_scaling(6);
        const tml_phases_plot phases = sample_phases(6);

        points[2].speed_up = points[2].slowest = points[3].fastest = points[4].communication = absurd[a];
        bars[2].seconds[0] = bars[3].seconds[3] = absurd[a] < 1e300 ? absurd[a] : (double)NAN;
        check_scaling(&scaling, *state);
        check_phases(&phases, *state);
    }
}

static void test_no_time_at_all(void **state)
{
    const tml_phases_plot phases = sample_phases(3);

    for (size_t r = 0; r < 3; ++r)
        memset(bars[r].seconds, 0, sizeof bars[r].seconds);
    check_phases(&phases, *state);
}

/* Waiting is what the others make a fast rank do: it does not count. */
static void test_the_slowest_is_busy_longest(void **state)
{
    (void)state;
    sample_phases(5);
    bars[1].seconds[TML_PHASE_WAITING] = 100.0;
    bars[3].seconds[TML_PHASE_INPUT] = 20.0;
    assert_int_equal(tml_phase_slowest(5, bars), 3);
}

static void test_nothing_is_refused(void **state)
{
    const tml_scaling_plot scaling = {.x_label = "Ranks", .speed_up_label = "Speed-up"};
    const tml_phases_plot phases = {.ranks = 0};
    tml_error error = {0};

    assert_int_equal(tml_plot_scaling(&scaling, *state, "figure", &error), TML_BAD_DATA);
    assert_int_equal(tml_plot_phases(&phases, *state, "figure", &error), TML_BAD_DATA);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        PLOT_TEST(test_three_formats),
        PLOT_TEST(test_the_same_bytes),
        PLOT_TEST(test_one_point),
        PLOT_TEST(test_a_thousand_ranks),
        PLOT_TEST(test_missing_communication),
        PLOT_TEST(test_several_numbers_of_threads),
        PLOT_TEST(test_missing_and_absurd_numbers),
        PLOT_TEST(test_no_time_at_all),
        PLOT_TEST(test_the_slowest_is_busy_longest),
        PLOT_TEST(test_nothing_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
