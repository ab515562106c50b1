/** @file test_opacity_quantiles.c
 * The quantiles of a log-normal distribution and the optical depths that follow from them. */
#include "atmosphere/opacity_quantiles.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static tml_quantiles quantiles(void)
{
    tml_quantiles q;
    tml_error error;

    assert_int_equal(tml_quantiles_make(&q, &error), TML_OK);
    return q;
}

/* The rule of 2 n points integrates u^k exactly up to k = 2 n - 1; u comes back from z by the error function.
 */
static void test_the_points_are_those_of_gauss_and_legendre(void **state)
{
    const tml_quantiles q = quantiles();

    (void)state;
    for (int k = 0; k < 2 * TML_QUANTILES; ++k) {
        double sum = 0.0;

        for (size_t j = 0; j < TML_QUANTILES; ++j)
            sum += q.weight[j] * pow(0.5 * erfc(-q.deviate[j] / sqrt(2.0)), k);
        assert_true(fabs(sum * (k + 1) - 1.0) < 1e-12);
    }
}

static void test_without_spread_there_is_one_depth(void **state)
{
    const tml_quantiles q = quantiles();
    const double mean[2] = {0.5, 3.0}, spread[2] = {0.0, 0.0}, continuum[2] = {0.25, 0.0};
    double depth[2];

    (void)state;
    for (size_t j = 0; j < TML_QUANTILES; ++j) {
        tml_quantile_depth(2, mean, spread, continuum, q.deviate[j], 4.0, depth);
        assert_true(depth[0] == 3.0 && depth[1] == 12.0);
    }
}

/* Mean transmission of a log-normal opacity through a column, against a fine sum over z. */
static double exact_transmission(double spread, double column)
{
    double sum = 0.0;

    for (double z = -8.0; z < 8.0; z += 0.001)
        sum += 0.001 * exp(-0.5 * z * z) / sqrt(2.0 * 3.14159265358979323846) *
               exp(-column * exp(spread * (z - 0.5 * spread)));
    return sum;
}

static void test_transmissions_are_good_to_a_percent(void **state)
{
    const tml_quantiles q = quantiles();
    const double mean = 1.0, none = 0.0;

    (void)state;
    for (double spread = 0.25; spread <= 2.0; spread += 0.25)
        for (double column = 0.01; column < 30.0; column *= 1.5) {
            double sum = 0.0;

            for (size_t j = 0; j < TML_QUANTILES; ++j) {
                double depth;

                tml_quantile_depth(1, &mean, &spread, &none, q.deviate[j], column, &depth);
                sum += q.weight[j] * exp(-depth);
            }
            assert_true(fabs(sum - exact_transmission(spread, column)) < 0.01);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_points_are_those_of_gauss_and_legendre),
        cmocka_unit_test(test_without_spread_there_is_one_depth),
        cmocka_unit_test(test_transmissions_are_good_to_a_percent),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
