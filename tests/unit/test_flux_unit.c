/** @file test_flux_unit.c
 * Units in the spellings of FITS files and papers, and what is refused. */
#include "spectra/flux_unit.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

typedef struct flux_case {
    const char *text;
    tml_flux_density density;
    double factor;
} flux_case;

/* Factors are powers of ten, and exact: erg = 1e-7 J, A = 1e-10 m (SI), Jy = 1e-26 W m-2 Hz-1 (IAU 1973). */
static void check_flux(const flux_case *cases, size_t count)
{
    for (size_t i = 0; i < count; ++i) {
        tml_flux_unit unit;
        tml_error error = {0};

        if (tml_flux_unit_parse(cases[i].text, &unit, &error) != TML_OK)
            fail_msg("%s", error.message);
        if (unit.density != cases[i].density || unit.factor != cases[i].factor)
            fail_msg("'%s': factor %.17g, density %d", cases[i].text, unit.factor, (int)unit.density);
    }
}

#define CHECK_FLUX(cases) check_flux(cases, sizeof(cases) / sizeof(cases)[0])

static void test_the_unit_of_observations_in_all_spellings(void **state)
{
    static const char *const texts[] = {
        "erg s-1 cm-2 A-1",
        "ergss-1cm-2A-1", /* SpeX prism library */
        "ergs-1cm-2A-1",
        "erg/s/cm2/A",
        "erg/s/cm^2/Angstrom",
        "erg/s/cm**2/AA",
        "erg s**-1 cm**-2 angstrom**-1",
        "erg / (Angstrom s cm2)",  /* astropy, to_string() */
        "Angstrom-1 s-1 erg cm-2", /* astropy, FITS */
        "erg/(s cm2 A)",
        "ERG/S/CM2/A",
        "Erg/sec/cm2/Ang",
        "ergs s^-1 cm^{-2} A^(-1)",
        "erg.s-1.cm-2.A-1",
        "erg*s^-1*cm^-2*A^-1",
        "erg\u00b7s\u207b\u00b9\u00b7cm\u207b\u00b2\u00b7\u00c5\u207b\u00b9",
        "erg s\u22121 cm\u22122 \u212b\u22121",
        "  [erg/s/cm2/A] ",
    };

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; ++i) {
        const flux_case one = {texts[i], TML_FLUX_PER_WAVELENGTH, 1.0};

        check_flux(&one, 1);
    }
}

static void test_other_fluxes_per_wavelength(void **state)
{
    static const flux_case cases[] = {
        {"W m-2 um-1", TML_FLUX_PER_WAVELENGTH, 0.1}, /* 1e7 erg s-1 / (1e4 cm2) / (1e4 A) */
        {"Wm-2um-1", TML_FLUX_PER_WAVELENGTH, 0.1},
        {"W m-2 mu-1", TML_FLUX_PER_WAVELENGTH, 0.1},
        {"W/m2/micron", TML_FLUX_PER_WAVELENGTH, 0.1},
        {"W/m^2/\u00b5m", TML_FLUX_PER_WAVELENGTH, 0.1},
        {"W/m^2/\u03bcm", TML_FLUX_PER_WAVELENGTH, 0.1},
        {"W m-2 \u00b5-1", TML_FLUX_PER_WAVELENGTH, 0.1},
        {"w m-2 Microns-1", TML_FLUX_PER_WAVELENGTH, 0.1},
        {"watt/meter2/micrometer", TML_FLUX_PER_WAVELENGTH, 0.1},
        {"mW m-2 nm-1", TML_FLUX_PER_WAVELENGTH, 0.1},
        {"W m-2 nm-1", TML_FLUX_PER_WAVELENGTH, 100.0},
        {"W m-2 m-1", TML_FLUX_PER_WAVELENGTH, 1e-7},
        {"W m-3", TML_FLUX_PER_WAVELENGTH, 1e-7},
        {"W cm-2 um-1", TML_FLUX_PER_WAVELENGTH, 1e3},
        {"J/s/m2/um", TML_FLUX_PER_WAVELENGTH, 0.1},
        {"erg/s/cm2/cm", TML_FLUX_PER_WAVELENGTH, 1e-8},
        {"erg/s/cm2/um", TML_FLUX_PER_WAVELENGTH, 1e-4},
    };

    (void)state;
    CHECK_FLUX(cases);
}

static void test_fluxes_per_frequency(void **state)
{
    static const flux_case cases[] = {
        {"erg s**-1 cm**-2 Hz**-1", TML_FLUX_PER_FREQUENCY, 1.0},
        {"erg/s/cm2/hz", TML_FLUX_PER_FREQUENCY, 1.0},
        {"W m-2 Hz-1", TML_FLUX_PER_FREQUENCY, 1e3},
        {"Jy", TML_FLUX_PER_FREQUENCY, 1e-23},
        {"JY", TML_FLUX_PER_FREQUENCY, 1e-23},
        {"Jansky", TML_FLUX_PER_FREQUENCY, 1e-23},
        {"mJy", TML_FLUX_PER_FREQUENCY, 1e-26},
        {"\u00b5Jy", TML_FLUX_PER_FREQUENCY, 1e-29},
        {"uJy", TML_FLUX_PER_FREQUENCY, 1e-29},
    };

    (void)state;
    CHECK_FLUX(cases);
}

