/** @file test_audit_ceilings.c
 * The ceilings that an audit has written, as evaluate takes them. */
#include "commands/audit_ceilings.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const char path[] = "audit.json";
static const char *const names[3] = {"met", "teff", "kzz"};

static void store(const char *text)
{
    FILE *out = fopen(path, "w");

    assert_non_null(out);
    fputs(text, out);
    fclose(out);
}

static tml_status read_stored(double *ceiling, char *digest, tml_error *error)
{
    return tml_audit_ceilings_read(path, 3, names, ceiling, digest, error);
}

static void test_ceilings_are_found_by_name(void **state)
{
    double ceiling[3];
    char digest[TML_AUDIT_DIGEST];
    tml_error error;

    (void)state;
    store("{\"schema\": \"telescopeml.grid-audit/1\", \"result\": {\"digest\": \"9f2c\", \"parameters\": "
          "{\"teff\": {\"ceiling_r2\": 1}, \"met\": {\"ceiling_r2\": 0.935}}}}");
    assert_int_equal(read_stored(ceiling, digest, &error), TML_OK);
    assert_true(ceiling[0] == 0.935 && ceiling[1] == 1.0 && isnan(ceiling[2]));
    assert_string_equal(digest, "9f2c");
}

static void test_what_is_not_known_is_not_a_number(void **state)
{
    double ceiling[3];
    char digest[TML_AUDIT_DIGEST];
    tml_error error;

    (void)state;
    store("{\"schema\": \"telescopeml.grid-audit/1\", \"result\": {\"digest\": null, \"parameters\": "
          "{\"teff\": {\"ceiling_r2\": null}, \"met\": {\"ceiling_r2\": 1.5}, \"kzz\": {}}}}");
    assert_int_equal(read_stored(ceiling, digest, &error), TML_OK);
    assert_true(isnan(ceiling[0]) && isnan(ceiling[1]) && isnan(ceiling[2]));
    assert_string_equal(digest, "");
}

static void test_other_documents_are_refused(void **state)
{
    static const char *const texts[] = {
        "", "no JSON", "[]", "{\"schema\": \"telescopeml.explore/1\", \"result\": {\"parameters\": {}}}",
        "{\"schema\": \"telescopeml.grid-audit/1\", \"result\": null}"};
    double ceiling[3];
    char digest[TML_AUDIT_DIGEST];
    tml_error error = {0, ""};

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; ++i) {
        store(texts[i]);
        assert_int_equal(read_stored(ceiling, digest, &error), TML_BAD_DATA);
        assert_non_null(strstr(error.message, "grid audit"));
    }
    remove(path);
    assert_int_equal(read_stored(ceiling, digest, &error), TML_NO_INPUT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ceilings_are_found_by_name),
        cmocka_unit_test(test_what_is_not_known_is_not_a_number),
        cmocka_unit_test(test_other_documents_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
