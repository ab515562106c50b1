/** @file test_plots_answers.c
 * The figures of answers and tables (corner, maps of chi2, bands, calibration, misfit) arrive complete in
 * three formats, are the same in every run, and are drawn whatever the data are. tml-test: TIMEOUT 600 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "plots/calibration_report.h"
#include "plots/chi_square_map.h"
#include "plots/corner.h"
#include "plots/misfit_report.h"
#include "plots_example.h"

enum { ROWS = 300, NODES = 5, OBJECTS = 400, BINS = 10, LEVELS = 21 };

static double chi2[ROWS], parameter[ROWS * TML_CHI_SQUARE_PARAMETERS], radius[ROWS];
static double misfit[2][OBJECTS], off[OBJECTS], bin[BINS], level[4][LEVELS];

static int fill_answers(void **state)
{
    for (size_t i = 0; i < ROWS; ++i) {
        chi2[i] = 90.0 + 0.02 * (double)(i * i);
        radius[i] = 0.8 + 0.3 * noise(i);
        for (size_t p = 0; p < TML_CHI_SQUARE_PARAMETERS; ++p)
            parameter[i * TML_CHI_SQUARE_PARAMETERS + p] = 1000.0 +
                                                           100.0 * (double)((i * (p + 3) / 7) % NODES);
    }
    for (size_t i = 0; i < OBJECTS; ++i) {
        misfit[0][i] = exp(0.3 + 0.5 * noise(i));
        misfit[1][i] = exp(0.4 * noise(i + 3));
        off[i] = fabs(50.0 * noise(i + 11));
    }
    for (size_t b = 0; b < BINS; ++b)
        bin[b] = 40.0 + 10.0 * noise(b);
    for (size_t l = 0; l < LEVELS; ++l) {
        level[0][l] = (double)l / (LEVELS - 1);
        level[1][l] = 0.9 * level[0][l];
        level[2][l] = fmax(0.0, level[0][l] - 0.05);
        level[3][l] = fmin(1.0, level[0][l] + 0.05);
    }
    return make_folder(state);
}

#define ANSWER_TEST(function) cmocka_unit_test_setup_teardown(function, fill_answers, remove_folder)

static tml_chi_square_map_plot sample_map(void)
{
    tml_chi_square_map_plot plot = {.title = "GJ 570D",
                                    .rows = ROWS,
                                    .chi2 = chi2,
                                    .parameters = 4,
                                    .parameter = parameter,
                                    .dof = 95.0,
                                    .radius = radius,
                                    .answer_radius = 0.9,
                                    .answer_chi2 = 120.0,
                                    .given_radius = 0.85,
                                    .given_radius_sd = 0.05};

    for (size_t p = 0; p < TML_CHI_SQUARE_PARAMETERS; ++p) {
        plot.label[p] = "Teff [K]";
        plot.answer[p] = 1130.0;
    }
    return plot;
}

static tml_misfit_plot sample_misfit(void)
{
    return (tml_misfit_plot){.title = "Table",
                             .count = OBJECTS,
                             .grid = misfit[0],
                             .answer = misfit[1],
                             .noise_low = 0.86,
                             .noise_high = 1.14,
                             .panels = 2,
                             .panel = {{"|ΔTeff| [K]", off}, {"|Δlog g|", off}}};
}

static tml_calibration_plot sample_calibration(void)
{
    return (tml_calibration_plot){.title = "Teff",
                                  .objects = OBJECTS,
                                  .bins = BINS,
                                  .bin = bin,
                                  .expected = 40.0,
                                  .low = 29.0,
                                  .high = 52.0,
                                  .levels = LEVELS,
                                  .nominal = level[0],
                                  .observed = level[1],
                                  .chance_low = level[2],
                                  .chance_high = level[3],
                                  .p = 0.03};
}

enum { CORNER, MAP, MISFIT, CALIBRATION, BANDS, ANSWERS };

static tml_status draw_answer(int kind, const char *folder, tml_error *error)
{
    const tml_draw_histograms_plot corner = sample_draws();
    const tml_chi_square_map_plot map = sample_map();
    const tml_misfit_plot misfits = sample_misfit();
    const tml_calibration_plot calibration = sample_calibration();
    tml_model_comparison_plot comparison = sample_comparison();

    comparison.band[0] = comparison.band[1] = flux;
    comparison.band[2] = comparison.band[3] = model;
    switch (kind) {
    case CORNER:
        return tml_plot_corner(&corner, folder, "figure", error);
    case MAP:
        return tml_plot_chi_square_map(&map, folder, "figure", error);
    case MISFIT:
        return tml_plot_misfit_report(&misfits, folder, "figure", error);
    case CALIBRATION:
        return tml_plot_calibration_report(&calibration, folder, "figure", error);
    default:
        return tml_plot_model_comparison(&comparison, folder, "figure", error);
    }
}

static void check_answers(const char *folder)
{
    for (int kind = 0; kind < ANSWERS; ++kind) {
        tml_error error = {0};

        expect_drawn(draw_answer(kind, folder, &error), &error, folder);
    }
}

static void check_map(const tml_chi_square_map_plot *plot, const char *folder)
{
    tml_error error = {0};

    expect_drawn(tml_plot_chi_square_map(plot, folder, "figure", &error), &error, folder);
}

static void check_misfit(const tml_misfit_plot *plot, const char *folder)
{
    tml_error error = {0};

    expect_drawn(tml_plot_misfit_report(plot, folder, "figure", &error), &error, folder);
}

/* ---- every figure ---- */

