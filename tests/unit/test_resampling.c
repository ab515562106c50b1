/** @file test_resampling.c
 * What a flux-conserving resampling must keep, what it makes of masked and missing pixels, and errors.
 * tests/unit/test_observations_published.c compares it with SpectRes. */
#include "spectra/resampling.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "spectra/pixel_state.h"

enum { PIXELS = 300, BINS = 40 };

/* Ten pixels of width 1 from 0.5 to 10.5. */
static const double ten_um[10] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
static const double ten_flux[10] = {3, 1, 4, 1, 5, 9, 2, 6, 5, 8};
static const uint8_t all_used[PIXELS];

static tml_resampling make(size_t pixels, const double *wavelength_um, const uint8_t *state, size_t bins,
                           const double *bin_um)
{
    tml_resampling resampling;
    tml_error error = {0};

    if (tml_resampling_create(pixels, wavelength_um, state, bins, bin_um, &resampling, &error) != TML_OK)
        fail_msg("%s", error.message);
    return resampling;
}

static void assert_near(double got, double want)
{
    if (!(fabs(got - want) <= 4e-15 * fabs(want)))
        fail_msg("%.17g instead of %.17g", got, want);
}

/* Uneven pixels from 0.8 to 2.6 micron and bins of growing width within them. */
static void uneven(double pixel_um[PIXELS], double bin_um[BINS])
{
    for (size_t i = 0; i < PIXELS; ++i)
        pixel_um[i] = 0.8 + 1.8 * ((double)i + 0.3 * sin(1.7 * (double)i)) / PIXELS;
    for (size_t i = 0; i < BINS; ++i)
        bin_um[i] = 0.9 * pow(1.025, (double)i);
}

static void test_weights_of_a_bin_add_up_to_one(void **state)
{
    double pixel_um[PIXELS];
    double bin_um[BINS];
    uint8_t states[PIXELS] = {0};
    tml_resampling resampling;

    (void)state;
    uneven(pixel_um, bin_um);
    for (size_t i = 0; i < PIXELS; i += 7)
        states[i] = TML_PIXEL_NEGATIVE;
    resampling = make(PIXELS, pixel_um, states, BINS, bin_um);
    for (size_t i = 0; i < BINS; ++i) {
        double sum = 0.0;

        assert_int_equal(resampling.state[i], TML_PIXEL_USED);
        for (size_t k = resampling.first[i]; k < resampling.first[i + 1]; ++k) {
            assert_int_not_equal(resampling.pixel[k] % 7, 0);
            assert_true(resampling.weight[k] > 0.0);
            sum += resampling.weight[k];
        }
        assert_near(sum, 1.0);
    }
    tml_resampling_free(&resampling);
}

static void test_a_constant_spectrum_stays_constant(void **state)
{
    double pixel_um[PIXELS];
    double bin_um[BINS];
    double flux[PIXELS];
    double binned[BINS];
    uint8_t states[PIXELS] = {0};
    tml_resampling resampling;

    (void)state;
    uneven(pixel_um, bin_um);
    for (size_t i = 0; i < PIXELS; ++i) {
        states[i] = i % 5 == 2 ? TML_PIXEL_NO_ERROR : TML_PIXEL_USED;
        flux[i] = i % 5 == 2 ? (double)NAN : 3.7e-17;
    }
    resampling = make(PIXELS, pixel_um, states, BINS, bin_um);
    tml_resampling_apply(&resampling, flux, binned);
    for (size_t i = 0; i < BINS; ++i)
        assert_near(binned[i], 3.7e-17);
    tml_resampling_free(&resampling);
}

/* Bins whose outer edges are those of the pixels: the integrals over wavelength are the same. */
static void test_the_integral_over_wavelength_is_kept(void **state)
{
    double pixel_um[PIXELS];
    double bin_um[BINS];
    double flux[PIXELS];
    double binned[BINS];
    double before = 0.0;
    double after = 0.0;
    tml_resampling resampling;

    (void)state;
    for (size_t i = 0; i < PIXELS; ++i) {
        pixel_um[i] = 1.0 + (double)i * 0.001;
        flux[i] = 2e-16 * (1.2 + sin(0.31 * (double)i) + 0.001 * (double)(i * 7919 % 104));
        before += flux[i] * 0.001;
    }
    for (size_t i = 0; i < BINS; ++i)
        bin_um[i] = 0.9995 + 0.3 * ((double)i + 0.5) / BINS;
    resampling = make(PIXELS, pixel_um, all_used, BINS, bin_um);
    tml_resampling_apply(&resampling, flux, binned);
    for (size_t i = 0; i < BINS; ++i)
        after += binned[i] * 0.3 / BINS;
    assert_true(fabs(after - before) <= 1e-12 * before);
    tml_resampling_free(&resampling);
}

