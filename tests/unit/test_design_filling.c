/** @file test_design_filling.c
 * Designs that fill a box: Sobol's points, Latin hypercubes, ranges. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>
#include <gsl/gsl_qrng.h>

#include "atmosphere/parameter_design.h"

enum { AXES = 4 };

static tml_parameter_design preset(void)
{
    tml_parameter_design design;
    tml_error error;

    assert_int_equal(tml_design_preset("published", &design, &error), TML_OK);
    return design;
}

static tml_parameter_design sobol(uint64_t nodes, uint64_t seed)
{
    tml_parameter_design design = preset();
    tml_error error;

    assert_int_equal(tml_design_sobol(&design, nodes, seed, &error), TML_OK);
    return design;
}

static tml_parameter_design latin(uint64_t nodes, uint64_t seed)
{
    tml_parameter_design design = preset();

    tml_design_latin(&design, nodes, seed);
    return design;
}

/* From 0 to 1 within the box. */
static void unit(const tml_parameter_design *design, uint64_t node, double u[AXES])
{
    tml_design_node(design, node, u);
    for (size_t a = 0; a < AXES; ++a) {
        assert_true(u[a] >= design->low[a] && u[a] <= design->high[a]);
        u[a] = (u[a] - design->low[a]) / (design->high[a] - design->low[a]);
    }
}

/* Every part of [0, 1) has one of the nodes [0, parts). */
static void check_one_in_each_part(const tml_parameter_design *design, uint64_t parts)
{
    for (size_t a = 0; a < AXES; ++a) {
        char seen[512] = {0};

        for (uint64_t node = 0; node < parts; ++node) {
            double u[AXES];
            size_t part;

            unit(design, node, u);
            part = (size_t)(u[a] * (double)parts);
            assert_in_range(part, 0, parts - 1);
            assert_int_equal(seen[part]++, 0);
        }
    }
}

/* Points found at once are those that GSL gives one after another. */
static void test_sobol_points_are_those_of_gsl(void **state)
{
    enum { NODES = 3000 };
    const tml_parameter_design design = sobol(NODES, 5);
    gsl_qrng *sequence = gsl_qrng_alloc(gsl_qrng_sobol, AXES);

    (void)state;
    for (uint64_t node = 1; node < NODES; ++node) {
        double point[AXES];
        double u[AXES];

        gsl_qrng_get(sequence, point);
        unit(&design, node, u);
        for (size_t a = 0; a < AXES; ++a) {
            const uint32_t x = (uint32_t)ldexp(point[a], TML_SOBOL_BITS) ^ design.shift[a];

            /* Below the 30 bits of the sequence stands a random number; the way into the box and back rounds.
             */
            assert_true(fabs(u[a] - ldexp((double)x + 0.5, -TML_SOBOL_BITS)) < ldexp(0.51, -TML_SOBOL_BITS));
        }
    }
    gsl_qrng_free(sequence);
}

static void test_the_shift_keeps_one_point_in_each_part(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 3; ++seed) {
        const tml_parameter_design design = sobol(512, seed);

        for (uint64_t parts = 1; parts <= 512; parts *= 2)
            check_one_in_each_part(&design, parts);
    }
}

static void test_a_latin_hypercube_has_one_node_in_each_part(void **state)
{
    static const uint64_t counts[] = {1, 2, 7, 100, 511};

    (void)state;
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; ++i) {
        const tml_parameter_design design = latin(counts[i], 3);

        check_one_in_each_part(&design, counts[i]);
    }
}

/* The axes of a Latin hypercube are shuffled independently: |r| of 500 pairs is below 4 / sqrt(500). */
static void test_the_axes_of_a_latin_hypercube_are_independent(void **state)
{
    enum { NODES = 500 };
    const tml_parameter_design design = latin(NODES, 11);
    double sum[AXES][AXES] = {{0.0}};

    (void)state;
    for (uint64_t node = 0; node < NODES; ++node) {
        double u[AXES];

        unit(&design, node, u);
        for (size_t a = 0; a < AXES; ++a)
            for (size_t b = 0; b < a; ++b)
                sum[a][b] += (u[a] - 0.5) * (u[b] - 0.5);
    }
    for (size_t a = 0; a < AXES; ++a)
        for (size_t b = 0; b < a; ++b)
            assert_true(fabs(sum[a][b]) * 12.0 / NODES < 4.0 / sqrt(NODES));
}

/* The discrepancy in pairs of axes: fewer nodes off the share of a corner than at random. */
static void test_sobol_fills_more_evenly_than_chance(void **state)
{
    enum { NODES = 4096 };
    const tml_parameter_design design = sobol(NODES, 1);
    int inside = 0;

    (void)state;
    for (uint64_t node = 0; node < NODES; ++node) {
        double u[AXES];

        unit(&design, node, u);
        inside += u[0] < 0.37 && u[1] < 0.61;
    }
    assert_true(fabs(inside - NODES * 0.37 * 0.61) < 16.0); /* chance: standard deviation 27 */
}

