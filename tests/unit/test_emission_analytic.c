/** @file test_emission_analytic.c
 * The formal solution of many columns against exact fluxes, with the errors that its header states. */
#include "atmosphere/formal_solution.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <gsl/gsl_sf_expint.h>

#include "atmosphere/planck.h"

enum { LEVELS = 60, FINE = 20001 };

/* An atmosphere at its levels and half-way (in depth) between them. */
typedef struct atmosphere {
    size_t levels;
    double depth[FINE], source[FINE], middle[FINE];
} atmosphere;

static double flux_of(const atmosphere *a, size_t angle_count, double below)
{
    double transmission[TML_EMISSION_ANGLES];
    double flux;
    tml_emission_angles angles;
    tml_error error;

    assert_int_equal(tml_emission_angles_make(angle_count, &angles, &error), TML_OK);
    tml_emission_begin(&angles, 1, a->depth, a->source, transmission, &flux);
    for (size_t l = 1; l < a->levels; ++l) {
        const double depth = a->depth[l] - a->depth[l - 1];

        tml_emission_layer(&angles, 1, &depth, a->source + l - 1, a->middle + l - 1, a->source + l,
                           transmission, &flux);
    }
    tml_emission_end(&angles, 1, a->source + a->levels - 1, &below, transmission, &flux);
    return flux;
}

/* Planck's law of Eddington's grey atmosphere, T^4 = 3/4 Teff^4 (t + 2/3); x = h nu / k Teff. */
static double grey_source(double depth, double x)
{
    return 1.0 / expm1(x / pow(0.75 * (depth + 2.0 / 3.0), 0.25));
}

static void fill_grey(double x, atmosphere *a)
{
    for (size_t l = 0; l < a->levels; ++l) {
        a->source[l] = grey_source(a->depth[l], x);
        if (l + 1 < a->levels)
            a->middle[l] = grey_source(0.5 * (a->depth[l] + a->depth[l + 1]), x);
    }
}

/* F = 2 pi (S(0) / 2 + integral S' E_3 dt), with S linear between levels that lie close. */
static double exact_grey_flux(double x)
{
    double sum = 0.5 * grey_source(0.0, x);
    double before = 0.0;

    for (size_t l = 1; l < FINE; ++l) {
        const double depth = 60.0 * pow((double)l / (FINE - 1), 3.0);

        sum += (grey_source(depth, x) - grey_source(before, x)) / (depth - before) *
               (gsl_sf_expint_En(4, before) - gsl_sf_expint_En(4, depth));
        before = depth;
    }
    return 2.0 * TML_PI * sum;
}

static atmosphere shared; /* too large for the stack */

static void test_the_rules_are_exact_for_straight_sources(void **state)
{
    (void)state;
    shared.levels = LEVELS;
    for (size_t angles = 2; angles <= TML_EMISSION_ANGLES; ++angles) {
        for (size_t l = 0; l < LEVELS; ++l) {
            shared.depth[l] = 0.01 * expm1(0.15 * (double)l);
            shared.source[l] = 2.0 + 3.0 * shared.depth[l];
            shared.middle[l] = 2.0 + 1.5 * (shared.depth[l] + 0.01 * expm1(0.15 * (double)(l + 1)));
        }
        shared.depth[LEVELS - 1] = 1e3; /* nothing shines through */
        shared.source[LEVELS - 1] = 2.0 + 3e3;
        shared.middle[LEVELS - 2] = 0.5 * (shared.source[LEVELS - 2] + shared.source[LEVELS - 1]);
        /* Eddington and Barbier: the source at 2/3. */
        assert_true(fabs(flux_of(&shared, angles, 0.0) / (4.0 * TML_PI) - 1.0) < 1e-11);
    }
}

static void test_an_isothermal_atmosphere_is_a_black_body(void **state)
{
    (void)state;
    shared.levels = LEVELS;
    for (size_t l = 0; l < LEVELS; ++l) {
        shared.depth[l] = 0.3 * (double)l * (double)l /
                          (LEVELS * LEVELS); /* thin: the ground shines through */
        shared.source[l] = shared.middle[l] = 7.0;
    }
    for (size_t angles = 1; angles <= TML_EMISSION_ANGLES; ++angles)
        assert_true(fabs(flux_of(&shared, angles, 7.0) / (7.0 * TML_PI) - 1.0) < 1e-14);
}

/* A parabola S = 1 + t^2 gives F / pi = 1 + 2 integral mu (2 mu^2) dmu = 2, from whatever levels. */
static void test_a_parabola_is_exact_with_coarse_levels(void **state)
{
    (void)state;
    shared.levels = 5;
    for (size_t l = 0; l < shared.levels; ++l) {
        const double next = 25.0 * (double)(l + 1);

        shared.depth[l] = 25.0 * (double)l;
        shared.source[l] = 1.0 + shared.depth[l] * shared.depth[l];
        shared.middle[l] = 1.0 + 0.25 * (shared.depth[l] + next) * (shared.depth[l] + next);
    }
    for (size_t angles = 2; angles <= TML_EMISSION_ANGLES; ++angles)
        assert_true(fabs(flux_of(&shared, angles, 0.0) / (2.0 * TML_PI) - 1.0) < 1e-11);
}