static void test_a_bin_within_one_pixel_copies_it(void **state)
{
    const double bin_um[3] = {4.9, 5.0, 5.1};
    double binned[3];
    tml_resampling resampling = make(10, ten_um, all_used, 3, bin_um);

    (void)state;
    tml_resampling_apply(&resampling, ten_flux, binned);
    for (size_t i = 0; i < 3; ++i) {
        assert_int_equal(resampling.first[i + 1] - resampling.first[i], 1);
        assert_true(binned[i] == 5.0);
    }
    tml_resampling_free(&resampling);
}

/* Bins of width 2.5 from 1.25: [1.25, 3.75] holds 0.25 of pixel 1, pixels 2 and 3, 0.25 of pixel 4. */
static void test_pixels_count_by_their_share(void **state)
{
    const double bin_um[3] = {2.5, 5.0, 7.5};
    double binned[3];
    tml_resampling resampling = make(10, ten_um, all_used, 3, bin_um);

    (void)state;
    tml_resampling_apply(&resampling, ten_flux, binned);
    assert_near(binned[0], (0.25 * 3 + 1 + 4 + 0.25 * 1) / 2.5);
    assert_near(binned[1], (0.75 * 1 + 5 + 0.75 * 9) / 2.5);
    assert_near(binned[2], (0.25 * 9 + 2 + 6 + 0.25 * 5) / 2.5);
    tml_resampling_free(&resampling);
}

static void test_masked_pixels_have_no_weight(void **state)
{
    const double bin_um[3] = {2.5, 5.0, 7.5};
    const uint8_t states[10] = {0, TML_PIXEL_ZERO, 0, 0, 0, 0, 0, 0, 0, 0};
    double flux[10];
    double binned[3];
    tml_resampling resampling = make(10, ten_um, states, 3, bin_um);

    (void)state;
    memcpy(flux, ten_flux, sizeof flux);
    flux[1] = NAN;
    tml_resampling_apply(&resampling, flux, binned);
    assert_int_equal(resampling.state[0], TML_PIXEL_USED);
    assert_near(binned[0], (0.25 * 3 + 4 + 0.25 * 1) / 1.5);
    tml_resampling_free(&resampling);
}

/* Bins of width 2 at 1, 3, ..., 11: edges 0, 2, 4, ... The first is covered from 0.5, the last to 10.5. */
static void test_a_bin_needs_half_its_width(void **state)
{
    const double bin_um[7] = {-1, 1, 3, 5, 7, 9, 11};
    double binned[7];
    tml_resampling resampling = make(10, ten_um, all_used, 7, bin_um);

    (void)state;
    tml_resampling_apply(&resampling, ten_flux, binned);
    assert_int_equal(resampling.state[0], TML_PIXEL_OUTSIDE);
    assert_true(isnan(binned[0]));
    assert_int_equal(resampling.state[1], TML_PIXEL_USED); /* 1.5 of 2 */
    assert_near(binned[1], (3 + 0.5 * 1) / 1.5);
    assert_int_equal(resampling.state[6], TML_PIXEL_OUTSIDE); /* 0.5 of 2 */
    assert_int_equal(resampling.first[7], resampling.first[6]);
    assert_true(isnan(binned[6]));
    tml_resampling_free(&resampling);
}

static void test_exactly_half_a_bin_is_enough(void **state)
{
    const double bin_um[2] = {0.5, 2.5}; /* edges -0.5, 1.5, 3.5: 1 of 2 is covered */
    tml_resampling resampling = make(10, ten_um, all_used, 2, bin_um);

    (void)state;
    assert_int_equal(resampling.state[0], TML_PIXEL_USED);
    tml_resampling_free(&resampling);
}

static uint8_t state_with(const uint8_t states[10])
{
    const double bin_um[2] = {3.0, 8.0}; /* edges 0.5, 5.5, 10.5: five pixels each */
    tml_resampling resampling = make(10, ten_um, states, 2, bin_um);
    uint8_t found = resampling.state[0];
    double binned[2];

    tml_resampling_apply(&resampling, ten_flux, binned);
    assert_true(isnan(binned[0]) == (found != TML_PIXEL_USED));
    assert_int_equal(resampling.state[1], TML_PIXEL_USED);
    tml_resampling_free(&resampling);
    return found;
}

