/** @file test_observation_fits_broken.c
 * A FITS file that holds no spectrum, several, a damaged one or one in unknown units is refused with what it
 * holds instead and what to do; no damage makes the reader crash or invent pixels. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <cmocka.h>
#include <zlib.h>

#include "damaged_file.h"
#include "fits_fixture.h"
#include "observation_check.h"

static const char *const PATH = "star.fits";
static const double *const COLUMNS[] = {fixture_wavelength, fixture_flux, fixture_error};

static void expect_bad(const char *words)
{
    expect_refused(PATH, NULL, TML_BAD_DATA, words);
}

static void write_table(const char *names, const char *units, const double *const *values)
{
    fitsfile *file = fits_begin(PATH);

    fits_put_empty_primary(file);
    fits_put_table(file, FIXTURE_PIXELS, 1, names, units, values);
    fits_end(file);
}

/* An image of rows, each of FIXTURE_PIXELS. */
static void write_rows(long rows, const double *const *values)
{
    fitsfile *file = fits_begin(PATH);
    double image[4 * FIXTURE_PIXELS];

    for (long k = 0; k < rows; ++k)
        memcpy(image + k * FIXTURE_PIXELS, values[k], FIXTURE_PIXELS * sizeof *image);
    fits_put_image(file, FIXTURE_PIXELS, rows, image);
    fits_end(file);
}

static void test_no_spectrum_in_it(void **state)
{
    fitsfile *file = fits_begin(PATH);

    (void)state;
    fits_put_empty_primary(file);
    fits_end(file);
    expect_bad("no spectrum is found in it. It holds: HDU 1: a header without data");
    write_table("TIME RA DEC", "s|deg|deg", COLUMNS);
    expect_bad("HDU 1: a header without data; HDU 2: a table with the columns TIME, RA, DEC");
    expect_bad("--columns");
    write_table("WAVE RA DEC", "um|deg|deg", COLUMNS); /* half of a spectrum is none */
    expect_bad("a table with the columns WAVE, RA, DEC");
}

static void test_image_of_the_sky(void **state)
{
    fitsfile *file = fits_begin(PATH);
    double *image = calloc(512 * 512, sizeof *image);

    (void)state;
    assert_non_null(image);
    fits_put_image(file, 512, 512, image);
    fits_end(file);
    free(image);
    expect_bad("HDU 1: an image of 512 x 512 pixels, which is no spectrum");
}

static void test_image_without_wavelengths(void **state)
{
    static const double bumpy[FIXTURE_PIXELS] = {1, 2, 1, 2, 1, 2};
    static const double level[FIXTURE_PIXELS] = {1, 2, 2, 3, 4, 5};
    const double *const values[] = {bumpy, level, fixture_error};
    fitsfile *file;

    (void)state;
    write_rows(3, values);
    expect_bad("none of whose 3 rows rises or falls throughout");
    file = fits_begin(PATH);
    fits_put_image(file, FIXTURE_PIXELS, 0, fixture_flux);
    fits_put_number(file, "CRVAL1", 1.0);
    fits_put_number(file, "CDELT1", 0.1);
    fits_end(file);
    expect_bad("an image of 6 pixels without an axis of wavelengths (CRVAL1, CRPIX1 and CDELT1 or CD1_1)");
}

static void test_axis_that_is_no_wavelength(void **state)
{
    static const char *const types[] = {"FREQ", "VELO-LSR", "WAVE-F2W", "ENER", "MULTISPE"};

    (void)state;
    for (size_t i = 0; i < sizeof types / sizeof types[0]; ++i) {
        fitsfile *file = fits_begin(PATH);
        char words[64];

        fits_put_image(file, FIXTURE_PIXELS, 0, fixture_flux);
        fits_put_text(file, "CTYPE1", types[i]);
        fits_put_number(file, "CRVAL1", 1.0);
        fits_put_number(file, "CRPIX1", 1.0);
        fits_put_number(file, "CDELT1", 0.1);
        fits_end(file);
        snprintf(words, sizeof words, "CTYPE1 = '%s', not a wavelength", types[i]);
        expect_bad(words);
    }
}

static void test_columns_that_are_not_there(void **state)
{
    const tml_observation_options unknown = {.columns = "WAVE,FLUXX,ERROR"};
    const tml_observation_options one = {.columns = "WAVE"};
    const tml_observation_options four = {.columns = "A,B,C,D"};
    const tml_observation_options text = {.columns = "A,B"};

    (void)state;
    write_table("WAVE FLUX ERROR", "um||", COLUMNS);
    expect_refused(
        PATH, &unknown, TML_BAD_DATA,
        "with the columns WAVE,FLUXX,ERROR. It holds: HDU 1: no table; HDU 2: a table with the columns "
        "WAVE, FLUX, ERROR");
    expect_refused(PATH, &one, TML_BAD_DATA, "wants two or three names");
    expect_refused(PATH, &four, TML_BAD_DATA, "wants two or three names");
    write_text("star.dat", "1 1 1\n2 2 2\n");
    expect_refused("star.dat", &text, TML_BAD_DATA, "--columns is for tables in FITS files");
}