static void test_a_seed_is_a_design(void **state)
{
    const tml_parameter_design designs[] = {sobol(100, 1), sobol(100, 2), latin(100, 1), latin(100, 2)};
    double first[AXES];
    double other[AXES];

    (void)state;
    for (size_t i = 0; i < 4; i += 2) {
        const tml_parameter_design again = i == 0 ? sobol(100, 1) : latin(100, 1);

        tml_design_node(&designs[i], 42, first);
        tml_design_node(&again, 42, other);
        assert_memory_equal(first, other, sizeof first);
        tml_design_node(&designs[i + 1], 42, other);
        for (size_t a = 0; a < AXES; ++a)
            assert_true(first[a] != other[a]);
    }
}

static void test_large_designs_are_found_at_once(void **state)
{
    const tml_parameter_design many = sobol((uint64_t)1 << 22, 1);
    const tml_parameter_design few = sobol(1 << 10, 1);
    const tml_parameter_design cube = latin(100000000, 1);
    double a[AXES];
    double b[AXES];

    (void)state;
    tml_design_node(&many, 1000, a);
    tml_design_node(&few, 1000, b);
    assert_memory_equal(a, b, sizeof a); /* more nodes go on where fewer end */
    tml_design_node(&cube, 99999999, a);
    tml_design_node(&cube, 99999998, b);
    assert_true(a[0] != b[0]);
}

static void test_too_many_sobol_points_are_refused(void **state)
{
    tml_parameter_design design = preset();
    tml_error error = {0, ""};

    (void)state;
    assert_int_equal(tml_design_sobol(&design, ((uint64_t)1 << 30) + 1, 0, &error), TML_USAGE);
    assert_int_equal(design.kind, TML_DESIGN_REGULAR);
}

/* ---- ranges ---- */

static void test_a_range_keeps_the_values_within(void **state)
{
    tml_parameter_design design = preset();
    tml_error error = {0, ""};
    double parameters[AXES];

    (void)state;
    assert_int_equal(tml_design_narrow(&design, "teff", 500.0, 1234.5, &error), TML_OK);
    assert_int_equal(tml_design_narrow(&design, "met", 0.0, 0.0, &error), TML_OK);
    assert_int_equal(tml_design_check(&design, &error), TML_OK);
    assert_int_equal(design.nodes, (5 + 8 + 2) * 11 * 6);
    tml_design_node(&design, 0, parameters);
    assert_true(parameters[0] == 500.0 && parameters[3] == 0.0);
    tml_design_node(&design, design.nodes - 1, parameters);
    assert_true(parameters[0] == 1200.0 && parameters[3] == 0.0);
}

static void test_a_filled_box_goes_to_the_ends_of_the_range(void **state)
{
    tml_parameter_design design = preset();
    tml_error error = {0, ""};
    double lowest = INFINITY;
    double highest = -INFINITY;

    (void)state;
    assert_int_equal(tml_design_narrow(&design, "teff", 510.0, 520.0, &error), TML_OK);
    assert_int_equal(tml_design_check(&design, &error), TML_USAGE); /* no node of the axis lies there */
    assert_non_null(strstr(error.message, "teff"));
    tml_design_latin(&design, 1000, 1);
    for (uint64_t node = 0; node < 1000; ++node) {
        double parameters[AXES];

        tml_design_node(&design, node, parameters);
        lowest = fmin(lowest, parameters[0]);
        highest = fmax(highest, parameters[0]);
    }
    assert_true(lowest >= 510.0 && lowest < 510.02 && highest <= 520.0 && highest > 519.98);
}

static void test_ranges_that_make_no_sense_are_refused(void **state)
{
    tml_parameter_design design = preset();
    tml_error error = {0, ""};

    (void)state;
    assert_int_equal(tml_design_narrow(&design, "tef", 500.0, 600.0, &error), TML_USAGE);
    assert_non_null(strstr(error.message, "did you mean 'teff'"));
    assert_int_equal(tml_design_narrow(&design, "teff", 600.0, 500.0, &error), TML_USAGE);
    assert_int_equal(tml_design_narrow(&design, "teff", 100.0, 500.0, &error), TML_USAGE);
    assert_non_null(strstr(error.message, "200 to 2400"));
    assert_int_equal(tml_design_narrow(&design, "teff", (double)NAN, 500.0, &error), TML_USAGE);
    assert_int_equal(design.nodes, 30888);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sobol_points_are_those_of_gsl),
        cmocka_unit_test(test_the_shift_keeps_one_point_in_each_part),
        cmocka_unit_test(test_a_latin_hypercube_has_one_node_in_each_part),
        cmocka_unit_test(test_the_axes_of_a_latin_hypercube_are_independent),
        cmocka_unit_test(test_sobol_fills_more_evenly_than_chance),
        cmocka_unit_test(test_a_seed_is_a_design),
        cmocka_unit_test(test_large_designs_are_found_at_once),
        cmocka_unit_test(test_too_many_sobol_points_are_refused),
        cmocka_unit_test(test_a_range_keeps_the_values_within),
        cmocka_unit_test(test_a_filled_box_goes_to_the_ends_of_the_range),
        cmocka_unit_test(test_ranges_that_make_no_sense_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
