/** @file test_preparation.c
 * What the network sees of a spectrum is what NumPy makes of it, and targets come back from the learned
 * scale. Golden numbers: tests/golden/regression_and_preparation.py. */
#include "spectra/preparation.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { WAVELENGTHS = 5 };

/* Row 2 of the golden script. */
static const float row[WAVELENGTHS] = {7 * 0x1p-28F, 5 * 0x1p-28F, 3 * 0x1p-28F, 1 * 0x1p-28F, 6 * 0x1p-28F};

static tml_preparation_choice plain_choice(void)
{
    tml_preparation_choice choice = {
        .wavelengths = WAVELENGTHS,
        .softening = 0x1p-29,
        .spectrum_scaler = TML_SCALER_NONE,
        .order = TML_ORDER_ASCENDING,
        .feature_count = 5,
        .features = {TML_FEATURE_MIN, TML_FEATURE_MAX, TML_FEATURE_MEAN, TML_FEATURE_STD, TML_FEATURE_SCALE},
        .feature_scaler = TML_COLUMN_NONE,
        .target_scaler = TML_COLUMN_STANDARD,
    };

    return choice;
}

/* The output is float: one rounding of 6e-8, and as much again for numbers near zero. */
static void assert_floats(const float *got, const double *want, size_t count)
{
    for (size_t i = 0; i < count; ++i)
        if (!(fabs((double)got[i] - want[i]) <= 1.2e-7 * fabs(want[i])))
            fail_msg("entry %zu: %.9g instead of %.17g", i, (double)got[i], want[i]);
}

static void assert_input(tml_preparation_choice choice, const double want[WAVELENGTHS],
                         const double *features)
{
    tml_preparation preparation;
    float spectrum[WAVELENGTHS];
    float values[5];
    tml_error error = {0};

    assert_int_equal(tml_preparation_create(&choice, &preparation, &error), TML_OK);
    assert_int_equal(tml_preparation_input(&preparation, row, spectrum, values, &error), TML_OK);
    assert_floats(spectrum, want, WAVELENGTHS);
    if (features != NULL)
        assert_floats(values, features, choice.feature_count);
    tml_preparation_free(&preparation);
}

static void test_rows_are_scaled_as_by_numpy(void **state)
{
    static const struct {
        tml_transform transform;
        tml_scaler scaler;
        double want[WAVELENGTHS];
    } cases[] = {
        {TML_TRANSFORM_LINEAR,
         TML_SCALER_ROW_STANDARD,
         {1.207019698150837, 0.27854300726557762, -0.64993368361968173, -1.5784103745049411,
          0.74278135270820733}},
        {TML_TRANSFORM_LINEAR,
         TML_SCALER_ROW_MINMAX,
         {1, 0.66666666666666663, 0.33333333333333331, 0, 0.83333333333333337}},
        {TML_TRANSFORM_LOG10,
         TML_SCALER_ROW_STANDARD,
         {0.93165412485964816, 0.45435222621842886, -0.27027825903784097, -1.8287121331591647,
          0.71298404111893743}},
        {TML_TRANSFORM_LOG10,
         TML_SCALER_ROW_MINMAX,
         {1, 0.82708747534691596, 0.56457503405357978, 0, 0.92078222116160191}},
        {TML_TRANSFORM_ASINH,
         TML_SCALER_ROW_STANDARD,
         {0.94118240733750591, 0.45129407365247992, -0.28874212015532508, -1.8203352631078624,
          0.71660090227319995}},
        {TML_TRANSFORM_ASINH,
         TML_SCALER_ROW_MINMAX,
         {1, 0.82260177476756158, 0.55462007697583449, 0, 0.91867460872409112}},
    };

    (void)state;
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; ++c) {
        tml_preparation_choice choice = plain_choice();

        choice.transform = cases[c].transform;
        choice.spectrum_scaler = cases[c].scaler;
        assert_input(choice, cases[c].want, NULL);
    }
}

static void test_features_are_those_of_the_transformed_row(void **state)
{
    static const double linear[] = {3.7252902984619141e-09, 2.6077032089233398e-08, 1.6391277313232423e-08,
                                    8.0245208846546765e-09, -7.7853872021052863};
    static const double log10_[] = {-8.4288398785914733, -7.5837418385772164, -7.8689717687007574,
                                    0.30615431468895216, -7.7853872021052863};
    static const double asinh_[] = {1.4436354751788103, 3.3334775868839928, 2.689380260541113,
                                    0.68434909250477294, -7.7853872021052863};
    const double *const wanted[] = {linear, log10_, asinh_};

    (void)state;
    for (int t = 0; t < 3; ++t) {
        tml_preparation_choice choice = plain_choice();
        double spectrum[WAVELENGTHS];

        choice.transform = (tml_transform)t;
        for (size_t i = 0; i < WAVELENGTHS; ++i)
            spectrum[i] = t == TML_TRANSFORM_LOG10   ? log10((double)row[i])
                          : t == TML_TRANSFORM_ASINH ? asinh((double)row[i] / 0x1p-29)
                                                     : (double)row[i];
        assert_input(choice, spectrum, wanted[t]);
    }
}