static void test_a_number_in_front(void **state)
{
    static const flux_case cases[] = {
        {"1E-17 erg/cm^2/s/Ang", TML_FLUX_PER_WAVELENGTH, 1e-17}, /* SDSS */
        {"10**-17 erg/s/cm2/A", TML_FLUX_PER_WAVELENGTH, 1e-17},
        {"10^(-17) erg/s/cm2/A", TML_FLUX_PER_WAVELENGTH, 1e-17},
        {"10-17erg/s/cm2/A", TML_FLUX_PER_WAVELENGTH, 1e-17},
        {"1erg/s/cm2/A", TML_FLUX_PER_WAVELENGTH, 1.0},
        {"0.5 Jy", TML_FLUX_PER_FREQUENCY, 0.5e-23},
    };

    (void)state;
    CHECK_FLUX(cases);
}

static void test_wavelengths(void **state)
{
    static const struct {
        const char *text;
        double micron;
    } cases[] = {
        {"micron", 1.0},    {"Microns", 1.0},     {"MICRON", 1.0}, {"um", 1.0},        {"UM", 1.0},
        {"\u00b5m", 1.0},   {"\u03bcm", 1.0},     {"\u00b5", 1.0}, {"mu", 1.0},        {"micrometer", 1.0},
        {"nm", 1e-3},       {"nanometres", 1e-3}, {"A", 1e-4},     {"Angstrom", 1e-4}, {"Angstroms", 1e-4},
        {"ANGSTROM", 1e-4}, {"\u00c5", 1e-4},     {"AA", 1e-4},    {"0.1 nm", 1e-4},   {"m", 1e6},
        {"metre", 1e6},     {"cm", 1e4},          {"mm", 1e3},     {"(micron)", 1.0},  {" [um] ", 1.0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; ++i) {
        double micron = 0.0;
        tml_error error = {0};

        if (tml_wavelength_unit_parse(cases[i].text, &micron, &error) != TML_OK)
            fail_msg("%s", error.message);
        /* 0.1 times 1e-3 is rounded once. */
        if (fabs(micron - cases[i].micron) > (cases[i].text[0] == '0' ? 2e-20 : 0.0))
            fail_msg("'%s': %.17g micron", cases[i].text, micron);
    }
}

static void test_what_is_no_flux_is_refused(void **state)
{
    static const char *const texts[] = {
        "",
        " ",
        "1",
        "counts",
        "DN/s",
        "MJy",
        "MJY",
        "M",
        "a",
        "erg/s/cm2/a",
        "W/M2/um",
        "erg/cm2",
        "W m-2",
        "micron",
        "Jy2",
        "Jy-1",
        "erg/s/cm2/A/A",
        "erg s-1 cm-2 A-1 sr-1",
        "erg//s/cm2/A",
        "erg/s/cm2/A/",
        "erg/(s cm2 A",
        "erg/s/cm2/A)",
        "erg s^ cm-2 A-1",
        "erg s-1 cm-2 A-1111",
        "0 Jy",
        "-1 Jy",
        "1e-400 Jy",
        "1e999 Jy",
        "1..5 Jy",
        "((((((Jy))))))",
        "Jy Jy Jy Jy Jy Jy Jy Jy Jy Jy Jy Jy Jy Jy Jy",
        "mmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmm"
        "mmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmm",
    };

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; ++i) {
        tml_flux_unit unit = {TML_FLUX_PER_FREQUENCY, 7.0};
        tml_error error = {0};

        if (tml_flux_unit_parse(texts[i], &unit, &error) != TML_BAD_DATA)
            fail_msg("'%s' is taken for a flux", texts[i]);
        assert_true(unit.density == TML_FLUX_PER_FREQUENCY && unit.factor == 7.0);
        assert_non_null(strstr(error.message, "erg/s/cm2/A"));
    }
}

static void test_what_is_no_wavelength_is_refused(void **state)
{
    static const char *const texts[] = {"",    "M",  "MM",  "Mm",    "a",  "u",   "m2",
                                        "m-1", "Hz", "erg", "pixel", "km", "nm A"};

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; ++i) {
        double micron = 7.0;
        tml_error error = {0};

        if (tml_wavelength_unit_parse(texts[i], &micron, &error) != TML_BAD_DATA)
            fail_msg("'%s' is taken for a wavelength", texts[i]);
        assert_true(micron == 7.0);
        assert_non_null(strstr(error.message, "micron"));
    }
}

static void test_the_message_says_what_is_wrong(void **state)
{
    tml_flux_unit unit;
    tml_error error = {0};

    (void)state;
    assert_int_equal(tml_flux_unit_parse("erg/s/cm2", &unit, &error), TML_BAD_DATA);
    assert_non_null(strstr(error.message, "erg^1 cm^-2 s^-1 Hz^0"));
    assert_int_equal(tml_flux_unit_parse("erg/s/furlong2/A", &unit, &error), TML_BAD_DATA);
    assert_non_null(strstr(error.message, "from 'furlong2/A' on"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_unit_of_observations_in_all_spellings),
        cmocka_unit_test(test_other_fluxes_per_wavelength),
        cmocka_unit_test(test_fluxes_per_frequency),
        cmocka_unit_test(test_a_number_in_front),
        cmocka_unit_test(test_wavelengths),
        cmocka_unit_test(test_what_is_no_flux_is_refused),
        cmocka_unit_test(test_what_is_no_wavelength_is_refused),
        cmocka_unit_test(test_the_message_says_what_is_wrong),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
