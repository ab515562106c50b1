/** @file test_wavelength_grid.c
 * The published wavelengths are the published ones. */
#include "spectra/wavelength_grid.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void test_the_ends_are_the_published_numbers(void **state)
{
    double wavelength_um[TML_PUBLISHED_WAVELENGTHS];

    (void)state;
    tml_wavelength_grid_published(wavelength_um);
    assert_true(wavelength_um[0] == 0.8967795781943042);
    /* The published list is a running product, 103 roundings long. */
    assert_true(fabs(wavelength_um[103] / 2.511960198958523 - 1.0) < 1e-14);
    assert_true(fabs(wavelength_um[52] - 1.508415) < 5e-7);
    assert_true(fabs(wavelength_um[80] - 1.995833) < 5e-7);
}

static void test_neighbours_differ_by_a_hundredth_of_their_mean(void **state)
{
    double wavelength_um[TML_PUBLISHED_WAVELENGTHS];

    (void)state;
    tml_wavelength_grid_published(wavelength_um);
    for (size_t k = 1; k < TML_PUBLISHED_WAVELENGTHS; ++k) {
        const double step = wavelength_um[k] - wavelength_um[k - 1];
        const double mean = 0.5 * (wavelength_um[k] + wavelength_um[k - 1]);

        assert_true(fabs(step / mean - 0.01) < 1e-14); /* rounding of a difference of near numbers */
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_ends_are_the_published_numbers),
        cmocka_unit_test(test_neighbours_differ_by_a_hundredth_of_their_mean),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