static void test_descending_order_turns_the_spectrum_round(void **state)
{
    tml_preparation_choice choice = plain_choice();
    double want[WAVELENGTHS];

    (void)state;
    choice.order = TML_ORDER_DESCENDING;
    for (size_t i = 0; i < WAVELENGTHS; ++i)
        want[i] = (double)row[WAVELENGTHS - 1 - i];
    assert_input(choice, want, NULL);
}

/* A column belongs to a wavelength, not to a place at the network's input. */
static void test_columns_go_with_their_wavelength(void **state)
{
    tml_preparation_choice choice = plain_choice();
    tml_preparation preparation;
    float spectrum[WAVELENGTHS];
    tml_error error = {0};

    (void)state;
    choice.order = TML_ORDER_DESCENDING;
    choice.spectrum_scaler = TML_SCALER_COLUMN_STANDARD;
    choice.feature_count = 0;
    assert_int_equal(tml_preparation_create(&choice, &preparation, &error), TML_OK);
    for (size_t i = 0; i < WAVELENGTHS; ++i)
        preparation.spectrum[i] = (tml_column){(double)row[i], 0x1p-20};
    preparation.spectrum[1].offset = 0.0;
    assert_int_equal(tml_preparation_input(&preparation, row, spectrum, NULL, &error), TML_OK);
    assert_true(spectrum[0] == 0.0F && spectrum[1] == 0.0F && spectrum[2] == 0.0F && spectrum[4] == 0.0F);
    assert_true(spectrum[3] == 5 * 0x1p-8F);
    tml_preparation_free(&preparation);
}

/* The mean of 104 equal logarithms may miss them by a rounding: that is not divided by itself. */
static void test_a_constant_row_becomes_zero(void **state)
{
    enum { MANY = 104 };
    const tml_scaler scalers[] = {TML_SCALER_ROW_STANDARD, TML_SCALER_ROW_MINMAX};

    (void)state;
    for (int c = 0; c < 3 * 2 * 20; ++c) {
        tml_preparation_choice choice = plain_choice();
        tml_preparation preparation;
        float constant[MANY];
        float spectrum[MANY];
        float features[5];
        tml_error error = {0};

        for (size_t i = 0; i < MANY; ++i)
            constant[i] = 3e-7F / (float)(1 + c / 6);
        choice.wavelengths = MANY;
        choice.transform = (tml_transform)(c % 3);
        choice.spectrum_scaler = scalers[c / 3 % 2];
        assert_int_equal(tml_preparation_create(&choice, &preparation, &error), TML_OK);
        assert_int_equal(tml_preparation_input(&preparation, constant, spectrum, features, &error), TML_OK);
        for (size_t i = 0; i < MANY; ++i)
            assert_true(fabsf(spectrum[i]) < 1e-12F); /* 104 roundings of numbers of size 10 */
        assert_true(features[3] == 0.0F);
        tml_preparation_free(&preparation);
    }
}

static void test_a_flux_without_logarithm_is_named(void **state)
{
    const float bad[WAVELENGTHS] = {1.0F, 2.0F, 0.0F, 4.0F, 5.0F};
    tml_preparation_choice choice = plain_choice();
    tml_preparation preparation;
    float spectrum[WAVELENGTHS];
    float features[5];
    tml_error error = {0};

    (void)state;
    choice.transform = TML_TRANSFORM_LOG10;
    assert_int_equal(tml_preparation_create(&choice, &preparation, &error), TML_OK);
    assert_int_equal(tml_preparation_input(&preparation, bad, spectrum, features, &error), TML_BAD_DATA);
    assert_non_null(strstr(error.message, "pixel 2"));
    assert_non_null(strstr(error.message, "asinh"));
    preparation.choice.transform = TML_TRANSFORM_ASINH;
    assert_int_equal(tml_preparation_input(&preparation, bad, spectrum, features, &error), TML_OK);
    tml_preparation_free(&preparation);
}

static void test_a_flux_that_is_not_finite_is_named(void **state)
{
    const float bad[WAVELENGTHS] = {1.0F, 2.0F, 3.0F, NAN, 5.0F};
    tml_preparation_choice choice = plain_choice();
    tml_preparation preparation;
    float spectrum[WAVELENGTHS];
    float features[5];
    tml_error error = {0};

    (void)state;
    assert_int_equal(tml_preparation_create(&choice, &preparation, &error), TML_OK);
    assert_int_equal(tml_preparation_input(&preparation, bad, spectrum, features, &error), TML_BAD_DATA);
    assert_non_null(strstr(error.message, "pixel 3"));
    tml_preparation_free(&preparation);
}

