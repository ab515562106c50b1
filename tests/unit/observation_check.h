#ifndef TML_TESTS_OBSERVATION_CHECK_H
#define TML_TESTS_OBSERVATION_CHECK_H

/** @file observation_check.h
 * Small files, read as observations. For serial tests with cmocka; include it after <cmocka.h>. */

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "core/log.h"
#include "io/observation_file.h"

static inline void write_bytes(const char *path, const char *bytes, size_t count)
{
    FILE *file = fopen(path, "wb");

    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, count, file), count);
    assert_int_equal(fclose(file), 0);
}

static inline void write_text(const char *path, const char *text)
{
    write_bytes(path, text, strlen(text));
}

/** Read what must be readable. @param options  NULL: none. The spectrum is freed by the caller. */
static inline tml_observed_spectrum read_spectrum(const char *path, const tml_observation_options *options,
                                                  tml_object_facts *facts)
{
    const tml_observation_options none = {0};
    tml_observed_spectrum spectrum;
    tml_object_facts ignored;
    tml_error error = {0, ""};
    tml_status status = tml_observation_file_read(path, options != NULL ? options : &none, &spectrum,
                                                  facts != NULL ? facts : &ignored, &error);

    if (status != TML_OK)
        print_error("%s\n", error.message);
    assert_int_equal(status, TML_OK);
    assert_true(spectrum.has_errors);
    for (size_t i = 1; i < spectrum.count; ++i)
        assert_true(spectrum.wavelength_um[i] > spectrum.wavelength_um[i - 1]);
    return spectrum;
}

/** Check that a file is refused, that nothing is handed out, and that the message names the file and holds
 * the words. */
static inline void expect_refused(const char *path, const tml_observation_options *options,
                                  tml_status expected, const char *words)
{
    const tml_observation_options none = {0};
    tml_observed_spectrum spectrum;
    tml_object_facts facts;
    tml_error error = {0, ""};
    tml_status status = tml_observation_file_read(path, options != NULL ? options : &none, &spectrum, &facts,
                                                  &error);

    if (status != expected || strstr(error.message, words) == NULL)
        print_error("%s: status %d, '%s'\n", path, (int)status, error.message);
    assert_int_equal(status, expected);
    assert_non_null(strstr(error.message, words));
    assert_non_null(strstr(error.message, path));
    assert_null(spectrum.wavelength_um);
    assert_int_equal(spectrum.count, 0);
    assert_true(isnan(facts.distance_pc.value));
}

/** Relative agreement; the default tolerance of the tests is a few roundings of double. */
static inline void expect_near(double got, double want, double tolerance)
{
    if (!(fabs(got - want) <= tolerance * fabs(want)))
        print_error("%.17g is not %.17g\n", got, want);
    assert_true(fabs(got - want) <= tolerance * fabs(want));
}

static inline bool was_warned(const char *code, const char *words)
{
    size_t count;
    const tml_warning *warnings = tml_log_warnings(&count);

    for (size_t i = 0; i < count; ++i)
        if (strcmp(warnings[i].code, code) == 0 && strstr(warnings[i].text, words) != NULL)
            return true;
    return false;
}

#endif
