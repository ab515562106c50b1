#ifndef TML_TESTS_REFERENCE_FIGURES_H
#define TML_TESTS_REFERENCE_FIGURES_H

/** @file reference_figures.h
 * The figures whose pictures are kept as digests in tests/golden/figures, and the made-up data that they
 * show. One more figure is one more entry in the list at the end; tests/tools/review_figures.sh then shows
 * and accepts it. Data are made by sums, products and divisions alone, which are the same everywhere. */

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "plots/answer_comparison.h"
#include "plots/corner.h"
#include "plots/draw_histograms.h"
#include "plots/loss_history.h"
#include "plots/model_comparison.h"
#include "plots/observation.h"
#include "plots/regression_report.h"

#include "reference_data.h"
#include "reference_fit_figures.h"
#include "reference_grid_figures.h"

enum {
    REFERENCE_PIXELS = 120,
    REFERENCE_DRAWS = 600,
    REFERENCE_EPOCHS = 60,
    REFERENCE_ROWS = 4000, /* enough for a density */
    REFERENCE_FEW = 300
};

/* A spectrum with two bands, in arrays that live as long as the figure is drawn. */
typedef struct reference_spectrum {
    double um[REFERENCE_PIXELS], model[REFERENCE_PIXELS], flux[REFERENCE_PIXELS], error[REFERENCE_PIXELS];
    uint8_t state[REFERENCE_PIXELS];
} reference_spectrum;

static inline void reference_spectrum_fill(reference_spectrum *spectrum)
{
    for (size_t i = 0; i < REFERENCE_PIXELS; ++i) {
        double x = (double)i / REFERENCE_PIXELS;
        double one = (x - 0.3) / 0.08, other = (x - 0.65) / 0.05;

        spectrum->um[i] = 0.9 + 1.6 * x;
        spectrum->model[i] = 1e-15 * (1.2 - 0.5 * x - 0.9 / (1.0 + one * one) - 0.4 / (1.0 + other * other));
        spectrum->error[i] = 3e-17 * (i % 40 == 39 ? 4.0 : 1.0);
        spectrum->flux[i] = spectrum->model[i] + 2.0 * spectrum->error[i] * reference_noise(i);
        spectrum->state[i] = (uint8_t)(i > 110 ? 3 : i % 37 == 20 ? 1 : spectrum->flux[i] < 0.0 ? 2 : 0);
        if (spectrum->state[i] == 1)
            spectrum->flux[i] = NAN;
    }
}

static inline tml_status reference_observation(const char *folder, const char *name, tml_error *error)
{
    static const char *const states[] = {"used", "missing", "negative", "outside"};
    reference_spectrum spectrum;
    const tml_observation_plot plot = {.title = "Made-up object",
                                       .flux_label = "Flux [erg s⁻¹ cm⁻² Å⁻¹]",
                                       .count = REFERENCE_PIXELS,
                                       .wavelength_um = spectrum.um,
                                       .flux = spectrum.flux,
                                       .error = spectrum.error,
                                       .state = spectrum.state,
                                       .states = 4,
                                       .state_name = states};

    reference_spectrum_fill(&spectrum);
    return tml_plot_observation(&plot, folder, name, error);
}

static inline tml_status reference_comparison(const char *folder, const char *name, tml_error *error)
{
    reference_spectrum spectrum;
    const tml_model_comparison_plot plot = {
        .title = "Made-up object: chi-square 130.1, 114 degrees of freedom",
        .model_label = "Teff 785 K, log g 5.05, C/O 0.85, [M/H] −0.12",
        .flux_label = "Flux [erg s⁻¹ cm⁻² Å⁻¹]",
        .count = REFERENCE_PIXELS,
        .wavelength_um = spectrum.um,
        .observed = spectrum.flux,
        .error = spectrum.error,
        .model = spectrum.model};

    reference_spectrum_fill(&spectrum);
    return tml_plot_model_comparison(&plot, folder, name, error);
}

/* Draws of four parameters, of which the first two hang together. @param draw  [REFERENCE_DRAWS][PARAMETERS]
 */
static inline tml_draw_histograms_plot reference_draws(double *draw)
{
    tml_draw_histograms_plot plot = {
        .title = "Made-up object", .draws = REFERENCE_DRAWS, .panels = REFERENCE_PARAMETERS};

    for (size_t i = 0; i < REFERENCE_DRAWS; ++i)
        for (size_t p = 0; p < REFERENCE_PARAMETERS; ++p)
            draw[i * REFERENCE_PARAMETERS + p] = reference_value[p] +
                                                 2.0 * reference_sd[p] *
                                                     (p == 1 ? 0.6 * reference_noise(4 * i) +
                                                                   0.8 * reference_noise(4 * i + 1)
                                                             : reference_noise(4 * i + p));
    for (size_t p = 0; p < REFERENCE_PARAMETERS; ++p)
        plot.panel[p] = (tml_draw_panel){
            .label = reference_labels[p],
            .stride = REFERENCE_PARAMETERS,
            .draw = draw + p,
            .value = reference_value[p],
            .p16 = reference_value[p] - reference_sd[p],
            .p84 = reference_value[p] + reference_sd[p],
            .grid_low = p == 3 ? -0.2 : (double)NAN,
            .grid_high = NAN,
            .references = 2,
            .reference_name = {"Somebody 2017", "Others 2023"},
            .reference = {reference_value[p] + reference_sd[p], p == 0 ? 760.0 : (double)NAN},
            .reference_sd = {0.5 * reference_sd[p], NAN}};
    return plot;
}

