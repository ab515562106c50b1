/** @file test_stencil.c
 * Brackets and weights: multilinear and linear functions come out as they are, and what the points do not say
 * does not count. */
#include "spectra/stencil.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/random.h"

enum { AXES = 3, NODES = 4 };

static const double NODE[NODES] = {-1.0, 0.5, 2.0, 5.0};

static double uniform(uint64_t a, uint64_t b)
{
    return tml_random_uniform(5, TML_RANDOM_DESIGN, a, b, 0);
}

static void check_bracket(double value, size_t lower, size_t upper, double share, bool is_outside)
{
    tml_bracket bracket = tml_bracket_of(NODES, NODE, value);

    assert_int_equal(bracket.lower, lower);
    assert_int_equal(bracket.upper, upper);
    assert_true(bracket.upper_share == share);
    assert_true(bracket.is_outside == is_outside);
}

static void test_a_node_is_its_own_bracket(void **state)
{
    (void)state;
    for (size_t i = 0; i < NODES; ++i)
        check_bracket(NODE[i], i, i, 0.0, false);
}

static void test_between_nodes_the_upper_one_has_its_share(void **state)
{
    (void)state;
    check_bracket(-0.25, 0, 1, 0.5, false);
    check_bracket(1.625, 1, 2, 0.75, false);
    check_bracket(2.375, 2, 3, 0.125, false);
}

static void test_beyond_the_axis_its_end_counts(void **state)
{
    (void)state;
    check_bracket(nextafter(-1.0, -2.0), 0, 0, 0.0, true);
    check_bracket(-INFINITY, 0, 0, 0.0, true);
    check_bracket(nextafter(5.0, 6.0), NODES - 1, NODES - 1, 0.0, true);
    check_bracket(1e300, NODES - 1, NODES - 1, 0.0, true);
}

static void test_an_axis_of_one_node(void **state)
{
    tml_bracket on = tml_bracket_of(1, NODE, -1.0);
    tml_bracket above = tml_bracket_of(1, NODE, 0.0);

    (void)state;
    assert_true(on.lower == 0 && on.upper == 0 && !on.is_outside);
    assert_true(above.lower == 0 && above.upper == 0 && above.is_outside);
}

/* A function that is linear in each axis, of order 1. */
static double multilinear_value(const double *x)
{
    return 0.7 - 0.3 * x[0] + 0.2 * x[1] * x[2] + 0.05 * x[0] * x[1] * x[2] - 0.4 * x[1];
}

/* @return the interpolated value   @param points  out */
static double interpolate(const double *x, size_t *points, double *sum)
{
    tml_bracket bracket[AXES];
    size_t corner[TML_STENCIL_POINTS * AXES];
    double weight[TML_STENCIL_POINTS];
    double value = 0.0;

    for (size_t a = 0; a < AXES; ++a)
        bracket[a] = tml_bracket_of(NODES, NODE, x[a]);
    *points = tml_multilinear(AXES, bracket, corner, weight);
    *sum = 0.0;
    for (size_t k = 0; k < *points; ++k) {
        double at[AXES];

        for (size_t a = 0; a < AXES; ++a)
            at[a] = NODE[corner[k * AXES + a]];
        value += weight[k] * multilinear_value(at);
        *sum += weight[k];
        assert_true(weight[k] > 0.0);
    }
    return value;
}

/* Tolerance 1e-13: values of order 10, a few roundings. */
static void test_a_multilinear_function_comes_out_as_it_is(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < 200; ++i) {
        double x[AXES];
        size_t points;
        double sum;

        for (uint64_t a = 0; a < AXES; ++a)
            x[a] = -1.0 + 6.0 * uniform(i, a);
        assert_true(fabs(interpolate(x, &points, &sum) - multilinear_value(x)) < 1e-13);
        assert_true(fabs(sum - 1.0) < 1e-15);
        assert_int_equal(points, 8);
    }
}

