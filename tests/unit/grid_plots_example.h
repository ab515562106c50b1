#ifndef TML_TESTS_GRID_PLOTS_EXAMPLE_H
#define TML_TESTS_GRID_PLOTS_EXAMPLE_H

/** @file grid_plots_example.h
 * Data for the figures of an explored grid. Include it after plots_example.h, whose folder and checks it
 * uses.
 */

#include "plots/coverage_map.h"
#include "plots/filtered_spectra.h"
#include "plots/flux_boxplots.h"
#include "plots/outliers.h"
#include "plots/parameter_distribution.h"
#include "plots/pca_components.h"
#include "plots/pca_scatter.h"
#include "plots/pca_scree.h"
#include "plots/wavelength_correlation.h"

enum {
    GRID_WAVELENGTHS = 104,
    GRID_SPECTRA = 12,
    GRID_BARS = 8,
    GRID_ROWS = 300,
    GRID_CELLS = 60,
    GRID_COMPONENTS = 10,
    GRID_MOST = 30000
};

typedef enum grid_figure {
    GRID_FILTERED,
    GRID_DISTRIBUTION,
    GRID_BOXES,
    GRID_CORRELATION,
    GRID_SCREE,
    GRID_COMPONENT,
    GRID_SCATTER,
    GRID_COVERAGE,
    GRID_OUTLIERS,
    GRID_FIGURES
} grid_figure;

static double grid_um[GRID_MOST], grid_flux[GRID_SPECTRA][GRID_WAVELENGTHS], grid_value[GRID_MOST];
static double grid_edge[TML_BOX_EDGES][GRID_MOST], grid_signed[GRID_MOST], grid_falling[GRID_MOST];
static double grid_share[GRID_COMPONENTS], grid_cumulative[GRID_COMPONENTS];
static const double *grid_curve[GRID_MOST];
static tml_coverage_cell grid_cell[GRID_CELLS];

static inline void grid_fill_small(void)
{
    double sum = 0.0;

    for (size_t i = 0; i < GRID_SPECTRA; ++i) {
        for (size_t w = 0; w < GRID_WAVELENGTHS; ++w)
            grid_flux[i][w] = pow(10.0, -8.0 + 0.2 * (double)i + sin(0.1 * (double)w));
        grid_curve[i] = grid_flux[i];
    }
    for (size_t c = 0; c < GRID_COMPONENTS; ++c) {
        grid_share[c] = pow(0.5, (double)c + 1.0);
        grid_cumulative[c] = sum += grid_share[c];
    }
    for (size_t i = 0; i < GRID_CELLS; ++i)
        grid_cell[i] = (tml_coverage_cell){i % 3 == 2 ? 1 : 0, i % 3 == 0 ? 1 : 2, (double)(i / 3 % 4),
                                           (double)(i / 12), (double)(i % 7)};
}

/* Same values in every run and on every machine. */
static inline void grid_fill(void)
{
    for (size_t i = 0; i < GRID_MOST; ++i) {
        grid_um[i] = 0.9 + 1.6 * (double)i / GRID_WAVELENGTHS;
        grid_value[i] = 500.0 + 100.0 * (double)(i % 20);
        grid_signed[i] = sin(0.07 * (double)i);
        grid_falling[i] = 5.0 / (1.0 + 0.1 * (double)i);
        for (size_t e = 0; e < TML_BOX_EDGES; ++e)
            grid_edge[e][i] = -9.0 + 0.3 * (double)e + 0.2 * sin(0.1 * (double)i);
    }
    grid_fill_small();
}

static inline tml_filtered_spectra_plot grid_filtered(void)
{
    return (tml_filtered_spectra_plot){.title = "Teff at log g = 5",
                                       .value_label = "Teff [K]",
                                       .flux_label = "Flux [erg s⁻¹ cm⁻² Hz⁻¹]",
                                       .wavelengths = GRID_WAVELENGTHS,
                                       .wavelength_um = grid_um,
                                       .count = GRID_SPECTRA,
                                       .value = grid_value,
                                       .flux = grid_curve};
}

static inline tml_parameter_distribution_plot grid_distribution(void)
{
    return (tml_parameter_distribution_plot){
        .panels = 2,
        .panel = {{"Teff [K]", GRID_BARS, grid_value, grid_value, grid_value},
                  {"C/O", GRID_BARS, grid_um, grid_um + 1, grid_value}}};
}

static inline tml_flux_boxplots_plot grid_boxes(size_t wavelengths)
{
    tml_flux_boxplots_plot plot = {.label = "Flux [erg s⁻¹ cm⁻² Hz⁻¹]",
                                   .is_log10 = true,
                                   .wavelengths = wavelengths,
                                   .wavelength_um = grid_um};

    for (size_t e = 0; e < TML_BOX_EDGES; ++e)
        plot.edge[e] = grid_edge[e];
    return plot;
}

static inline tml_wavelength_correlation_plot grid_correlation(size_t panels, size_t wavelengths)
{
    tml_wavelength_correlation_plot plot = {
        .wavelengths = wavelengths, .wavelength_um = grid_um, .panels = panels};

    for (size_t p = 0; p < panels && p < TML_CORRELATION_PANELS; ++p)
        plot.panel[p] = (tml_correlation_panel){"[M/H]", grid_signed + p, grid_signed + 5 * p};
    return plot;
}

static inline tml_pca_scree_plot grid_scree(void)
{
    return (tml_pca_scree_plot){
        .components = GRID_COMPONENTS, .share = grid_share, .cumulative = grid_cumulative};
}

