#ifndef TML_TESTS_PLOTS_EXAMPLE_H
#define TML_TESTS_PLOTS_EXAMPLE_H

/** @file plots_example.h
 * Data for the figures of observations, fits, draws and scores, and the check that three complete files
 * arrived. Include it after cmocka.h. */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "io/atomic_file.h"
#include "plots/draw_histograms.h"
#include "plots/model_comparison.h"
#include "plots/observation.h"
#include "plots/regression_report.h"

enum { PIXELS = 60, MANY = 100000, DRAWS = 500, PARAMETERS = 3, STATES = 4, FORMATS = 3 };

typedef enum figure_kind { OBSERVATION, COMPARISON, HISTOGRAMS, REGRESSION, FIGURES } figure_kind;

static const char *const extensions[FORMATS] = {"pdf", "svg", "png"};
static const char *const state_names[STATES] = {"used", "missing", "negative", "outside"};
static double wavelength[MANY], flux[MANY], error_of[MANY], model[MANY], draws[DRAWS * PARAMETERS];
static uint8_t state_of[MANY];

/* Same values in every run and on every machine; the figures need no good random numbers. */
static inline double noise(size_t i)
{
    return (double)(i * 7919 % 1009) / 504.5 - 1.0;
}

static inline void fill_samples(void)
{
    for (size_t i = 0; i < MANY; ++i) {
        wavelength[i] = 0.9 + 1.6 * (double)i / (i < PIXELS ? PIXELS : MANY);
        if (i >= PIXELS)
            wavelength[i] += 1.6;
        model[i] = 1e-15 * (1.1 + sin(0.2 * (double)i));
        error_of[i] = 1e-16;
        flux[i] = model[i] + error_of[i] * noise(i);
        state_of[i] = 0;
    }
    for (size_t i = 0; i < DRAWS * PARAMETERS; ++i)
        draws[i] = (double)(i % PARAMETERS) + 0.1 * noise(i);
}

static inline tml_observation_plot sample_observation(void)
{
    return (tml_observation_plot){.title = "GJ 570D",
                                  .flux_label = "Flux Fν [erg s⁻¹ cm⁻² Hz⁻¹]",
                                  .count = PIXELS,
                                  .wavelength_um = wavelength,
                                  .flux = flux,
                                  .error = error_of,
                                  .state = state_of,
                                  .states = STATES,
                                  .state_name = state_names};
}

static inline tml_model_comparison_plot sample_comparison(void)
{
    return (tml_model_comparison_plot){.title = "GJ 570D",
                                       .model_label = "Teff = 800 K",
                                       .flux_label = "Flux Fν [erg s⁻¹ cm⁻² Hz⁻¹]",
                                       .count = PIXELS,
                                       .wavelength_um = wavelength,
                                       .observed = flux,
                                       .error = error_of,
                                       .model = model};
}

static inline tml_draw_histograms_plot sample_draws(void)
{
    tml_draw_histograms_plot plot = {.title = "GJ 570D", .draws = DRAWS, .panels = PARAMETERS};

    for (size_t p = 0; p < PARAMETERS; ++p) {
        double middle = (double)p;

        plot.panel[p] = (tml_draw_panel){.label = "C/O",
                                         .stride = PARAMETERS,
                                         .draw = draws + p,
                                         .value = middle,
                                         .p16 = middle - 0.06,
                                         .p84 = middle + 0.06,
                                         .grid_low = middle - 0.09,
                                         .grid_high = NAN,
                                         .references = 2,
                                         .reference_name = {"Line et al. 2015", "Sanghi et al. 2023"},
                                         .reference = {middle + 0.1, NAN},
                                         .reference_sd = {0.05, NAN}};
    }
    return plot;
}

/* The observed flux scored against the model's: any numbers do. */
static inline tml_regression_plot sample_regression(void)
{
    return (tml_regression_plot){.title = "Test",
                                 .symbol = "Teff",
                                 .unit = "K",
                                 .series_count = 2,
                                 .series = {{"train", PIXELS - 20, model, flux, 0.98, 1e-17},
                                            {"test", 20, model + PIXELS - 20, flux + PIXELS - 20, NAN, NAN}}};
}

static inline tml_status draw_figure(figure_kind figure, const char *folder, tml_error *error)
{
    const tml_observation_plot observation = sample_observation();
    const tml_model_comparison_plot comparison = sample_comparison();
    const tml_draw_histograms_plot histograms = sample_draws();
    const tml_regression_plot regression = sample_regression();

    switch (figure) {
    case OBSERVATION:
        return tml_plot_observation(&observation, folder, "figure", error);
    case COMPARISON:
        return tml_plot_model_comparison(&comparison, folder, "figure", error);
    case HISTOGRAMS:
        return tml_plot_draw_histograms(&histograms, folder, "figure", error);
    default:
        return tml_plot_regression_report(&regression, folder, "figure", error);
    }
}

static inline int make_folder(void **state)
{
    static char folder[] = "plots-XXXXXX";

    memcpy(folder, "plots-XXXXXX", sizeof folder);
    *state = mkdtemp(folder);
    unsetenv("DISPLAY");
    fill_samples();
    return *state == NULL;
}

static inline const char *figure_path(const char *folder, int format)
{
    static char path[256];

    snprintf(path, sizeof path, "%s/figure.%s", folder, extensions[format]);
    return path;
}

/* That the folder can be removed says that nothing else was left in it. */
static inline int remove_folder(void **state)
{
    for (int f = 0; f < FORMATS; ++f)
        remove(figure_path(*state, f));
    return rmdir(*state);
}

static inline char *read_figure(const char *folder, int format, size_t *count)
{
    char *bytes = NULL;
    tml_error error = {0};

    if (tml_file_read_text(figure_path(folder, format), 1 << 25, &bytes, count, &error) != TML_OK)
        fail_msg("%s", error.message);
    return bytes;
}

/* Complete files of their kind, in which no number failed. */
static inline void check_files(const char *folder)
{
    static const struct {
        const char *start, *ending;
    } kinds[FORMATS] = {
        {"%PDF-1.", "%%EOF\n"}, {"<?xml", "</svg>\n"}, {"\x89PNG\r\n\x1a\n", "IEND\xae\x42\x60\x82"}};

    for (int f = 0; f < FORMATS; ++f) {
        size_t count, ending = strlen(kinds[f].ending);
        char *bytes = read_figure(folder, f, &count);

        assert_true(count > 5000);
        assert_memory_equal(bytes, kinds[f].start, strlen(kinds[f].start));
        assert_memory_equal(bytes + count - ending, kinds[f].ending, ending);
        if (f == 1) {
            assert_null(strstr(bytes, "nan"));
            assert_null(strstr(bytes, "inf"));
        }
        free(bytes);
    }
}

static inline void expect_drawn(tml_status status, const tml_error *error, const char *folder)
{
    if (status != TML_OK)
        fail_msg("%s", error->message);
    check_files(folder);
}

static inline void check_all(const char *folder)
{
    for (int f = 0; f < FIGURES; ++f) {
        tml_error error = {0};

        expect_drawn(draw_figure((figure_kind)f, folder, &error), &error, folder);
    }
}

#define PLOT_TEST(function) cmocka_unit_test_setup_teardown(function, make_folder, remove_folder)

#endif
