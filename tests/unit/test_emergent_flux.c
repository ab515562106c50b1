/** @file test_emergent_flux.c
 * Planck's law and the formal solution against what is known in closed form. */
#include "atmosphere/formal_solution.h"
#include "atmosphere/planck.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { LEVELS = 40 };

/* pi times the integral over frequency is sigma T^4: trapezoid in ln nu, which converges exponentially here.
 */
static void test_planck_integrates_to_stefan_boltzmann(void **state)
{
    static const double temperatures[] = {200.0, 1000.0, 2400.0};

    (void)state;
    for (size_t i = 0; i < 3; ++i) {
        const double t = temperatures[i];
        const double step = 0.02;
        double sum = 0.0;

        for (int k = -400; k <= 220; ++k) { /* h nu / k T from 3e-4 to 81 */
            const double x = exp(step * k);
            const double wavelength_um = 1e4 * TML_PLANCK_CONSTANT * TML_LIGHT_SPEED /
                                         (TML_BOLTZMANN_CONSTANT * t * x);
            const double frequency = 1e4 * TML_LIGHT_SPEED / wavelength_um;

            sum += TML_PI * tml_planck_nu(wavelength_um, t) * frequency * step;
        }
        /* The constant sigma has ten digits. */
        assert_true(fabs(sum / (TML_STEFAN_BOLTZMANN * t * t * t * t) - 1.0) < 1e-8);
    }
}

static void test_planck_is_rayleigh_jeans_at_long_wavelengths(void **state)
{
    const double wavelength_um = 1e6;
    const double cm = 100.0;
    const double expected = 2.0 * TML_BOLTZMANN_CONSTANT * 1000.0 / (cm * cm);

    (void)state;
    /* The next term is h nu / 2 k T = 7e-6. */
    assert_true(fabs(tml_planck_nu(wavelength_um, 1000.0) / expected - 1.0) < 1e-5);
}

static void fill_depths(double first, double depth[LEVELS])
{
    for (size_t l = 0; l < LEVELS; ++l)
        depth[l] = first + 0.01 * expm1(0.25 * (double)l);
}

static void test_an_isothermal_atmosphere_is_a_black_body(void **state)
{
    const double planck = tml_planck_nu(1.25, 900.0);
    double depth[LEVELS], source[LEVELS];

    (void)state;
    for (size_t l = 0; l < LEVELS; ++l)
        source[l] = planck;
    for (double first = 0.0; first < 100.0; first = 3.0 * first + 0.5) {
        fill_depths(first, depth);
        assert_true(fabs(tml_emergent_flux(depth, source, LEVELS) / (TML_PI * planck) - 1.0) < 1e-15);
    }
}

static void test_a_linear_source_shows_its_value_at_two_thirds(void **state)
{
    double depth[LEVELS], source[LEVELS];

    (void)state;
    fill_depths(0.0, depth);
    for (size_t l = 0; l < LEVELS; ++l)
        source[l] = 2.0 + 3.0 * depth[l];
    /* Eddington and Barbier; also with two levels, since the last slope goes on. */
    assert_true(fabs(tml_emergent_flux(depth, source, LEVELS) / (TML_PI * 4.0) - 1.0) < 1e-13);
    assert_true(fabs(tml_emergent_flux(depth, source, 2) / (TML_PI * 4.0) - 1.0) < 1e-13);
}

static void test_gas_above_the_first_level_hides_what_is_below(void **state)
{
    double depth[LEVELS], source[LEVELS];

    (void)state;
    fill_depths(60.0, depth);
    for (size_t l = 0; l < LEVELS; ++l)
        source[l] = l == 0 ? 1.0 : 1e6;
    assert_true(fabs(tml_emergent_flux(depth, source, LEVELS) / TML_PI - 1.0) < 1e-12);
}

/* S = 1 + t^2 gives F / pi = 1 + 2 integral mu (2 mu^2) dmu = 2; two angles are exact for mu^3. */
static void test_finer_levels_converge_for_a_curved_source(void **state)
{
    double before = 1.0;

    (void)state;
    for (size_t levels = 50; levels <= 800; levels *= 2) {
        double depth[800], source[800];
        double off;

        for (size_t l = 0; l < levels; ++l) {
            depth[l] = 40.0 * (double)l / (double)(levels - 1);
            source[l] = 1.0 + depth[l] * depth[l];
        }
        off = fabs(tml_emergent_flux(depth, source, levels) / (2.0 * TML_PI) - 1.0);
        assert_true(off < 0.35 * before); /* second order: a quarter */
        before = off;
    }
    assert_true(before < 1e-3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_planck_integrates_to_stefan_boltzmann),
        cmocka_unit_test(test_planck_is_rayleigh_jeans_at_long_wavelengths),
        cmocka_unit_test(test_an_isothermal_atmosphere_is_a_black_body),
        cmocka_unit_test(test_a_linear_source_shows_its_value_at_two_thirds),
        cmocka_unit_test(test_gas_above_the_first_level_hides_what_is_below),
        cmocka_unit_test(test_finer_levels_converge_for_a_curved_source),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
