/** @file test_object_file.c
 * OBJECT.yml says what is known of an object; it reads back as it was written, wins over the spectrum's file,
 * loses against the options, and what it says wrongly is refused with line and cure. */
#include "io/object_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "observation_check.h"

static const char *const PATH = "object.yml";

static tml_object_file read_object(const char *text)
{
    tml_object_file object;
    tml_error error = {0, ""};
    tml_status status;

    write_text(PATH, text);
    status = tml_object_file_read(PATH, &object, &error);
    if (status != TML_OK)
        print_error("%s\n", error.message);
    assert_int_equal(status, TML_OK);
    return object;
}

static void expect_bad(const char *text, const char *words)
{
    tml_object_file object;
    tml_error error = {0, ""};

    write_text(PATH, text);
    assert_int_equal(tml_object_file_read(PATH, &object, &error), TML_BAD_DATA);
    if (strstr(error.message, words) == NULL)
        print_error("%s\n", error.message);
    assert_non_null(strstr(error.message, words));
    assert_int_equal(strncmp(error.message, PATH, strlen(PATH)), 0);
    assert_true(isnan(object.facts.distance_pc.value));
    assert_string_equal(object.facts.name, "");
}

static void test_everything_that_can_be_said(void **state)
{
    const tml_object_file object = read_object(
        "name: HD 3651B\ndistance_pc: [11.134, 0.02]      # parallax\nradius_rjup: 0.81\n"
        "unit_wavelength: micron\nunit_flux: erg/s/cm2/A\nmedium: air\n"
        "literature: [{source: Zhang 2021, teff: [818, 12], logg: [3.94, 0]}, {source: b, met: -0.22}]\n");
    const tml_literature *literature = object.facts.literature;

    (void)state;
    assert_string_equal(object.facts.name, "HD 3651B");
    assert_true(object.facts.distance_pc.value == 11.134 && object.facts.distance_pc.sd == 0.02);
    assert_true(object.facts.radius_rjup.value == 0.81 && isnan(object.facts.radius_rjup.sd));
    assert_string_equal(object.unit_wavelength, "micron");
    assert_string_equal(object.unit_flux, "erg/s/cm2/A");
    assert_true(object.has_medium && object.is_air);
    assert_int_equal(object.facts.literature_count, 2);
    assert_string_equal(literature[0].source, "Zhang 2021");
    assert_int_equal(literature[0].count, 2);
    assert_string_equal(literature[0].name[1], "logg");
    assert_true(literature[0].value[0].value == 818.0 && literature[0].value[0].sd == 12.0);
    assert_true(literature[0].value[1].sd == 0.0);
    assert_string_equal(literature[1].name[0], "met");
    assert_true(isnan(literature[1].value[0].sd));
}

static void test_what_is_not_said_is_not_known(void **state)
{
    tml_object_file object = read_object("");

    (void)state;
    assert_true(isnan(object.facts.distance_pc.value) && isnan(object.facts.radius_rjup.value));
    object = read_object(
        "# nothing\n---\nname:\ndistance_pc: ~\nradius_rjup: [null, null]\nmedium:\nliterature:\n");
    assert_string_equal(object.facts.name, "");
    assert_true(isnan(object.facts.distance_pc.value) && isnan(object.facts.radius_rjup.value));
    assert_false(object.has_medium);
    object = read_object(
        "name: 'null'\nmedium: Vacuum\nunit_flux: relative\nliterature: [{source: a, temperature: 700}]\n");
    assert_string_equal(object.facts.name, "null"); /* in quotes it is a name */
    assert_true(object.has_medium && !object.is_air);
    assert_string_equal(object.facts.literature[0].name[0], "teff");
}

static void test_wrong_keys(void **state)
{
    (void)state;
    expect_bad("name: a\ndistance: 11\n",
               "object.yml:2:1: unknown key 'distance', did you mean 'distance_pc'?; known "
               "are name, distance_pc");
    expect_bad("radius_rjub: 1\n", "did you mean 'radius_rjup'?");
    expect_bad("zzzzzzzzzzzzz: 1\n", "unknown key 'zzzzzzzzzzzzz'; known are");
    expect_bad("name: a\nmedium: air\nname: b\n", "object.yml:3:1: 'name' is given twice, first in line 1");
    expect_bad("[1]: a\n", "'a key' wants a word, not 'a list'");
}