static void test_table_of_several_spectra(void **state)
{
    double values[2 * FIXTURE_PIXELS] = {0.0};
    const double *const columns[] = {values, values, values};
    fitsfile *file = fits_begin(PATH);

    (void)state;
    fits_put_empty_primary(file);
    fits_put_table(file, 2, FIXTURE_PIXELS, "WAVE FLUX ERR", "um||", columns);
    fits_end(file);
    expect_bad("column 'WAVE' holds 6 numbers in each of 2 rows: these are several spectra");
}

static void test_column_of_words(void **state)
{
    char *names[] = {"WAVE", "FLUX"};
    char *forms[] = {"1D", "8A"};
    fitsfile *file = fits_begin(PATH);
    int code = 0;

    (void)state;
    fits_put_empty_primary(file);
    fits_create_tbl(file, BINARY_TBL, 3, 2, names, forms, NULL, NULL, &code);
    assert_int_equal(code, 0);
    fits_end(file);
    expect_bad("column 'FLUX' holds no real numbers");
}

static void test_table_without_rows(void **state)
{
    fitsfile *file = fits_begin(PATH);

    (void)state;
    fits_put_empty_primary(file);
    fits_put_table(file, 0, 1, "WAVE FLUX ERR", "um||", COLUMNS);
    fits_end(file);
    expect_bad("0 pixels are no spectrum");
}

static void test_units_that_are_not_understood(void **state)
{
    const tml_observation_options flux = {.unit_flux = "parsec"};
    const tml_observation_options wavelength = {.unit_wavelength = "kg"};
    const tml_observation_options good = {.unit_flux = "erg/s/cm2/A", .unit_wavelength = "um"};
    tml_observed_spectrum spectrum;

    (void)state;
    write_table("WAVE FLUX ERR", "furlong|counts|counts", COLUMNS);
    expect_bad("unit in the file (say another with --unit-wavelength): ");
    expect_bad("'furlong'");
    write_table("WAVE FLUX ERR", "um|counts|counts", COLUMNS);
    expect_bad("say another with --unit-flux");
    expect_bad("'counts'");
    write_table("WAVE FLUX ERR", "um|erg/s/cm2/A|Jy", COLUMNS);
    expect_bad("the flux is in 'erg/s/cm2/A' and its error in 'Jy'");
    expect_refused(PATH, &flux, TML_BAD_DATA, "--unit-flux");
    expect_refused(PATH, &wavelength, TML_BAD_DATA, "--unit-wavelength: ");
    spectrum = read_spectrum(PATH, &good, NULL); /* what is said wins over the file */
    tml_observed_spectrum_free(&spectrum);
}

static void test_wavelengths_that_cannot_be_micron(void **state)
{
    const tml_observation_options said = {.unit_wavelength = "nm", .unit_flux = "Jy"};
    double wavelength[FIXTURE_PIXELS];
    const double *const values[] = {wavelength, fixture_flux, fixture_error};
    tml_observed_spectrum spectrum;

    (void)state;
    for (size_t i = 0; i < FIXTURE_PIXELS; ++i)
        wavelength[i] = 1e3 * fixture_wavelength[i];
    write_rows(3, values);
    expect_bad("the wavelengths go from 1000 to 1500 micron (their unit is not stated, micron is taken), "
               "which is no "
               "spectrum (0.05 to 1000 micron); say their unit with --unit-wavelength");
    spectrum = read_spectrum(PATH, &said, NULL);
    expect_near(spectrum.wavelength_um[0], 1.0, 1e-15);
    tml_observed_spectrum_free(&spectrum);
}

static void test_third_row_that_is_no_error(void **state)
{
    static const double other[FIXTURE_PIXELS] = {1, 2, 3, 2, 1, 2};
    const tml_observation_options snr = {.snr = 50.0};
    const double *const values[] = {fixture_wavelength, fixture_flux, other};
    tml_observed_spectrum spectrum;

    (void)state;
    write_rows(3, values);
    expect_bad("cannot be errors: the median of |flux| / error is 1.2e-15. With --snr X");
    spectrum = read_spectrum(PATH, &snr, NULL);
    expect_near(spectrum.error[0], 13e-15 / 6.0 / 50.0, 1e-15);
    tml_observed_spectrum_free(&spectrum);
}

static void test_all_pixels_masked(void **state)
{
    static const double gaps[FIXTURE_PIXELS] = {NAN, NAN, NAN, NAN, NAN, 1e-15};
    static const double zeros[FIXTURE_PIXELS] = {0.0};
    const double *const no_flux[] = {fixture_wavelength, gaps, fixture_error};
    const double *const no_error[] = {fixture_wavelength, fixture_flux, zeros};

    (void)state;
    write_rows(3, no_flux);
    expect_bad("1 of 6 pixels can be used, at least 2 are needed: 5 have no flux");
    write_rows(3, no_error);
    expect_bad(
        "0 of 6 pixels can be used, at least 2 are needed: 0 have no flux, 6 no error above 0 (--snr X");
}

