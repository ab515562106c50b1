/** @file test_preparation_fit.c
 * The column scalings are those of scikit-learn and the same bits however the rows are shared out.
 * Golden numbers: tests/golden/regression_and_preparation.py. */
#include "spectra/preparation_fit.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { ROWS = 4, WAVELENGTHS = 5, FEATURES = 5 };

static float flux_of(int r, int c)
{
    return (float)ldexp((3 * r + 5 * c) % 7 + 1, r - 30);
}

static void fill(int r, float flux[WAVELENGTHS], double targets[1])
{
    for (int c = 0; c < WAVELENGTHS; ++c)
        flux[c] = flux_of(r, c);
    targets[0] = pow(10.0, r);
}

static tml_preparation_choice choice_of(tml_transform transform, tml_scaler spectrum,
                                        tml_column_scaler columns)
{
    tml_preparation_choice choice = {
        .wavelengths = WAVELENGTHS,
        .transform = transform,
        .softening = 0x1p-29,
        .spectrum_scaler = spectrum,
        .order = TML_ORDER_ASCENDING,
        .feature_count = FEATURES,
        .features = {TML_FEATURE_MIN, TML_FEATURE_MAX, TML_FEATURE_MEAN, TML_FEATURE_STD, TML_FEATURE_SCALE},
        .feature_scaler = columns,
        .target_count = 1,
        .target_log10 = {true},
        .target_scaler = columns,
    };

    return choice;
}

static void add_rows(const tml_preparation *preparation, tml_preparation_fit *fit, int first, int end,
                     int step)
{
    for (int r = first; r != end; r += step) {
        float flux[WAVELENGTHS];
        double targets[1];
        tml_error error = {0};

        fill(r, flux, targets);
        assert_int_equal(tml_preparation_fit_add_row(preparation, fit, flux, targets, &error), TML_OK);
    }
}

static void fit_all(tml_preparation *preparation)
{
    tml_preparation_fit fit;
    tml_error error = {0};

    assert_int_equal(tml_preparation_fit_begin(preparation, &fit, &error), TML_OK);
    add_rows(preparation, &fit, 0, ROWS, 1);
    assert_int_equal(tml_preparation_fit_end(&fit, preparation, &error), TML_OK);
    tml_preparation_fit_free(&fit);
}

static void assert_floats(const float *got, const double *want, size_t count)
{
    /* The output is float: 6e-8; numbers near zero are differences of numbers of size 1. */
    for (size_t i = 0; i < count; ++i)
        if (!(fabs((double)got[i] - want[i]) <= 1.2e-7 * fabs(want[i]) + 1e-14))
            fail_msg("entry %zu: %.9g instead of %.17g", i, (double)got[i], want[i]);
}

static void assert_row_2(tml_transform transform, tml_scaler spectrum_scaler, tml_column_scaler columns,
                         const double want[WAVELENGTHS], const double want_features[FEATURES])
{
    tml_preparation_choice choice = choice_of(transform, spectrum_scaler, columns);
    tml_preparation preparation;
    float flux[WAVELENGTHS];
    float spectrum[WAVELENGTHS];
    float features[FEATURES];
    double targets[1];
    tml_error error = {0};

    assert_int_equal(tml_preparation_create(&choice, &preparation, &error), TML_OK);
    fit_all(&preparation);
    fill(2, flux, targets);
    assert_int_equal(tml_preparation_input(&preparation, flux, spectrum, features, &error), TML_OK);
    assert_floats(spectrum, want, WAVELENGTHS);
    assert_floats(features, want_features, FEATURES);
    tml_preparation_free(&preparation);
}