static void test_wrong_values(void **state)
{
    (void)state;
    expect_bad("name: a\ndistance_pc: far\n",
               "object.yml:2:14: 'distance_pc' wants a number above 0 or [number, "
               "standard error], not 'far'");
    expect_bad("distance_pc: -3\n", "wants a number above 0");
    expect_bad("distance_pc: 0\n", "wants a number above 0");
    expect_bad("distance_pc: .inf\n", "wants a number above 0");
    expect_bad("distance_pc: inf\n", "wants a number above 0");
    expect_bad("distance_pc: [1, 2, 3]\n", "not 'a list'");
    expect_bad("distance_pc: []\n", "not 'a list'");
    expect_bad("distance_pc: {value: 3}\n", "not 'a mapping'");
    expect_bad("radius_rjup: [1, -0.1]\n", "'radius_rjup' wants a standard error of 0 or above, not '-0.1'");
    expect_bad("radius_rjup: [[1], 0.1]\n", "not 'a list'");
    expect_bad("medium: water\n", "'medium' wants vacuum or air, not 'water'");
    expect_bad("name: a\nunit_flux: furlong\n", "object.yml:2:12: the unit of flux density 'furlong'");
    expect_bad("unit_wavelength: erg\n", "object.yml:1:18: ");
    expect_bad("name: [a]\n", "'name' wants a text of at most 63 bytes, not 'a list'");
    expect_bad("name: 123456789012345678901234567890123456789012345678901234567890abcd\n",
               "at most 63 bytes");
}

static void test_wrong_literature(void **state)
{
    (void)state;
    expect_bad("literature: Zhang\n", "'literature' wants a list of {source: text");
    expect_bad("literature: [Zhang]\n", "'literature' wants a list of {source: text");
    expect_bad("literature:\n  - teff: 800\n", "object.yml:2:5: an entry of 'literature' wants a 'source'");
    expect_bad("literature: [{source: a, Teff: 800}]\n", "'Teff' is no parameter, did you mean 'teff'?");
    expect_bad("literature: [{source: a, teff: hot}]\n",
               "'teff' wants a number or [number, standard error], not 'hot'");
    expect_bad("literature: [{source: a, teff: 1, temperature: 2}]\n", "'teff' is given twice by one source");
    expect_bad("literature: [{source: a, source: b}]\n", "one source for each entry");
    expect_bad("literature: [{source: a, log g: 5}]\n", "'log g' is no name of a parameter");
    expect_bad(
        "literature: [{source: 1},{source: 1},{source: 1},{source: 1},{source: 1},{source: 1},{source: 1},"
        "{source: 1},{source: 1}]\n",
        "more than 8 sources");
    expect_bad("literature: [{source: s, a: 1, b: 1, c: 1, d: 1, e: 1, f: 1, g: 1, h: 1, i: 1, j: 1, k: 1, "
               "l: 1, m: 1, "
               "n: 1, o: 1, p: 1, q: 1}]\n",
               "more than 16 values");
}

static void test_what_is_no_yaml(void **state)
{
    tml_object_file object;
    tml_error error = {0, ""};

    (void)state;
    expect_bad("name: [a\nb: c\n", "this is not YAML");
    expect_bad("name: \"a\n", "this is not YAML");
    expect_bad("name: \xFF\n", "this is not YAML");
    expect_bad("just words\n", "'the file' wants lines 'key: value'");
    expect_bad("name: a\n---\nname: b\n", "object.yml:3:1: a second document");
    expect_bad("name: \"a\\0b\"\n", "'name' wants a text");
    assert_int_equal(tml_object_file_read("absent.yml", &object, &error), TML_NO_INPUT);
    assert_true(isnan(object.facts.distance_pc.value));
}

static void test_written_facts_read_back(void **state)
{
    tml_object_file object;
    tml_object_file back;
    tml_error error = {0, ""};

    (void)state;
    memset(&object, 0, sizeof object);
    tml_object_facts_clear(&object.facts);
    snprintf(object.facts.name, sizeof object.facts.name, "a: \"b\" \\ #c\t\x01 \xC3\xA9 ~");
    object.facts.distance_pc = (tml_measure){0.1 + 0.2, 1e-17};
    object.facts.radius_rjup = (tml_measure){1.0, NAN};
    snprintf(object.unit_flux, sizeof object.unit_flux, "W m-2 um-1");
    object.has_medium = true;
    object.facts.literature_count = 2;
    snprintf(object.facts.literature[0].source, TML_OBJECT_SOURCE, "null");
    snprintf(object.facts.literature[1].source, TML_OBJECT_SOURCE, "[2]");
    object.facts.literature[1].count = 2;
    snprintf(object.facts.literature[1].name[0], TML_OBJECT_NAME, "teff");
    object.facts.literature[1].value[0] = (tml_measure){1.0 / 3.0, 0.0};
    snprintf(object.facts.literature[1].name[1], TML_OBJECT_NAME, "met");
    object.facts.literature[1].value[1] = (tml_measure){-0.22, NAN};
    assert_int_equal(tml_object_file_write(PATH, &object, &error), TML_OK);
    assert_int_equal(tml_object_file_read(PATH, &back, &error), TML_OK);
    assert_string_equal(back.facts.name, object.facts.name);
    assert_true(back.facts.distance_pc.value == 0.1 + 0.2 && back.facts.distance_pc.sd == 1e-17);
    assert_true(back.facts.radius_rjup.value == 1.0 && isnan(back.facts.radius_rjup.sd));
    assert_string_equal(back.unit_wavelength, "");
    assert_string_equal(back.unit_flux, "W m-2 um-1");
    assert_true(back.has_medium && !back.is_air);
    assert_int_equal(back.facts.literature_count, 2);
    assert_string_equal(back.facts.literature[0].source, "null");
    assert_string_equal(back.facts.literature[1].source, "[2]");
    assert_int_equal(back.facts.literature[1].count, 2);
    assert_true(back.facts.literature[1].value[0].value == 1.0 / 3.0);
    assert_true(back.facts.literature[1].value[0].sd == 0.0);
    assert_string_equal(back.facts.literature[1].name[1], "met");
    assert_int_equal(tml_object_file_write("no/such/folder.yml", &object, &error), TML_CANNOT_CREATE);
}

