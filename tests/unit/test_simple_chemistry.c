/** @file test_simple_chemistry.c
 * Equilibrium in closed form: elements are conserved, the limits are right, the tables are met. */
#include "atmosphere/simple_chemistry.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void test_elements_are_conserved(void **state)
{
    (void)state;
    for (double c_o = 0.25; c_o <= 2.5; c_o += 0.25) {
        const tml_simple_elements e = tml_simple_elements_of(c_o, 0.5);

        for (double t = 150.0; t < 8000.0; t *= 1.3) {
            for (double p = 1e-4; p < 1e3; p *= 10.0) {
                const tml_simple_abundances x = tml_simple_abundances_at(&e, t, p);
                const double unit = 2.0 * TML_SIMPLE_H2_FRACTION;

                assert_true(x.co >= 0.0 && x.ch4 > 0.0 && x.h2o > 0.0 && x.nh3 > 0.0 && x.potassium >= 0.0);
                assert_true(fabs((x.co + x.ch4) / (unit * e.carbon) - 1.0) < 1e-12);
                assert_true(fabs((x.co + x.h2o) / (unit * e.oxygen) - 1.0) < 1e-12);
                assert_true(x.nh3 <= unit * e.nitrogen * (1.0 + 1e-12));
            }
        }
    }
}

static void test_c_o_moves_carbon_against_oxygen_at_constant_sum(void **state)
{
    const tml_simple_elements solar = tml_simple_elements_of(1.0, 0.0);

    (void)state;
    for (double c_o = 0.25; c_o <= 2.5; c_o += 0.25) {
        const tml_simple_elements e = tml_simple_elements_of(c_o, 0.0);
        const double oxygen = e.oxygen / 0.8; /* a fifth is bound */

        assert_true(fabs(e.carbon / oxygen / (c_o * TML_SIMPLE_SOLAR_C_O) - 1.0) < 1e-12);
        assert_true(fabs((e.carbon + oxygen) / (solar.carbon + solar.oxygen / 0.8) - 1.0) < 1e-12);
    }
}

static void test_metals_scale_with_the_metallicity(void **state)
{
    const tml_simple_elements solar = tml_simple_elements_of(1.0, 0.0);
    const tml_simple_elements rich = tml_simple_elements_of(1.0, 2.0);

    (void)state;
    assert_true(fabs(rich.carbon / solar.carbon / 100.0 - 1.0) < 1e-12);
    assert_true(fabs(rich.nitrogen / solar.nitrogen / 100.0 - 1.0) < 1e-12);
    assert_true(fabs(rich.alkali / solar.alkali / 100.0 - 1.0) < 1e-12);
    assert_true(fabs(rich.metals / 100.0 - 1.0) < 1e-12);
}

static void test_carbon_is_methane_when_cold_and_monoxide_when_hot(void **state)
{
    const tml_simple_elements e = tml_simple_elements_of(1.0, 0.0);
    const double carbon = 2.0 * TML_SIMPLE_H2_FRACTION * e.carbon;

    (void)state;
    assert_true(tml_simple_abundances_at(&e, 600.0, 1.0).ch4 > 0.999 * carbon);
    assert_true(tml_simple_abundances_at(&e, 2000.0, 1.0).co > 0.99 * carbon);
    /* Pressure favours the side with fewer molecules. */
    assert_true(tml_simple_abundances_at(&e, 1300.0, 100.0).ch4 >
                3.0 * tml_simple_abundances_at(&e, 1300.0, 1.0).ch4);
}

/* Rows of the Sonora chemistry at solar abundances: T [K], P [bar], CH4, CO, NH3. */
static void test_it_meets_the_tables_at_solar_abundances(void **state)
{
    static const double rows[][5] = {
        {650.0, 10.0, 4.6532e-4, 9.7706e-14, 1.3542e-4}, {900.0, 10.0, 4.6527e-4, 8.5536e-9, 5.8348e-5},
        {1100.0, 1.0, 3.4021e-4, 1.2478e-4, 2.0054e-6},  {1200.0, 10.0, 4.5023e-4, 1.4992e-5, 1.1627e-5},
        {1400.0, 1.0, 1.1792e-5, 4.5292e-4, 5.4347e-7},
    };
    const tml_simple_elements e = tml_simple_elements_of(1.0, 0.0);

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i) {
        const tml_simple_abundances x = tml_simple_abundances_at(&e, rows[i][0], rows[i][1]);

        /* As simple_chemistry.h promises: 5 % of the carbon, of the nitrogen. */
        assert_true(fabs(x.ch4 - rows[i][2]) < 0.05 * 4.65e-4);
        assert_true(fabs(x.co - rows[i][3]) < 0.05 * 4.65e-4);
        assert_true(fabs(x.nh3 - rows[i][4]) < 0.05 * 1.37e-4);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_elements_are_conserved),
        cmocka_unit_test(test_c_o_moves_carbon_against_oxygen_at_constant_sum),
        cmocka_unit_test(test_metals_scale_with_the_metallicity),
        cmocka_unit_test(test_carbon_is_methane_when_cold_and_monoxide_when_hot),
        cmocka_unit_test(test_it_meets_the_tables_at_solar_abundances),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
