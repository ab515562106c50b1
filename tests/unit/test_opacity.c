/** @file test_opacity.c
 * Opacity of a gas from a table: nodes, values between and beyond them, mixtures, grey species, collisions,
 * scattering, and what is switched off. */
#include "atmosphere/opacity.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "atmosphere/planck.h"
#include "atmosphere/rayleigh.h"
#include "opacity_example.h"

/* Tables are float: half a unit of the last place of ln m = -50 is 2e-6. All values here are exact in float,
 * so what is left is the rounding of doubles. */
static const double close = 1e-12;

static opacity_example example;

typedef struct found {
    double mean[EXAMPLE_BINS], spread[EXAMPLE_BINS], continuum[EXAMPLE_BINS];
} found;

static int set_up(void **state)
{
    (void)state;
    example_make(&example);
    return 0;
}

static found opacity_of(double temperature, double pressure, const double *fraction, tml_species_set without)
{
    found f;
    tml_opacity *opacity = NULL;
    tml_error error = {0, ""};
    const tml_opacity_layer layer = {f.mean, f.spread, f.continuum};

    assert_int_equal(
        tml_opacity_create(&example.table, EXAMPLE_BINS, example.wavelength_um, without, &opacity, &error),
        TML_OK);
    tml_opacity_at(opacity, temperature, pressure, fraction, &layer);
    tml_opacity_destroy(&opacity);
    assert_null(opacity);
    return f;
}

/* Water alone: the mean weight is that of water. */
static const double only_water[TML_SPECIES_COUNT] = {[TML_SPECIES_H2O] = 1.0};

static double water_per_gram(void)
{
    return 1.0 / (18.015 * TML_ATOMIC_MASS);
}

static void expect_near(double got, double want)
{
    if (!(fabs(got - want) <= close * fabs(want)))
        fail_msg("%.17g instead of %.17g", got, want);
}

static void test_nodes_of_the_table_come_back(void **state)
{
    const found f = opacity_of(800.0, 100.0, only_water, 0);

    (void)state;
    expect_near(f.mean[3], exp(-49.0) * water_per_gram());
    expect_near(f.spread[3], sqrt(log(1.0 + exp(1.0))));
    expect_near(f.mean[50], exp(-95.0) * water_per_gram());
}

static void test_between_nodes_logarithms_are_bilinear(void **state)
{
    const found f = opacity_of(400.0, 1.0, only_water, 0); /* half-way in both logarithms */

    (void)state;
    expect_near(f.mean[3], exp(-49.5) * water_per_gram());
    expect_near(f.spread[3], sqrt(log(1.0 + exp(1.5))));
}

static void test_beyond_the_nodes_nothing_changes(void **state)
{
    const found cold = opacity_of(50.0, 1e-5, only_water, 0);
    const found hot = opacity_of(6000.0, 1e3, only_water, 0);

    (void)state;
    expect_near(cold.mean[3], exp(-50.0) * water_per_gram());
    expect_near(cold.spread[3], sqrt(log(1.0 + exp(2.0))));
    expect_near(hot.mean[3], exp(-48.0) * water_per_gram());
    expect_near(hot.spread[3], sqrt(log(1.0 + exp(1.0))));
}

static void test_means_and_variances_of_a_mixture_add(void **state)
{
    const double fraction[TML_SPECIES_COUNT] = {[TML_SPECIES_H2O] = 0.25, [TML_SPECIES_CH4] = 0.75};
    const double per_gram = 1.0 / ((0.25 * 18.015 + 0.75 * 16.043) * TML_ATOMIC_MASS);
    double water, methane;
    found f;

    (void)state;
    for (size_t t = 0; t < EXAMPLE_T; ++t) /* make both absorb in bin 3 */
        for (size_t p = 0; p < EXAMPLE_P; ++p)
            example.ln_mean[example_at(1, t, p, 3)] = -51.0F;
    f = opacity_of(200.0, 0.01, fraction, 0);
    water = 0.25 * exp(-50.0);
    methane = 0.75 * exp(-51.0);
    expect_near(f.mean[3], (water + methane) * per_gram);
    expect_near(f.spread[3], sqrt(log(1.0 + (water * water * exp(2.0) + methane * methane * exp(-1.0)) /
                                                ((water + methane) * (water + methane)))));
    example_make(&example);
}

static void test_a_grey_species_is_continuum(void **state)
{
    const double fraction[TML_SPECIES_COUNT] = {[TML_SPECIES_K] = 1.0};
    const found f = opacity_of(300.0, 1.0, fraction, 0);

    (void)state;
    for (size_t b = 0; b < EXAMPLE_BINS; ++b) {
        expect_near(f.continuum[b], exp(-52.0) / (39.098 * TML_ATOMIC_MASS));
        assert_true(f.mean[b] == 0.0 && f.spread[b] == 0.0);
    }
}

