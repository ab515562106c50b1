/** @file test_scale_free.c
 * Which preparations see the same in a spectrum and in 7.3 times it: what is said is what numbers show, for
 * all combinations of transform, scaler and feature. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "spectra/preparation.h"

enum { PIXELS = 24, NO_FEATURE = TML_FEATURE_SCALE + 1 };

static const double factor = 7.3;

/* A float is rounded by 6e-8, and a few pixels are small differences of such; what depends on the scale is
 * off by far more than 0.01. */
static const double same = 1e-5;
static const double different = 1e-2;

static void prepare(const tml_preparation *preparation, double scale, float output[PIXELS + 1])
{
    float flux[PIXELS];
    tml_error error = {0};

    for (size_t i = 0; i < PIXELS; ++i)
        flux[i] = (float)(scale * (1.6 + sin(0.9 * (double)i) + 0.01 * (double)i));
    output[PIXELS] = 0.0F;
    if (tml_preparation_input(preparation, flux, output, output + PIXELS, &error) != TML_OK)
        fail_msg("%s", error.message);
}

static double largest_difference(const tml_preparation_choice *choice)
{
    tml_preparation preparation;
    float once[PIXELS + 1];
    float scaled[PIXELS + 1];
    double largest = 0.0;
    tml_error error = {0};

    assert_int_equal(tml_preparation_create(choice, &preparation, &error), TML_OK);
    prepare(&preparation, 1.0, once);
    prepare(&preparation, factor, scaled);
    for (size_t i = 0; i <= PIXELS; ++i)
        largest = fmax(largest, fabs((double)scaled[i] - (double)once[i]));
    tml_preparation_free(&preparation);
    return largest;
}

static void test_it_is_said_for_all_combinations_as_it_is(void **state)
{
    int free_of_scale = 0;

    (void)state;
    for (int t = TML_TRANSFORM_LINEAR; t <= TML_TRANSFORM_ASINH; ++t)
        for (int s = TML_SCALER_ROW_STANDARD; s <= TML_SCALER_NONE; ++s)
            for (int f = TML_FEATURE_MIN; f <= NO_FEATURE; ++f) {
                const tml_preparation_choice choice = {
                    .wavelengths = PIXELS,
                    .transform = (tml_transform)t,
                    .softening = 1.0,
                    .spectrum_scaler = (tml_scaler)s,
                    .feature_count = f == NO_FEATURE ? 0 : 1,
                    .features = {f == NO_FEATURE ? TML_FEATURE_MIN : (tml_feature)f},
                    .feature_scaler = TML_COLUMN_NONE,
                    .target_scaler = TML_COLUMN_NONE,
                };
                bool said = tml_preparation_is_scale_free(&choice);
                double difference = largest_difference(&choice);

                if (said ? !(difference < same) : !(difference > different))
                    fail_msg("transform %d, scaler %d, feature %d: %g", t, s, f, difference);
                free_of_scale += said;
            }
    /* Linear or log10, by row in two ways, without a feature; and log10 with the deviation. */
    assert_int_equal(free_of_scale, 6);
}

static void test_one_feature_is_enough_to_need_the_scale(void **state)
{
    tml_preparation_choice choice = {
        .wavelengths = PIXELS,
        .transform = TML_TRANSFORM_LOG10,
        .spectrum_scaler = TML_SCALER_ROW_STANDARD,
        .feature_count = 2,
        .features = {TML_FEATURE_STD, TML_FEATURE_STD},
    };

    (void)state;
    assert_true(tml_preparation_is_scale_free(&choice));
    choice.features[1] = TML_FEATURE_SCALE;
    assert_false(tml_preparation_is_scale_free(&choice));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_it_is_said_for_all_combinations_as_it_is),
        cmocka_unit_test(test_one_feature_is_enough_to_need_the_scale),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
