/** @file test_noise.c
 * Noise of an observation: its size, its range of signal-to-noise ratios, and that it depends on the key
 * alone. Bounds are five standard errors; the keys are fixed, so the tests pass always or never. */
#include "spectra/noise.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { PIXELS = 40000, SAMPLES = 2000, FEW = 64 };

static float flux[PIXELS];
static float noisy[PIXELS];
static float other[PIXELS];
static double scratch[PIXELS];

/* A spectrum with a wide range, as they are; its mean is returned. */
static double make_flux(size_t count, float scale)
{
    double sum = 0.0;

    for (size_t i = 0; i < count; ++i) {
        flux[i] = scale * (1.0F + 0.9F * sinf((float)i));
        sum += (double)flux[i];
    }
    return sum / (double)count;
}

/* Standard deviation of what was added, and its mean. */
static double deviation(size_t count, double *mean)
{
    double sum = 0.0;
    double squares = 0.0;

    for (size_t i = 0; i < count; ++i) {
        double added = (double)noisy[i] - (double)flux[i];

        sum += added;
        squares += added * added;
    }
    *mean = sum / (double)count;
    return sqrt(squares / (double)count);
}

static void test_sigma_is_the_mean_flux_over_the_snr(void **state)
{
    const double snrs[] = {5.0, 30.0, 200.0};
    const float scales[] = {1.0F, 3e-7F};

    (void)state;
    for (size_t s = 0; s < 3; ++s)
        for (size_t f = 0; f < 2; ++f) {
            tml_noise noise = {true, snrs[s], snrs[s], 3};
            double sigma = make_flux(PIXELS, scales[f]) / snrs[s];
            double mean;

            tml_noise_apply(&noise, 2, 9, PIXELS, flux, scratch, noisy);
            assert_true(fabs(deviation(PIXELS, &mean) / sigma - 1.0) < 5.0 / sqrt(2.0 * PIXELS));
            assert_true(fabs(mean) < 5.0 * sigma / sqrt((double)PIXELS));
        }
}

static void test_the_noise_is_white_and_normal(void **state)
{
    tml_noise noise = {true, 10.0, 10.0, 3};
    double sigma = make_flux(PIXELS, 1.0F) / 10.0;
    size_t within = 0;
    double product = 0.0;

    (void)state;
    tml_noise_apply(&noise, 0, 0, PIXELS, flux, scratch, noisy);
    for (size_t i = 0; i < PIXELS; ++i) {
        double z = ((double)noisy[i] - (double)flux[i]) / sigma;

        within += fabs(z) < 1.0;
        if (i > 0)
            product += z * ((double)noisy[i - 1] - (double)flux[i - 1]) / sigma;
    }
    assert_true(fabs((double)within - 0.6827 * PIXELS) < 5.0 * sqrt(PIXELS * 0.6827 * 0.3173));
    assert_true(fabs(product / PIXELS) < 5.0 / sqrt((double)PIXELS));
}

/* The SNR that a sample got, from 64 pixels, is known to 9 %; ln SNR is uniform from 20 to 200. */
static void test_the_snr_is_drawn_uniformly_in_its_logarithm(void **state)
{
    tml_noise noise = {true, 20.0, 200.0, 3};
    double mean_flux = make_flux(FEW, 1.0F);
    double width = log(10.0);
    double sum = 0.0;
    size_t low = 0;

    (void)state;
    for (uint64_t sample = 0; sample < SAMPLES; ++sample) {
        double mean;
        double snr;

        tml_noise_apply(&noise, 1, sample, FEW, flux, scratch, noisy);
        snr = mean_flux / deviation(FEW, &mean);
        assert_true(snr > 20.0 * 0.6 && snr < 200.0 / 0.6);
        sum += log(snr / 20.0) / width;
        low += snr < sqrt(20.0 * 200.0);
    }
    /* ln of an estimated deviation is too low by 1 / (4 * 64), of which the second term allows for. */
    assert_true(fabs(sum / SAMPLES - 0.5) < 5.0 * sqrt(1.0 / 12.0 / SAMPLES) + 0.005);
    assert_true(fabs((double)low - 0.5 * SAMPLES) < 5.0 * sqrt(0.25 * SAMPLES) + 0.01 * SAMPLES);
}

static void test_the_key_alone_decides(void **state)
{
    tml_noise noise = {true, 20.0, 200.0, 3};
    tml_noise seeded = {true, 20.0, 200.0, 4};

    (void)state;
    make_flux(FEW, 1.0F);
    tml_noise_apply(&noise, 7, 5, FEW, flux, scratch, noisy);
    memset(scratch, 0, sizeof scratch);
    tml_noise_apply(&noise, 7, 5, FEW, flux, scratch, other);
    assert_memory_equal(noisy, other, FEW * sizeof(float));
    tml_noise_apply(&noise, 8, 5, FEW, flux, scratch, other);
    assert_memory_not_equal(noisy, other, FEW * sizeof(float));
    tml_noise_apply(&noise, 7, 6, FEW, flux, scratch, other);
    assert_memory_not_equal(noisy, other, FEW * sizeof(float));
    tml_noise_apply(&seeded, 7, 5, FEW, flux, scratch, other);
    assert_memory_not_equal(noisy, other, FEW * sizeof(float));
}

/* The number that picks the SNR must not be one of those that make the noise: a large SNR would go with a
 * large first pixel. z^2 - 1 has a variance of 2, a uniform number one of 1/12. */
static void test_the_snr_is_independent_of_the_first_pixel(void **state)
{
    tml_noise noise = {true, 1.0, 100.0, 3};
    double mean_flux = make_flux(FEW, 1.0F);
    double sum = 0.0;

    (void)state;
    for (uint64_t sample = 0; sample < SAMPLES; ++sample) {
        double mean;
        double sigma;
        double z;

        tml_noise_apply(&noise, 1, sample, FEW, flux, scratch, noisy);
        sigma = deviation(FEW, &mean);
        z = ((double)noisy[0] - (double)flux[0]) / sigma;
        sum += (z * z - 1.0) * (log(mean_flux / sigma) / log(100.0) - 0.5);
    }
    assert_true(fabs(sum / SAMPLES) < 5.0 * sqrt(2.0 / 12.0 / SAMPLES));
}

static void test_noise_that_is_off_copies(void **state)
{
    tml_noise noise = {false, 20.0, 200.0, 3};

    (void)state;
    make_flux(FEW, 2.5F);
    memset(other, 0xff, FEW * sizeof(float));
    tml_noise_apply(&noise, 7, 5, FEW, flux, scratch, other);
    assert_memory_equal(flux, other, FEW * sizeof(float));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sigma_is_the_mean_flux_over_the_snr),
        cmocka_unit_test(test_the_noise_is_white_and_normal),
        cmocka_unit_test(test_the_snr_is_drawn_uniformly_in_its_logarithm),
        cmocka_unit_test(test_the_key_alone_decides),
        cmocka_unit_test(test_the_snr_is_independent_of_the_first_pixel),
        cmocka_unit_test(test_noise_that_is_off_copies),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