static void test_columns_are_scaled_as_by_standard_scaler(void **state)
{
    static const double spectra[3][WAVELENGTHS] = {
        {1.1464293050998446, 1.6867605906952476, -0.44445663820946979, -0.67134508663735126,
         1.4671410669601219},
        {0.89041196193475436, 1.5750959939218003, -0.12539686670589295, -0.55400281886358349,
         1.3167859722592357},
        {0.93168852324199103, 1.5853368763337823, -0.14050292380744053, -0.59698339276309664,
         1.3207238539438484}};
    static const double features[3][FEATURES] = {
        {-0.10050378152592121, 0.23948708893382001, 0.44315349899271689, 0.34862942405494923,
         0.64799131065368221},
        {0.2294157338705618, 0.53156231121653941, 0.60611360612573495, 0.74108835273127838,
         0.64799131065368221},
        {0.13519305496279874, 0.52931067256707065, 0.60378901266493634, 1.1834033682324123,
         0.64799131065368221}};

    (void)state;
    for (int t = 0; t < 3; ++t)
        assert_row_2((tml_transform)t, TML_SCALER_COLUMN_STANDARD, TML_COLUMN_STANDARD, spectra[t],
                     features[t]);
}

static void test_columns_are_scaled_as_by_min_max_scaler(void **state)
{
    static const double spectra[3][WAVELENGTHS] = {{1, 1, 0.1818181818181818, 0.066666666666666666, 1},
                                                   {1, 1, 0.4421141086977407, 0.25, 1},
                                                   {1, 1, 0.43169056332843003, 0.21748104409778557, 1}};
    static const double features[3][FEATURES] = {
        {0.42857142857142855, 0.51219512195121952, 0.62962962962962976, 0.55174683691000648,
         0.79815016156559615},
        {0.66666666666666607, 0.72004411831361104, 0.79163893537650765, 0.93089972804005217,
         0.79815016156559615},
        {0.59648169776215143, 0.71763831468543993, 0.77924416430399601, 1, 0.79815016156559615}};

    (void)state;
    for (int t = 0; t < 3; ++t)
        assert_row_2((tml_transform)t, TML_SCALER_COLUMN_MINMAX, TML_COLUMN_MINMAX, spectra[t], features[t]);
}

/* Targets 1, 10, 100, 1000 are learned as 0, 1, 2, 3: mean 1.5, population variance 1.25. */
static void test_targets_are_scaled_after_their_logarithm(void **state)
{
    tml_preparation_choice choice = choice_of(TML_TRANSFORM_LINEAR, TML_SCALER_ROW_STANDARD,
                                              TML_COLUMN_STANDARD);
    tml_preparation preparation;
    tml_error error = {0};

    (void)state;
    assert_int_equal(tml_preparation_create(&choice, &preparation, &error), TML_OK);
    assert_null(preparation.spectrum);
    fit_all(&preparation);
    assert_true(preparation.targets[0].offset == 1.5);
    assert_true(preparation.targets[0].divisor == sqrt(1.25));
    tml_preparation_free(&preparation);
}

/* The label standardisation that belongs to the published grid of 39 x 11 x 6 x 12 spectra. */
static void test_published_label_standardisation(void **state)
{
    static const double c_o[] = {0.25, 0.5, 1, 1.5, 2, 2.5};
    static const double met[] = {-1, -0.7, -0.5, -0.3, 0, 0.3, 0.5, 0.7, 1, 1.3, 1.7, 2};
    static const tml_column want[] = {{4.25, 0.7906}, {1.2917, 0.7960}, {0.4167, 0.9200}, {2.8817, 0.3119}};
    tml_preparation_choice choice = {.wavelengths = 1,
                                     .spectrum_scaler = TML_SCALER_NONE,
                                     .target_count = 4,
                                     .target_log10 = {false, false, false, true}};
    const float flux[1] = {1.0F};
    tml_preparation preparation;
    tml_preparation_fit fit;
    tml_error error = {0};

    (void)state;
    assert_int_equal(tml_preparation_create(&choice, &preparation, &error), TML_OK);
    assert_int_equal(tml_preparation_fit_begin(&preparation, &fit, &error), TML_OK);
    for (int t = 0; t < 39; ++t)
        for (int g = 0; g < 11; ++g)
            for (int c = 0; c < 6; ++c)
                for (int m = 0; m < 12; ++m) {
                    double teff = t < 17   ? 200 + 25 * t
                                  : t < 25 ? 650 + 50 * (t - 17)
                                           : 1100 + 100 * (t - 25);
                    double targets[4] = {3.0 + 0.25 * g, c_o[c], met[m], teff};

                    assert_int_equal(tml_preparation_fit_add_row(&preparation, &fit, flux, targets, &error),
                                     TML_OK);
                }
    assert_int_equal(tml_preparation_fit_end(&fit, &preparation, &error), TML_OK);
    for (int i = 0; i < 4; ++i) { /* published with four decimals */
        assert_true(fabs(preparation.targets[i].offset - want[i].offset) < 5.1e-5);
        assert_true(fabs(preparation.targets[i].divisor - want[i].divisor) < 5.1e-5);
    }
    tml_preparation_fit_free(&fit);
    tml_preparation_free(&preparation);
}

