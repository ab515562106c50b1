/** @file test_structure.c
 * Temperature over pressure: ascending, within the ranges of chemistry and opacity, smooth in every
 * parameter, and what hydrostatic equilibrium asks for. */
#include "atmosphere/structure.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { LEVELS = TML_STRUCTURE_LEVELS, PARAMETERS = 4 };

static const double lowest[PARAMETERS] = {200.0, 3.0, 0.25, -1.0};
static const double highest[PARAMETERS] = {2400.0, 5.5, 2.5, 2.0};

/* The structure at a place in the box of all parameters, each from 0 to 1. */
static void structure_at(const double place[PARAMETERS], tml_structure *structure)
{
    double value[PARAMETERS];

    for (size_t p = 0; p < PARAMETERS; ++p)
        value[p] = lowest[p] + place[p] * (highest[p] - lowest[p]);
    tml_structure_of(value[0], value[1], value[2], value[3], structure);
}

/* T at a pressure between the levels. */
static double temperature_at(const tml_structure *structure, double pressure_bar)
{
    size_t l = 0;
    double part;

    while (l + 2 < LEVELS && structure->pressure_bar[l + 1] < pressure_bar)
        ++l;
    part = log(pressure_bar / structure->pressure_bar[l]) /
           log(structure->pressure_bar[l + 1] / structure->pressure_bar[l]);
    return structure->temperature_k[l] *
           pow(structure->temperature_k[l + 1] / structure->temperature_k[l], part);
}

/* The pressure where T = teff. */
static double photosphere_of(const tml_structure *structure, double teff)
{
    size_t l = 0;
    double part;

    while (l + 2 < LEVELS && structure->temperature_k[l + 1] < teff)
        ++l;
    part = log(teff / structure->temperature_k[l]) /
           log(structure->temperature_k[l + 1] / structure->temperature_k[l]);
    return structure->pressure_bar[l] *
           pow(structure->pressure_bar[l + 1] / structure->pressure_bar[l], part);
}

static void check_levels(const tml_structure *s)
{
    const double step = log(s->pressure_bar[1] / s->pressure_bar[0]);

    /* What tml_chemistry_at takes. */
    assert_true(s->pressure_bar[0] >= 1e-6 && s->pressure_bar[0] <= 1e-4);
    assert_true(s->temperature_k[0] > 75.0);
    assert_true(s->pressure_bar[LEVELS - 1] < 1000.0 && s->temperature_k[LEVELS - 1] < 5000.0);
    for (size_t l = 1; l < LEVELS; ++l) {
        const double nabla = log(s->temperature_k[l] / s->temperature_k[l - 1]) / step;

        assert_true(s->temperature_k[l] > s->temperature_k[l - 1]);
        assert_true(fabs(log(s->pressure_bar[l] / s->pressure_bar[l - 1]) - step) < 1e-10);
        /* No gas of H2 and He is steeper: the adiabat of a rigid rotator has 2/7, cold para-H2 less than
         * 2/5. */
        assert_true(nabla < 0.4);
    }
}

static void test_levels_ascend_within_the_ranges(void **state)
{
    tml_structure s;

    (void)state;
    for (int i = 0; i < 23 * 6 * 4 * 7; ++i) {
        const double place[PARAMETERS] = {i % 23 / 22.0, i / 23 % 6 / 5.0, i / 138 % 4 / 3.0, i / 552 / 6.0};

        structure_at(place, &s);
        check_levels(&s);
        assert_true(fabs(log10(s.gravity) - (3.0 + 2.5 * place[1])) < 1e-12);
    }
}

/* Place of Teff such that equal steps are equal ratios. */
static double place_of_ratio(double part)
{
    return (pow(highest[0] / lowest[0], part) - 1.0) * lowest[0] / (highest[0] - lowest[0]);
}

static void scan(size_t p, double place[PARAMETERS], double largest_bend)
{
    enum { STEPS = 4000 };

    static tml_structure s[3];

    for (int i = 0; i <= STEPS; ++i) {
        place[p] = p == 0 ? place_of_ratio((double)i / STEPS) : (double)i / STEPS;
        structure_at(place, &s[i % 3]);
        for (size_t l = 0; i >= 2 && l < LEVELS; ++l) {
            const double bend = log(s[i % 3].temperature_k[l] * s[(i + 1) % 3].temperature_k[l]) -
                                2.0 * log(s[(i + 2) % 3].temperature_k[l]);

            assert_true(fabs(bend) * STEPS * STEPS < largest_bend);
        }
    }
}

/* Second differences of ln T at a level, over the range of a parameter. The limits are 1.5 times the largest
 * seen; a kink is larger by (change of slope) x 4000 steps: one of 0.1 in ln Teff, of 0.0015 in the others,
 * would be found. */
