/** @file test_observation_fits.c
 * The layouts of FITS files that archives use give the spectrum that was put in: tables, images with one
 * axis, images of rows or columns as SpeX writes them; with units, without, and with what the options say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <zlib.h>

#include "damaged_file.h"
#include "fits_fixture.h"
#include "observation_check.h"

static const char *const PATH = "star.fits";
static const double *const COLUMNS[] = {fixture_wavelength, fixture_flux, fixture_error};

/* A few roundings of double. */
static const double EXACT = 1e-15;

static void write_table(const char *path, const char *names, const char *units, const double *const *values)
{
    fitsfile *file = fits_begin(path);

    fits_put_empty_primary(file);
    fits_put_table(file, FIXTURE_PIXELS, 1, names, units, values);
    fits_end(file);
}

/* The fixture's spectrum, its flux times a factor. */
static void expect_fixture(const char *path, const tml_observation_options *options, double factor)
{
    tml_observed_spectrum spectrum = read_spectrum(path, options, NULL);

    assert_int_equal(spectrum.count, FIXTURE_PIXELS);
    for (size_t i = 0; i < FIXTURE_PIXELS; ++i) {
        expect_near(spectrum.wavelength_um[i], fixture_wavelength[i], EXACT);
        expect_near(spectrum.flux[i], factor * fixture_flux[i], EXACT);
        expect_near(spectrum.error[i], factor * fixture_error[i], EXACT);
    }
    tml_observed_spectrum_free(&spectrum);
}

static void test_table_with_a_number_in_each_row(void **state)
{
    (void)state;
    write_table(PATH, "WAVELENGTH FLUX ERROR", "um|erg/s/cm2/A|erg/s/cm2/A", COLUMNS);
    expect_fixture(PATH, NULL, 1.0);
    write_table(PATH, "Lam Flux_Density e_flux", "micron|W m-2 um-1|W m-2 um-1", COLUMNS);
    expect_fixture(PATH, NULL, 0.1);
    write_table(PATH, "WL F_LAMBDA UNC", "um|erg/s/cm2/A|W m-2 um-1",
                COLUMNS); /* errors have their own unit */
    {
        tml_observed_spectrum spectrum = read_spectrum(PATH, NULL, NULL);

        expect_near(spectrum.flux[2], fixture_flux[2], EXACT);
        expect_near(spectrum.error[2], 0.1 * fixture_error[2], EXACT);
        tml_observed_spectrum_free(&spectrum);
    }
}

static void test_table_with_all_numbers_in_one_row(void **state)
{
    fitsfile *file = fits_begin(PATH);
    tml_observed_spectrum spectrum;
    tml_object_facts facts;

    (void)state;
    fits_put_empty_primary(file);
    fits_put_text(file, "OBJECT", "Gliese 570 D");
    fits_put_table(file, 1, FIXTURE_PIXELS, "WAVE FLUX ERR", "um|erg/s/cm2/A|erg/s/cm2/A", COLUMNS);
    fits_end(file);
    expect_fixture(PATH, NULL, 1.0);
    spectrum = read_spectrum(PATH, NULL, &facts);
    assert_string_equal(facts.name, "Gliese 570 D");
    tml_observed_spectrum_free(&spectrum);
}

static void test_flux_per_frequency(void **state)
{
    tml_observed_spectrum spectrum;

    (void)state;
    write_table(PATH, "WAVE FNU ERR", "um|Jy|mJy", COLUMNS);
    spectrum = read_spectrum(PATH, NULL, NULL);
    assert_int_equal(spectrum.density, TML_FLUX_PER_FREQUENCY);
    assert_false(spectrum.is_relative);
    expect_near(spectrum.flux[1], 2e-15 * 1e-23, EXACT);
    expect_near(spectrum.error[1], 1e-16 * 1e-26, EXACT);
    tml_observed_spectrum_free(&spectrum);
    write_table("nu.fits", "WAVE F_NU ERR", "um||", COLUMNS); /* the name alone says what it is */
    spectrum = read_spectrum("nu.fits", NULL, NULL);
    assert_int_equal(spectrum.density, TML_FLUX_PER_FREQUENCY);
    assert_true(spectrum.is_relative);
    assert_true(was_warned("no_unit", "nu.fits"));
    tml_observed_spectrum_free(&spectrum);
}