/* What the reduction over ranks does. */
static void combine(tml_preparation_fit *into, const tml_preparation_fit *part)
{
    for (size_t i = 0; i < into->sum_count; ++i)
        for (size_t limb = 0; limb < TML_EXACT_SUM_LIMBS; ++limb)
            into->sums[i].limb[limb] += part->sums[i].limb[limb];
    for (size_t i = 0; i < into->columns; ++i) {
        into->minima[i] = fmin(into->minima[i], part->minima[i]);
        into->maxima[i] = fmax(into->maxima[i], part->maxima[i]);
    }
}

static void test_the_sharing_of_rows_does_not_matter(void **state)
{
    tml_preparation_choice choice = choice_of(TML_TRANSFORM_LOG10, TML_SCALER_COLUMN_STANDARD,
                                              TML_COLUMN_STANDARD);
    tml_preparation whole;
    tml_preparation shared;
    tml_preparation_fit parts[3]; /* the last one stays empty */
    tml_error error = {0};

    (void)state;
    assert_int_equal(tml_preparation_create(&choice, &whole, &error), TML_OK);
    assert_int_equal(tml_preparation_create(&choice, &shared, &error), TML_OK);
    fit_all(&whole);
    for (int p = 0; p < 3; ++p)
        assert_int_equal(tml_preparation_fit_begin(&shared, &parts[p], &error), TML_OK);
    add_rows(&shared, &parts[1], ROWS - 1, 0, -1);
    add_rows(&shared, &parts[0], 0, 1, 1);
    combine(&parts[2], &parts[1]);
    combine(&parts[2], &parts[0]);
    assert_int_equal(tml_preparation_fit_end(&parts[2], &shared, &error), TML_OK);
    assert_memory_equal(whole.spectrum, shared.spectrum, WAVELENGTHS * sizeof *whole.spectrum);
    assert_memory_equal(whole.features, shared.features, sizeof whole.features);
    assert_memory_equal(whole.targets, shared.targets, sizeof whole.targets);
    for (int p = 0; p < 3; ++p)
        tml_preparation_fit_free(&parts[p]);
    tml_preparation_free(&whole);
    tml_preparation_free(&shared);
}

static void test_columns_that_do_not_vary_are_divided_by_one(void **state)
{
    const tml_column_scaler scalers[] = {TML_COLUMN_STANDARD, TML_COLUMN_MINMAX};

    (void)state;
    for (int s = 0; s < 2; ++s) {
        tml_preparation_choice choice = {.wavelengths = 1,
                                         .spectrum_scaler = TML_SCALER_NONE,
                                         .target_count = 1,
                                         .target_scaler = scalers[s]};
        const float flux[1] = {1.0F};
        const double target[1] = {0.1};
        tml_preparation preparation;
        tml_preparation_fit fit;
        tml_error error = {0};

        assert_int_equal(tml_preparation_create(&choice, &preparation, &error), TML_OK);
        assert_int_equal(tml_preparation_fit_begin(&preparation, &fit, &error), TML_OK);
        for (int i = 0; i < 7; ++i)
            assert_int_equal(tml_preparation_fit_add_row(&preparation, &fit, flux, target, &error), TML_OK);
        assert_int_equal(tml_preparation_fit_end(&fit, &preparation, &error), TML_OK);
        assert_true(preparation.targets[0].divisor == 1.0);
        assert_true(fabs(preparation.targets[0].offset - 0.1) <
                    3e-17); /* half a unit in the last place of 0.1 x 2 */
        tml_preparation_fit_free(&fit);
        tml_preparation_free(&preparation);
    }
}