/* The exact flux of a slab in empty space is pi S (1 - 2 E_3(t)); thin: 2 pi S t. */
static void test_a_slab_is_as_good_as_stated(void **state)
{
    static const struct {
        size_t angles;
        double worst;
    } stated[] = {{2, 0.038}, {3, 0.018}, {4, 0.011}, {8, 0.003}};

    (void)state;
    shared.levels = 2;
    shared.source[0] = shared.source[1] = shared.middle[0] = 1.0;
    shared.depth[0] = 0.0;
    for (size_t i = 0; i < sizeof stated / sizeof stated[0]; ++i) {
        double worst = 0.0;

        for (double depth = 1e-4; depth < 30.0; depth *= 1.1) {
            shared.depth[1] = depth;
            worst = fmax(worst, fabs(flux_of(&shared, stated[i].angles, 0.0) /
                                         (TML_PI * (1.0 - 2.0 * gsl_sf_expint_En(3, depth))) -
                                     1.0));
        }
        assert_true(worst < stated[i].worst && worst > 0.8 * stated[i].worst);
        shared.depth[1] = 1e-9;
        assert_true(fabs(flux_of(&shared, stated[i].angles, 0.0) / (2.0 * TML_PI * 1e-9) - 1.0) < 1e-7);
    }
}

/* Levels so close that only the angles are left. */
static void test_the_angles_are_as_good_as_stated(void **state)
{
    static const struct {
        size_t angles;
        double near_peak, far_wien; /* x = 6 and 20 */
    } stated[] = {{2, 1e-3, 0.04}, {3, 5e-5, 3e-4}, {4, 5e-6, 1e-5}};

    (void)state;
    shared.levels = FINE;
    for (size_t l = 0; l < FINE; ++l)
        shared.depth[l] = 60.0 * pow((double)l / (FINE - 1), 3.0);
    for (size_t i = 0; i < sizeof stated / sizeof stated[0]; ++i) {
        fill_grey(6.0, &shared);
        assert_true(fabs(flux_of(&shared, stated[i].angles, shared.source[FINE - 1]) / exact_grey_flux(6.0) -
                         1.0) < stated[i].near_peak);
        fill_grey(20.0, &shared);
        assert_true(fabs(flux_of(&shared, stated[i].angles, shared.source[FINE - 1]) / exact_grey_flux(20.0) -
                         1.0) < stated[i].far_wien);
    }
}

/* Levels that the cloudless model has: 60, about 0.7 apart in the logarithm of the depth; three angles. */
static void test_the_levels_are_as_good_as_stated(void **state)
{
    static const struct {
        double x, worst;
    } stated[] = {{0.5, 1e-4}, {2.0, 2e-4}, {6.0, 2e-4}, {12.0, 5e-4}, {20.0, 0.01}};

    (void)state;
    shared.levels = LEVELS;
    for (size_t l = 0; l < LEVELS; ++l)
        shared.depth[l] = 60.0 * exp(-0.7 * (double)(LEVELS - 1 - l));
    for (size_t i = 0; i < sizeof stated / sizeof stated[0]; ++i) {
        fill_grey(stated[i].x, &shared);
        assert_true(fabs(flux_of(&shared, 3, shared.source[LEVELS - 1]) / exact_grey_flux(stated[i].x) -
                         1.0) < stated[i].worst);
    }
}

static void test_columns_do_not_see_each_other(void **state)
{
    const double depth[3] = {0.01, 5.0, 700.0}, above[3] = {1.0, 2.0, 3.0}, middle[3] = {1.5, 2.4, 3.1},
                 below[3] = {2.0, 3.0, 4.0};
    double transmission[9], flux[3];
    tml_emission_angles angles;
    tml_error error;

    (void)state;
    assert_int_equal(tml_emission_angles_make(3, &angles, &error), TML_OK);
    tml_emission_begin(&angles, 3, depth, above, transmission, flux);
    assert_true(tml_emission_layer(&angles, 3, depth, above, middle, below, transmission, flux) < 1.0);
    tml_emission_end(&angles, 3, below, below, transmission, flux);
    for (size_t i = 0; i < 3; ++i) {
        double own[3], alone;

        tml_emission_begin(&angles, 1, depth + i, above + i, own, &alone);
        tml_emission_layer(&angles, 1, depth + i, above + i, middle + i, below + i, own, &alone);
        tml_emission_end(&angles, 1, below + i, below + i, own, &alone);
        assert_true(alone == flux[i]);
    }
}

/* Thirty decades within a layer, as Planck's law has far in the blue of cold gas: a free parabola would be
 * negative. Bent no further than it stays between the levels, the flux lies between those of its ends. */
static void test_a_steep_source_gives_no_negative_flux(void **state)
{
    static const double depths[] = {1e-8, 0.1, 1.0, 10.0, 1e4};
    atmosphere a = {.levels = 2, .source = {1e-30, 1.0}, .middle = {1e-15}};

    (void)state;
    for (size_t i = 0; i < sizeof depths / sizeof depths[0]; ++i) {
        double flux;

        a.depth[1] = depths[i];
        flux = flux_of(&a, 3, 0.0);
        assert_true(flux > 0.0 && flux < TML_PI);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_rules_are_exact_for_straight_sources),
        cmocka_unit_test(test_an_isothermal_atmosphere_is_a_black_body),
        cmocka_unit_test(test_a_parabola_is_exact_with_coarse_levels),
        cmocka_unit_test(test_a_slab_is_as_good_as_stated),
        cmocka_unit_test(test_the_angles_are_as_good_as_stated),
        cmocka_unit_test(test_the_levels_are_as_good_as_stated),
        cmocka_unit_test(test_columns_do_not_see_each_other),
        cmocka_unit_test(test_a_steep_source_gives_no_negative_flux),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