static void test_points_are_two_to_the_power_of_the_axes_between_nodes(void **state)
{
    double x[AXES] = {0.5, -1.0, 5.0};
    size_t points;
    double sum;

    (void)state;
    assert_true(interpolate(x, &points, &sum) == multilinear_value(x) && points == 1);
    x[1] = 0.1;
    (void)interpolate(x, &points, &sum);
    assert_int_equal(points, 2);
    x[2] = 4.9;
    (void)interpolate(x, &points, &sum);
    assert_int_equal(points, 4);
}

static void test_more_corners_than_there_is_room_for_are_none(void **state)
{
    tml_bracket bracket[TML_STENCIL_AXES];
    size_t *corner = calloc(TML_STENCIL_POINTS * TML_STENCIL_AXES, sizeof *corner);
    double weight[TML_STENCIL_POINTS];

    (void)state;
    assert_non_null(corner);
    for (size_t a = 0; a < TML_STENCIL_AXES; ++a)
        bracket[a] = tml_bracket_of(NODES, NODE, a < 8 ? 3.0 : 2.0);
    assert_int_equal(tml_multilinear(TML_STENCIL_AXES, bracket, corner, weight), 256);
    bracket[8] = tml_bracket_of(NODES, NODE, 3.0);
    assert_int_equal(tml_multilinear(TML_STENCIL_AXES, bracket, corner, weight), 0);
    free(corner);
}

static double linear_value(const double *x)
{
    return 3.0 - 0.5 * x[0] + 1.25 * x[1] + 0.75 * x[2];
}

/* The value at `at` of a fit through `points` points; the weights have the sum 1. The fewer the points and
 * the farther they are, the larger the weights, and with them the roundings.
 * @param scale  out: the sum of the weights' sizes, at least 1 */
static double fit(size_t points, const double *x, const double *at, double *scale)
{
    double weight[64];
    double value = 0.0;
    double sum = 0.0;
    tml_error error;

    *scale = 0.0;

    assert_true(tml_local_linear(AXES, points, x, at, weight, &error) == TML_OK);
    for (size_t k = 0; k < points; ++k) {
        value += weight[k] * linear_value(x + k * AXES);
        sum += weight[k];
        *scale += fabs(weight[k]);
    }
    assert_true(fabs(sum - 1.0) < 1e-13 * *scale);
    return value;
}

/* Also outside the points, where the weights are large. */
static void test_a_linear_function_comes_out_as_it_is(void **state)
{
    static const size_t counts[] = {4, 5, 16, 48};

    (void)state;
    for (uint64_t i = 0; i < 50; ++i)
        for (size_t c = 0; c < sizeof counts / sizeof counts[0]; ++c) {
            double x[48 * AXES];
            double at[AXES];
            double scale;

            for (uint64_t j = 0; j < counts[c] * AXES; ++j)
                x[j] = uniform(1000 + i, j);
            for (uint64_t a = 0; a < AXES; ++a)
                at[a] = -0.5 + 2.0 * uniform(2000 + i, a);
            assert_true(fabs(fit(counts[c], x, at, &scale) - linear_value(at)) < 1e-12 * scale);
            assert_true(counts[c] < 16 || scale < 100.0);
        }
}

/* All points have the same third coordinate, far from that of the point: it is as if there were two axes. */
static void test_a_direction_without_spread_does_not_count(void **state)
{
    double x[16 * AXES];
    double at[AXES] = {0.4, 0.6, 0.9};
    double in_plane[AXES] = {0.4, 0.6, 7.0};
    double scale;

    (void)state;
    for (uint64_t k = 0; k < 16; ++k) {
        x[k * AXES] = uniform(1, k);
        x[k * AXES + 1] = uniform(2, k);
        x[k * AXES + 2] = 7.0;
    }
    assert_true(fabs(fit(16, x, at, &scale) - linear_value(in_plane)) < 1e-10);
}

/* Two points for four unknowns: linear along their line, constant across it. */
static void test_fewer_points_than_unknowns(void **state)
{
    const double x[2 * AXES] = {1.0, 1.0, 1.0, 3.0, 1.0, 1.0};
    const double at[AXES] = {1.5, 4.0, -2.0};
    const double on_line[AXES] = {1.5, 1.0, 1.0};
    double scale;

    (void)state;
    assert_true(fabs(fit(2, x, at, &scale) - linear_value(on_line)) < 1e-12);
}