static void test_other_files_under_that_name(void **state)
{
    char zeros[5760] = "";
    gzFile packed = gzopen("cut.fits.gz", "wb");
    size_t count;
    unsigned char *bytes;

    (void)state;
    write_text(PATH, "1.0 1 0.1\n1.1 1 0.1\n");
    expect_bad("is not FITS, whatever its name says");
    write_text(PATH, "<html>Not Found</html>\n");
    expect_bad("is not FITS");
    write_bytes(PATH, zeros, sizeof zeros);
    expect_bad("is not FITS");
    write_text(PATH, "");
    expect_bad("the file is empty");
    expect_refused("absent.fits", NULL, TML_NO_INPUT, "cannot be opened");
    (void)mkdir("folder.fits", 0755);
    expect_refused("folder.fits", NULL, TML_NO_INPUT, "folder");
    assert_non_null(packed);
    write_rows(3, COLUMNS);
    bytes = damaged_load(PATH, &count);
    assert_int_equal(gzwrite(packed, bytes, (unsigned)count), count);
    assert_int_equal(gzclose(packed), Z_OK);
    free(bytes);
    bytes = damaged_load("cut.fits.gz", &count);
    damaged_store("cut.fits.gz", bytes, count - 9);
    free(bytes);
    expect_refused("cut.fits.gz", NULL, TML_IO_ERROR, "cut.fits.gz");
}

static void refuse_cut(const char *path, size_t place)
{
    expect_refused(path, NULL, TML_BAD_DATA, place == 0 ? "the file is empty" : path);
}

static void test_every_cut_is_refused(void **state)
{
    (void)state;
    write_rows(3, COLUMNS);
    damaged_by_cutting(PATH, "cut.fits", 60, refuse_cut);
    write_table("WAVE FLUX ERR", "um||", COLUMNS);
    damaged_by_cutting(PATH, "cut.fits", 60, refuse_cut);
    expect_refused("cut.fits", NULL, TML_NO_INPUT, "cut.fits"); /* the copies are gone */
}

static void test_cut_tells_what_is_missing(void **state)
{
    size_t count;
    unsigned char *bytes;

    (void)state;
    write_rows(3, COLUMNS);
    bytes = damaged_load(PATH, &count);
    damaged_store(PATH, bytes, count - 100);
    expect_bad("HDU 1 ends at byte 5760 but the file at byte 5660: it is cut off; fetch it again");
    free(bytes);
    write_table("WAVE FLUX ERR", "um||", COLUMNS);
    bytes = damaged_load(PATH, &count);
    damaged_store(PATH, bytes, 2880 + 800); /* within the header of the table */
    free(bytes);
    expect_bad("cut off within a header or damaged");
}

/* A turned bit may change a number; what is read must still be a spectrum or be refused in words. */
static void survive(const char *path, size_t place)
{
    const tml_observation_options none = {0};
    tml_observed_spectrum spectrum;
    tml_object_facts facts;
    tml_error error = {0, ""};
    tml_status status = tml_observation_file_read(path, &none, &spectrum, &facts, &error);

    (void)place;
    assert_true(status == TML_OK || status == TML_BAD_DATA);
    assert_true(status == TML_OK ? spectrum.count >= 2 : strstr(error.message, path) != NULL);
    tml_observed_spectrum_free(&spectrum);
}

/* CFITSIO 4.2 asks for a senseless amount of memory where a table's NAXIS1 is no number, and lives with
 * getting none; the address sanitizer must let it. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "allocator_may_return_null=1";
}

static void test_no_turned_bit_breaks_the_reader(void **state)
{
    (void)state;
    write_rows(3, COLUMNS);
    damaged_by_a_bit(PATH, "bit.fits", 1500, survive);
    write_table("WAVE FLUX ERR", "um||", COLUMNS);
    damaged_by_a_bit(PATH, "bit.fits", 1500, survive);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_spectrum_in_it),
        cmocka_unit_test(test_image_of_the_sky),
        cmocka_unit_test(test_image_without_wavelengths),
        cmocka_unit_test(test_axis_that_is_no_wavelength),
        cmocka_unit_test(test_columns_that_are_not_there),
        cmocka_unit_test(test_table_of_several_spectra),
        cmocka_unit_test(test_column_of_words),
        cmocka_unit_test(test_table_without_rows),
        cmocka_unit_test(test_units_that_are_not_understood),
        cmocka_unit_test(test_wavelengths_that_cannot_be_micron),
        cmocka_unit_test(test_third_row_that_is_no_error),
        cmocka_unit_test(test_all_pixels_masked),
        cmocka_unit_test(test_other_files_under_that_name),
        cmocka_unit_test(test_every_cut_is_refused),
        cmocka_unit_test(test_cut_tells_what_is_missing),
        cmocka_unit_test(test_no_turned_bit_breaks_the_reader),
    };

    tml_log_setup(0, TML_LOG_ERROR);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
