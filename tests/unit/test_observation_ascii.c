/** @file test_observation_ascii.c
 * Columns of text are read as they stand, comments and words before them are passed over, and every line that
 * is neither is refused with its number and its text; what is no text at all is refused, too. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include <cmocka.h>
#include <zlib.h>

#include "observation_check.h"

static const char *const PATH = "star.dat";

static void expect_bad(const char *text, const char *words)
{
    write_text(PATH, text);
    expect_refused(PATH, NULL, TML_BAD_DATA, words);
}

static void expect_three(const char *text)
{
    tml_observed_spectrum spectrum;

    write_text(PATH, text);
    spectrum = read_spectrum(PATH, NULL, NULL);
    assert_int_equal(spectrum.count, 3);
    for (size_t i = 0; i < 3; ++i) {
        assert_true(spectrum.wavelength_um[i] == 1.0 + 0.5 * (double)i);
        expect_near(spectrum.flux[i], 1e-15 * (double)(i + 1), 4e-16);
        expect_near(spectrum.error[i], 1e-16, 4e-16);
    }
    assert_int_equal(spectrum.density, TML_FLUX_PER_WAVELENGTH);
    assert_false(spectrum.is_relative);
    tml_observed_spectrum_free(&spectrum);
}

static void test_columns_in_every_dress(void **state)
{
    (void)state;
    expect_three("# wl flux error\n1.0 1e-15 1e-16\n1.5 2e-15 1e-16\n2.0 3e-15 1e-16\n");
    expect_three("wl,flux,error\n1.0,1e-15,1e-16\n1.5, 2e-15 ,1e-16\n2.0,3e-15,1e-16\n");
    expect_three("\t1.0\t1e-15\t1e-16\r\n\t1.5\t2e-15\t1e-16\r\n\r\n2.0\t3e-15\t1e-16\r\n");
    expect_three("; IDL\n! also a comment\n1.0 1e-15 1e-16 # good\n1.5 2e-15 1e-16\n2.0 3e-15 1e-16");
    expect_three("\xEF\xBB\xBF# mark\n+1.0 1E-15 1e-16 5 word\n1.5 2e-15 1e-16\n2 .3e-14 1e-16 7\n");
    expect_three("1.0 1e-15 1e-16\r1.5 2e-15 1e-16\r2.0 3e-15 1e-16\r");
}

static void test_words_before_the_numbers_are_passed_over(void **state)
{
    (void)state;
    expect_three("#name\nGJ570D SpeX\n\n#type\nspectroscopy\n2MASS J0415-0935\nHD 3651\nNone\n"
                 "1.0 1e-15 1e-16\n1.5 2e-15 1e-16\n2.0 3e-15 1e-16\n");
}

static void test_pixels_are_sorted(void **state)
{
    (void)state;
    expect_three("2.0 3e-15 1e-16\n1.5 2e-15 1e-16\n1.0 1e-15 1e-16\n");
    expect_three("1.5 2e-15 1e-16\n2.0 3e-15 1e-16\n1.0 1e-15 1e-16\n");
}

static void test_missing_numbers_are_nan(void **state)
{
    tml_observed_spectrum spectrum;

    (void)state;
    write_text(PATH,
               "1.0,1,0.1\n1.1,nan,0.1\n1.2,NaN,0.1\n1.3,null,0.1\n1.4,--,0.1\n1.5,,0.1\n1.6,1,\n1.7,inf,1\n"
               "1.8,-1,0.1\n1.9,0,0.1\n");
    spectrum = read_spectrum(PATH, NULL, NULL);
    assert_int_equal(spectrum.count, 10);
    for (size_t i = 1; i < 6; ++i)
        assert_true(isnan(spectrum.flux[i]));
    assert_true(isnan(spectrum.error[6]));
    assert_true(isnan(spectrum.flux[7]));
    assert_true(spectrum.flux[8] == -1.0); /* nothing is masked or mended here */
    assert_true(spectrum.flux[9] == 0.0);
    tml_observed_spectrum_free(&spectrum);
}

static void test_bad_lines_are_refused_with_their_place(void **state)
{
    (void)state;
    expect_bad("1.0 1 0.1\n1.1 oops 0.1\n",
               "line 2: this is neither numbers nor a comment (comments begin with '#'): "
               "'1.1 oops 0.1'");
    expect_bad("1.0 1 0.1\nend of file\n", "line 2: this is neither");
    expect_bad("# a\n0.65x 1 0.1\n1.1 1 0.1\n", "line 2: this is neither"); /* must not pass for words */
    expect_bad("1.0 1 0.1\n1.1 1\n", "line 2: a number is missing");
    expect_bad("1.0 1 \n1.1 1 0.1\n", "line 2: there are more numbers");
    expect_bad("564\n1.1 1 0.1\n", "line 1: one number alone");
    expect_bad("1.0\n1.1\n", "line 1: one number alone");
    expect_bad("1.0 1 0.1\nnan 1 0.1\n", "line 2: the wavelength is missing");
    expect_bad("1.0 1 0.1\n-1.1 1 0.1\n", "line 2: the wavelength is not above 0");
    expect_bad("1.0 1 0.1\n1.1 1 \x01\x80\n", "'1.1 1 ?"
                                              "?'");
}