static const char *const STAR = "1.0 1 0.1\n1.1 2 0.1\n";

static void test_the_file_beside_the_spectrum(void **state)
{
    tml_observed_spectrum spectrum;
    tml_object_facts facts;

    (void)state;
    (void)mkdir("stars.d", 0755);
    (void)remove("stars.d/GJ 570D.v2.yml"); /* of an earlier run */
    write_text("stars.d/GJ 570D.v2.dat", STAR);
    spectrum = read_spectrum("stars.d/GJ 570D.v2.dat", NULL, &facts);
    assert_string_equal(facts.name, "GJ 570D.v2"); /* of the path, where nobody says another */
    assert_true(isnan(facts.distance_pc.value));
    tml_observed_spectrum_free(&spectrum);
    write_text("stars.d/GJ 570D.v2.yml", "name: Gl 570 D\ndistance_pc: 5.9\nunit_flux: Jy\nmedium: air\n");
    spectrum = read_spectrum("stars.d/GJ 570D.v2.dat", NULL, &facts);
    assert_string_equal(facts.name, "Gl 570 D");
    assert_true(facts.distance_pc.value == 5.9);
    assert_int_equal(spectrum.density, TML_FLUX_PER_FREQUENCY);
    expect_near(spectrum.flux[1], 2e-23, 4e-16);
    expect_near(spectrum.wavelength_um[0], tml_vacuum_wavelength_um(1.0), 4e-16);
    tml_observed_spectrum_free(&spectrum);
    write_text("stars.d/GJ 570D.v2.yml", "nam: Gl 570 D\n");
    {
        tml_error error = {0, ""};
        const tml_observation_options none = {0};

        assert_int_equal(
            tml_observation_file_read("stars.d/GJ 570D.v2.dat", &none, &spectrum, &facts, &error),
            TML_BAD_DATA);
        assert_non_null(strstr(error.message, "GJ 570D.v2.yml:1:1: unknown key 'nam', did you mean 'name'?"));
    }
}

static void test_options_win(void **state)
{
    const tml_observation_options other = {
        .object = "other.yml", .unit_flux = "relative", .unit_wavelength = "nm"};
    const tml_observation_options absent = {.object = "absent.yml"};
    tml_observed_spectrum spectrum;
    tml_object_facts facts;
    tml_error error = {0, ""};

    (void)state;
    write_text("star.dat", "1000 1 0.1\n1100 2 0.1\n");
    write_text("star.yml", "name: beside\nunit_wavelength: micron\n");
    write_text("other.yml", "name: other\nunit_wavelength: micron\nunit_flux: Jy\n");
    spectrum = read_spectrum("star.dat", &other, &facts);
    assert_string_equal(facts.name, "other");
    assert_true(spectrum.is_relative);
    expect_near(spectrum.wavelength_um[0], 1.0, 4e-16);
    tml_observed_spectrum_free(&spectrum);
    assert_int_equal(tml_observation_file_read("star.dat", &absent, &spectrum, &facts, &error), TML_NO_INPUT);
    assert_non_null(strstr(error.message, "absent.yml"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_everything_that_can_be_said),
        cmocka_unit_test(test_what_is_not_said_is_not_known),
        cmocka_unit_test(test_wrong_keys),
        cmocka_unit_test(test_wrong_values),
        cmocka_unit_test(test_wrong_literature),
        cmocka_unit_test(test_what_is_no_yaml),
        cmocka_unit_test(test_written_facts_read_back),
        cmocka_unit_test(test_the_file_beside_the_spectrum),
        cmocka_unit_test(test_options_win),
    };

    tml_log_setup(0, TML_LOG_ERROR);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
