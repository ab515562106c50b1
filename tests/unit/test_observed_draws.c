/** @file test_observed_draws.c
 * Draws of an observed object scatter as the errors of its pixels, its distance and its radius say, and each
 * is a function of its number alone.
 *
 * Moments are those of N draws: a mean is known to sd / sqrt(N), an sd to sd / sqrt(2 N). The draws are
 * always the same; five standard errors are allowed. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "inference/observed_object.h"
#include "spectra/pixel_state.h"

enum { BINS = 5, PIXELS = 17, DRAWS = 20000 };

/* Edges of bins lie in the middle of pixels: neighbours share one, which has the largest error. */
static const double BIN_UM[BINS] = {1.10, 1.22, 1.34, 1.46, 1.58};

/* Pixels 10 to 12 are missing: bin 3 is masked. @param relative_error  of each pixel */
static tml_observed_object make_object(double relative_error, double distance_sd, double radius_sd)
{
    tml_observed_object object;
    const tml_binning binning = {.bins = BINS, .bin_um = BIN_UM};
    tml_error error = {0, ""};

    memset(&object, 0, sizeof object);
    tml_object_facts_clear(&object.facts);
    object.key = 5;
    object.facts.distance_pc = (tml_measure){10.0, distance_sd};
    object.facts.radius_rjup = (tml_measure){1.0, radius_sd};
    assert_int_equal(tml_observed_spectrum_create(PIXELS, &object.spectrum, &error), TML_OK);
    object.spectrum.has_errors = true;
    for (size_t i = 0; i < PIXELS; ++i) {
        object.spectrum.wavelength_um[i] = 1.04 + 0.04 * (double)i;
        object.spectrum.flux[i] = i >= 10 && i <= 12 ? (double)NAN : 1e-17 * (double)(3 + i * 5 % 7);
        object.spectrum.error[i] = relative_error * 1e-17 * (i % 3 == 0 ? 6.0 : 2.0);
    }
    assert_int_equal(tml_observed_object_bin(&object, &binning, &error), TML_OK);
    assert_int_equal(object.state[3], TML_PIXEL_MISSING);
    return object;
}

/* @param flux  out: [DRAWS][BINS] */
static void draw_all(const tml_observed_object *object, double inflation, double *flux, double *common)
{
    double pixels[2 * PIXELS];

    for (size_t d = 0; d < DRAWS; ++d)
        common[d] = tml_observed_object_draw(object, 9, d, inflation, pixels, flux + d * BINS);
}

static double mean_of(const double *values, size_t stride)
{
    double sum = 0.0;

    for (size_t d = 0; d < DRAWS; ++d)
        sum += values[d * stride];
    return sum / DRAWS;
}

static double covariance_of(const double *a, const double *b, size_t stride)
{
    double mean_a = mean_of(a, stride);
    double mean_b = mean_of(b, stride);
    double sum = 0.0;

    for (size_t d = 0; d < DRAWS; ++d)
        sum += (a[d * stride] - mean_a) * (b[d * stride] - mean_b);
    return sum / DRAWS;
}

/* Closed form: both bins are sums of the same independent pixels. */
static double covariance_by_weights(const tml_observed_object *o, size_t a, size_t b)
{
    double sum = 0.0;

    for (size_t i = o->resampling.first[a]; i < o->resampling.first[a + 1]; ++i)
        for (size_t j = o->resampling.first[b]; j < o->resampling.first[b + 1]; ++j)
            if (o->resampling.pixel[i] == o->resampling.pixel[j])
                sum += o->resampling.weight[i] * o->resampling.weight[j] *
                       pow(o->spectrum.error[o->resampling.pixel[i]], 2.0);
    return sum * o->factor[a] * o->factor[b];
}

static void test_draws_scatter_by_the_errors(void **state)
{
    static double flux[DRAWS * BINS];
    static double common[DRAWS];
    tml_observed_object object = make_object(0.3, 0.0, 0.0);

    (void)state;
    for (double inflation = 1.0; inflation < 4.0; inflation += 2.0) {
        draw_all(&object, inflation, flux, common);
        for (size_t b = 0; b < BINS; ++b) {
            double sd = sqrt(covariance_of(flux + b, flux + b, BINS));
            double want = inflation * object.error[b];

            if (b == 3)
                continue;
            assert_true(fabs(mean_of(flux + b, BINS) - object.flux[b]) < 5.0 * want / sqrt(DRAWS));
            assert_true(fabs(sd - want) < 5.0 * want / sqrt(2.0 * DRAWS));
        }
        for (size_t d = 0; d < DRAWS; ++d)
            assert_true(isnan(flux[d * BINS + 3]) && common[d] == 1.0);
    }
    tml_observed_object_free(&object);
}

