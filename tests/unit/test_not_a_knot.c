/** @file test_not_a_knot.c
 * The spline gives cubics back, is SciPy's elsewhere, and is smooth to the second derivative. Golden numbers:
 * tests/golden/statistics.py. */
#include "statistics/not_a_knot.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/statistics_check.h"

#include "statistics/cubic_pieces.h"
#include "unit/rough_curve.h"

static void slopes_of(size_t count, const double *x, const double *y, double *slope)
{
    tml_error error = {0, ""};

    assert_int_equal(tml_not_a_knot_slopes(count, x, y, slope, &error), TML_OK);
}

static double cubic(double x)
{
    return 2.0 + x * (-3.0 + x * (0.5 + x * 0.25));
}

static double cubic_slope(double x)
{
    return -3.0 + x * (1.0 + x * 0.75);
}

/* Inside and beyond the points, evenly and unevenly spaced. */
static void test_a_cubic_comes_back(void **state)
{
    (void)state;
    for (size_t count = 4; count <= ROUGH; ++count) {
        double y[ROUGH], slope[ROUGH];
        tml_cubic_pieces curve = {count, rough_x, y, slope};

        for (size_t i = 0; i < count; ++i)
            y[i] = cubic(rough_x[i]);
        slopes_of(count, rough_x, y, slope);
        for (double x = -1.0; x <= 7.0; x += 0.0625) {
            double derivative;

            assert_within(tml_cubic_at(&curve, x, &derivative), cubic(x), 1e-12 * 100.0);
            assert_within(derivative, cubic_slope(x), 1e-12 * 100.0);
        }
    }
}

static void test_a_rough_curve_is_that_of_scipy(void **state)
{
    static const double want_slope[ROUGH] = {7.750995235514611,   1.002736192024567,   -0.64017381339475232,
                                             0.70621810504448379, -13.046010590254259, 36.84922323081787,
                                             50.532499054441587,  -189.37831820439871};
    static const double want[ROUGH_AT] = {
        -5.5047266630537885, 1,  2.5958507654789327,  2.756467619563745,  2.473864693131012,
        3.1990866815196179,  -1, 0.49289602950141503, 57.931885358804138, 4.2499999999999432,
        -139.20193246737119};
    static const double want_derivative[ROUGH_AT] = {
        19.021642844239722,   7.750995235514611,   3.1593531815923765,  -1.2231342862304109,
        -0.40259668969877599, 1.2375590856403087,  -13.046010590254259, 42.767693514880527,
        42.444773743395203,   -189.37831820439871, -394.3218551009349};
    double slope[ROUGH];

    (void)state;
    slopes_of(ROUGH, rough_x, rough_y, slope);
    for (size_t i = 0; i < ROUGH; ++i)
        assert_close(slope[i], want_slope[i], 1e-12);
    assert_rough_curve(slope, want, want_derivative, 1e-12);
}

/* Second derivative from both sides of a point; the third too at the two points that are no knots. */
static void test_the_curve_is_smooth(void **state)
{
    double slope[ROUGH], second[2][ROUGH], third[ROUGH - 1];

    (void)state;
    slopes_of(ROUGH, rough_x, rough_y, slope);
    for (size_t i = 0; i + 1 < ROUGH; ++i) {
        double h = rough_x[i + 1] - rough_x[i];
        double secant = (rough_y[i + 1] - rough_y[i]) / h;

        second[0][i] = (6.0 * secant - 4.0 * slope[i] - 2.0 * slope[i + 1]) / h;
        second[1][i + 1] = (2.0 * slope[i] + 4.0 * slope[i + 1] - 6.0 * secant) / h;
        third[i] = 6.0 * (slope[i] + slope[i + 1] - 2.0 * secant) / (h * h);
    }
    for (size_t i = 1; i + 1 < ROUGH; ++i)
        assert_within(second[0][i], second[1][i], 1e-9); /* of some hundreds, from differences over 1/8 */
    assert_close(third[0], third[1], 1e-10);
    assert_close(third[ROUGH - 2], third[ROUGH - 3], 1e-10);
}

static void test_few_points(void **state)
{
    double slope[4];

    (void)state;
    slopes_of(2, rough_x, rough_y, slope);
    assert_true(slope[0] == 4.0 && slope[1] == 4.0);
    slopes_of(3, rough_x, rough_y, slope);
    assert_close(slope[0], 5.8666666666666671, 1e-15);
    assert_close(slope[1], 2.1333333333333333, 1e-15);
    assert_close(slope[2], -3.4666666666666659, 1e-15);
    slopes_of(4, rough_x, rough_y, slope);
    assert_close(slope[0], 7.700000000000002, 1e-14);
    assert_close(slope[1], 1.0333333333333328, 1e-14);
    assert_close(slope[2], -0.71666666666666656, 1e-14);
    assert_close(slope[3], 0.89999999999999969, 1e-14);
}

static void test_points_that_make_no_curve(void **state)
{
    const double repeated[4] = {1.0, 2.0, 2.0, 3.0};
    const double good[4] = {1.0, 2.0, 3.0, 4.0};
    double slope[4];
    tml_error error = {0, ""};

    (void)state;
    assert_int_equal(tml_not_a_knot_slopes(1, good, good, slope, &error), TML_BAD_DATA);
    assert_int_equal(tml_not_a_knot_slopes(4, repeated, good, slope, &error), TML_BAD_DATA);
    assert_int_equal(tml_not_a_knot_slopes(4, good, repeated, slope, &error), TML_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_cubic_comes_back),
        cmocka_unit_test(test_a_rough_curve_is_that_of_scipy),
        cmocka_unit_test(test_the_curve_is_smooth),
        cmocka_unit_test(test_few_points),
        cmocka_unit_test(test_points_that_make_no_curve),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
