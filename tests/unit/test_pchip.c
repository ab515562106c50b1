/** @file test_pchip.c
 * Shape-preserving curves: the published vectors of NAG, SciPy's slopes, values and derivatives, every rule
 * at the ends, and that nothing overshoots. Golden numbers: tests/golden/statistics.py. */
#include "statistics/pchip.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "unit/statistics_check.h"

#include "statistics/cubic_pieces.h"
#include "unit/rough_curve.h"

enum { NAG = 9, NAG_AT = 11 };

static const double nag_x[NAG] = {7.99, 8.09, 8.19, 8.70, 9.20, 10.00, 12.00, 15.00, 20.00};
static const double nag_y[NAG] = {0.0,     0.27643e-4, 0.43750e-1, 0.16918, 0.46943,
                                  0.94374, 0.99864,    0.99992,    0.99999};

static void slopes_of(size_t count, const double *x, const double *y, double *slope)
{
    tml_error error = {0, ""};

    assert_int_equal(tml_pchip_slopes(count, x, y, slope, &error), TML_OK);
}

/* NAG's example for e01be, as in SciPy's test_nag, to the digits printed there. */
static void test_the_published_curve(void **state)
{
    static const double at[NAG_AT] = {7.9900,  9.1910,  10.3920, 11.5930, 12.7940, 13.9950,
                                      15.1960, 16.3970, 17.5980, 18.7990, 20.0000};
    static const double want[NAG_AT] = {0.0000, 0.4640, 0.9645, 0.9965, 0.9992, 0.9998,
                                        0.9999, 1.0000, 1.0000, 1.0000, 1.0000};
    double slope[NAG];
    tml_cubic_pieces curve = {NAG, nag_x, nag_y, slope};

    (void)state;
    slopes_of(NAG, nag_x, nag_y, slope);
    for (size_t i = 0; i < NAG_AT; ++i)
        assert_within(tml_cubic_at(&curve, at[i], NULL), want[i], 5e-5);
}

static void test_its_slopes_are_those_of_scipy(void **state)
{
    static const double want[NAG] = {0,
                                     0.00055251068093760197,
                                     0.33587301646212686,
                                     0.34944455397358432,
                                     0.5969623905897069,
                                     0.06032597053158318,
                                     0.00089832790741281381,
                                     2.940516887734763e-05,
                                     0};
    double slope[NAG];

    (void)state;
    slopes_of(NAG, nag_x, nag_y, slope);
    for (size_t i = 0; i < NAG; ++i)
        assert_close(slope[i], want[i], 1e-13);
}

static void test_a_rough_curve_is_that_of_scipy(void **state)
{
    static const double want_slope[ROUGH] = {5.8666666666666663,  0, 0, 0, -0.78947368421052633, 0,
                                             0.37440170182591731, 0};
    static const double want[ROUGH_AT] = {
        -0.7333333333333325, 1,  2.5775999999999999,  2.6296296296296298, 2.5,
        1.6803118908382064,  -1, 0.43150717957807783, 4.2057029420840797, 4.2499999999999991,
        4.2504174726046733};
    static const double want_derivative[ROUGH_AT] = {
        -1.06666666666667,    5.8666666666666663,   3.8826666666666672, -0.88888888888888884, 0,
        -2.8479532163742691,  -0.78947368421052633, 63.240191455415626, 0.11923874805491545,  0,
        0.0093310484744627553};
    double slope[ROUGH];

    (void)state;
    slopes_of(ROUGH, rough_x, rough_y, slope);
    for (size_t i = 0; i < ROUGH; ++i)
        assert_close(slope[i], want_slope[i], 1e-14);
    assert_rough_curve(slope, want, want_derivative, 1e-13);
}

