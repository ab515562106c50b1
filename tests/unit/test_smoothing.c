/** @file test_smoothing.c
 * Kernel densities on nodes against the sum of Gaussians that they stand for; levels that hold a share; lines
 * of equal value of a cone and of a ring; the numbers of a box. */
#include "plots/smoothing.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "plots/box_strip.h"
#include "plots/contour.h"

enum { VALUES = 997, SIDE = TML_SMOOTH_SIDE };

static double x[VALUES], y[VALUES], scratch[SIDE * SIDE], map[SIDE * SIDE];

static void assert_close(double got, double want, double tolerance)
{
    if (!(fabs(got - want) <= tolerance))
        fail_msg("%.17g instead of %.17g", got, want);
}

/* Quantiles of a standard normal distribution, in two orders. */
static void fill_normal(void)
{
    for (size_t i = 0; i < VALUES; ++i) {
        double p = ((double)i + 0.5) / VALUES, low = -6.0, high = 6.0;

        for (int step = 0; step < 60; ++step) {
            double middle = 0.5 * (low + high);

            if (0.5 * erfc(-middle / sqrt(2.0)) < p)
                low = middle;
            else
                high = middle;
        }
        x[i] = low;
        y[i * 389 % VALUES] = low;
    }
}

static tml_strided all(const double *values)
{
    return (tml_strided){VALUES, 1, values};
}

static void test_line_is_a_sum_of_gaussians(void **state)
{
    const tml_range range = {-4.0, 4.0};
    double density[TML_SMOOTH_LINE], spread, width, sum = 0.0;

    (void)state;
    fill_normal();
    spread = tml_smooth_spread(all(x), range, scratch);
    assert_close(spread, 1.0, 0.01);
    tml_smooth_line(all(x), range, spread, density);
    width = 0.9 * spread * pow(VALUES, -0.2);
    for (size_t n = 0; n < TML_SMOOTH_LINE; ++n) {
        double node = range.low + 8.0 * (double)n / (TML_SMOOTH_LINE - 1), want = 0.0;

        for (size_t i = 0; i < VALUES; ++i)
            want += exp(-0.5 * (node - x[i]) * (node - x[i]) / (width * width));
        want /= VALUES * width * sqrt(2.0 * 3.14159265358979);
        sum += density[n] * 8.0 / (TML_SMOOTH_LINE - 1);
        assert_close(density[n], want, 0.004); /* of at most 0.4: sharing values out widens them a little */
    }
    assert_close(sum, 1.0, 0.005);
}

/* Far values count neither for the spread nor for the range, but as a part of the whole. */
static void test_far_values(void **state)
{
    const tml_range range = {-4.0, 4.0};
    double density[TML_SMOOTH_LINE], sum = 0.0;

    (void)state;
    fill_normal();
    for (size_t i = 0; i < VALUES; i += 10)
        y[i] = 1e9;
    y[1] = NAN;
    assert_close(tml_smooth_spread(all(y), range, scratch), 1.0, 0.1);
    tml_smooth_line(all(y), range, 1.0, density);
    for (size_t n = 0; n < TML_SMOOTH_LINE; ++n)
        sum += density[n] * 8.0 / (TML_SMOOTH_LINE - 1);
    assert_close(sum, 0.9, 0.01);
    assert_close(tml_smooth_spread((tml_strided){1, 1, x}, range, scratch), 0.0, 0.0);
}

/* For two independent normal values the share within r is 1 - exp(-r^2 / 2). Tolerance: a tenth of the
 * bandwidth's own broadening. */
static void test_levels_hold_their_share(void **state)
{
    const tml_range range = {-5.0, 5.0};
    static const double shares[] = {0.6827, 0.9545};
    double broad = sqrt(1.0 + pow(VALUES, -1.0 / 3.0));

    (void)state;
    fill_normal();
    tml_smooth_map(all(x), all(y), range, range, 1.0, 1.0, map);
    for (size_t s = 0; s < 2; ++s) {
        double level = tml_smooth_level(SIDE * SIDE, map, shares[s], scratch);
        double radius = broad * sqrt(-2.0 * log(1.0 - shares[s]));

        assert_true(tml_smooth_at(map, 0.5 + 0.93 * radius / 10.0, 0.5) > level);
        assert_true(tml_smooth_at(map, 0.5 + 1.07 * radius / 10.0, 0.5) < level);
    }
    for (size_t i = 0; i < SIDE; ++i)
        assert_true(map[i] + map[i * SIDE] + map[i * SIDE + SIDE - 1] + map[(SIDE - 1) * SIDE + i] == 0.0);
}

static void test_nothing_to_smooth(void **state)
{
    const tml_range range = {100.0, 200.0};
    double density[TML_SMOOTH_LINE];

    (void)state;
    fill_normal();
    tml_smooth_line(all(x), range, 1.0, density);
    tml_smooth_map(all(x), all(y), range, range, 1.0, 1.0, map);
    for (size_t n = 0; n < TML_SMOOTH_LINE; ++n)
        assert_true(density[n] == 0.0);
    assert_true(tml_smooth_level(SIDE * SIDE, map, 0.5, scratch) == 0.0);
}

/* ---- contours ---- */