static inline tml_pca_components_plot grid_components(size_t panels, size_t wavelengths)
{
    tml_pca_components_plot plot = {.wavelengths = wavelengths, .wavelength_um = grid_um, .panels = panels};

    for (size_t p = 0; p < panels && p < TML_COMPONENT_PANELS; ++p)
        plot.panel[p] = (tml_component_panel){p == 0 ? 0.57 : (double)NAN, grid_signed + 9 * p};
    return plot;
}

static inline tml_pca_scatter_plot grid_scatter(size_t panels, size_t count)
{
    tml_pca_scatter_plot plot = {.x_label = "Score 1",
                                 .y_label = "Score 2",
                                 .count = count,
                                 .stride = 1,
                                 .x = grid_signed,
                                 .y = grid_falling,
                                 .panels = panels};

    for (size_t p = 0; p < panels && p < TML_SCATTER_PANELS; ++p)
        plot.panel[p] = (tml_scatter_panel){"log g [dex (cgs)]", p % 2 == 0 ? grid_value : grid_um};
    return plot;
}

static inline tml_coverage_map_plot grid_coverage(void)
{
    return (tml_coverage_map_plot){
        .axes = 3, .label = {"Teff [K]", "log g", "C/O"}, .cells = GRID_CELLS, .cell = grid_cell};
}

static inline tml_outliers_plot grid_outliers(size_t count)
{
    return (tml_outliers_plot){.score_label = "Outlier score",
                               .count = count,
                               .stride = 1,
                               .score = grid_falling,
                               .named = 2,
                               .name = {"row 7: Teff = 200 K", "row 4711: Teff = 2400 K"}};
}

static inline tml_status grid_draw(grid_figure figure, const char *folder, tml_error *error)
{
    const tml_filtered_spectra_plot filtered = grid_filtered();
    const tml_parameter_distribution_plot distribution = grid_distribution();
    const tml_flux_boxplots_plot boxes = grid_boxes(GRID_WAVELENGTHS);
    const tml_wavelength_correlation_plot correlation = grid_correlation(4, GRID_WAVELENGTHS);
    const tml_pca_scree_plot scree = grid_scree();
    const tml_pca_components_plot components = grid_components(4, GRID_WAVELENGTHS);
    const tml_pca_scatter_plot scatter = grid_scatter(4, GRID_ROWS);
    const tml_coverage_map_plot coverage = grid_coverage();
    const tml_outliers_plot outliers = grid_outliers(GRID_ROWS);

    switch (figure) {
    case GRID_FILTERED:
        return tml_plot_filtered_spectra(&filtered, folder, "figure", error);
    case GRID_DISTRIBUTION:
        return tml_plot_parameter_distribution(&distribution, folder, "figure", error);
    case GRID_BOXES:
        return tml_plot_flux_boxplots(&boxes, folder, "figure", error);
    case GRID_CORRELATION:
        return tml_plot_wavelength_correlation(&correlation, folder, "figure", error);
    case GRID_SCREE:
        return tml_plot_pca_scree(&scree, folder, "figure", error);
    case GRID_COMPONENT:
        return tml_plot_pca_components(&components, folder, "figure", error);
    case GRID_SCATTER:
        return tml_plot_pca_scatter(&scatter, folder, "figure", error);
    case GRID_COVERAGE:
        return tml_plot_coverage_map(&coverage, folder, "figure", error);
    default:
        return tml_plot_outliers(&outliers, folder, "figure", error);
    }
}

static inline int grid_make_folder(void **state)
{
    grid_fill();
    return make_folder(state);
}

static inline void check_filtered(const tml_filtered_spectra_plot *plot, const char *folder)
{
    tml_error error = {0};

    expect_drawn(tml_plot_filtered_spectra(plot, folder, "figure", &error), &error, folder);
}

static inline void check_distribution(const tml_parameter_distribution_plot *plot, const char *folder)
{
    tml_error error = {0};

    expect_drawn(tml_plot_parameter_distribution(plot, folder, "figure", &error), &error, folder);
}

static inline void check_boxes(const tml_flux_boxplots_plot *plot, const char *folder)
{
    tml_error error = {0};

    expect_drawn(tml_plot_flux_boxplots(plot, folder, "figure", &error), &error, folder);
}

static inline void check_correlation(const tml_wavelength_correlation_plot *plot, const char *folder)
{
    tml_error error = {0};

    expect_drawn(tml_plot_wavelength_correlation(plot, folder, "figure", &error), &error, folder);
}

static inline void check_scree(const tml_pca_scree_plot *plot, const char *folder)
{
    tml_error error = {0};

    expect_drawn(tml_plot_pca_scree(plot, folder, "figure", &error), &error, folder);
}

static inline void check_components(const tml_pca_components_plot *plot, const char *folder)
{
    tml_error error = {0};

    expect_drawn(tml_plot_pca_components(plot, folder, "figure", &error), &error, folder);
}

static inline void check_scatter(const tml_pca_scatter_plot *plot, const char *folder)
{
    tml_error error = {0};

    expect_drawn(tml_plot_pca_scatter(plot, folder, "figure", &error), &error, folder);
}

static inline void check_coverage(const tml_coverage_map_plot *plot, const char *folder)
{
    tml_error error = {0};

    expect_drawn(tml_plot_coverage_map(plot, folder, "figure", &error), &error, folder);
}

static inline void check_outliers(const tml_outliers_plot *plot, const char *folder)
{
    tml_error error = {0};

    expect_drawn(tml_plot_outliers(plot, folder, "figure", &error), &error, folder);
}

#define GRID_TEST(function) cmocka_unit_test_setup_teardown(function, grid_make_folder, remove_folder)

#endif
