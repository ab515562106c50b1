/** @file test_same_wavelengths.c
 * Spectra stand on a network's wavelengths when each is there to a tenth of the smaller distance to its
 * neighbours. */
#include "inference/same_wavelengths.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { W = 4 };

/* Spacings 0.1, 0.2, 0.4. */
static const double NETWORK_UM[W] = {1.0, 1.1, 1.3, 1.7};

static tml_status compare(const double *wavelength_um, size_t count, tml_error *error)
{
    static tml_model model;
    static double network_um[W];

    memcpy(network_um, NETWORK_UM, sizeof network_um);
    model.wavelength_um = network_um;
    model.preparation.choice.wavelengths = W;
    return tml_same_wavelengths(&model, count, wavelength_um, "grid.h5", error);
}

static void test_a_tenth_of_a_pixel(void **state)
{
    static const double allowed[W] = {0.01, 0.01, 0.02, 0.04};

    (void)state;
    for (size_t i = 0; i < W; ++i)
        for (int sign = -1; sign < 2; sign += 2) {
            double shifted[W];
            char wavelength[16];
            tml_error error = {0, ""};

            memcpy(shifted, NETWORK_UM, sizeof shifted);
            shifted[i] += 0.9 * sign * allowed[i];
            assert_int_equal(compare(shifted, W, &error), TML_OK);
            shifted[i] = NETWORK_UM[i] + 1.1 * sign * allowed[i];
            assert_int_equal(compare(shifted, W, &error), TML_BAD_DATA);
            snprintf(wavelength, sizeof wavelength, "wavelength %zu is", i);
            assert_non_null(strstr(error.message, wavelength));
            assert_non_null(strstr(error.message, "grid.h5"));
        }
}

static void test_another_number_of_wavelengths(void **state)
{
    tml_error error = {0, ""};

    (void)state;
    assert_int_equal(compare(NETWORK_UM, W - 1, &error), TML_BAD_DATA);
    assert_non_null(strstr(error.message, "grid.h5 has 3 wavelengths, the network was trained on 4"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_tenth_of_a_pixel),
        cmocka_unit_test(test_another_number_of_wavelengths),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
