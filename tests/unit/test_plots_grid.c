/** @file test_plots_grid.c
 * The figures of an explored grid arrive complete in three formats and are the same in every run; what goes
 * wrong is a status that leaves old files as they were; what is said about the data is true. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "plots/colour_bar.h"
#include "plots/panels.h"
#include "plots_example.h"

#include "grid_plots_example.h"

static void test_three_files_of_their_kind(void **state)
{
    for (int f = 0; f < GRID_FIGURES; ++f) {
        tml_error error = {0};

        expect_drawn(grid_draw((grid_figure)f, *state, &error), &error, *state);
    }
}

static void test_same_bytes_in_every_run(void **state)
{
    for (int figure = 0; figure < GRID_FIGURES; ++figure) {
        char *first[FORMATS];
        size_t count[FORMATS];

        for (int run = 0; run < 2; ++run) {
            tml_error error = {0};

            expect_drawn(grid_draw((grid_figure)figure, *state, &error), &error, *state);
            for (int f = 0; f < FORMATS && run == 0; ++f)
                first[f] = read_figure(*state, f, &count[f]);
        }
        for (int f = 0; f < FORMATS; ++f) {
            size_t again;
            char *second = read_figure(*state, f, &again);

            assert_int_equal(count[f], again);
            assert_memory_equal(first[f], second, again);
            free(first[f]);
            free(second);
        }
    }
}

static void test_folder_that_cannot_be_written(void **state)
{
    (void)state;
    for (int f = 0; f < GRID_FIGURES; ++f) {
        tml_error error = {0};

        assert_int_equal(grid_draw((grid_figure)f, "no/such/folder", &error), TML_CANNOT_CREATE);
        assert_non_null(strstr(error.message, "no/such/folder/figure.pdf"));
    }
}

static void expect_refused(tml_status status, const tml_error *error)
{
    assert_int_equal(status, TML_BAD_DATA);
    assert_true(error->message[0] != '\0');
}

static void test_nothing_to_draw_is_refused(void **state)
{
    tml_filtered_spectra_plot filtered = grid_filtered();
    tml_parameter_distribution_plot distribution = grid_distribution();
    tml_flux_boxplots_plot boxes = grid_boxes(0);
    tml_wavelength_correlation_plot correlation = grid_correlation(TML_CORRELATION_PANELS + 1, 10);
    tml_pca_scree_plot scree = grid_scree();
    tml_pca_components_plot components = grid_components(0, 10);
    tml_pca_scatter_plot scatter = grid_scatter(1, 0);
    tml_coverage_map_plot coverage = grid_coverage();
    tml_outliers_plot outliers = grid_outliers(0);
    tml_error error = {0};

    filtered.count = 0;
    distribution.panels = TML_DISTRIBUTION_PANELS + 1;
    scree.components = 0;
    coverage.axes = 1;
    expect_refused(tml_plot_filtered_spectra(&filtered, *state, "figure", &error), &error);
    expect_refused(tml_plot_parameter_distribution(&distribution, *state, "figure", &error), &error);
    expect_refused(tml_plot_flux_boxplots(&boxes, *state, "figure", &error), &error);
    expect_refused(tml_plot_wavelength_correlation(&correlation, *state, "figure", &error), &error);
    expect_refused(tml_plot_pca_scree(&scree, *state, "figure", &error), &error);
    expect_refused(tml_plot_pca_components(&components, *state, "figure", &error), &error);
    expect_refused(tml_plot_pca_scatter(&scatter, *state, "figure", &error), &error);
    expect_refused(tml_plot_coverage_map(&coverage, *state, "figure", &error), &error);
    expect_refused(tml_plot_outliers(&outliers, *state, "figure", &error), &error);
    coverage.axes = 2; /* and there are cells of the third */
    expect_refused(tml_plot_coverage_map(&coverage, *state, "figure", &error), &error);
    for (int f = 0; f < FORMATS; ++f)
        assert_int_not_equal(access(figure_path(*state, f), F_OK), 0);
}

/* ---- what is said ---- */

static size_t count_in_figure(const char *folder, const char *what)
{
    size_t bytes, count = 0;
    char *svg = read_figure(folder, 1, &bytes);

    for (const char *at = svg; (at = strstr(at, what)) != NULL; ++at)
        ++count;
    free(svg);
    return count;
}

