/** @file test_plots_arithmetic.c
 * What the figures count and choose before anything is drawn: bins, axes, cells, what lies beyond a frame,
 * and which bytes are characters. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "plots/beyond.h"
#include "plots/density.h"
#include "plots/flux_axis.h"
#include "plots/histogram.h"
#include "plots/marks.h"
#include "plots/type_width.h"

/* Sums and products of a few round numbers. */
#define TOLERANCE 1e-12

static void test_quantiles_interpolate(void **state)
{
    double sample[5] = {4.0, 0.0, 3.0, 1.0, 2.0};

    (void)state;
    tml_sample_sort(5, sample);
    assert_true(fabs(tml_sample_quantile(5, sample, 0.25) - 1.0) < TOLERANCE);
    assert_true(fabs(tml_sample_quantile(5, sample, 0.9) - 3.6) < TOLERANCE);
    assert_true(fabs(tml_sample_quantile(5, sample, 1.0) - 4.0) < TOLERANCE);
    assert_true(isnan(tml_sample_quantile(0, sample, 0.5)));
}

/* 2 IQR / n^(1/3) = 2 x 1.35 / 10 = 0.27 of a range of 8 makes 29.6 bins. */
static void test_bins_follow_freedman_and_diaconis(void **state)
{
    (void)state;
    assert_int_equal(tml_bins_choose(-4.0, 4.0, 1.35, 1000).count, 30);
    assert_int_equal(tml_bins_choose(-4.0, 4.0, 100.0, 1000).count, TML_HISTOGRAM_LEAST);
    assert_int_equal(tml_bins_choose(-4.0, 4.0, 1e-9, 1000).count, TML_HISTOGRAM_MOST);
    assert_int_equal(tml_bins_choose(-4.0, 4.0, 0.0, 1000).count, TML_HISTOGRAM_MOST);
}

static void test_histogram_counts_every_value_once(void **state)
{
    tml_histogram histogram = {.bins = {8, 0.0, 8.0}};
    static const double values[] = {0.0, 0.5, 1.0, 7.9, 8.0, 8.1, -0.1, NAN, INFINITY};

    (void)state;
    for (size_t i = 0; i < sizeof values / sizeof values[0]; ++i)
        tml_histogram_add(&histogram, values[i]);
    assert_int_equal(histogram.total, 7);
    assert_int_equal(histogram.outside, 2);
    assert_int_equal(histogram.bin[0], 2);
    assert_int_equal(histogram.bin[1], 1);
    assert_int_equal(histogram.bin[7], 2); /* the upper end belongs to the last bin */
    assert_true(fabs(tml_histogram_peak(&histogram) - 200.0 / 7.0) < TOLERANCE);
}

static void test_flux_axis_is_logarithmic_over_a_wide_range(void **state)
{
    double flux[3] = {1.0, 5.0, 40.0}, error[3] = {0.1, 0.1, 0.1};

    (void)state;
    assert_true(tml_flux_axis(3, flux, error, NULL, "F").is_log);
    flux[2] = 20.0;
    assert_false(tml_flux_axis(3, flux, error, NULL, "F").is_log);
    flux[0] = -1.0;
    flux[2] = 4000.0;
    assert_false(tml_flux_axis(3, flux, error, NULL, "F").is_log);
}

/* One absurd error must not decide the axis, and the bar that does not fit is counted. */
static void test_flux_axis_covers_usual_errors(void **state)
{
    double flux[4] = {1.0, 2.0, 3.0, 2.0}, error[4] = {0.2, 0.2, 0.2, 1e6};
    tml_axes axes = {.frame = {0.0, 0.0, 100.0, 100.0}};

    (void)state;
    error[3] = 0.2;
    axes.y = tml_flux_axis(4, flux, error, NULL, "F");
    assert_int_equal(tml_marks_count_cut(&axes, 4, flux, error), 0);
    error[3] = 1e6;
    axes.y = tml_flux_axis(4, flux, error, NULL, "F");
    assert_true(axes.y.high < 100.0);
    assert_int_equal(tml_marks_count_cut(&axes, 4, flux, error), 1);
}

