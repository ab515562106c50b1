/** @file test_plots_grid_many.c
 * The figures of an explored grid are drawn of 30,000 rows or wavelengths and of 16 parameters.
 * tml-test: TIMEOUT 600 */
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

static void test_thirty_thousand(void **state)
{
    tml_filtered_spectra_plot filtered = grid_filtered();
    tml_parameter_distribution_plot distribution = {
        .panels = 1, .panel = {{"C/O", GRID_MOST, grid_um, grid_um, grid_value}}};
    const tml_flux_boxplots_plot boxes = grid_boxes(GRID_MOST);
    const tml_wavelength_correlation_plot correlation = grid_correlation(1, GRID_MOST);
    const tml_pca_components_plot components = grid_components(2, GRID_MOST - 100);
    const tml_pca_scatter_plot scatter = grid_scatter(2, GRID_MOST);
    const tml_outliers_plot outliers = grid_outliers(GRID_MOST);

    for (size_t i = 0; i < GRID_MOST; ++i)
        grid_curve[i] = grid_flux[i % GRID_SPECTRA];
    filtered.count = GRID_MOST;
    check_filtered(&filtered, *state);
    for (size_t i = 0; i < GRID_SPECTRA; ++i)
        grid_curve[i] = grid_value;
    filtered.count = GRID_SPECTRA;
    filtered.wavelengths = GRID_MOST;
    check_filtered(&filtered, *state);
    check_distribution(&distribution, *state);
    check_boxes(&boxes, *state);
    check_correlation(&correlation, *state);
    check_components(&components, *state);
    check_scatter(&scatter, *state);
    check_outliers(&outliers, *state);
}

static void test_sixteen_parameters(void **state)
{
    static tml_coverage_cell cell[TML_COVERAGE_AXES * TML_COVERAGE_AXES];
    const tml_wavelength_correlation_plot correlation = grid_correlation(16, GRID_WAVELENGTHS);
    const tml_pca_scatter_plot points = grid_scatter(16, 900), cells = grid_scatter(16, 5000);
    tml_parameter_distribution_plot distribution = {.panels = 16};
    tml_coverage_map_plot coverage = {.axes = TML_COVERAGE_AXES, .cell = cell};

    for (size_t p = 0; p < 16; ++p)
        distribution.panel[p] = grid_distribution().panel[p % 2];
    for (size_t x = 0; x < TML_COVERAGE_AXES; ++x) {
        coverage.label[x] = "a long name of a parameter [unit]";
        for (size_t y = 0; y < TML_COVERAGE_AXES; ++y)
            if (x != y)
                cell[coverage.cells++] = (tml_coverage_cell){x, y, (double)(x + y), 1e5 * (double)y, 40.0};
    }
    check_distribution(&distribution, *state);
    check_correlation(&correlation, *state);
    check_scatter(&points, *state);
    check_scatter(&cells, *state);
    check_coverage(&coverage, *state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        GRID_TEST(test_thirty_thousand),
        GRID_TEST(test_sixteen_parameters),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
