/** @file test_chemistry.c
 * Equilibrium chemistry: elements are conserved, the limits are right, condensation makes no jump. The
 * comparison with published tables is test_chemistry_published.c. */
#include "atmosphere/chemistry.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void at(double c_o, double met, double temperature, double pressure, double x[TML_SPECIES_COUNT])
{
    const tml_elements elements = tml_elements_of(c_o, met);

    tml_chemistry_at(&elements, temperature, pressure, x);
}

static double one(tml_species species, double c_o, double met, double temperature, double pressure)
{
    double x[TML_SPECIES_COUNT];

    at(c_o, met, temperature, pressure, x);
    return x[species];
}

static void test_c_o_changes_the_carbon_and_the_metallicity_all_metals(void **state)
{
    const tml_elements sun = tml_elements_of(1.0, 0.0);
    const tml_elements rich = tml_elements_of(2.0, 1.0);

    (void)state;
    assert_true(fabs(sun.carbon / sun.oxygen - TML_SOLAR_C_O) < 1e-4);
    assert_true(fabs(rich.carbon / sun.carbon - 20.0) < 1e-9);
    assert_true(fabs(rich.oxygen / sun.oxygen - 10.0) < 1e-9);
    assert_true(fabs(rich.chlorine / sun.chlorine - 10.0) < 1e-9);
    assert_true(fabs(rich.iron / sun.iron - 10.0) < 1e-9);
    assert_true(rich.helium == sun.helium);
}

static void test_fractions_are_positive_and_their_sum_is_one(void **state)
{
    (void)state;
    for (double met = -1.0; met <= 2.0; met += 1.0)
        for (double c_o = 0.1; c_o <= 2.6; c_o += 0.5)
            for (double t = 75.0; t <= 6000.0; t *= 1.13)
                for (double p = 1e-6; p <= 1001.0; p *= 10.0) {
                    double x[TML_SPECIES_COUNT];
                    double sum = 0.0;

                    at(c_o, met, t, p, x);
                    for (int i = 0; i < TML_SPECIES_COUNT; ++i) {
                        assert_true(x[i] >= 0.0 && x[i] <= 1.0); /* NaN is neither */
                        sum += x[i];
                    }
                    /* What is missing: OH and O, where water is torn apart, SiO, and less. */
                    assert_true(sum <= 1.0 + 1e-12);
                    assert_true(sum > (t < 2000.0 && met < 1.5 ? 0.998 : 0.9));
                }
}

/* Carbon, oxygen and nitrogen per hydrogen nucleus, counted with helium, which is all gas. */
static void test_carbon_oxygen_and_nitrogen_are_conserved(void **state)
{
    (void)state;
    for (double met = -1.0; met <= 1.5; met += 0.5)
        for (double c_o = 0.1; c_o < 1.35; c_o += 0.3)
            for (double t = 400.0; t <= 2300.0; t *= 1.1)
                for (double p = 1e-3; p <= 500.0; p *= 8.0) {
                    const tml_elements e = tml_elements_of(c_o, met);
                    double x[TML_SPECIES_COUNT];

                    tml_chemistry_at(&e, t, p, x);
                    const double nuclei = x[TML_SPECIES_HE] / e.helium;
                    const double monoxides = x[TML_SPECIES_CO] + 2.0 * x[TML_SPECIES_CO2];
                    const double carbon = x[TML_SPECIES_CH4] + x[TML_SPECIES_CO] + x[TML_SPECIES_CO2];
                    const double nitrogen = x[TML_SPECIES_NH3] + 2.0 * x[TML_SPECIES_N2];
                    const double oxygen = x[TML_SPECIES_H2O] + monoxides;

                    /* The rest: HCN and C2H2; for oxygen also silicates or SiO, OH, and liquid water. */
                    assert_true(carbon / nuclei < e.carbon * (1.0 + 1e-7));
                    assert_true(carbon / nuclei > e.carbon * 0.97);
                    assert_true(nitrogen / nuclei < e.nitrogen * (1.0 + 1e-7));
                    assert_true(nitrogen / nuclei > e.nitrogen * 0.97);
                    assert_true(oxygen / nuclei < e.oxygen * (1.0 + 1e-7));
                    if (t > 640.0 && t < 2000.0)
                        assert_true(oxygen / nuclei > e.oxygen * 0.79);
                }
}