static void test_inverse_variance_and_logarithm(void **state)
{
    double logarithm[FIXTURE_PIXELS];
    double inverse[FIXTURE_PIXELS];
    const double *const values[] = {logarithm, fixture_flux, inverse};
    tml_observed_spectrum spectrum;

    (void)state;
    for (size_t i = 0; i < FIXTURE_PIXELS; ++i) {
        logarithm[i] = log10(1e4 * fixture_wavelength[i]);
        inverse[i] = 1.0 / (fixture_error[i] * fixture_error[i]);
    }
    inverse[0] = 0.0;
    inverse[1] = -1.0;
    write_table(PATH, "loglam flux ivar", "|erg/s/cm2/A|", values);
    spectrum = read_spectrum(PATH, NULL, NULL);
    assert_true(isnan(spectrum.error[0]) && isnan(spectrum.error[1]));
    for (size_t i = 2; i < FIXTURE_PIXELS; ++i) {
        expect_near(spectrum.wavelength_um[i], fixture_wavelength[i], 1e-14); /* 10^x loses some digits */
        expect_near(spectrum.error[i], fixture_error[i], EXACT);
    }
    tml_observed_spectrum_free(&spectrum);
}

static void test_columns_by_option(void **state)
{
    const double *const values[] = {fixture_error, fixture_flux, fixture_wavelength, fixture_flux};
    const tml_observation_options named = {.columns = "lambda_vac, MY FLUX,S*"};
    const tml_observation_options two = {.columns = "WL,FLUX", .snr = 10.0};
    fitsfile *file = fits_begin(PATH);
    tml_observed_spectrum spectrum;

    (void)state;
    fits_put_empty_primary(file);
    fits_put_table(file, FIXTURE_PIXELS, 1, "S* X LAMBDA_VAC FLUX", "erg/s/cm2/A|erg/s/cm2/A|um|Jy", values);
    fits_put_text(file, "TTYPE2", "MY FLUX");
    fits_end(file);
    expect_fixture(PATH, &named, 1.0);
    write_table(PATH, "WL FLUX ERROR", "um|erg/s/cm2/A|kg", COLUMNS); /* errors are not looked at */
    spectrum = read_spectrum(PATH, &two, NULL);
    expect_near(spectrum.error[0], 13e-15 / 6.0 / 10.0, EXACT);
    tml_observed_spectrum_free(&spectrum);
}

/* An image with one axis and, behind it, its errors. */
static void write_line(const char *type, double value, double step, double flag, const char *unit)
{
    fitsfile *file = fits_begin(PATH);

    fits_put_image(file, FIXTURE_PIXELS, 0, fixture_flux);
    fits_put_text(file, "BUNIT", "erg/s/cm2/A");
    if (type != NULL)
        fits_put_text(file, "CTYPE1", type);
    if (unit != NULL)
        fits_put_text(file, "CUNIT1", unit);
    fits_put_number(file, "CRVAL1", value);
    fits_put_number(file, "CRPIX1", 2.0);
    fits_put_number(file, flag > 0.0 ? "CD1_1" : "CDELT1", step);
    if (flag > 0.0)
        fits_put_number(file, "DC-FLAG", flag);
    fits_put_image(file, FIXTURE_PIXELS, 0, fixture_error);
    fits_put_text(file, "EXTNAME", "Sigma");
    fits_end(file);
}

static void test_image_with_a_linear_axis(void **state)
{
    (void)state;
    write_line("WAVE", 11000.0, 1000.0, 0.0, "Angstrom");
    expect_fixture(PATH, NULL, 1.0);
    write_line(NULL, 1.1, 0.1, 0.0, NULL);
    expect_fixture(PATH, NULL, 1.0);
    write_line("LAMBDA", 1.1, 0.1, 0.0, "um");
    expect_fixture(PATH, NULL, 1.0);
    write_line("LINEAR", 1100.0, 100.0, 0.0, NULL);
    {
        fitsfile *file = NULL;
        int code = 0;

        fits_open_diskfile(&file, PATH, READWRITE, &code);
        assert_int_equal(code, 0);
        fits_put_text(file, "WAT1_001", "wtype=linear label=Wavelength units=nm");
        fits_end(file);
    }
    expect_fixture(PATH, NULL, 1.0);
}