static void test_hydrogen_and_helium_collide_and_scatter(void **state)
{
    const double fraction[TML_SPECIES_COUNT] = {[TML_SPECIES_H2] = 0.85, [TML_SPECIES_HE] = 0.15};
    const double per_gram = 1.0 / ((0.85 * 2.016 + 0.15 * 4.003) * TML_ATOMIC_MASS);
    const double particles = 2e6 / (TML_BOLTZMANN_CONSTANT * 500.0);
    const found f = opacity_of(500.0, 2.0, fraction, 0);
    const found no_helium = opacity_of(500.0, 2.0, fraction, 1U << TML_SPECIES_HE);
    const found neither = opacity_of(500.0, 2.0, fraction, 1U << TML_SPECIES_HE | 1U << TML_SPECIES_H2);

    (void)state;
    for (size_t b = 0; b < EXAMPLE_BINS; b += 17) {
        const double wavelength = example.wavelength_um[b];
        const double h2 = 0.85 * tml_rayleigh_h2(wavelength) + 0.85 * 0.85 * particles * 1e-47;
        const double he = 0.15 * tml_rayleigh_he(wavelength) + 0.85 * 0.15 * particles * 1e-48;

        assert_true(fabs(f.continuum[b] / ((h2 + he) * per_gram) - 1.0) < 1e-11);
        assert_true(fabs(no_helium.continuum[b] / (h2 * per_gram) - 1.0) < 1e-11);
        assert_true(neither.continuum[b] == 0.0);
    }
}

/* Cox 2000, Allen's Astrophysical Quantities: about 6 times the refractivity's square; the two polynomials at
 * 1 micron against (32 pi^3 / 3 N^2) (n - 1)^2 / lambda^4 with n - 1 = 1.384e-4 (H2) and 3.48e-5 (He). */
static void test_scattering_agrees_with_the_refractive_index(void **state)
{
    const double pi = TML_PI;
    const double factor = 32.0 * pi * pi * pi / (3.0 * TML_LOSCHMIDT_NUMBER * TML_LOSCHMIDT_NUMBER) / 1e-16;

    (void)state;
    assert_true(fabs(tml_rayleigh_h2(1.0) / (factor * 1.384e-4 * 1.384e-4) - 1.0) < 0.06);
    assert_true(fabs(tml_rayleigh_he(1.0) / (factor * 3.48e-5 * 3.48e-5) - 1.0) < 0.06);
    /* As lambda^-4, and a little steeper. */
    assert_true(tml_rayleigh_h2(0.8) > pow(1.25, 4.0) * tml_rayleigh_h2(1.0));
    assert_true(tml_rayleigh_h2(0.8) < pow(1.25, 4.1) * tml_rayleigh_h2(1.0));
}

static void test_what_is_switched_off_is_not_there(void **state)
{
    const double fraction[TML_SPECIES_COUNT] = {
        [TML_SPECIES_H2] = 0.999, [TML_SPECIES_H2O] = 5e-4, [TML_SPECIES_CH4] = 5e-4};
    const found all = opacity_of(800.0, 1.0, fraction, 0);
    const found dry = opacity_of(800.0, 1.0, fraction, 1U << TML_SPECIES_H2O);

    (void)state;
    for (size_t b = 0; b < EXAMPLE_BINS; ++b) {
        assert_true(dry.continuum[b] == all.continuum[b]);
        if (b < EXAMPLE_WATER_END)
            assert_true(dry.mean[b] < 1e-15 * all.mean[b]);
        else if (b >= EXAMPLE_METHANE_BEGIN)
            assert_true(fabs(dry.mean[b] / all.mean[b] - 1.0) < 1e-15);
    }
}

static void test_wavelengths_must_be_those_of_the_table(void **state)
{
    const double wanted[2] = {example.wavelength_um[4], 0.5 * (example.wavelength_um[4] + 1.0)};
    const double beyond[2] = {example.wavelength_um[EXAMPLE_BINS - 1], 2.6};
    tml_opacity *opacity = NULL;
    tml_error error = {0, ""};

    (void)state;
    assert_int_equal(tml_opacity_create(&example.table, 1, wanted, 0, &opacity, &error), TML_OK);
    tml_opacity_destroy(&opacity);
    assert_int_equal(tml_opacity_create(&example.table, 2, wanted, 0, &opacity, &error), TML_BAD_DATA);
    assert_null(opacity);
    assert_non_null(strstr(error.message, "micron is not the centre of a bin"));
    assert_int_equal(tml_opacity_create(&example.table, 2, beyond, 0, &opacity, &error), TML_BAD_DATA);
    assert_null(opacity);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nodes_of_the_table_come_back),
        cmocka_unit_test(test_between_nodes_logarithms_are_bilinear),
        cmocka_unit_test(test_beyond_the_nodes_nothing_changes),
        cmocka_unit_test(test_means_and_variances_of_a_mixture_add),
        cmocka_unit_test(test_a_grey_species_is_continuum),
        cmocka_unit_test(test_hydrogen_and_helium_collide_and_scatter),
        cmocka_unit_test(test_scattering_agrees_with_the_refractive_index),
        cmocka_unit_test(test_what_is_switched_off_is_not_there),
        cmocka_unit_test(test_wavelengths_must_be_those_of_the_table),
    };

    return cmocka_run_group_tests(tests, set_up, NULL);
}
