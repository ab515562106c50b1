/** @file test_plots_spectra.c
 * The figure of spectra from several grids arrives complete, is the same in every run, and is drawn with
 * fluxes that no axis can show. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "plots/spectra_comparison.h"
#include "plots_example.h"

static tml_spectra_comparison_plot sample(void)
{
    tml_spectra_comparison_plot plot = {.title = "Two grids",
                                        .flux_label = "Fν [erg s⁻¹ cm⁻² Hz⁻¹]",
                                        .curves = 3,
                                        .curve = {"first", "second", "third"},
                                        .wavelengths = PIXELS,
                                        .wavelength_um = wavelength,
                                        .panels = TML_SPECTRA_PANELS};

    for (size_t p = 0; p < TML_SPECTRA_PANELS; ++p)
        plot.panel[p] = (tml_spectra_panel){"Teff 900 K, log g 5", {model, flux, p == 0 ? NULL : model}};
    return plot;
}

#define SPECTRA_TEST(function) cmocka_unit_test_setup_teardown(function, make_folder, remove_folder)

static void check(const tml_spectra_comparison_plot *plot, const char *folder)
{
    tml_error error = {0};

    expect_drawn(tml_plot_spectra_comparison(plot, folder, "figure", &error), &error, folder);
}

static void test_three_files_that_are_the_same_in_every_run(void **state)
{
    const tml_spectra_comparison_plot plot = sample();
    size_t count[2];
    char *bytes[2];

    for (int f = 0; f < FORMATS; ++f) {
        for (int run = 0; run < 2; ++run) {
            check(&plot, *state);
            bytes[run] = read_figure(*state, f, &count[run]);
        }
        assert_int_equal(count[0], count[1]);
        assert_memory_equal(bytes[0], bytes[1], count[0]);
        free(bytes[0]);
        free(bytes[1]);
    }
}

static void test_any_number_of_panels(void **state)
{
    tml_spectra_comparison_plot plot = sample();

    for (plot.panels = 1; plot.panels <= TML_SPECTRA_PANELS; ++plot.panels)
        check(&plot, *state);
}

static void test_fluxes_that_cannot_be_shown(void **state)
{
    tml_spectra_comparison_plot plot = sample();
    double bad[PIXELS];

    for (size_t i = 0; i < PIXELS; ++i)
        bad[i] = i % 3 == 0 ? 0.0 : i % 3 == 1 ? (double)NAN : -1.0;
    plot.panel[1].flux[1] = bad;
    plot.panel[2].flux[0] = bad;
    check(&plot, *state);
    for (size_t p = 0; p < TML_SPECTRA_PANELS; ++p)
        plot.panel[p].flux[0] = plot.panel[p].flux[1] = plot.panel[p].flux[2] = bad;
    check(&plot, *state);
}

static void test_bad_data(void **state)
{
    tml_spectra_comparison_plot plot = sample();
    tml_error error = {0};

    plot.panels = TML_SPECTRA_PANELS + 1;
    assert_int_equal(tml_plot_spectra_comparison(&plot, *state, "figure", &error), TML_BAD_DATA);
    plot.panels = 1;
    plot.curves = 0;
    assert_int_equal(tml_plot_spectra_comparison(&plot, *state, "figure", &error), TML_BAD_DATA);
    plot.curves = 1;
    plot.wavelengths = 0;
    assert_int_equal(tml_plot_spectra_comparison(&plot, *state, "figure", &error), TML_BAD_DATA);
    assert_non_null(strstr(error.message, "at least one wavelength"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SPECTRA_TEST(test_three_files_that_are_the_same_in_every_run),
        SPECTRA_TEST(test_any_number_of_panels),
        SPECTRA_TEST(test_fluxes_that_cannot_be_shown),
        SPECTRA_TEST(test_bad_data),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
