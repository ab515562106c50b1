/** @file test_observation_files_published.c
 * Published files give the numbers that an independent reader (NumPy, on the bytes) found in them. Skipped
 * where the published data are absent. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "io/observation_table.h"
#include "observation_check.h"
#include "spectra/pixel_state.h"
#include "spectra/wavelength_grid.h"

enum { ROWS = 422, MOST_PIXELS = 1000 };

static void test_text_files(void **state)
{
    static const struct {
        const char *name;
        const char *unit;
        size_t count;
        double first[3], last[3]; /* wavelength, flux, error in the file */
        double factor;            /* to erg s-1 cm-2 A-1 */
    } files[] = {
        {"HD3651B_fluxcal",
         NULL,
         564,
         {0.650857, 8.60623583e-17, 4.35816882e-17},
         {2.5628, 6.84847273e-18, 1.58122856e-17},
         1.0},
        {"GJ570D_fluxcal",
         NULL,
         560,
         {0.657971, 4.56938571e-17, 3.65550657e-17},
         {2.56049, 1.99743513e-17, 1.59794670e-17},
         1.0},
        {"Ross458C_fluxcal",
         NULL,
         809,
         {0.692196, 1.89653220e-18, 1.51722576e-18},
         {2.543324, 3.47553580e-16, 2.78042864e-16},
         1.0},
        {"GJ570D_helios_r2",
         "W m-2 um-1",
         402,
         {0.854647, 1.06725e-16, 4.2684e-17},
         {2.44809, 1.06841e-16, 7.3838e-17},
         0.1},
    };
    char path[4096];

    for (size_t i = 0; i < sizeof files / sizeof files[0]; ++i) {
        const tml_observation_options options = {.unit_flux = files[i].unit};
        tml_observed_spectrum spectrum;
        tml_object_facts facts;
        size_t last = files[i].count - 1;

        snprintf(path, sizeof path, "%s/observed/%s.dat", (const char *)*state, files[i].name);
        spectrum = read_spectrum(path, &options, &facts);
        assert_int_equal(spectrum.count, files[i].count);
        assert_string_equal(facts.name, files[i].name);
        assert_true(spectrum.wavelength_um[0] == files[i].first[0]);
        assert_true(spectrum.wavelength_um[last] == files[i].last[0]);
        expect_near(spectrum.flux[0], files[i].factor * files[i].first[1], 4e-16);
        expect_near(spectrum.error[0], files[i].factor * files[i].first[2], 4e-16);
        expect_near(spectrum.flux[last], files[i].factor * files[i].last[1], 4e-16);
        expect_near(spectrum.error[last], files[i].factor * files[i].last[2], 4e-16);
        tml_observed_spectrum_free(&spectrum);
    }
}

/* The pixel in the middle of the file, flux and error as they stand there. */
static const struct spex_file {
    const char *file;
    const char *object;
    size_t count, usable;
    double first_um, last_um, flux, error;
    double factor; /* to erg s-1 cm-2 A-1; 0: no unit, relative */
} spex_files[] = {
    {"10020_11100", "10020_11100", 560, 481, 0.6579710245132446, 2.5604898929595947, 0.05918179824948311,
     5.627200126647949, 0.0},
    {"10375_10696", "10375_10696", 563, 563, 0.6522489786148071, 2.5616800785064697, 2.1712699633106886e-16,
     1.769490083917564e-18, 0.0},
    {"10602_10981", "10602_10981", 564, 564, 0.650862991809845, 2.5627999305725098, 1.1768100261688232,
     0.015534499660134315, 0.0},
    {"10648_10040", "DENIS 0021-4244", 564, 562, 0.6499608755111694, 2.561593532562256, 8.092547695869902e-15,
     4.455035960532997e-17, 0.1},
    {"10703_10070", "10703_10070", 564, 564, 0.6508569717407227, 2.5627999305725098, 0.07628410309553146,
     0.006820110138505697, 0.0},
    {"10950_10619", "10950_10619", 563, 563, 0.6449509859085083, 2.5520200729370117, 0.9871699810028076,
     0.008169789798557758, 0.0},
    {"11088_11581", "11088_11581", 563, 563, 0.6466050148010254, 2.5541799068450928, 0.5595909953117371,
     0.003428190015256405, 0.0},
    {"11197_10062", "2MASS J00332386-1521309", 564, 477, 0.6445865035057068, 2.554487943649292,
     2.061802601581095e-16, 2.105356225091911e-18, 1.0},
    {"11512_11093", "1452+2723", 564, 563, 0.645204484462738, 2.555295467376709, 2.4743772624142917e-16,
     2.534402194318825e-18, 1.0},
    {"11536_10509", "0722-0540", 564, 563, 0.6450445652008057, 2.555086135864258, 6.463978081377258e-18,
     1.2070760267699236e-18, 1.0},
    {"11648_10963", "1311+3629", 564, 563, 0.6462486982345581, 2.5566656589508057, 2.1637758393098562e-16,
     2.895015925059533e-18, 1.0},
    {"11959_10674", "LHS 2195", 564, 563, 0.643541157245636, 2.5531270503997803, 2.4281622448395906e-15,
     8.500830103269671e-18, 1.0},
    {"12316_12050", "12316_12050", 564, 563, 0.6330040097236633, 2.5398099422454834, 1.7538699940050005e-16,
     2.294329978727866e-18, 0.0},
    {"12337_11004", "12337_11004", 564, 562, 0.6342939734458923, 2.5413999557495117, 7.14154984526027e-17,
     2.1174400930703917e-18, 0.0},
    {"12360_11659", "12360_11659", 564, 562, 0.6448180079460144, 2.5547900199890137, 8.050850302049602e-17,
     1.4516899809116816e-18, 0.0},
};

