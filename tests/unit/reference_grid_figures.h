#ifndef TML_TESTS_REFERENCE_GRID_FIGURES_H
#define TML_TESTS_REFERENCE_GRID_FIGURES_H

/** @file reference_grid_figures.h
 * Reference figures of an explored grid, of made-up data. Included by reference_figures.h. */

#include <math.h>

#include "plots/coverage_map.h"
#include "plots/filtered_spectra.h"
#include "plots/flux_boxplots.h"
#include "plots/outliers.h"
#include "plots/parameter_distribution.h"
#include "plots/pca_components.h"
#include "plots/pca_scatter.h"
#include "plots/pca_scree.h"
#include "plots/wavelength_correlation.h"

#include "reference_data.h"

enum {
    REFERENCE_WAVELENGTHS = 104,
    REFERENCE_SPECTRA = 12,
    REFERENCE_BARS = 10,
    REFERENCE_SCORES = 1500, /* times four panels: a mean colour for each place */
    REFERENCE_NODES = 5,
    REFERENCE_COMPONENTS = 12
};

/* A spectrum of two bands that become deeper with `depth`. */
static inline double reference_flux(double x, double depth)
{
    double one = (x - 0.3) / 0.08, other = (x - 0.65) / 0.05;

    return (1.5 - x) / (1.0 + depth / (1.0 + one * one) + 0.5 * depth / (1.0 + other * other));
}

static inline double reference_wave(double x, double turns)
{
    double t = x * turns - (double)(long)(x * turns); /* a wave of two parabolas */

    return t < 0.5 ? 16.0 * t * (0.5 - t) : -16.0 * (t - 0.5) * (1.0 - t);
}

static inline void reference_wavelengths(double um[REFERENCE_WAVELENGTHS])
{
    for (size_t w = 0; w < REFERENCE_WAVELENGTHS; ++w)
        um[w] = 0.9 + 1.6 * (double)w / REFERENCE_WAVELENGTHS;
}

/* Values of an axis with unequal steps, and bins. */
static inline tml_status reference_distribution(const char *folder, const char *name, tml_error *error)
{
    double value[REFERENCE_BARS], edge[REFERENCE_BARS + 1], number[REFERENCE_BARS];
    const tml_parameter_distribution_plot plot = {
        .panels = 2,
        .panel = {{reference_labels[0], REFERENCE_BARS, value, value, number},
                  {reference_labels[2], REFERENCE_BARS, edge, edge + 1, number}}};

    for (size_t i = 0; i < REFERENCE_BARS; ++i) {
        value[i] = 500.0 + 50.0 * (double)i + (i > 5 ? 50.0 * (double)(i - 5) : 0.0);
        number[i] = 70.0 + (double)(int)(60.0 * reference_noise(i));
    }
    for (size_t i = 0; i <= REFERENCE_BARS; ++i)
        edge[i] = 0.5 + 0.15 * (double)i;
    return tml_plot_parameter_distribution(&plot, folder, name, error);
}

static inline tml_status reference_coverage(const char *folder, const char *name, tml_error *error)
{
    tml_coverage_cell cell[3 * REFERENCE_NODES * REFERENCE_NODES];
    tml_coverage_map_plot plot = {.axes = 3,
                                  .label = {reference_labels[0], reference_labels[1], reference_labels[2]},
                                  .cells = sizeof cell / sizeof cell[0],
                                  .cell = cell};
    static const double low[3] = {500.0, 3.5, 0.25}, step[3] = {300.0, 0.5, 0.5};

    for (size_t i = 0; i < plot.cells; ++i) {
        size_t pair = i / (REFERENCE_NODES * REFERENCE_NODES), x = pair == 2 ? 1 : 0, y = pair == 0 ? 1 : 2;

        cell[i] = (tml_coverage_cell){x, y, low[x] + step[x] * (double)(i % REFERENCE_NODES),
                                      low[y] + step[y] * (double)(i / REFERENCE_NODES % REFERENCE_NODES),
                                      (double)(i % 11 == 7 ? 0 : 5 + i * 31 % 17)};
    }
    return tml_plot_coverage_map(&plot, folder, name, error);
}

static inline tml_status reference_boxplots(const char *folder, const char *name, tml_error *error)
{
    double um[REFERENCE_WAVELENGTHS], edge[TML_BOX_EDGES][REFERENCE_WAVELENGTHS];
    tml_flux_boxplots_plot plot = {.label = "Flux Fν [erg s⁻¹ cm⁻² Hz⁻¹]",
                                   .is_log10 = true,
                                   .wavelengths = REFERENCE_WAVELENGTHS,
                                   .wavelength_um = um};

    reference_wavelengths(um);
    for (size_t e = 0; e < TML_BOX_EDGES; ++e) {
        for (size_t w = 0; w < REFERENCE_WAVELENGTHS; ++w)
            edge[e][w] = -8.0 + reference_flux((double)w / REFERENCE_WAVELENGTHS, 1.0) + 0.25 * (double)e;
        plot.edge[e] = edge[e];
    }
    return tml_plot_flux_boxplots(&plot, folder, name, error);
}