static void test_three_files_that_are_the_same_in_every_run(void **state)
{
    for (int kind = 0; kind < ANSWERS; ++kind) {
        char *first[FORMATS], *second;
        size_t first_count[FORMATS], second_count;

        for (int run = 0; run < 2; ++run) {
            tml_error error = {0};

            expect_drawn(draw_answer(kind, *state, &error), &error, *state);
            for (int f = 0; f < FORMATS && run == 0; ++f)
                first[f] = read_figure(*state, f, &first_count[f]);
        }
        for (int f = 0; f < FORMATS; ++f) {
            second = read_figure(*state, f, &second_count);
            assert_int_equal(first_count[f], second_count);
            assert_memory_equal(first[f], second, second_count);
            free(first[f]);
            free(second);
        }
    }
}

static void test_folder_that_cannot_be_written(void **state)
{
    (void)state;
    for (int kind = 0; kind < ANSWERS; ++kind) {
        tml_error error = {0};

        assert_int_equal(draw_answer(kind, "no/such/folder", &error), TML_CANNOT_CREATE);
        assert_non_null(strstr(error.message, "no/such/folder/figure.pdf"));
    }
}

static void test_bad_data(void **state)
{
    tml_draw_histograms_plot corner = sample_draws();
    tml_chi_square_map_plot map = sample_map();
    tml_misfit_plot misfits = sample_misfit();
    tml_calibration_plot calibration = sample_calibration();
    tml_error error = {0};

    corner.panels = 0;
    assert_int_equal(tml_plot_corner(&corner, *state, "figure", &error), TML_BAD_DATA);
    map.rows = 0;
    assert_int_equal(tml_plot_chi_square_map(&map, *state, "figure", &error), TML_BAD_DATA);
    map.rows = 1; /* no parameter has two values */
    assert_int_equal(tml_plot_chi_square_map(&map, *state, "figure", &error), TML_BAD_DATA);
    assert_non_null(strstr(error.message, "same parameters"));
    misfits.panels = TML_MISFIT_PANELS + 1;
    assert_int_equal(tml_plot_misfit_report(&misfits, *state, "figure", &error), TML_BAD_DATA);
    calibration.levels = 1;
    assert_int_equal(tml_plot_calibration_report(&calibration, *state, "figure", &error), TML_BAD_DATA);
}

static void test_nothing_but_nan(void **state)
{
    for (size_t i = 0; i < DRAWS * PARAMETERS; ++i)
        draws[i] = i % 2 == 0 ? (double)NAN : (double)INFINITY;
    for (size_t i = 0; i < OBJECTS; ++i)
        misfit[0][i] = misfit[1][i] = off[i] = NAN;
    for (size_t i = 0; i < ROWS; ++i)
        radius[i] = NAN;
    for (size_t i = 0; i < PIXELS; ++i)
        flux[i] = model[i] = error_of[i] = NAN;
    for (size_t l = 0; l < LEVELS; ++l)
        level[1][l] = NAN;
    check_answers(*state);
}

/* ---- maps of chi2 ---- */

static void test_map_of_any_number_of_parameters(void **state)
{
    static const size_t counts[] = {1, 2, 3, 5, TML_CHI_SQUARE_PARAMETERS};
    tml_chi_square_map_plot plot = sample_map();

    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; ++i) {
        plot.parameters = counts[i];
        check_map(&plot, *state);
    }
}

static void test_map_without_radius_dof_or_answer(void **state)
{
    tml_chi_square_map_plot plot = sample_map();

    plot.radius = NULL;
    check_map(&plot, *state);
    plot.dof = NAN;
    for (size_t p = 0; p < plot.parameters; ++p)
        plot.answer[p] = p == 0 ? (double)NAN : 1e9;
    plot.answer_chi2 = plot.answer_radius = plot.given_radius = plot.given_radius_sd = NAN;
    plot.radius = radius;
    check_map(&plot, *state);
}