static void test_image_in_air(void **state)
{
    const tml_observation_options air = {.is_air = true};
    tml_observed_spectrum spectrum;

    (void)state;
    write_line("AWAV", 11000.0, 1000.0, 0.0, "Angstrom");
    spectrum = read_spectrum(PATH, NULL, NULL);
    for (size_t i = 0; i < FIXTURE_PIXELS; ++i) {
        expect_near(spectrum.wavelength_um[i], tml_vacuum_wavelength_um(fixture_wavelength[i]), EXACT);
        assert_true(spectrum.wavelength_um[i] > 1.00027 * fixture_wavelength[i]);
    }
    tml_observed_spectrum_free(&spectrum);
    write_line("WAVE", 11000.0, 1000.0, 0.0, "Angstrom");
    spectrum = read_spectrum(PATH, &air, NULL);
    expect_near(spectrum.wavelength_um[0], tml_vacuum_wavelength_um(1.0), EXACT);
    tml_observed_spectrum_free(&spectrum);
}

static void test_image_with_a_logarithmic_axis(void **state)
{
    tml_observed_spectrum spectrum;

    (void)state;
    /* FITS paper III: w_r exp(step (p - p_r) / w_r). */
    write_line("WAVE-LOG", 1.1, 0.1, 0.0, "um");
    spectrum = read_spectrum(PATH, NULL, NULL);
    for (size_t i = 0; i < FIXTURE_PIXELS; ++i)
        expect_near(spectrum.wavelength_um[i], 1.1 * exp(0.1 * ((double)i - 1.0) / 1.1), EXACT);
    tml_observed_spectrum_free(&spectrum);
    /* IRAF: 10^(value + step (p - p_r)). */
    write_line("LINEAR", 4.0, 0.01, 1.0, "Angstroms");
    spectrum = read_spectrum(PATH, NULL, NULL);
    for (size_t i = 0; i < FIXTURE_PIXELS; ++i)
        expect_near(spectrum.wavelength_um[i], pow(10.0, 0.01 * ((double)i - 1.0)), 1e-14);
    tml_observed_spectrum_free(&spectrum);
}

/* Lines of a SpeX image, as rows or as columns. */
static void write_lines(const char *path, bool is_rows, long lines, const double *const *values,
                        const char *x_unit, const char *y_unit)
{
    fitsfile *file = fits_begin(path);
    double image[4 * FIXTURE_PIXELS];

    for (long k = 0; k < lines; ++k)
        for (long i = 0; i < FIXTURE_PIXELS; ++i)
            image[is_rows ? k * FIXTURE_PIXELS + i : i * lines + k] = values[k][i];
    fits_put_image(file, is_rows ? FIXTURE_PIXELS : lines, is_rows ? lines : FIXTURE_PIXELS, image);
    if (x_unit != NULL)
        fits_put_text(file, "XUNITS", x_unit);
    if (y_unit != NULL)
        fits_put_text(file, "YUNITS", y_unit);
    fits_end(file);
}

static void test_spex_image_in_both_orientations(void **state)
{
    const double *const shuffled[] = {fixture_flux, fixture_error, fixture_wavelength, fixture_flux};

    (void)state;
    for (int is_rows = 0; is_rows < 2; ++is_rows) {
        write_lines(PATH, is_rows, 3, COLUMNS, "um", "ergss-1cm-2A-1");
        expect_fixture(PATH, NULL, 1.0);
        write_lines(PATH, is_rows, 3, COLUMNS, "um", "Wm-2um-1");
        expect_fixture(PATH, NULL, 0.1);
        write_lines(PATH, is_rows, 4, shuffled, "um", "Wm-2um-1"); /* the wavelength is what only rises */
        expect_fixture(PATH, NULL, 0.1);
    }
}

static void test_spex_image_without_units(void **state)
{
    const tml_observation_options said = {.unit_flux = "W/m2/um"};
    const tml_observation_options relative = {.unit_flux = "relative"};
    tml_observed_spectrum spectrum;

    (void)state;
    write_lines("bare.fits", true, 3, COLUMNS, NULL, NULL);
    expect_fixture("bare.fits", &said, 0.1);
    spectrum = read_spectrum("bare.fits", &relative, NULL);
    assert_true(spectrum.is_relative);
    tml_observed_spectrum_free(&spectrum);
    assert_false(was_warned("no_unit", "bare.fits"));
    spectrum = read_spectrum("bare.fits", NULL, NULL);
    assert_true(spectrum.is_relative);
    assert_true(spectrum.flux[1] == fixture_flux[1]);
    assert_true(was_warned("no_unit", "bare.fits"));
    tml_observed_spectrum_free(&spectrum);
}