static double signed_area(const tml_contour *contour, size_t *loops)
{
    double area = 0.0;

    *loops = 0;
    for (size_t i = 1; i < contour->count; ++i) {
        if (isnan(contour->x[i]))
            *loops += 1;
        else if (!isnan(contour->x[i - 1]))
            area += 0.5 * (contour->x[i - 1] * contour->y[i] - contour->x[i] * contour->y[i - 1]);
    }
    return area;
}

/* A cone: the circle, against the clock. Tolerance: its polygon, and the cone between nodes. */
static void test_contour_of_a_cone(void **state)
{
    tml_contour contour;
    tml_error error = {0, ""};
    size_t loops;

    (void)state;
    for (size_t i = 0; i < SIDE * SIDE; ++i)
        map[i] = 15.0 - hypot((double)(i % SIDE) - 20.3, (double)(i / SIDE) - 19.6);
    assert_int_equal(tml_contour_trace(SIDE, SIDE, map, 3.0, &contour, &error), TML_OK);
    assert_close(signed_area(&contour, &loops), 3.14159265 * 144.0, 1.5);
    assert_int_equal(loops, 1);
    for (size_t i = 0; i + 1 < contour.count; ++i)
        assert_close(hypot(contour.x[i] - 20.3, contour.y[i] - 19.6), 12.0, 0.05);
    assert_true(contour.x[0] == contour.x[contour.count - 2] && contour.y[0] == contour.y[contour.count - 2]);
    tml_contour_free(&contour);
    assert_null(contour.x);
}

/* The hole of a ring runs with the clock, so that the areas add up. */
static void test_contour_of_a_ring(void **state)
{
    tml_contour contour;
    tml_error error = {0, ""};
    size_t loops;

    (void)state;
    for (size_t i = 0; i < SIDE * SIDE; ++i)
        map[i] = 5.0 - fabs(hypot((double)(i % SIDE) - 20.0, (double)(i / SIDE) - 20.0) - 12.0);
    assert_int_equal(tml_contour_trace(SIDE, SIDE, map, 1.0, &contour, &error), TML_OK);
    assert_close(signed_area(&contour, &loops), 3.14159265 * (256.0 - 64.0), 3.0);
    assert_int_equal(loops, 2);
    tml_contour_free(&contour);
}

/* A chess board: every inner cell is a saddle; the mean of its corners is on one side or the other. */
static void test_contour_of_saddles(void **state)
{
    static const double levels[] = {0.4, 0.6};
    size_t loops[2];

    (void)state;
    for (size_t i = 0; i < SIDE * SIDE; ++i) {
        size_t column = i % SIDE, row = i / SIDE;
        bool is_inside = column > 0 && row > 0 && column + 1 < SIDE && row + 1 < SIDE;

        map[i] = is_inside && (column + row) % 2 == 0 ? 1.0 : 0.0;
    }
    for (size_t l = 0; l < 2; ++l) {
        tml_contour contour;
        tml_error error = {0, ""};

        assert_int_equal(tml_contour_trace(SIDE, SIDE, map, levels[l], &contour, &error), TML_OK);
        assert_true(signed_area(&contour, &loops[l]) > 0.0);
        tml_contour_free(&contour);
    }
    assert_int_equal(loops[1], (SIDE - 2) * (SIDE - 2) / 2); /* each on its own */
    assert_true(loops[0] < loops[1]);                        /* joined, with holes between them */
}

static void test_contour_of_nothing(void **state)
{
    tml_contour contour;
    tml_error error = {0, ""};

    (void)state;
    for (size_t i = 0; i < SIDE * SIDE; ++i)
        map[i] = 0.0;
    assert_int_equal(tml_contour_trace(SIDE, SIDE, map, 1.0, &contour, &error), TML_OK);
    assert_int_equal(contour.count, 0);
    tml_contour_free(&contour);
}

/* ---- box ---- */

/* Quartiles 2 and 4 of seven values; 11 is beyond 4 + 1.5 * 2. */
static void test_numbers_of_a_box(void **state)
{
    const double sorted[] = {1.0, 2.0, 2.0, 3.0, 4.0, 4.0, 11.0};
    tml_box_numbers box = tml_box_numbers_of(7, sorted);

    (void)state;
    assert_close(box.q1, 2.0, 0.0);
    assert_close(box.median, 3.0, 0.0);
    assert_close(box.q3, 4.0, 0.0);
    assert_close(box.whisker_low, 1.0, 0.0);
    assert_close(box.whisker_high, 4.0, 0.0);
    assert_close(box.mean, 27.0 / 7.0, 1e-14);
    assert_true(isnan(tml_box_numbers_of(0, sorted).median));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_line_is_a_sum_of_gaussians), cmocka_unit_test(test_far_values),
        cmocka_unit_test(test_levels_hold_their_share),    cmocka_unit_test(test_nothing_to_smooth),
        cmocka_unit_test(test_contour_of_a_cone),          cmocka_unit_test(test_contour_of_a_ring),
        cmocka_unit_test(test_contour_of_saddles),         cmocka_unit_test(test_contour_of_nothing),
        cmocka_unit_test(test_numbers_of_a_box),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