static void check_spex(const char *folder, const struct spex_file *want,
                       const tml_observation_options *options)
{
    const double factor = want->factor > 0.0 ? want->factor : 1.0;
    tml_observed_spectrum spectrum;
    tml_object_facts facts;
    size_t counts[TML_PIXEL_STATES];
    uint8_t states[MOST_PIXELS];
    char path[4096];

    snprintf(path, sizeof path, "%s/observed/fits/%s.fits", folder, want->file);
    spectrum = read_spectrum(path, options, &facts);
    assert_int_equal(spectrum.count, want->count);
    assert_string_equal(facts.name, want->object);
    assert_true(spectrum.wavelength_um[0] == want->first_um);
    assert_true(spectrum.wavelength_um[spectrum.count - 1] == want->last_um);
    expect_near(spectrum.flux[spectrum.count / 2], factor * want->flux, 4e-16);
    assert_int_equal(spectrum.is_relative, want->factor <= 0.0);
    assert_int_equal(was_warned("no_unit", want->file), want->factor <= 0.0);
    if (options == NULL) {
        expect_near(spectrum.error[spectrum.count / 2], factor * want->error, 4e-16);
        tml_pixel_classify(spectrum.count, spectrum.flux, spectrum.error, true, states);
        tml_pixel_count(spectrum.count, states, counts);
        assert_int_equal(counts[TML_PIXEL_USED], want->usable);
    }
    tml_observed_spectrum_free(&spectrum);
}

static void test_spex_files(void **state)
{
    for (size_t i = 1; i < sizeof spex_files / sizeof spex_files[0]; ++i)
        check_spex(*state, &spex_files[i], NULL);
}

static void test_third_row_that_is_no_error(void **state)
{
    const tml_observation_options snr = {.snr = 30.0};
    char path[4096];

    snprintf(path, sizeof path, "%s/observed/fits/%s.fits", (const char *)*state, spex_files[0].file);
    expect_refused(path, NULL, TML_BAD_DATA, "the median of |flux| / error is 0.01. With --snr X");
    check_spex(*state, &spex_files[0], &snr);
}

static void test_labelled_table(void **state)
{
    double bin_um[TML_PUBLISHED_WAVELENGTHS];
    char path[4096];
    char errors[4096];
    tml_observation_table *table = NULL;
    tml_observation_row row = {0};
    tml_error error = {0, ""};
    size_t missing = 0;

    snprintf(path, sizeof path, "%s/observed/labelled_observations.csv.bz2", (const char *)*state);
    snprintf(errors, sizeof errors, "%s/observed/labelled_observations.err.csv.bz2", (const char *)*state);
    tml_wavelength_grid_published(bin_um);
    assert_int_equal(
        tml_observation_table_open(path, errors, 0.0, TML_PUBLISHED_WAVELENGTHS, bin_um, &table, &error),
        TML_OK);
    assert_int_equal(tml_observation_table_labels(table), 4);
    assert_string_equal(tml_observation_table_label(table, 0), "logg");
    assert_string_equal(tml_observation_table_label(table, 1), "teff");
    assert_string_equal(tml_observation_table_label(table, 2), "c_o");
    assert_string_equal(tml_observation_table_label(table, 3), "met");
    for (int64_t i = 0; i < ROWS; ++i) {
        assert_int_equal(tml_observation_table_next(table, &row, &error), TML_OK);
        assert_non_null(row.flux);
        assert_int_equal(row.row, i);
        assert_true(row.label[0] > 3.0 && row.label[1] > 300.0);
        assert_true(isnan(row.label[2]) && isnan(row.label[3]));
        for (size_t k = 0; k < TML_PUBLISHED_WAVELENGTHS; ++k) {
            assert_int_equal(isnan(row.flux[k]), isnan(row.error[k]));
            missing += isnan(row.flux[k]) ? 1 : 0;
        }
        if (i == 0) /* 0.897 micron is the last column of the file */
            assert_true(row.flux[0] == 3.378819355e-10 && row.flux[103] == 1.236335318e-09 &&
                        row.error[0] == 7.266434692e-11 && row.label[0] == 4.23 && row.label[1] == 437.0);
    }
    assert_true(row.flux[103] == 1.196767665e-05 && row.error[103] == 1.176985536e-07 &&
                row.label[1] == 2970.0);
    assert_int_equal(missing, 23);
    assert_int_equal(tml_observation_table_next(table, &row, &error), TML_OK);
    assert_null(row.flux);
    tml_observation_table_close(&table);
}

int main(void)
{
    const char *variable = getenv("TML_TEST_DATA");
    char folder[2048];
    char path[4096];

    snprintf(folder, sizeof folder, "%s", variable != NULL ? variable : ".");
    snprintf(path, sizeof path, "%s/observed/fits", folder);
    if (access(path, R_OK) != 0) {
        printf("skipped: %s is not there (set TML_TEST_DATA)\n", path);
        return 77;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(test_text_files, folder),
        cmocka_unit_test_prestate(test_spex_files, folder),
        cmocka_unit_test_prestate(test_third_row_that_is_no_error, folder),
        cmocka_unit_test_prestate(test_labelled_table, folder),
    };

    tml_log_setup(0, TML_LOG_ERROR);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
