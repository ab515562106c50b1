/** @file test_plots_grid_edges.c
 * The figures of an explored grid are drawn whatever the grid is: one row, one wavelength, one value, numbers
 * that are missing or absurd. tml-test: TIMEOUT 600 */
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

#include "grid_plots_example.h"

static void test_one_row_and_one_wavelength(void **state)
{
    tml_filtered_spectra_plot filtered = grid_filtered();
    tml_parameter_distribution_plot distribution = {
        .panels = 1, .panel = {{"C/O", 1, grid_value, grid_value, grid_value}}};
    const tml_flux_boxplots_plot boxes = grid_boxes(1);
    const tml_wavelength_correlation_plot correlation = grid_correlation(1, 1);
    tml_pca_scree_plot scree = grid_scree();
    const tml_pca_components_plot components = grid_components(1, 1);
    const tml_pca_scatter_plot scatter = grid_scatter(1, 1);
    tml_coverage_map_plot coverage = grid_coverage();
    const tml_outliers_plot outliers = grid_outliers(1);

    filtered.count = filtered.wavelengths = 1;
    scree.components = 1;
    coverage.cells = 1;
    check_filtered(&filtered, *state);
    check_distribution(&distribution, *state);
    distribution.panel[0].count = 0;
    check_distribution(&distribution, *state);
    check_boxes(&boxes, *state);
    check_correlation(&correlation, *state);
    check_scree(&scree, *state);
    check_components(&components, *state);
    check_scatter(&scatter, *state);
    check_coverage(&coverage, *state);
    coverage.cells = 0;
    check_coverage(&coverage, *state);
    check_outliers(&outliers, *state);
}

/* All the same, as for a parameter that is constant, and spectra that do not vary. */
static void test_equal_values(void **state)
{
    tml_pca_scree_plot scree = grid_scree();

    for (size_t i = 0; i < GRID_MOST; ++i) {
        grid_value[i] = 1.0;
        grid_signed[i] = 0.0;
        grid_falling[i] = 0.0;
        for (size_t e = 0; e < TML_BOX_EDGES; ++e)
            grid_edge[e][i] = -7.0;
    }
    for (size_t i = 0; i < GRID_SPECTRA; ++i)
        grid_curve[i] = grid_flux[0];
    for (size_t i = 0; i < GRID_CELLS; ++i)
        grid_cell[i].number = 3.0;
    for (int f = 0; f < GRID_FIGURES; ++f) {
        tml_error error = {0};

        expect_drawn(grid_draw((grid_figure)f, *state, &error), &error, *state);
    }
    for (size_t c = 0; c < GRID_COMPONENTS; ++c) {
        grid_share[c] = 0.0;
        grid_cumulative[c] = 1.0;
    }
    check_scree(&scree, *state);
}

static void spoil(double absurd)
{
    for (size_t i = 0; i < GRID_MOST; i += 3) {
        grid_value[i] = absurd;
        grid_signed[i] = absurd;
        grid_falling[i] = absurd;
        for (size_t e = 0; e < TML_BOX_EDGES; ++e)
            grid_edge[e][i] = absurd;
    }
    for (size_t i = 0; i < GRID_SPECTRA; ++i)
        grid_flux[i][i] = absurd;
    for (size_t c = 0; c < GRID_COMPONENTS; c += 2)
        grid_share[c] = absurd;
    for (size_t i = 0; i < GRID_CELLS; i += 4)
        grid_cell[i].number = absurd;
    for (size_t i = 1; i < GRID_CELLS; i += 4)
        grid_cell[i].x = absurd;
}

static void test_missing_and_absurd_numbers(void **state)
{
    static const double absurd[] = {NAN, -INFINITY, 1e308, -1.0};

    for (size_t a = 0; a < sizeof absurd / sizeof absurd[0]; ++a) {
        grid_fill();
        spoil(absurd[a]);
        for (int f = 0; f < GRID_FIGURES; ++f) {
            tml_error error = {0};

            expect_drawn(grid_draw((grid_figure)f, *state, &error), &error, *state);
        }
    }
}

static void test_no_number_at_all(void **state)
{
    for (size_t i = 0; i < GRID_MOST; ++i) {
        grid_value[i] = grid_signed[i] = grid_falling[i] = NAN;
        for (size_t e = 0; e < TML_BOX_EDGES; ++e)
            grid_edge[e][i] = NAN;
    }
    for (size_t i = 0; i < GRID_SPECTRA; ++i)
        for (size_t w = 0; w < GRID_WAVELENGTHS; ++w)
            grid_flux[i][w] = NAN;
    for (int f = 0; f < GRID_FIGURES; ++f) {
        tml_error error = {0};

        expect_drawn(grid_draw((grid_figure)f, *state, &error), &error, *state);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        GRID_TEST(test_one_row_and_one_wavelength),
        GRID_TEST(test_equal_values),
        GRID_TEST(test_missing_and_absurd_numbers),
        GRID_TEST(test_no_number_at_all),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
