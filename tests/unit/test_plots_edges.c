/** @file test_plots_edges.c
 * The figures of observations, fits, draws and scores are drawn whatever the data are: one value, none, equal
 * or absurd ones, very many, and titles of any bytes. tml-test: TIMEOUT 600 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "plots_example.h"

static void check_observation(const tml_observation_plot *plot, const char *folder)
{
    tml_error error = {0};

    expect_drawn(tml_plot_observation(plot, folder, "figure", &error), &error, folder);
}

static void check_comparison(const tml_model_comparison_plot *plot, const char *folder)
{
    tml_error error = {0};

    expect_drawn(tml_plot_model_comparison(plot, folder, "figure", &error), &error, folder);
}

static void check_draws(const tml_draw_histograms_plot *plot, const char *folder)
{
    tml_error error = {0};

    expect_drawn(tml_plot_draw_histograms(plot, folder, "figure", &error), &error, folder);
}

static void check_regression(const tml_regression_plot *plot, const char *folder)
{
    tml_error error = {0};

    expect_drawn(tml_plot_regression_report(plot, folder, "figure", &error), &error, folder);
}

/* Both reasons for which the picture has to differ: a marker more and a pixel less. */
static void test_a_masked_pixel_is_seen(void **state)
{
    tml_observation_plot plot = sample_observation();
    char *before, *after;
    size_t count;

    check_observation(&plot, *state);
    before = read_figure(*state, 1, &count);
    state_of[17] = 2;
    check_observation(&plot, *state);
    after = read_figure(*state, 1, &count);
    assert_string_not_equal(before, after);
    free(before);
    free(after);
}

static void test_one_pixel(void **state)
{
    tml_observation_plot observation = sample_observation();
    tml_model_comparison_plot comparison = sample_comparison();
    tml_regression_plot regression = sample_regression();

    observation.count = comparison.count = 1;
    regression.series_count = 1;
    regression.series[0].count = 1;
    check_observation(&observation, *state);
    check_comparison(&comparison, *state);
    check_regression(&regression, *state);
}

static void test_everything_masked(void **state)
{
    tml_observation_plot observation = sample_observation();
    tml_model_comparison_plot comparison = sample_comparison();

    for (size_t i = 0; i < PIXELS; ++i) {
        state_of[i] = (uint8_t)(1 + i % (STATES - 1));
        flux[i] = i % 3 == 0 ? (double)NAN : flux[i];
    }
    check_observation(&observation, *state);
    for (size_t i = 0; i < PIXELS; ++i)
        flux[i] = NAN;
    check_comparison(&comparison, *state);
}

static void test_nothing_but_nan(void **state)
{
    for (size_t i = 0; i < PIXELS; ++i)
        flux[i] = model[i] = error_of[i] = i % 2 == 0 ? (double)NAN : (double)INFINITY;
    for (size_t i = 0; i < DRAWS * PARAMETERS; ++i)
        draws[i] = NAN;
    check_all(*state);
}

static void test_equal_values(void **state)
{
    for (size_t i = 0; i < PIXELS; ++i)
        flux[i] = model[i] = 3.0;
    for (size_t i = 0; i < DRAWS * PARAMETERS; ++i)
        draws[i] = 1.5;
    check_all(*state);
    for (size_t i = 0; i < PIXELS; ++i)
        flux[i] = model[i] = 0.0;
    for (size_t i = 0; i < DRAWS * PARAMETERS; ++i)
        draws[i] = 0.0;
    check_all(*state);
}

static void test_magnitudes(void **state)
{
    static const double scales[] = {1e-30, 1e30, 1e-305, 1e305};

    for (size_t s = 0; s < sizeof scales / sizeof scales[0]; ++s) {
        fill_samples();
        for (size_t i = 0; i < PIXELS; ++i) {
            flux[i] *= 1e15 * scales[s];
            model[i] *= 1e15 * scales[s];
            error_of[i] *= 1e15 * scales[s];
        }
        for (size_t i = 0; i < DRAWS * PARAMETERS; ++i)
            draws[i] *= scales[s];
        check_all(*state);
    }
}