static void test_what_is_not_scaled_is_not_fitted(void **state)
{
    tml_preparation_choice choice = choice_of(TML_TRANSFORM_LINEAR, TML_SCALER_ROW_STANDARD, TML_COLUMN_NONE);
    tml_preparation preparation;
    tml_preparation_fit fit;
    tml_error error = {0};

    (void)state;
    assert_int_equal(tml_preparation_create(&choice, &preparation, &error), TML_OK);
    assert_int_equal(tml_preparation_fit_begin(&preparation, &fit, &error), TML_OK);
    assert_int_equal(fit.columns, 0);
    assert_int_equal(fit.sum_count, 1);
    add_rows(&preparation, &fit, 0, ROWS, 1);
    assert_int_equal(tml_preparation_fit_end(&fit, &preparation, &error), TML_OK);
    assert_true(preparation.targets[0].offset == 0.0 && preparation.targets[0].divisor == 1.0);
    tml_preparation_fit_free(&fit);
    tml_preparation_free(&preparation);
}

static void test_no_rows_are_an_error(void **state)
{
    tml_preparation_choice choice = choice_of(TML_TRANSFORM_LINEAR, TML_SCALER_ROW_STANDARD,
                                              TML_COLUMN_STANDARD);
    tml_preparation preparation;
    tml_preparation_fit fit;
    tml_error error = {0};

    (void)state;
    assert_int_equal(tml_preparation_create(&choice, &preparation, &error), TML_OK);
    assert_int_equal(tml_preparation_fit_begin(&preparation, &fit, &error), TML_OK);
    assert_int_equal(tml_preparation_fit_end(&fit, &preparation, &error), TML_BAD_DATA);
    assert_true(preparation.targets[0].divisor == 1.0);
    tml_preparation_fit_free(&fit);
    tml_preparation_free(&preparation);
}

static void test_a_refused_row_leaves_no_trace(void **state)
{
    tml_preparation_choice choice = choice_of(TML_TRANSFORM_LOG10, TML_SCALER_ROW_STANDARD,
                                              TML_COLUMN_STANDARD);
    const float bad[WAVELENGTHS] = {1.0F, 2.0F, 3.0F, 4.0F, -5.0F};
    const double target[1] = {3.0};
    tml_preparation preparation;
    tml_preparation_fit fit;
    tml_error error = {0};

    (void)state;
    assert_int_equal(tml_preparation_create(&choice, &preparation, &error), TML_OK);
    assert_int_equal(tml_preparation_fit_begin(&preparation, &fit, &error), TML_OK);
    assert_int_equal(tml_preparation_fit_add_row(&preparation, &fit, bad, target, &error), TML_BAD_DATA);
    assert_non_null(strstr(error.message, "pixel 4"));
    for (size_t i = 0; i < fit.sum_count; ++i)
        assert_true(tml_exact_sum_value(&fit.sums[i]) == 0.0);
    assert_true(isinf(fit.minima[0]));
    tml_preparation_fit_free(&fit);
    tml_preparation_free(&preparation);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_columns_are_scaled_as_by_standard_scaler),
        cmocka_unit_test(test_columns_are_scaled_as_by_min_max_scaler),
        cmocka_unit_test(test_targets_are_scaled_after_their_logarithm),
        cmocka_unit_test(test_published_label_standardisation),
        cmocka_unit_test(test_the_sharing_of_rows_does_not_matter),
        cmocka_unit_test(test_columns_that_do_not_vary_are_divided_by_one),
        cmocka_unit_test(test_what_is_not_scaled_is_not_fitted),
        cmocka_unit_test(test_no_rows_are_an_error),
        cmocka_unit_test(test_a_refused_row_leaves_no_trace),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