static void test_one_point_says_its_own_value(void **state)
{
    const double x[AXES] = {1.0, 2.0, 3.0};
    const double at[AXES] = {5.0, 5.0, 5.0};
    double scale;

    (void)state;
    assert_true(fit(1, x, at, &scale) == linear_value(x));
    assert_true(fit(1, x, x, &scale) == linear_value(x));
}

static void test_points_that_are_all_there_or_all_equally_far_weigh_alike(void **state)
{
    const double same[4] = {2.0, 2.0, 2.0, 2.0};
    const double square[8] = {0.0, 0.0, 0.0, 1.0, 1.0, 0.0, 1.0, 1.0};
    const double centre[2] = {0.5, 0.5};
    double weight[4];
    tml_error error;

    (void)state;
    assert_true(tml_local_linear(1, 4, same, same, weight, &error) == TML_OK);
    for (size_t k = 0; k < 4; ++k)
        assert_true(fabs(weight[k] - 0.25) < 1e-15);
    assert_true(tml_local_linear(2, 4, square, centre, weight, &error) == TML_OK);
    for (size_t k = 0; k < 4; ++k)
        assert_true(fabs(weight[k] - 0.25) < 1e-14);
}

/* Five points on an axis, symmetric about the middle: the slope does not matter there, so the weights are the
 * kernel, (1 - (r / 1.05)^3)^3 for r = 1, 0.5 and 0, by its sum. */
static void test_the_kernel_is_tricube(void **state)
{
    const double x[5] = {-2.0, -1.0, 0.0, 1.0, 2.0};
    const double at = 0.0;
    double kernel[5];
    double sum = 0.0;
    double weight[5];
    tml_error error;

    (void)state;
    for (size_t k = 0; k < 5; ++k) {
        kernel[k] = pow(1.0 - pow(fabs(x[k]) / 2.1, 3.0), 3.0);
        sum += kernel[k];
    }
    assert_true(tml_local_linear(1, 5, x, &at, weight, &error) == TML_OK);
    for (size_t k = 0; k < 5; ++k)
        assert_true(fabs(weight[k] - kernel[k] / sum) < 1e-14);
}

static void test_a_fit_that_cannot_converge_is_an_error(void **state)
{
    double x[4 * AXES] = {0.0, 1.0, 2.0, 3.0, 2.0, 4.0, 1.0, 7.0, 5.0, 2.0, 2.0, 0.0};
    const double at[AXES] = {1.5, 2.0, 2.0};
    double weight[4];
    tml_error error = {0, ""};

    (void)state;
    x[4] = (double)NAN;
    assert_true(tml_local_linear(AXES, 4, x, at, weight, &error) == TML_INTERNAL);
    assert_non_null(strstr(error.message, "4 grid points"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_node_is_its_own_bracket),
        cmocka_unit_test(test_between_nodes_the_upper_one_has_its_share),
        cmocka_unit_test(test_beyond_the_axis_its_end_counts),
        cmocka_unit_test(test_an_axis_of_one_node),
        cmocka_unit_test(test_a_multilinear_function_comes_out_as_it_is),
        cmocka_unit_test(test_points_are_two_to_the_power_of_the_axes_between_nodes),
        cmocka_unit_test(test_more_corners_than_there_is_room_for_are_none),
        cmocka_unit_test(test_a_linear_function_comes_out_as_it_is),
        cmocka_unit_test(test_a_direction_without_spread_does_not_count),
        cmocka_unit_test(test_fewer_points_than_unknowns),
        cmocka_unit_test(test_one_point_says_its_own_value),
        cmocka_unit_test(test_points_that_are_all_there_or_all_equally_far_weigh_alike),
        cmocka_unit_test(test_the_kernel_is_tricube),
        cmocka_unit_test(test_a_fit_that_cannot_converge_is_an_error),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