/* The first secant changes sign against the three-point slope, or is more than three times exceeded by it. */
static void test_slopes_at_the_ends_are_limited(void **state)
{
    static const double x[4] = {0.0, 1.0, 2.0, 3.0};
    static const double turns[4] = {0.0, 1.0, 11.0, 12.0};
    static const double dives[4] = {0.0, 1.0, -9.0, -8.0};
    static const double plain[4] = {0.0, 1.0, 3.0, 2.5};
    double slope[4];

    (void)state;
    slopes_of(4, x, turns, slope);
    assert_true(slope[0] == 0.0 && slope[3] == 0.0);
    slopes_of(4, x, dives, slope);
    assert_true(slope[0] == 3.0 && slope[3] == 3.0);
    slopes_of(4, x, plain, slope);
    assert_close(slope[0], 0.5, 1e-15);
    assert_close(slope[3], -1.5, 1e-15); /* three times its secant, below -1.75 */
}

static void test_few_points(void **state)
{
    double slope[3];

    (void)state;
    slopes_of(2, rough_x, rough_y, slope);
    assert_true(slope[0] == 4.0 && slope[1] == 4.0);
    slopes_of(3, rough_x, rough_y, slope);
    assert_close(slope[0], 5.8666666666666663, 1e-15);
    assert_true(slope[1] == 0.0);
    assert_close(slope[2], -2.0, 1e-15);
}

/* Between two points the curve stays between their values, however steep. */
static void test_nothing_overshoots(void **state)
{
    double x[FIRST_COUNT], y[FIRST_COUNT], slope[FIRST_COUNT];
    tml_cubic_pieces curve = {FIRST_COUNT, x, y, slope};

    (void)state;
    for (int i = 0; i < FIRST_COUNT; ++i) {
        x[i] = i + (i * i % 7) / 8.0 * 0.9;
        y[i] = exp(first_value(i)) * (i % 3 == 0 ? -1.0 : 1.0);
    }
    slopes_of(FIRST_COUNT, x, y, slope);
    for (int i = 0; i + 1 < FIRST_COUNT; ++i)
        for (int k = 0; k <= 16; ++k) {
            double value = tml_cubic_at(&curve, x[i] + (x[i + 1] - x[i]) * k / 16.0, NULL);
            double room = 1e-12 * (fabs(y[i]) + fabs(y[i + 1]));

            assert_true(value >= fmin(y[i], y[i + 1]) - room && value <= fmax(y[i], y[i + 1]) + room);
        }
}

static void test_points_that_make_no_curve(void **state)
{
    const double falling[3] = {1.0, 3.0, 2.0};
    const double repeated[3] = {1.0, 2.0, 2.0};
    const double holes[3] = {1.0, NAN, 2.0};
    const double good[3] = {1.0, 2.0, 3.0};
    double slope[3];
    tml_error error = {0, ""};

    (void)state;
    assert_int_equal(tml_pchip_slopes(0, good, good, slope, &error), TML_BAD_DATA);
    assert_int_equal(tml_pchip_slopes(1, good, good, slope, &error), TML_BAD_DATA);
    assert_non_null(strstr(error.message, "two points"));
    assert_int_equal(tml_pchip_slopes(3, falling, good, slope, &error), TML_BAD_DATA);
    assert_non_null(strstr(error.message, "point 2"));
    assert_int_equal(tml_pchip_slopes(3, repeated, good, slope, &error), TML_BAD_DATA);
    assert_int_equal(tml_pchip_slopes(3, good, holes, slope, &error), TML_BAD_DATA);
    assert_non_null(strstr(error.message, "point 1"));
    assert_int_equal(tml_pchip_slopes(3, holes, good, slope, &error), TML_BAD_DATA);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_published_curve),
        cmocka_unit_test(test_its_slopes_are_those_of_scipy),
        cmocka_unit_test(test_a_rough_curve_is_that_of_scipy),
        cmocka_unit_test(test_slopes_at_the_ends_are_limited),
        cmocka_unit_test(test_few_points),
        cmocka_unit_test(test_nothing_overshoots),
        cmocka_unit_test(test_points_that_make_no_curve),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