static void test_every_level_is_smooth_in_every_parameter(void **state)
{
    const double largest_bend[PARAMETERS] = {400.0, 6.0, 2.5, 4.0};

    (void)state;
    for (size_t p = 0; p < PARAMETERS; ++p)
        for (double teff = 0.1; teff < 1.0; teff += 0.4) {
            double place[PARAMETERS] = {teff, 0.6, 0.4, 0.3};

            scan(p, place, largest_bend[p]);
        }
}

/* Below the photosphere of a cold atmosphere H2 and He convect: nabla = 0.25 to 0.33. */
static void test_a_cold_interior_lies_on_an_adiabat(void **state)
{
    tml_structure s;

    (void)state;
    for (double logg = 3.0; logg <= 5.5; logg += 0.5) {
        tml_structure_of(300.0, logg, 1.0, 0.0, &s);
        for (size_t l = 1; l < LEVELS; ++l) {
            const double nabla = log(s.temperature_k[l] / s.temperature_k[l - 1]) /
                                 log(s.pressure_bar[l] / s.pressure_bar[l - 1]);

            if (s.temperature_k[l - 1] > 330.0 && s.temperature_k[l] < 1400.0)
                assert_true(nabla > 0.25 && nabla < 0.33);
        }
    }
}

/* A column of given optical depth weighs P / g: more gravity or less opacity, deeper photosphere. */
static void test_the_photosphere_deepens_with_gravity_and_rises_with_metals(void **state)
{
    tml_structure s;

    (void)state;
    for (double teff = 200.0; teff <= 2400.0; teff += 100.0) {
        double before = 0.0;

        for (double logg = 3.0; logg <= 5.5; logg += 0.25) {
            tml_structure_of(teff, logg, 1.0, 0.0, &s);
            assert_true(photosphere_of(&s, teff) > 1.1 * before);
            before = photosphere_of(&s, teff);
        }
        before = INFINITY;
        for (double met = -1.0; met <= 2.0; met += 0.25) {
            tml_structure_of(teff, 4.5, 1.0, met, &s);
            assert_true(photosphere_of(&s, teff) < 0.97 * before);
            before = photosphere_of(&s, teff);
        }
    }
}

/* The shift of the gravity that stands for the metals does not depend on the level: wherever two structures
 * of one Teff have the same T at one depth, they have it at all. */
static void test_metals_act_as_less_gravity(void **state)
{
    tml_structure rich;
    tml_structure light;
    double low = 3.0;
    double high = 5.0;

    (void)state;
    tml_structure_of(1200.0, 5.0, 1.0, 0.5, &rich);
    for (int i = 0; i < 60; ++i) {
        const double middle = 0.5 * (low + high);

        tml_structure_of(1200.0, middle, 1.0, 0.0, &light);
        if (photosphere_of(&light, 1200.0) > photosphere_of(&rich, 1200.0))
            high = middle;
        else
            low = middle;
    }
    assert_true(low > 4.5 && low < 4.8);       /* 10^0.5 times the metals, opacity up by 2 to 3 */
    for (double p = 1e-3; p < 100.0; p *= 3.0) /* 1e-3: between levels T is interpolated */
        assert_true(fabs(temperature_at(&light, p) / temperature_at(&rich, p) - 1.0) < 1e-3);
}

/* Where it is hot, carbon takes the oxygen of H2O: less opacity; where it is cold, it absorbs as CH4. */
static void test_c_o_changes_the_opacity_by_its_chemistry(void **state)
{
    tml_structure poor;
    tml_structure rich;

    (void)state;
    tml_structure_of(2000.0, 5.0, 0.5, 0.0, &poor);
    tml_structure_of(2000.0, 5.0, 1.5, 0.0, &rich);
    assert_true(photosphere_of(&rich, 2000.0) > 1.1 * photosphere_of(&poor, 2000.0));
    tml_structure_of(600.0, 5.0, 0.5, 0.0, &poor);
    tml_structure_of(600.0, 5.0, 1.5, 0.0, &rich);
    assert_true(photosphere_of(&rich, 600.0) < photosphere_of(&poor, 600.0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_levels_ascend_within_the_ranges),
        cmocka_unit_test(test_every_level_is_smooth_in_every_parameter),
        cmocka_unit_test(test_a_cold_interior_lies_on_an_adiabat),
        cmocka_unit_test(test_the_photosphere_deepens_with_gravity_and_rises_with_metals),
        cmocka_unit_test(test_metals_act_as_less_gravity),
        cmocka_unit_test(test_c_o_changes_the_opacity_by_its_chemistry),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
