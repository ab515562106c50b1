/** @file test_chemistry_smooth.c
 * Abundances have no jump and no corner, in temperature, pressure, metallicity and C/O: where the step is
 * halved, second differences of the logarithm fall to a quarter. A corner would leave a half, a jump all. */
#include "atmosphere/chemistry.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { POINTS = 4000, AXES = 4 };

/* Below this a gas is of no consequence. */
static const double trace = 1e-13;

/* Second differences of no consequence, 0.001 %; above what the iterations leave. */
static const double nothing = 1e-5;

/* A line through the parameters: ln T, ln P, [M/H], C/O, from `from` on by `step` of one of them. */
typedef struct line {
    double from[AXES];
    int axis;
    double length;
} line;

static void logarithms(const line *l, double distance, double y[TML_SPECIES_COUNT])
{
    double at[AXES];
    double x[TML_SPECIES_COUNT];

    memcpy(at, l->from, sizeof at);
    at[l->axis] += distance;
    const tml_elements elements = tml_elements_of(at[3], at[2]);

    tml_chemistry_at(&elements, exp(at[0]), exp(at[1]), x);
    for (int i = 0; i < TML_SPECIES_COUNT; ++i)
        y[i] = log(x[i] + trace);
}

/* Largest second difference of each gas at each of `points` steps. */
static void second_differences(const line *l, int points, double largest[TML_SPECIES_COUNT])
{
    const double step = l->length / points;
    double y[3][TML_SPECIES_COUNT];

    memset(largest, 0, TML_SPECIES_COUNT * sizeof largest[0]);
    logarithms(l, 0.0, y[0]);
    logarithms(l, step, y[1]);
    for (int n = 2; n <= points; ++n) {
        double *last = y[n % 3];
        const double *before = y[(n - 1) % 3];
        const double *first = y[(n - 2) % 3];

        logarithms(l, n * step, last);
        for (int i = 0; i < TML_SPECIES_COUNT; ++i)
            largest[i] = fmax(largest[i], fabs(last[i] - 2.0 * before[i] + first[i]));
    }
}

static void assert_smooth(line l)
{
    double coarse[TML_SPECIES_COUNT];
    double fine[TML_SPECIES_COUNT];

    second_differences(&l, POINTS, coarse);
    second_differences(&l, 2 * POINTS, fine);
    for (int i = 0; i < TML_SPECIES_COUNT; ++i)
        if (fine[i] > 0.35 * coarse[i] + nothing)
            fail_msg(
                "%s is not smooth along axis %d from T = %.0f K, P = %g bar, [M/H] = %g, C/O = %g: second "
                "differences %.3g, with half the step %.3g",
                tml_species_name((tml_species)i), l.axis, exp(l.from[0]), exp(l.from[1]), l.from[2],
                l.from[3], coarse[i], fine[i]);
}

static void test_along_the_temperature(void **state)
{
    (void)state;
    for (double p = 1e-4; p < 300.0; p *= 1e3)
        for (double c_o = 1.0; c_o < 2.0; c_o += 0.8) {
            assert_smooth((line){{log(80.0), log(p), 0.0, c_o}, 0, log(400.0 / 80.0)});
            assert_smooth((line){{log(400.0), log(p), 0.0, c_o}, 0, log(1000.0 / 400.0)});
            assert_smooth((line){{log(1000.0), log(p), 0.0, c_o}, 0, log(2500.0 / 1000.0)});
        }
}

static void test_along_the_pressure(void **state)
{
    (void)state;
    for (double t = 200.0; t < 4000.0; t *= 1.5) {
        assert_smooth((line){{log(t), log(1e-5), 0.3, 0.8}, 1, log(1e3)});
        assert_smooth((line){{log(t), log(1e-2), 0.3, 0.8}, 1, log(1e4)});
    }
}

static void test_along_the_metallicity(void **state)
{
    (void)state;
    for (double t = 250.0; t < 3000.0; t *= 1.6)
        assert_smooth((line){{log(t), 0.0, -1.0, 1.2}, 2, 3.0});
}

static void test_along_c_o(void **state)
{
    (void)state;
    for (double t = 900.0; t < 3000.0; t *= 1.4)
        assert_smooth((line){{log(t), 0.0, 0.5, 0.1}, 3, 2.5});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_along_the_temperature),
        cmocka_unit_test(test_along_the_pressure),
        cmocka_unit_test(test_along_the_metallicity),
        cmocka_unit_test(test_along_c_o),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