/* The covariance of two numbers is known to sqrt((sd_a^2 sd_b^2 + cov^2) / N). */
static void test_neighbours_share_the_error_of_a_pixel(void **state)
{
    static double flux[DRAWS * BINS];
    static double common[DRAWS];
    tml_observed_object object = make_object(0.3, 0.0, 0.0);
    double want = covariance_by_weights(&object, 0, 1);
    double far = object.error[0] * object.error[2];

    (void)state;
    draw_all(&object, 1.0, flux, common);
    assert_true(want > 0.3 * object.error[0] * object.error[1]);
    assert_true(fabs(covariance_of(flux, flux + 1, BINS) - want) <
                5.0 * hypot(object.error[0] * object.error[1], want) / sqrt(DRAWS));
    assert_true(fabs(covariance_of(flux, flux + 2, BINS)) < 5.0 * far / sqrt(DRAWS));
    tml_observed_object_free(&object);
}

/* ln(factor) has the sd 2 hypot(0.02, 0.03); it multiplies all bins, and no inflation changes it. */
static void test_distance_and_radius_are_one_factor(void **state)
{
    static double flux[DRAWS * BINS];
    static double common[DRAWS];
    static double inflated[DRAWS];
    const double want = 2.0 * hypot(0.02, 0.03);
    tml_observed_object object = make_object(1e-14, 0.2, 0.03);

    (void)state;
    draw_all(&object, 3.0, flux, inflated);
    draw_all(&object, 1.0, flux, common);
    assert_memory_equal(common, inflated, sizeof common);
    for (size_t d = 0; d < DRAWS; ++d) {
        for (size_t b = 0; b < BINS; ++b)
            assert_true(b == 3 || fabs(flux[d * BINS + b] / (common[d] * object.flux[b]) - 1.0) < 1e-12);
        common[d] = log(common[d]);
    }
    assert_true(fabs(mean_of(common, 1)) < 5.0 * want / sqrt(DRAWS));
    assert_true(fabs(sqrt(covariance_of(common, common, 1)) - want) < 5.0 * want / sqrt(2.0 * DRAWS));
    tml_observed_object_free(&object);
}

static void test_the_factor_is_independent_of_the_pixels(void **state)
{
    static double flux[DRAWS * BINS];
    static double common[DRAWS];
    static double product[DRAWS * 2];
    tml_observed_object object = make_object(0.3, 0.2, 0.03);

    (void)state;
    draw_all(&object, 1.0, flux, common);
    for (size_t d = 0; d < DRAWS; ++d) {
        product[2 * d] = log(common[d]) / object.factor_sd;
        product[2 * d + 1] = (flux[d * BINS] / common[d] - object.flux[0]) / object.error[0];
    }
    assert_true(fabs(covariance_of(product, product + 1, 2)) < 5.0 / sqrt(DRAWS));
    tml_observed_object_free(&object);
}

/* Of object, seed and number: the pixels, and the factor of distance and radius. */
static void test_a_draw_is_a_function_of_its_number(void **state)
{
    (void)state;
    for (int with_distance = 0; with_distance < 2; ++with_distance) {
        tml_observed_object object = make_object(0.3, 0.2 * with_distance, 0.03 * with_distance);
        double pixels[2 * PIXELS];
        double first[BINS];
        double other[BINS];
        double factor = tml_observed_object_draw(&object, 9, 5, 1.0, pixels, first);

        for (int what = 0; what < 3; ++what) {
            double changed;

            object.key = what == 0 ? 6 : 5;
            changed = tml_observed_object_draw(&object, what == 1 ? 10 : 9, what == 2 ? 6 : 5, 1.0, pixels,
                                               other);
            assert_true(with_distance == 1 ? changed != factor : changed == factor);
            for (size_t b = 0; b < BINS; ++b)
                assert_true(b == 3 || other[b] / changed != first[b] / factor);
        }
        memset(pixels, 0x7f, sizeof pixels);
        object.key = 5;
        assert_true(tml_observed_object_draw(&object, 9, 5, 1.0, pixels, other) == factor);
        assert_memory_equal(first, other, sizeof first);
        tml_observed_object_free(&object);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_draws_scatter_by_the_errors),
        cmocka_unit_test(test_neighbours_share_the_error_of_a_pixel),
        cmocka_unit_test(test_distance_and_radius_are_one_factor),
        cmocka_unit_test(test_the_factor_is_independent_of_the_pixels),
        cmocka_unit_test(test_a_draw_is_a_function_of_its_number),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