static void test_a_dark_row_has_no_scale(void **state)
{
    const float dark[WAVELENGTHS] = {-1.0F, 0.0F, 0.5F, 0.25F, 0.0F};
    tml_preparation_choice choice = plain_choice();
    tml_preparation preparation;
    float spectrum[WAVELENGTHS];
    float features[5];
    tml_error error = {0};

    (void)state;
    assert_int_equal(tml_preparation_create(&choice, &preparation, &error), TML_OK);
    assert_int_equal(tml_preparation_input(&preparation, dark, spectrum, features, &error), TML_BAD_DATA);
    assert_non_null(strstr(error.message, "scale"));
    preparation.choice.feature_count = 4;
    assert_int_equal(tml_preparation_input(&preparation, dark, spectrum, features, &error), TML_OK);
    tml_preparation_free(&preparation);
}

static void test_targets_come_back(void **state)
{
    tml_preparation_choice choice = plain_choice();
    const double targets[2] = {785.4, -0.504};
    tml_preparation preparation;
    float learned[2];
    double back[2];
    tml_error error = {0};

    (void)state;
    choice.target_count = 2;
    choice.target_log10[0] = true;
    assert_int_equal(tml_preparation_create(&choice, &preparation, &error), TML_OK);
    preparation.targets[0] = (tml_column){2.8817, 0.3119};
    preparation.targets[1] = (tml_column){0.4167, 0.92};
    assert_int_equal(tml_preparation_targets(&preparation, targets, learned, &error), TML_OK);
    assert_true(fabs((double)learned[0] - (log10(785.4) - 2.8817) / 0.3119) < 6e-8);
    assert_true(fabs((double)learned[1] - (-0.504 - 0.4167) / 0.92) < 6e-8);
    tml_preparation_inverse(&preparation, learned, back);
    /* A float of size 1 is off by at most 6e-8 of a standard deviation. */
    assert_true(fabs(back[0] - 785.4) < 785.4 * 2.303 * 0.3119 * 6e-8);
    assert_true(fabs(back[1] + 0.504) < 0.92 * 6e-8);
    tml_preparation_free(&preparation);
}

static void test_a_target_without_logarithm_is_named(void **state)
{
    tml_preparation_choice choice = plain_choice();
    const double negative[2] = {1.0, -785.0};
    const double missing[2] = {(double)NAN, 785.0};
    tml_preparation preparation;
    float learned[2];
    tml_error error = {0};

    (void)state;
    choice.target_count = 2;
    choice.target_log10[1] = true;
    assert_int_equal(tml_preparation_create(&choice, &preparation, &error), TML_OK);
    assert_int_equal(tml_preparation_targets(&preparation, negative, learned, &error), TML_BAD_DATA);
    assert_non_null(strstr(error.message, "target 1"));
    assert_int_equal(tml_preparation_targets(&preparation, missing, learned, &error), TML_BAD_DATA);
    assert_non_null(strstr(error.message, "target 0"));
    tml_preparation_free(&preparation);
}

static void test_impossible_choices_are_refused(void **state)
{
    tml_preparation_choice choice = plain_choice();
    tml_preparation preparation;
    tml_error error = {0};

    (void)state;
    choice.transform = TML_TRANSFORM_ASINH;
    choice.softening = 0.0;
    assert_int_equal(tml_preparation_create(&choice, &preparation, &error), TML_CONFIG);
    assert_null(preparation.spectrum);
    choice = plain_choice();
    choice.wavelengths = 0;
    assert_int_equal(tml_preparation_create(&choice, &preparation, &error), TML_CONFIG);
    choice = plain_choice();
    choice.feature_count = TML_PREPARATION_FEATURES + 1;
    assert_int_equal(tml_preparation_create(&choice, &preparation, &error), TML_CONFIG);
    choice = plain_choice();
    choice.target_count = TML_PREPARATION_TARGETS + 1;
    assert_int_equal(tml_preparation_create(&choice, &preparation, &error), TML_CONFIG);
}

static void test_features_have_names(void **state)
{
    tml_feature feature = TML_FEATURE_MIN;

    (void)state;
    for (int i = TML_FEATURE_MIN; i <= TML_FEATURE_SCALE; ++i) {
        assert_true(tml_feature_find(tml_feature_name((tml_feature)i), &feature));
        assert_int_equal(feature, i);
        assert_non_null(strstr(TML_FEATURE_CHOICES, tml_feature_name((tml_feature)i)));
    }
    assert_false(tml_feature_find("median", &feature));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows_are_scaled_as_by_numpy),
        cmocka_unit_test(test_features_are_those_of_the_transformed_row),
        cmocka_unit_test(test_descending_order_turns_the_spectrum_round),
        cmocka_unit_test(test_columns_go_with_their_wavelength),
        cmocka_unit_test(test_a_constant_row_becomes_zero),
        cmocka_unit_test(test_a_flux_without_logarithm_is_named),
        cmocka_unit_test(test_a_flux_that_is_not_finite_is_named),
        cmocka_unit_test(test_a_dark_row_has_no_scale),
        cmocka_unit_test(test_targets_come_back),
        cmocka_unit_test(test_a_target_without_logarithm_is_named),
        cmocka_unit_test(test_impossible_choices_are_refused),
        cmocka_unit_test(test_features_have_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