/* A spectrum that repeats another one adds the bracket, and nothing of its own can be seen. */
static void test_identical_spectra_are_bracketed(void **state)
{
    tml_filtered_spectra_plot plot = grid_filtered();
    tml_error error = {0};
    size_t before;

    expect_drawn(tml_plot_filtered_spectra(&plot, *state, "figure", &error), &error, *state);
    before = count_in_figure(*state, "<path");
    grid_curve[3] = grid_flux[2];
    expect_drawn(tml_plot_filtered_spectra(&plot, *state, "figure", &error), &error, *state);
    assert_true(count_in_figure(*state, "<path") > before + 2); /* its back and two arms */
}

static void test_colours_mean_values_and_not_ranks(void **state)
{
    const double value[] = {200.0, 210.0, 220.0, 2200.0, NAN};
    const tml_colour_bar bar = tml_colour_bar_start(5, value, 1, "Teff [K]");

    (void)state;
    assert_false(bar.is_log);
    assert_true(fabs(tml_colour_bar_place(&bar, 1200.0) - 0.5) < 1e-12);
    assert_int_equal(tml_colour_bar_colour(&bar, 200.0), tml_theme_mapped(0.0));
    assert_int_equal(tml_colour_bar_colour(&bar, 1200.0), tml_theme_mapped(0.5));
    assert_int_equal(tml_colour_bar_colour(&bar, 2200.0), tml_theme_mapped(1.0));
    assert_int_equal(tml_colour_bar_colour(&bar, NAN), TML_COLOUR_FAINT);
    assert_int_not_equal(tml_theme_mapped(0.49), tml_theme_mapped(0.5));
}

static void test_bar_of_many_decades_is_logarithmic(void **state)
{
    const double value[] = {1e2, 1e8};
    const tml_colour_bar bar = tml_colour_bar_start(2, value, 1, "Kzz"),
                         none = tml_colour_bar_start(0, NULL, 1, "Kzz");

    (void)state;
    assert_true(bar.is_log);
    assert_true(fabs(tml_colour_bar_place(&bar, 1e5) - 0.5) < 1e-12);
    assert_true(none.low < none.high);
}

static void test_a_gap_of_the_grid_has_no_cell(void **state)
{
    tml_coverage_map_plot plot = grid_coverage();
    tml_error error = {0};
    size_t before;

    expect_drawn(tml_plot_coverage_map(&plot, *state, "figure", &error), &error, *state);
    before = count_in_figure(*state, "<path");
    grid_cell[10].number = 0.0;
    expect_drawn(tml_plot_coverage_map(&plot, *state, "figure", &error), &error, *state);
    assert_int_equal(count_in_figure(*state, "<path"), before - 1);
}

static void test_panels_do_not_overlap(void **state)
{
    const tml_panels panels = {
        .columns = 2, .width_pt = 252.0, .frame_pt = 60.0, .above_pt = 10.0, .has_one_x = true};
    const tml_axes sample = {.x = {.high = 1.0, .label = "x"}, .y = {.high = 1.0, .label = "y"}};
    tml_axes axes[5] = {sample, sample, sample, sample, sample};
    double top = tml_panels_place(&panels, 5, axes);

    (void)state;
    assert_true(axes[0].frame.left >= axes[0].margin_pt);
    assert_true(axes[1].frame.left - axes[1].margin_pt >= axes[0].frame.right);
    assert_true(axes[1].frame.right <= panels.width_pt);
    assert_true(axes[0].frame.bottom >= axes[2].frame.top + panels.above_pt);
    assert_true(fabs(top - panels.above_pt - axes[0].frame.top) < 1e-9);
    assert_true(axes[0].x.is_bare && !axes[3].x.is_bare && !axes[4].x.is_bare); /* nothing below the fourth */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        GRID_TEST(test_three_files_of_their_kind),
        GRID_TEST(test_same_bytes_in_every_run),
        GRID_TEST(test_folder_that_cannot_be_written),
        GRID_TEST(test_nothing_to_draw_is_refused),
        GRID_TEST(test_identical_spectra_are_bracketed),
        cmocka_unit_test(test_colours_mean_values_and_not_ranks),
        cmocka_unit_test(test_bar_of_many_decades_is_logarithmic),
        GRID_TEST(test_a_gap_of_the_grid_has_no_cell),
        cmocka_unit_test(test_panels_do_not_overlap),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
