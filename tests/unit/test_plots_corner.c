/** @file test_plots_corner.c
 * The corner plot of draws is drawn whatever these are: few, very many, equal, not finite, of one parameter
 * or of sixteen; an area keeps its hole. tml-test: TIMEOUT 600 */
#include "plots/corner.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "plots_example.h"

static void check_corner(const tml_draw_histograms_plot *plot, const char *folder)
{
    tml_error error = {0};

    expect_drawn(tml_plot_corner(plot, folder, "figure", &error), &error, folder);
}

static void test_corner_of_few_draws_and_of_equal_ones(void **state)
{
    tml_draw_histograms_plot plot = sample_draws();

    for (size_t count = 0; count < 4; ++count) {
        plot.draws = count;
        check_corner(&plot, *state);
    }
    plot.draws = DRAWS;
    for (size_t i = 0; i < DRAWS; ++i)
        draws[i * PARAMETERS + 1] = 1.5;
    check_corner(&plot, *state);
    for (size_t i = 0; i < DRAWS * PARAMETERS; ++i)
        draws[i] = 0.0;
    check_corner(&plot, *state);
}

static void test_corner_of_one_parameter_and_of_sixteen(void **state)
{
    static double many[DRAWS * TML_DRAW_PANELS];
    tml_draw_histograms_plot plot = sample_draws();

    for (size_t count = 1; count <= PARAMETERS; ++count) {
        plot.panels = count;
        check_corner(&plot, *state);
    }
    plot.panels = TML_DRAW_PANELS;
    for (size_t i = 0; i < DRAWS * TML_DRAW_PANELS; ++i)
        many[i] = (double)(i % 5) + noise(i * i);
    for (size_t p = 0; p < TML_DRAW_PANELS; ++p) {
        plot.panel[p] = plot.panel[0];
        plot.panel[p].stride = TML_DRAW_PANELS;
        plot.panel[p].draw = many + p;
    }
    check_corner(&plot, *state);
}

/* Magnitudes, and draws of which some are not finite. */
static void test_corner_of_unusual_draws(void **state)
{
    static const double scales[] = {1e-30, 1e30, 1e-305, 1e305};
    tml_draw_histograms_plot plot = sample_draws();

    for (size_t s = 0; s < sizeof scales / sizeof scales[0]; ++s) {
        fill_samples();
        for (size_t i = 0; i < DRAWS * PARAMETERS; ++i)
            draws[i] = i % 17 == 0 ? (double)NAN : draws[i] * scales[s];
        check_corner(&plot, *state);
    }
}

static size_t corners_of(const char *path)
{
    const char *end = strchr(path, '>'), *none = strstr(path, "fill:none");
    size_t corners = 0;

    for (const char *at = path; at < end && (none == NULL || none > end); ++at)
        corners += at[0] == ' ' && at[1] == 'L';
    return corners;
}

/* Corners of the filled shape that has most of them. */
static size_t most_corners(const char *folder)
{
    size_t count, most = 0;
    char *svg = read_figure(folder, 1, &count);
    const char *path = svg;

    while ((path = strstr(path, "<path ")) != NULL) {
        size_t corners = corners_of(path);

        most = corners > most ? corners : most;
        ++path;
    }
    free(svg);
    return most;
}

/* The area of a ring is filled around its hole: its shape has the corners of both lines. */
static void test_corner_of_a_ring_and_of_a_disc(void **state)
{
    tml_draw_histograms_plot plot = sample_draws();
    size_t corners[2];

    plot.panels = 2;
    for (int is_disc = 0; is_disc < 2; ++is_disc) {
        for (size_t i = 0; i < DRAWS; ++i) {
            double size = is_disc ? sqrt((double)(i * 7 % 499) / 499.0) : 1.0;

            draws[i * PARAMETERS] = size * cos(2.39996 * (double)i);
            draws[i * PARAMETERS + 1] = size * sin(2.39996 * (double)i);
        }
        check_corner(&plot, *state);
        corners[is_disc] = most_corners(*state);
    }
    assert_true(corners[1] > 40);
    assert_true(corners[0] > corners[1] + 40);
}

static void test_corner_of_a_million_draws(void **state)
{
    enum { MILLION = 1000000 };
    tml_draw_histograms_plot plot = sample_draws();
    double *many = malloc(2 * MILLION * sizeof *many);
    size_t count;

    assert_non_null(many);
    for (size_t i = 0; i < 2 * MILLION; ++i)
        many[i] = noise(i) + noise(i / 1009 + 5) + 1e-3 * noise(i * 31);
    plot.draws = MILLION;
    plot.panels = 2;
    for (size_t p = 0; p < 2; ++p) {
        plot.panel[p].stride = 2;
        plot.panel[p].draw = many + p;
    }
    check_corner(&plot, *state);
    free(read_figure(*state, 1, &count));
    assert_true(count < 400000); /* no more marks than a figure of few draws has */
    free(many);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PLOT_TEST(test_corner_of_few_draws_and_of_equal_ones),
        PLOT_TEST(test_corner_of_one_parameter_and_of_sixteen),
        PLOT_TEST(test_corner_of_unusual_draws),
        PLOT_TEST(test_corner_of_a_ring_and_of_a_disc),
        PLOT_TEST(test_corner_of_a_million_draws),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