static void test_spex_image_with_gaps_and_without_errors(void **state)
{
    const tml_observation_options options = {.snr = 10.0};
    double wavelength[FIXTURE_PIXELS];
    double flux[FIXTURE_PIXELS];
    const double *const values[] = {wavelength, flux, fixture_error};
    tml_observed_spectrum spectrum;

    (void)state;
    memcpy(wavelength, fixture_wavelength, sizeof wavelength);
    memcpy(flux, fixture_flux, sizeof flux);
    flux[2] = NAN;
    flux[5] = NAN;
    wavelength[5] = NAN; /* padding: neither wavelength nor flux */
    write_lines(PATH, true, 3, values, "um", "W m-2 um-1");
    spectrum = read_spectrum(PATH, NULL, NULL);
    assert_int_equal(spectrum.count, FIXTURE_PIXELS - 1);
    assert_true(isnan(spectrum.flux[2]));
    tml_observed_spectrum_free(&spectrum);
    flux[5] = 1e-15; /* a flux without a wavelength is no padding */
    write_lines(PATH, true, 3, values, "um", "W m-2 um-1");
    expect_refused(PATH, NULL, TML_BAD_DATA, "pixel 6: the wavelength is");
    write_lines(PATH, false, 2, COLUMNS, "um", "W m-2 um-1");
    expect_refused(PATH, NULL, TML_BAD_DATA, "there is no column of errors; with --snr X");
    spectrum = read_spectrum(PATH, &options, NULL);
    expect_near(spectrum.error[3], 0.1 * 13e-15 / 6.0 / 10.0, EXACT);
    tml_observed_spectrum_free(&spectrum);
}

static void test_any_path_and_gzip(void **state)
{
    static const char *const paths[] = {"a[1][col X].fits", "b(mem:).fits", " c.fits", "!d.fits",
                                        "~e.fits",          "f.fits+2",     "spectrum"};
    size_t count;
    unsigned char *bytes;
    gzFile packed;

    (void)state;
    write_lines(PATH, true, 3, COLUMNS, "um", "ergss-1cm-2A-1");
    bytes = damaged_load(PATH, &count);
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; ++i) {
        damaged_store(paths[i], bytes, count);
        expect_fixture(paths[i], NULL, 1.0);
    }
    packed = gzopen("packed.fits.gz", "wb");
    assert_non_null(packed);
    assert_int_equal(gzwrite(packed, bytes, (unsigned)count), count);
    assert_int_equal(gzclose(packed), Z_OK);
    expect_fixture("packed.fits.gz", NULL, 1.0);
    free(bytes);
}

static void test_checksum_that_does_not_agree(void **state)
{
    fitsfile *file = fits_begin("sum.fits");
    int code = 0;
    size_t count;
    unsigned char *bytes;

    (void)state;
    fits_put_empty_primary(file);
    fits_put_table(file, FIXTURE_PIXELS, 1, "WAVE FLUX ERR", "um|erg/s/cm2/A|erg/s/cm2/A", COLUMNS);
    fits_write_chksum(file, &code);
    assert_int_equal(code, 0);
    fits_end(file);
    expect_fixture("sum.fits", NULL, 1.0);
    assert_false(was_warned("checksum", "sum.fits"));
    bytes = damaged_load("sum.fits", &count);
    bytes[count - 1] = 1; /* in the padding: no number changes */
    damaged_store("sum.fits", bytes, count);
    free(bytes);
    expect_fixture("sum.fits", NULL, 1.0);
    assert_true(was_warned("checksum", "sum.fits"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table_with_a_number_in_each_row),
        cmocka_unit_test(test_table_with_all_numbers_in_one_row),
        cmocka_unit_test(test_flux_per_frequency),
        cmocka_unit_test(test_inverse_variance_and_logarithm),
        cmocka_unit_test(test_columns_by_option),
        cmocka_unit_test(test_image_with_a_linear_axis),
        cmocka_unit_test(test_image_in_air),
        cmocka_unit_test(test_image_with_a_logarithmic_axis),
        cmocka_unit_test(test_spex_image_in_both_orientations),
        cmocka_unit_test(test_spex_image_without_units),
        cmocka_unit_test(test_spex_image_with_gaps_and_without_errors),
        cmocka_unit_test(test_any_path_and_gzip),
        cmocka_unit_test(test_checksum_that_does_not_agree),
    };

    tml_log_setup(0, TML_LOG_ERROR);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