/* The third and the fourth spectrum are the same. */
static inline tml_status reference_filtered(const char *folder, const char *name, tml_error *error)
{
    double um[REFERENCE_WAVELENGTHS], flux[REFERENCE_SPECTRA][REFERENCE_WAVELENGTHS];
    double value[REFERENCE_SPECTRA];
    const double *curve[REFERENCE_SPECTRA];
    const tml_filtered_spectra_plot plot = {.title = "Teff at log g 5, C/O 0.5, [M/H] 0",
                                            .value_label = reference_labels[0],
                                            .flux_label = "Flux Fν [erg s⁻¹ cm⁻² Hz⁻¹]",
                                            .wavelengths = REFERENCE_WAVELENGTHS,
                                            .wavelength_um = um,
                                            .count = REFERENCE_SPECTRA,
                                            .value = value,
                                            .flux = curve};

    reference_wavelengths(um);
    for (size_t i = 0; i < REFERENCE_SPECTRA; ++i) {
        size_t like = i == 3 ? 2 : i;

        for (size_t w = 0; w < REFERENCE_WAVELENGTHS; ++w)
            flux[i][w] = 1e-7 * (double)((like + 1) * (like + 1)) *
                         reference_flux((double)w / REFERENCE_WAVELENGTHS, 30.0 / ((double)like + 2.0));
        value[i] = 500.0 + 125.0 * (double)i;
        curve[i] = flux[i];
    }
    return tml_plot_filtered_spectra(&plot, folder, name, error);
}

static inline tml_status reference_correlations(const char *folder, const char *name, tml_error *error)
{
    static const char *const symbols[REFERENCE_PARAMETERS] = {"Teff", "log g", "C/O", "[M/H]"};
    double um[REFERENCE_WAVELENGTHS], r[2 * REFERENCE_PARAMETERS][REFERENCE_WAVELENGTHS];
    tml_wavelength_correlation_plot plot = {
        .wavelengths = REFERENCE_WAVELENGTHS, .wavelength_um = um, .panels = REFERENCE_PARAMETERS};

    reference_wavelengths(um);
    for (size_t p = 0; p < REFERENCE_PARAMETERS; ++p) {
        for (size_t w = 0; w < REFERENCE_WAVELENGTHS; ++w) {
            double wave = reference_wave((double)w / REFERENCE_WAVELENGTHS, 1.0 + (double)p);

            r[2 * p][w] = p == 0 ? 0.9 : wave / ((double)p + 1.0);
            r[2 * p + 1][w] = 0.8 * r[2 * p][w] + (p == 0 ? 0.15 : 0.0);
        }
        plot.panel[p] = (tml_correlation_panel){symbols[p], r[2 * p], r[2 * p + 1]};
    }
    return tml_plot_wavelength_correlation(&plot, folder, name, error);
}

static inline tml_status reference_scree(const char *folder, const char *name, tml_error *error)
{
    double share[REFERENCE_COMPONENTS], cumulative[REFERENCE_COMPONENTS], left = 1.0;
    const tml_pca_scree_plot plot = {
        .components = REFERENCE_COMPONENTS, .share = share, .cumulative = cumulative};

    for (size_t c = 0; c < REFERENCE_COMPONENTS; ++c) {
        share[c] = 0.5 * left;
        left -= share[c];
        cumulative[c] = 1.0 - left;
    }
    return tml_plot_pca_scree(&plot, folder, name, error);
}

static inline tml_status reference_components(const char *folder, const char *name, tml_error *error)
{
    double um[REFERENCE_WAVELENGTHS], weight[3][REFERENCE_WAVELENGTHS];
    tml_pca_components_plot plot = {.wavelengths = REFERENCE_WAVELENGTHS, .wavelength_um = um, .panels = 3};

    reference_wavelengths(um);
    for (size_t p = 0; p < 3; ++p) {
        for (size_t w = 0; w < REFERENCE_WAVELENGTHS; ++w)
            weight[p][w] = 0.2 * reference_wave((double)w / REFERENCE_WAVELENGTHS, 1.5 + (double)p);
        plot.panel[p] = (tml_component_panel){0.6 / (double)(p + 1), weight[p]};
    }
    return tml_plot_pca_components(&plot, folder, name, error);
}

static inline tml_status reference_scatter(const char *folder, const char *name, tml_error *error)
{
    double x[REFERENCE_SCORES], y[REFERENCE_SCORES], value[REFERENCE_PARAMETERS][REFERENCE_SCORES];
    tml_pca_scatter_plot plot = {.x_label = "Score 1 (60 %)",
                                 .y_label = "Score 2 (20 %)",
                                 .count = REFERENCE_SCORES,
                                 .stride = 1,
                                 .x = x,
                                 .y = y,
                                 .panels = REFERENCE_PARAMETERS};

    for (size_t i = 0; i < REFERENCE_SCORES; ++i) {
        x[i] = 5.0 * reference_noise(2 * i);
        y[i] = 2.0 * reference_noise(2 * i + 1) + 0.3 * x[i];
        for (size_t p = 0; p < REFERENCE_PARAMETERS; ++p)
            value[p][i] = reference_value[p] + reference_sd[p] * (p % 2 == 0 ? x[i] : y[i] * y[i]);
    }
    for (size_t p = 0; p < REFERENCE_PARAMETERS; ++p)
        plot.panel[p] = (tml_scatter_panel){reference_labels[p], value[p]};
    return tml_plot_pca_scatter(&plot, folder, name, error);
}

static inline tml_status reference_outliers(const char *folder, const char *name, tml_error *error)
{
    double score[REFERENCE_SCORES];
    const tml_outliers_plot plot = {.score_label = "Outlier score",
                                    .count = REFERENCE_SCORES,
                                    .stride = 1,
                                    .score = score,
                                    .named = 2,
                                    .name = {"row 7: Teff = 200 K, log g = 3", "row 4711: Teff = 2400 K"}};

    for (size_t i = 0; i < REFERENCE_SCORES; ++i)
        score[i] = 1.0 + 5.0 / (1.0 + 0.2 * (double)i);
    return tml_plot_outliers(&plot, folder, name, error);
}

#endif