static void test_map_of_unusual_fits(void **state)
{
    tml_chi_square_map_plot plot = sample_map();

    plot.rows = 2; /* a parameter of one value has no axis */
    parameter[0] = 900.0;
    check_map(&plot, *state);
    plot.rows = ROWS;
    for (size_t i = 0; i < ROWS; ++i)
        parameter[i * plot.parameters] = 500.0 + 7.0 * (double)i; /* too many values for nodes */
    check_map(&plot, *state);
    for (size_t i = 0; i < ROWS; ++i) {
        chi2[i] = 0.0;
        radius[i] = -1.0;
    }
    check_map(&plot, *state);
    for (size_t i = 0; i < ROWS; ++i)
        chi2[i] = 1e300;
    check_map(&plot, *state);
}

/* ---- misfit and calibration ---- */

static void test_misfit_of_one_object_and_of_many(void **state)
{
    tml_misfit_plot plot = sample_misfit();
    double *many = malloc(MANY * sizeof *many);
    size_t count;

    plot.count = 1;
    check_misfit(&plot, *state);
    plot.panels = 0;
    plot.noise_low = plot.noise_high = NAN;
    check_misfit(&plot, *state);
    plot = sample_misfit();
    assert_non_null(many);
    for (size_t i = 0; i < MANY; ++i)
        many[i] = i % 100 == 0 ? 0.0 : exp(noise(i) + noise(i / 1009));
    plot.count = MANY;
    plot.grid = plot.answer = plot.panel[0].error = plot.panel[1].error = many;
    check_misfit(&plot, *state);
    free(read_figure(*state, 1, &count));
    assert_true(count < 3000000); /* cells, no points */
    free(many);
}

static void test_misfit_of_equal_and_of_far_values(void **state)
{
    tml_misfit_plot plot = sample_misfit();

    for (size_t i = 0; i < OBJECTS; ++i)
        misfit[0][i] = misfit[1][i] = off[i] = 2.0;
    check_misfit(&plot, *state);
    misfit[0][3] = 1e200;
    misfit[0][4] = 1e-200;
    off[5] = 0.0;
    off[6] = 1e250;
    check_misfit(&plot, *state);
}

static void test_calibration_of_one_label(void **state)
{
    tml_calibration_plot plot = sample_calibration();
    tml_error error = {0};

    plot.objects = 1;
    for (size_t b = 0; b < BINS; ++b)
        bin[b] = b == 3 ? 1.0 : 0.0;
    plot.low = 0.0;
    plot.high = 1.0;
    plot.expected = 0.1;
    plot.p = NAN;
    expect_drawn(tml_plot_calibration_report(&plot, *state, "figure", &error), &error, *state);
    plot.p = 1e-30;
    expect_drawn(tml_plot_calibration_report(&plot, *state, "figure", &error), &error, *state);
}

/* ---- bands ---- */

/* They are seen, also in parts and in crowds. */
static void test_bands(void **state)
{
    tml_model_comparison_plot plot = sample_comparison();
    char *before, *after;
    size_t count;
    tml_error error = {0};

    expect_drawn(tml_plot_model_comparison(&plot, *state, "figure", &error), &error, *state);
    before = read_figure(*state, 1, &count);
    plot.band[0] = plot.band[1] = flux;
    plot.band[2] = plot.band[3] = model;
    for (size_t i = 0; i < MANY; i += 13)
        flux[i] = NAN;
    expect_drawn(tml_plot_model_comparison(&plot, *state, "figure", &error), &error, *state);
    after = read_figure(*state, 1, &count);
    assert_string_not_equal(before, after);
    plot.count = MANY;
    expect_drawn(tml_plot_model_comparison(&plot, *state, "figure", &error), &error, *state);
    free(before);
    free(after);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ANSWER_TEST(test_three_files_that_are_the_same_in_every_run),
        ANSWER_TEST(test_folder_that_cannot_be_written),
        ANSWER_TEST(test_bad_data),
        ANSWER_TEST(test_nothing_but_nan),
        ANSWER_TEST(test_map_of_any_number_of_parameters),
        ANSWER_TEST(test_map_without_radius_dof_or_answer),
        ANSWER_TEST(test_map_of_unusual_fits),
        ANSWER_TEST(test_misfit_of_one_object_and_of_many),
        ANSWER_TEST(test_misfit_of_equal_and_of_far_values),
        ANSWER_TEST(test_calibration_of_one_label),
        ANSWER_TEST(test_bands),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