static void test_one_value_has_a_range_of_its_own_size(void **state)
{
    static const double values[] = {1e-30, 1.0, 1e30, 0.0};

    (void)state;
    for (size_t i = 0; i < sizeof values / sizeof values[0]; ++i) {
        tml_axis axis = {.low = INFINITY, .high = -INFINITY};

        tml_axis_cover(&axis, 1, &values[i]);
        tml_axis_pad(&axis, 0.05);
        assert_true(axis.low < values[i] && axis.high > values[i]);
        assert_true(axis.high - axis.low <= fmax(0.1 * values[i], i == 3 ? 2.0 : 0.0));
    }
}

/* Numbers of 10^-15 would not fit beside the frame; their power goes to the label. */
static void test_margin_does_not_depend_on_the_magnitude(void **state)
{
    tml_axes plain = {.frame = {0.0, 0.0, 200.0, 130.0}, .y = {.low = 0.0, .high = 2.0, .label = "F [W]"}};
    tml_axes small = plain;

    (void)state;
    small.y.high = 2e-15;
    assert_true(fabs(tml_axes_margin(&plain) - tml_axes_margin(&small)) < TOLERANCE);
}

static void test_density_counts_points_in_the_frame(void **state)
{
    static tml_density density;
    const tml_axes axes = {
        .frame = {0.0, 0.0, 200.0, 130.0}, .x = {.low = 0.0, .high = 1.0}, .y = {.low = 0.0, .high = 1.0}};
    uint64_t sum = 0;

    (void)state;
    for (int i = 0; i < 1000; ++i)
        tml_density_add(&density, &axes, (double)(i % 10) / 10.0, 0.5);
    tml_density_add(&density, &axes, 1.5, 0.5);
    tml_density_add(&density, &axes, 0.5, -0.1);
    tml_density_add(&density, &axes, NAN, 0.5);
    for (size_t r = 0; r < TML_DENSITY_ROWS; ++r)
        for (size_t c = 0; c < TML_DENSITY_COLUMNS; ++c)
            sum += density.cell[r][c];
    assert_int_equal(sum, 1000);
    assert_int_equal(tml_density_peak(&density), 100);
}

static void test_beyond_counts_what_the_frame_does_not_show(void **state)
{
    static tml_beyond beyond;
    const tml_axes axes = {
        .frame = {0.0, 0.0, 200.0, 130.0}, .x = {.low = 0.0, .high = 1.0}, .y = {.low = -1.0, .high = 1.0}};

    (void)state;
    tml_beyond_add(&beyond, &axes, 0.5, 0.0);
    tml_beyond_add(&beyond, &axes, 0.5, 2.0);
    tml_beyond_add(&beyond, &axes, 0.5, 3.0);
    tml_beyond_add(&beyond, &axes, 0.1, -2.0);
    tml_beyond_add(&beyond, &axes, 0.1, NAN);
    tml_beyond_add(&beyond, &axes, NAN, 2.0);
    assert_int_equal(beyond.count, 3);
}

static void test_malformed_bytes_are_found(void **state)
{
    static const char *const good[] = {"a", "é", "ν", "⁻", "☉", "\xF0\x9F\x98\x80"};
    static const char *const bad[] = {"\x80",         "\xFF",         "\xC3",
                                      "\xC3z",        "\xE2\x81",     "\xC0\xAF",
                                      "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80"};
    double width;

    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; ++i) {
        assert_int_equal(tml_type_character(good[i], &width), strlen(good[i]));
        assert_false(tml_type_is_malformed(good[i], strlen(good[i])));
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; ++i)
        assert_true(tml_type_is_malformed(bad[i], tml_type_character(bad[i], &width)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_quantiles_interpolate),
        cmocka_unit_test(test_bins_follow_freedman_and_diaconis),
        cmocka_unit_test(test_histogram_counts_every_value_once),
        cmocka_unit_test(test_flux_axis_is_logarithmic_over_a_wide_range),
        cmocka_unit_test(test_flux_axis_covers_usual_errors),
        cmocka_unit_test(test_one_value_has_a_range_of_its_own_size),
        cmocka_unit_test(test_margin_does_not_depend_on_the_magnitude),
        cmocka_unit_test(test_density_counts_points_in_the_frame),
        cmocka_unit_test(test_beyond_counts_what_the_frame_does_not_show),
        cmocka_unit_test(test_malformed_bytes_are_found),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
