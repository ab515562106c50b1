/** @file test_flux_conversion.c
 * F_lambda and F_nu, flux at Earth and at the surface, wavelengths in air and in vacuum, against numbers that
 * others have published. */
#include "spectra/flux_unit.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void assert_close(double got, double want, double relative)
{
    if (!(fabs(got - want) <= relative * fabs(want)))
        fail_msg("%.17g instead of %.17g", got, want);
}

/* astropy/units/tests/test_equivalencies.py, test_spectraldensity4 (BSD-3): printed to 9 digits, meant to
 * 1e-6. */
static void test_densities_are_those_of_astropy(void **state)
{
    static const double wavelength_um[] = {0.49568, 0.495955, 0.49623};
    static const double per_wavelength[] = {3.9135e-14, 4.0209e-14, 3.9169e-14};
    static const double per_frequency[] = {3.20735792e-25, 3.29903646e-25, 3.21727226e-25};

    (void)state;
    for (size_t i = 0; i < 3; ++i) {
        assert_close(tml_per_frequency(wavelength_um[i], per_wavelength[i]), per_frequency[i], 1e-6);
        assert_close(tml_per_wavelength(wavelength_um[i], per_frequency[i]), per_wavelength[i], 1e-6);
    }
}

/* By hand: (1 micron)^2 / c = (1e4 A)^2 / (2.99792458e18 A/s). */
static void test_densities_by_hand_and_back(void **state)
{
    (void)state;
    assert_close(tml_per_frequency(1.0, 2.99792458), 1e-10, 1e-15);
    for (int i = 0; i < 50; ++i) {
        double wavelength_um = 0.4 * pow(1.1, i);

        assert_close(tml_per_wavelength(wavelength_um, tml_per_frequency(wavelength_um, 3e-17)), 3e-17,
                     1e-15);
    }
}

/* 10 pc is 3.0856775814913674e19 cm by the IAU's definition (2015, resolution B2), a nominal equatorial
 * radius of Jupiter 7.1492e9 cm (resolution B3). */
static void test_the_surface_is_brighter_by_distance_over_radius_squared(void **state)
{
    const double ratio = 3.0856775814913674e19 / 7.1492e9;

    (void)state;
    assert_close(tml_surface_factor(10.0, 1.0), ratio * ratio, 4e-16);
    assert_close(tml_surface_factor(20.0, 0.5), 16.0 * ratio * ratio, 1e-15);
    /* The published work: 11.134 pc and 0.81 radii give 3.51980e19. */
    assert_close(tml_surface_factor(11.134, 0.81), 3.51980e19, 2e-6);
}

/* Lines as printed on "Vacuum wavelengths" of SDSS (air by Morton 1991) and the krypton line of the IDL
 * Astronomy User's Library, airtovac: right to their last digits and the difference of the formulas, 1e-8. */
static void test_lines_in_air_are_found_in_vacuum(void **state)
{
    static const struct {
        double air_a, vacuum_a, tolerance_a;
    } lines[] = {
        {6056.125, 6057.8019, 2e-4},  {4861.363, 4862.721, 1.5e-3}, {4958.911, 4960.295, 1.5e-3},
        {5006.843, 5008.239, 1.5e-3}, {6548.05, 6549.86, 1.2e-2},   {6562.801, 6564.614, 1.5e-3},
        {6583.45, 6585.27, 1.2e-2},   {6716.44, 6718.29, 1.2e-2},   {6730.82, 6732.68, 1.2e-2},
    };

    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; ++i) {
        double vacuum_a = 1e4 * tml_vacuum_wavelength_um(1e-4 * lines[i].air_a);

        if (!(fabs(vacuum_a - lines[i].vacuum_a) <= lines[i].tolerance_a))
            fail_msg("%.3f A in air: %.5f in vacuum instead of %.5f", lines[i].air_a, vacuum_a,
                     lines[i].vacuum_a);
    }
}

/* Peck and Reeder 1972, J. Opt. Soc. Am. 62, 958, eq. 2: an independent fit, for 330 instead of 450 ppm of
 * carbon dioxide, which makes 2e-8. */
static double peck_reeder(double vacuum_um)
{
    double s2 = 1.0 / (vacuum_um * vacuum_um);

    return 1.0 + 1e-8 * (8060.51 + 2480990.0 / (132.274 - s2) + 17455.7 / (39.32957 - s2));
}

static void test_the_index_of_air_and_the_way_back(void **state)
{
    (void)state;
    for (int i = 0; i <= 200; ++i) {
        double vacuum_um = 0.25 + 0.0125 * i;
        double s2 = 1.0 / (vacuum_um * vacuum_um);
        double index = 1.0 + 0.05792105 / (238.0185 - s2) + 0.00167917 / (57.362 - s2);

        assert_close(tml_vacuum_wavelength_um(vacuum_um / index), vacuum_um, 1e-15);
        assert_close(index, peck_reeder(vacuum_um), 5e-8);
    }
}

/* Standard air at 633 nm, the helium-neon laser: n = 1.0002765 (Birch and Downs 1994). */
static void test_the_index_at_633_nm(void **state)
{
    (void)state;
    assert_close(tml_vacuum_wavelength_um(0.633) / 0.633 - 1.0, 2.765e-4, 2e-4);
}

static void test_below_200_nm_wavelengths_are_in_vacuum_already(void **state)
{
    (void)state;
    assert_true(tml_vacuum_wavelength_um(0.1999) == 0.1999);
    assert_true(tml_vacuum_wavelength_um(0.0) == 0.0);
    assert_true(tml_vacuum_wavelength_um(0.2) > 0.20006);
    assert_true(isnan(tml_vacuum_wavelength_um((double)NAN)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_densities_are_those_of_astropy),
        cmocka_unit_test(test_densities_by_hand_and_back),
        cmocka_unit_test(test_the_surface_is_brighter_by_distance_over_radius_squared),
        cmocka_unit_test(test_lines_in_air_are_found_in_vacuum),
        cmocka_unit_test(test_the_index_of_air_and_the_way_back),
        cmocka_unit_test(test_the_index_at_633_nm),
        cmocka_unit_test(test_below_200_nm_wavelengths_are_in_vacuum_already),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