static void test_sixty_decades(void **state)
{
    for (size_t i = 0; i < PIXELS; ++i) {
        flux[i] = pow(10.0, (double)i - 30.0);
        model[i] = flux[i] * (1.0 + 0.1 * noise(i));
        error_of[i] = 2.0 * flux[i];
    }
    check_all(*state);
}

static void test_one_draw_and_none(void **state)
{
    tml_draw_histograms_plot plot = sample_draws();

    plot.draws = 1;
    check_draws(&plot, *state);
    plot.draws = 0;
    check_draws(&plot, *state);
}

static void test_full_set_of_panels(void **state)
{
    tml_draw_histograms_plot plot = sample_draws();
    char names[TML_DRAW_PANELS * TML_DRAW_REFERENCES][48];

    plot.panels = TML_DRAW_PANELS;
    for (size_t p = 0; p < TML_DRAW_PANELS; ++p) {
        plot.panel[p] = plot.panel[0];
        plot.panel[p].references = TML_DRAW_REFERENCES;
        for (size_t r = 0; r < TML_DRAW_REFERENCES; ++r) {
            snprintf(names[p * TML_DRAW_REFERENCES + r], sizeof names[0], "Authors %zu and others %zu", p, r);
            plot.panel[p].reference_name[r] = names[p * TML_DRAW_REFERENCES + r];
            plot.panel[p].reference[r] = plot.panel[p].value + 0.01 * (double)r;
        }
    }
    check_draws(&plot, *state);
}

static void test_hundred_thousand_points(void **state)
{
    tml_observation_plot observation = sample_observation();
    tml_model_comparison_plot comparison = sample_comparison();
    tml_regression_plot regression = sample_regression();

    for (size_t i = 0; i < MANY; i += 3)
        state_of[i] = (uint8_t)(i % STATES);
    observation.count = comparison.count = MANY;
    regression.series[0].count = MANY - 20;
    check_observation(&observation, *state);
    check_comparison(&comparison, *state);
    check_regression(&regression, *state);
}

static void test_a_million_draws(void **state)
{
    enum { MILLION = 1000000 };
    tml_draw_histograms_plot plot = sample_draws();
    double *many = malloc(MILLION * sizeof *many);

    assert_non_null(many);
    for (size_t i = 0; i < MILLION; ++i)
        many[i] = noise(i) + 0.001 * noise(i / 1009);
    plot.draws = MILLION;
    plot.panels = 1;
    plot.panel[0].stride = 1;
    plot.panel[0].draw = many;
    check_draws(&plot, *state);
    free(many);
}

/* A far outlier must not squeeze everything else: the figure differs from one without it, but not much in
 * size; here only that it is drawn. */
static void test_outliers(void **state)
{
    flux[7] = 1e20;
    flux[8] = -1e20;
    error_of[9] = 1e20;
    draws[4] = 1e20;
    check_all(*state);
}

/* Long, not ASCII, PLplot's own markup, and bytes that are no UTF-8 at all. */
static void test_titles(void **state)
{
    static const char *const titles[] = {"β Pictoris b – Ünïcödé ★ 褐色矮星", "#gm #(2256) ## %s",
                                         "\xff\xfe\xc3", "", "tab\tand\nnewline"};
    tml_observation_plot plot = sample_observation();
    char longest[3000];

    for (size_t t = 0; t < sizeof titles / sizeof titles[0]; ++t) {
        plot.title = titles[t];
        check_observation(&plot, *state);
    }
    memset(longest, 'W', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    plot.title = plot.flux_label = longest;
    check_observation(&plot, *state);
    plot.title = NULL;
    check_observation(&plot, *state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PLOT_TEST(test_a_masked_pixel_is_seen),
        PLOT_TEST(test_one_pixel),
        PLOT_TEST(test_everything_masked),
        PLOT_TEST(test_nothing_but_nan),
        PLOT_TEST(test_equal_values),
        PLOT_TEST(test_magnitudes),
        PLOT_TEST(test_sixty_decades),
        PLOT_TEST(test_one_draw_and_none),
        PLOT_TEST(test_full_set_of_panels),
        PLOT_TEST(test_hundred_thousand_points),
        PLOT_TEST(test_a_million_draws),
        PLOT_TEST(test_outliers),
        PLOT_TEST(test_titles),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