static void test_a_masked_bin_has_the_commonest_reason(void **state)
{
    enum { N = TML_PIXEL_NEGATIVE, Z = TML_PIXEL_ZERO, E = TML_PIXEL_NO_ERROR, M = TML_PIXEL_MISSING };

    (void)state;
    assert_int_equal(state_with((uint8_t[10]){0, N, 0, N, 0}), TML_PIXEL_USED);
    assert_int_equal(state_with((uint8_t[10]){0, N, M, N, 0}), TML_PIXEL_NEGATIVE);
    assert_int_equal(state_with((uint8_t[10]){Z, Z, Z, N, N}), TML_PIXEL_ZERO);
    assert_int_equal(state_with((uint8_t[10]){E, E, E, E, E}), TML_PIXEL_NO_ERROR);
    assert_int_equal(state_with((uint8_t[10]){N, M, N, M, 0}), TML_PIXEL_MISSING);
}

/* By hand: the weights of the first bin of test_pixels_count_by_their_share are 0.1, 0.4, 0.4, 0.1. */
static void test_errors_add_in_squares(void **state)
{
    const double bin_um[3] = {2.5, 5.0, 7.5};
    const double error[10] = {1, 2, 3, 4, 1, 1, 1, 1, 1, 1};
    double tiny[10];
    double binned[3];
    tml_resampling resampling = make(10, ten_um, all_used, 3, bin_um);

    (void)state;
    tml_resampling_errors(&resampling, error, binned);
    assert_near(binned[0], sqrt(0.01 * 1 + 0.16 * 4 + 0.16 * 9 + 0.01 * 16));
    assert_near(binned[1], sqrt(0.09 * 16 + 0.16 + 0.09));
    for (size_t i = 0; i < 10; ++i)
        tiny[i] = 1e-200 * error[i];
    tml_resampling_errors(&resampling, tiny, binned);
    assert_near(binned[0], 1e-200 * sqrt(2.25));
    tml_resampling_free(&resampling);
}

static void test_errors_are_missing_where_the_flux_is(void **state)
{
    const double bin_um[2] = {3.0, 8.0};
    const uint8_t states[10] = {1, 1, 1, 1, 1, 0, 0, 0, 0, 0};
    const double error[10] = {NAN, NAN, NAN, NAN, NAN, 1, 1, 1, 1, 1};
    double binned[2];
    tml_resampling resampling = make(10, ten_um, states, 2, bin_um);

    (void)state;
    tml_resampling_errors(&resampling, error, binned);
    assert_true(isnan(binned[0]));
    assert_near(binned[1], 1.0 / sqrt(5.0));
    tml_resampling_free(&resampling);
}

static void test_the_identity_copies_what_is_used(void **state)
{
    const uint8_t states[3] = {TML_PIXEL_USED, TML_PIXEL_NEGATIVE, TML_PIXEL_USED};
    const double error[3] = {0.5, NAN, 1e-170};
    tml_resampling resampling;
    double binned[3];
    tml_error failure = {0};

    (void)state;
    assert_int_equal(tml_resampling_identity(3, states, &resampling, &failure), TML_OK);
    assert_int_equal(resampling.bins, 3);
    assert_memory_equal(resampling.state, states, sizeof states);
    tml_resampling_apply(&resampling, ten_flux, binned);
    assert_true(binned[0] == 3.0 && isnan(binned[1]) && binned[2] == 4.0);
    tml_resampling_errors(&resampling, error, binned);
    assert_true(binned[0] == 0.5 && isnan(binned[1]) && binned[2] == 1e-170);
    tml_resampling_free(&resampling);
    tml_resampling_free(&resampling);
}

static void test_one_pixel_has_no_width(void **state)
{
    tml_resampling resampling;
    tml_error error = {0};

    (void)state;
    assert_int_equal(tml_resampling_create(1, ten_um, all_used, 3, ten_um, &resampling, &error),
                     TML_BAD_DATA);
    assert_null(resampling.weight);
    assert_int_equal(tml_resampling_create(3, ten_um, all_used, 1, ten_um, &resampling, &error),
                     TML_BAD_DATA);
    assert_int_equal(tml_resampling_create(2, ten_um, all_used, 2, ten_um, &resampling, &error), TML_OK);
    tml_resampling_free(&resampling);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_weights_of_a_bin_add_up_to_one),
        cmocka_unit_test(test_a_constant_spectrum_stays_constant),
        cmocka_unit_test(test_the_integral_over_wavelength_is_kept),
        cmocka_unit_test(test_a_bin_within_one_pixel_copies_it),
        cmocka_unit_test(test_pixels_count_by_their_share),
        cmocka_unit_test(test_masked_pixels_have_no_weight),
        cmocka_unit_test(test_a_bin_needs_half_its_width),
        cmocka_unit_test(test_exactly_half_a_bin_is_enough),
        cmocka_unit_test(test_a_masked_bin_has_the_commonest_reason),
        cmocka_unit_test(test_errors_add_in_squares),
        cmocka_unit_test(test_errors_are_missing_where_the_flux_is),
        cmocka_unit_test(test_the_identity_copies_what_is_used),
        cmocka_unit_test(test_one_pixel_has_no_width),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
