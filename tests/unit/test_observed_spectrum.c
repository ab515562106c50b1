/** @file test_observed_spectrum.c
 * Pixels are brought into the order of their wavelengths, together with what belongs to them. */
#include "spectra/observed_spectrum.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { PIXELS = 5 };

static tml_observed_spectrum make(const double wavelength_um[PIXELS])
{
    tml_observed_spectrum spectrum;
    tml_error error = {0};

    assert_int_equal(tml_observed_spectrum_create(PIXELS, &spectrum, &error), TML_OK);
    for (size_t i = 0; i < PIXELS; ++i) {
        spectrum.wavelength_um[i] = wavelength_um[i];
        spectrum.flux[i] = 10.0 * wavelength_um[i];
        spectrum.error[i] = 0.1 * wavelength_um[i];
    }
    return spectrum;
}

static void test_a_new_spectrum_is_empty(void **state)
{
    tml_observed_spectrum spectrum;
    tml_error error = {0};

    (void)state;
    assert_int_equal(tml_observed_spectrum_create(PIXELS, &spectrum, &error), TML_OK);
    assert_int_equal(spectrum.count, PIXELS);
    for (size_t i = 0; i < PIXELS; ++i)
        assert_true(isnan(spectrum.wavelength_um[i]) && isnan(spectrum.flux[i]) && isnan(spectrum.error[i]));
    assert_false(spectrum.has_errors || spectrum.is_relative);
    tml_observed_spectrum_free(&spectrum);
    assert_null(spectrum.flux);
    tml_observed_spectrum_free(&spectrum);
}

static void test_pixels_are_sorted_with_their_fluxes(void **state)
{
    static const double shuffled[PIXELS] = {1.5, 0.9, 2.5, 1.1, 1.3};
    tml_observed_spectrum spectrum = make(shuffled);
    tml_error error = {0};

    (void)state;
    spectrum.flux[2] = NAN;
    assert_int_equal(tml_observed_spectrum_sort(&spectrum, &error), TML_OK);
    for (size_t i = 0; i < PIXELS; ++i) {
        assert_true(i == 0 || spectrum.wavelength_um[i] > spectrum.wavelength_um[i - 1]);
        assert_true(i == 4 ? isnan(spectrum.flux[i]) : spectrum.flux[i] == 10.0 * spectrum.wavelength_um[i]);
        assert_true(spectrum.error[i] == 0.1 * spectrum.wavelength_um[i]);
    }
    tml_observed_spectrum_free(&spectrum);
}

static void refused(const double wavelength_um[PIXELS], const char *text)
{
    tml_observed_spectrum spectrum = make(wavelength_um);
    tml_error error = {0};

    assert_int_equal(tml_observed_spectrum_sort(&spectrum, &error), TML_BAD_DATA);
    if (strstr(error.message, text) == NULL)
        fail_msg("'%s' is not in: %s", text, error.message);
    tml_observed_spectrum_free(&spectrum);
}

static void test_impossible_wavelengths_are_named(void **state)
{
    (void)state;
    refused((double[PIXELS]){1.5, 0.9, NAN, 1.1, 1.3}, "pixel 3");
    refused((double[PIXELS]){1.5, INFINITY, 1.0, 1.1, 1.3}, "pixel 2");
    refused((double[PIXELS]){0.0, 0.9, 1.0, 1.1, 1.3}, "pixel 1");
    refused((double[PIXELS]){1.5, 0.9, 1.0, 1.1, -1.3}, "pixel 5");
    refused((double[PIXELS]){1.5, 0.9, 1.3, 1.1, 0.9}, "pixels 2 and 5");
}

static void test_facts_begin_unknown(void **state)
{
    tml_object_facts facts;

    (void)state;
    memset(&facts, 0xff, sizeof facts);
    tml_object_facts_clear(&facts);
    assert_string_equal(facts.name, "");
    assert_true(isnan(facts.distance_pc.value) && isnan(facts.radius_rjup.value));
    assert_int_equal(facts.literature_count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_new_spectrum_is_empty),
        cmocka_unit_test(test_pixels_are_sorted_with_their_fluxes),
        cmocka_unit_test(test_impossible_wavelengths_are_named),
        cmocka_unit_test(test_facts_begin_unknown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