static void test_what_is_no_spectrum_is_refused(void **state)
{
    (void)state;
    expect_bad("", "the file is empty");
    expect_bad("\n\n", "no line holds numbers");
    expect_bad("# only\n# comments\n", "no line holds numbers");
    expect_bad("<html>\n<title>Not Found</title>\n", "no line holds numbers");
    expect_bad("1.0 1 0.1\n", "1 of 1 pixels can be used");
    expect_bad("1.0 1 0.1\n1.1 nan 0.1\n1.2 1 0\n1.3 0 0.1\n",
               "1 of 4 pixels can be used, at least 2 are needed: 1 have no flux, 1 no error above 0");
    expect_bad("1.0 1 0.1\n1.1 1 0.1\n1.0 2 0.1\n", "pixels 1 and 3 have the same wavelength");
    expect_bad("10000 1 0.1\n11000 1 0.1\n", "--unit-wavelength");
    write_bytes(PATH, "\0\0\0\0", 4);
    expect_refused(PATH, NULL, TML_BAD_DATA, "neither FITS nor plain text");
    expect_refused("absent.dat", NULL, TML_NO_INPUT, "cannot be opened");
    (void)mkdir("folder.dat", 0755);
    expect_refused("folder.dat", NULL, TML_NO_INPUT, "folder");
}

static void test_two_columns_need_a_signal_to_noise_ratio(void **state)
{
    const tml_observation_options options = {.snr = 10.0};
    tml_observed_spectrum spectrum;

    (void)state;
    expect_bad("1.0 1\n1.1 3\n1.2 nan\n", "with --snr X every pixel gets the error mean flux / X");
    spectrum = read_spectrum(PATH, &options, NULL);
    assert_int_equal(spectrum.count, 3);
    for (size_t i = 0; i < 3; ++i)
        expect_near(spectrum.error[i], 0.2, 4e-16);
    tml_observed_spectrum_free(&spectrum);
    write_text(PATH, "1.0 1\n1.1 -3\n");
    expect_refused(PATH, &options, TML_BAD_DATA, "the mean flux is not above 0");
}

static void test_errors_that_cannot_be_errors(void **state)
{
    const tml_observation_options options = {.snr = 20.0};
    tml_observed_spectrum spectrum;

    (void)state;
    /* The median of |flux| / error: 0.19 is refused, 0.21 is not. */
    expect_bad("1.0 0.19 1\n1.1 -0.19 1\n1.2 9 1\n1.3 0.1 1\n1.4 0.1 1\n",
               "the median of |flux| / error is 0.19");
    spectrum = read_spectrum(PATH, &options, NULL); /* the file's errors are not looked at */
    expect_near(spectrum.error[0], 9.2 / 5.0 / 20.0, 4e-16);
    tml_observed_spectrum_free(&spectrum);
    write_text(PATH, "1.0 0.21 1\n1.1 0.22 1\n1.2 0.1 1\n");
    spectrum = read_spectrum(PATH, NULL, NULL);
    tml_observed_spectrum_free(&spectrum);
}

static void test_compressed_text(void **state)
{
    gzFile file = gzopen("star2.dat.gz", "wb");
    tml_observed_spectrum spectrum;
    tml_object_facts facts;

    (void)state;
    assert_non_null(file);
    gzputs(file, "1.0 1 0.1\n1.1 1 0.1\n");
    gzclose(file);
    spectrum = read_spectrum("star2.dat.gz", NULL, &facts);
    assert_int_equal(spectrum.count, 2);
    assert_string_equal(facts.name, "star2");
    tml_observed_spectrum_free(&spectrum);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_columns_in_every_dress),
        cmocka_unit_test(test_words_before_the_numbers_are_passed_over),
        cmocka_unit_test(test_pixels_are_sorted),
        cmocka_unit_test(test_missing_numbers_are_nan),
        cmocka_unit_test(test_bad_lines_are_refused_with_their_place),
        cmocka_unit_test(test_what_is_no_spectrum_is_refused),
        cmocka_unit_test(test_two_columns_need_a_signal_to_noise_ratio),
        cmocka_unit_test(test_errors_that_cannot_be_errors),
        cmocka_unit_test(test_compressed_text),
    };

    tml_log_setup(0, TML_LOG_ERROR);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