static void test_silicates_hold_a_fifth_of_the_oxygen_where_it_is_cool(void **state)
{
    const tml_elements e = tml_elements_of(1.0, 0.0);
    double x[TML_SPECIES_COUNT];

    (void)state;
    tml_chemistry_at(&e, 700.0, 10.0, x);
    const double gas = x[TML_SPECIES_H2O] * e.helium / x[TML_SPECIES_HE];

    assert_true(fabs(gas / e.oxygen - 0.8057) < 2e-3);
}

static void test_cold_gas_is_methane_and_ammonia_and_hot_gas_monoxide_and_nitrogen(void **state)
{
    double cold[TML_SPECIES_COUNT];
    double hot[TML_SPECIES_COUNT];

    (void)state;
    at(1.0, 0.0, 500.0, 10.0, cold);
    at(1.0, 0.0, 2000.0, 1.0, hot);
    assert_true(cold[TML_SPECIES_CH4] > 1e6 * cold[TML_SPECIES_CO]);
    assert_true(cold[TML_SPECIES_NH3] > 100.0 * cold[TML_SPECIES_N2]);
    assert_true(hot[TML_SPECIES_CO] > 1e3 * hot[TML_SPECIES_CH4]);
    assert_true(hot[TML_SPECIES_N2] > 100.0 * hot[TML_SPECIES_NH3]);
    assert_true(one(TML_SPECIES_H, 1.0, 0.0, 6000.0, 1e-4) > 0.85);
}

static void test_clouds_take_their_gases(void **state)
{
    (void)state;
    assert_true(one(TML_SPECIES_H2O, 1.0, 0.0, 150.0, 1.0) < 1e-9);
    assert_true(one(TML_SPECIES_NH3, 1.0, 0.0, 100.0, 1.0) < 1e-8);
    assert_true(one(TML_SPECIES_NA, 1.0, 0.0, 700.0, 1.0) < 1e-10);
    assert_true(one(TML_SPECIES_K, 1.0, 0.0, 600.0, 1.0) < 1e-10);
    assert_true(one(TML_SPECIES_TIO, 1.0, 0.0, 1500.0, 1.0) < 1e-10);
    assert_true(one(TML_SPECIES_VO, 1.0, 0.0, 1400.0, 1.0) < 1e-10);
    assert_true(one(TML_SPECIES_FEH, 1.0, 0.0, 1300.0, 1.0) < 1e-11);
    assert_true(one(TML_SPECIES_CRH, 1.0, 0.0, 1200.0, 1.0) < 1e-12);
}

static void test_pressure_favours_the_side_with_fewer_molecules(void **state)
{
    double last[TML_SPECIES_COUNT];

    (void)state;
    at(1.0, 0.0, 1400.0, 1e-4, last);
    for (double p = 2e-4; p < 500.0; p *= 2.0) {
        double x[TML_SPECIES_COUNT];

        at(1.0, 0.0, 1400.0, p, x);
        assert_true(x[TML_SPECIES_CH4] > last[TML_SPECIES_CH4]);
        assert_true(x[TML_SPECIES_NH3] > last[TML_SPECIES_NH3]);
        assert_true(x[TML_SPECIES_H] < last[TML_SPECIES_H]);
        memcpy(last, x, sizeof x);
    }
}

static void test_more_carbon_means_more_monoxide_and_less_water(void **state)
{
    double last[TML_SPECIES_COUNT];

    (void)state;
    at(0.1, 0.0, 1800.0, 1.0, last);
    for (double c_o = 0.15; c_o <= 2.6; c_o += 0.05) {
        double x[TML_SPECIES_COUNT];

        at(c_o, 0.0, 1800.0, 1.0, x);
        assert_true(x[TML_SPECIES_CO] > last[TML_SPECIES_CO]);
        assert_true(x[TML_SPECIES_CH4] > last[TML_SPECIES_CH4]);
        assert_true(x[TML_SPECIES_H2O] < last[TML_SPECIES_H2O]);
        memcpy(last, x, sizeof x);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_c_o_changes_the_carbon_and_the_metallicity_all_metals),
        cmocka_unit_test(test_fractions_are_positive_and_their_sum_is_one),
        cmocka_unit_test(test_carbon_oxygen_and_nitrogen_are_conserved),
        cmocka_unit_test(test_silicates_hold_a_fifth_of_the_oxygen_where_it_is_cool),
        cmocka_unit_test(test_cold_gas_is_methane_and_ammonia_and_hot_gas_monoxide_and_nitrogen),
        cmocka_unit_test(test_clouds_take_their_gases),
        cmocka_unit_test(test_pressure_favours_the_side_with_fewer_molecules),
        cmocka_unit_test(test_more_carbon_means_more_monoxide_and_less_water),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