static inline tml_status reference_histograms(const char *folder, const char *name, tml_error *error)
{
    double draw[REFERENCE_DRAWS * REFERENCE_PARAMETERS];
    const tml_draw_histograms_plot plot = reference_draws(draw);

    return tml_plot_draw_histograms(&plot, folder, name, error);
}

static inline tml_status reference_corner(const char *folder, const char *name, tml_error *error)
{
    double draw[REFERENCE_DRAWS * REFERENCE_PARAMETERS];
    const tml_draw_histograms_plot plot = reference_draws(draw);

    return tml_plot_corner(&plot, folder, name, error);
}

/* Errors that grow with the value; the fewer ones lie on the density of the many. */
static inline tml_status reference_regression(const char *folder, const char *name, tml_error *error)
{
    double truth[REFERENCE_ROWS], predicted[REFERENCE_ROWS];
    const tml_regression_plot plot = {
        .symbol = "Teff",
        .unit = "K",
        .series_count = 2,
        .series = {{"train", REFERENCE_ROWS - REFERENCE_FEW, truth, predicted, 0.9951, 31.4},
                   {"test", REFERENCE_FEW, truth + REFERENCE_ROWS - REFERENCE_FEW,
                    predicted + REFERENCE_ROWS - REFERENCE_FEW, 0.9938, 35.2}}};

    for (size_t i = 0; i < REFERENCE_ROWS; ++i) {
        truth[i] = 500.0 + 1500.0 * (double)(i * 613 % REFERENCE_ROWS) / REFERENCE_ROWS;
        predicted[i] = truth[i] * (1.0 + 0.06 * reference_noise(i));
    }
    return tml_plot_regression_report(&plot, folder, name, error);
}

static inline tml_status reference_loss(const char *folder, const char *name, tml_error *error)
{
    double epoch[REFERENCE_EPOCHS], loss[6][REFERENCE_EPOCHS];
    const tml_loss_curve targets[2] = {{"teff", loss[2], loss[3]}, {"logg", loss[4], loss[5]}};
    const tml_loss_history history = {.loss_name = "Huber loss",
                                      .epochs = REFERENCE_EPOCHS,
                                      .epoch = epoch,
                                      .total = {NULL, loss[0], loss[1]},
                                      .targets = 2,
                                      .target = targets,
                                      .has_best = true,
                                      .best_epoch = 48.0};

    (void)name; /* it is always called so */
    for (size_t e = 0; e < REFERENCE_EPOCHS; ++e) {
        epoch[e] = (double)e + 1.0;
        for (size_t c = 0; c < 6; ++c)
            loss[c][e] = (1.0 + 0.1 * reference_noise(6 * e + c)) * (1.0 + (double)(c % 2) * 0.2) /
                         (double)(1 + c / 2) / ((double)e + 2.0);
    }
    return tml_plot_loss_history(&history, folder, error);
}

static inline tml_status reference_answers(const char *folder, const char *name, tml_error *error)
{
    static const char *const labels[] = {"small", "large", "a run with a rather long name", "Somebody 2017"};
    tml_answer_row rows[4];
    tml_answer_comparison_plot plot = {
        .title = "Made-up object", .panels = REFERENCE_PARAMETERS, .rows = 4, .row = rows};

    for (size_t r = 0; r < 4; ++r) {
        rows[r] = (tml_answer_row){.label = labels[r], .is_reference = r == 3};
        for (size_t p = 0; p < REFERENCE_PARAMETERS; ++p) {
            rows[r].value[p] = r == 3 && p == 2
                                   ? (double)NAN
                                   : reference_value[p] + reference_sd[p] * reference_noise(17 * r + p);
            rows[r].sd[p] = r == 3 && p == 1 ? (double)NAN : reference_sd[p] * (double)(4 - r) / 3.0;
        }
    }
    for (size_t p = 0; p < REFERENCE_PARAMETERS; ++p)
        plot.label[p] = reference_labels[p];
    return tml_plot_answer_comparison(&plot, folder, name, error);
}

/** The list. Names are those of the files. */
typedef struct reference_figure {
    const char *name;
    tml_status (*draw)(const char *folder, const char *name, tml_error *error);
} reference_figure;

static const reference_figure reference_figures[] = {
    {"loss_history", reference_loss},
    {"regression", reference_regression},
    {"observation", reference_observation},
    {"model", reference_comparison},
    {"draws", reference_histograms},
    {"corner", reference_corner},
    {"chi2", reference_chi2},
    {"calibration", reference_calibration},
    {"misfit", reference_misfit},
    {"scaling", reference_scaling},
    {"phases", reference_phases},
    {"answer_comparison", reference_answers},
    {"explore_parameters", reference_distribution},
    {"explore_coverage", reference_coverage},
    {"explore_fluxes", reference_boxplots},
    {"explore_spectra", reference_filtered},
    {"explore_correlations", reference_correlations},
    {"explore_pca_scree", reference_scree},
    {"explore_pca_components", reference_components},
    {"explore_pca_scatter", reference_scatter},
    {"explore_outliers", reference_outliers},
};

enum { REFERENCE_FIGURES = sizeof reference_figures / sizeof reference_figures[0] };

#endif
