/** @file test_envelope.c
 * Every JSON document has the same envelope; numbers keep their digits and what is not a number is null. */
#include "io/envelope.h"

#include <fcntl.h>
#include <unistd.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/build_info.h"
#include "core/log.h"
#include "io/atomic_file.h"

static void assert_number(double value, const char *want)
{
    cJSON *number = tml_json_number(value);
    char *text = cJSON_PrintUnformatted(number);

    assert_string_equal(text, want);
    free(text);
    cJSON_Delete(number);
}

static void test_numbers_read_back_to_the_same_double(void **state)
{
    (void)state;
    assert_number(0.5, "0.5");
    assert_number(2500.0, "2500");
    assert_number(0.1 + 0.2, "0.30000000000000004"); /* cJSON's own number would print 0.3 */
    assert_number(-1e-7, "-1e-07");
}

static void test_what_is_not_finite_is_null(void **state)
{
    (void)state;
    assert_number((double)NAN, "null");
    assert_number((double)INFINITY, "null");
    assert_number(-(double)INFINITY, "null");
}

static void test_envelope_holds_status_and_result(void **state)
{
    cJSON *result = cJSON_CreateObject();
    cJSON *envelope;
    char want[256];
    char *text;

    (void)state;
    assert_true(cJSON_AddItemToObject(result, "rows", tml_json_number(3.0)));
    envelope = tml_envelope_create("telescopeml.test/1", TML_STOPPED, result);
    assert_non_null(envelope);
    text = cJSON_PrintUnformatted(envelope);
    snprintf(want, sizeof want,
             "{\"schema\":\"telescopeml.test/1\",\"version\":\"%s\",\"status\":\"stopped\",\"exit_code\":75,"
             "\"warnings\":[],\"result\":{\"rows\":3}}",
             tml_build_info_get()->version);
    assert_string_equal(text, want);
    free(text);
    cJSON_Delete(envelope);
}

static void test_a_missing_result_is_null(void **state)
{
    cJSON *envelope = tml_envelope_create("telescopeml.test/1", TML_BAD_DATA, NULL);

    (void)state;
    assert_true(cJSON_IsNull(cJSON_GetObjectItemCaseSensitive(envelope, "result")));
    cJSON_Delete(envelope);
}

static void test_warnings_are_repeated(void **state)
{
    cJSON *envelope;
    const cJSON *warnings;

    (void)state;
    tml_log_setup(0, TML_LOG_ERROR);
    tml_warn("masked", "%d pixels of \"HD 3651B\" without error", 2);
    envelope = tml_envelope_create("telescopeml.test/1", TML_OK, cJSON_CreateObject());
    warnings = cJSON_GetObjectItemCaseSensitive(envelope, "warnings");
    assert_int_equal(cJSON_GetArraySize(warnings), 1);
    assert_string_equal(cJSON_GetObjectItem(cJSON_GetArrayItem(warnings, 0), "code")->valuestring, "masked");
    assert_string_equal(cJSON_GetObjectItem(cJSON_GetArrayItem(warnings, 0), "text")->valuestring,
                        "2 pixels of \"HD 3651B\" without error");
    cJSON_Delete(envelope);
}

static void test_a_written_document_reads_back(void **state)
{
    cJSON *document = tml_envelope_create("telescopeml.test/1", TML_OK, cJSON_CreateObject());
    cJSON *back;
    char *text = NULL;
    size_t count = 0;
    tml_error error = {0};

    (void)state;
    assert_int_equal(tml_json_write("document.json", document, &error), TML_OK);
    assert_int_equal(tml_file_read_text("document.json", 1 << 20, &text, &count, &error), TML_OK);
    assert_int_equal(strlen(text), count);
    assert_int_equal(text[count - 1], '\n');
    back = cJSON_Parse(text);
    assert_true(cJSON_Compare(document, back, 1));
    free(text);
    cJSON_Delete(back);
    cJSON_Delete(document);
}

static void test_a_full_disk_is_noticed(void **state)
{
    cJSON *document = cJSON_CreateObject();
    int saved = dup(STDOUT_FILENO);
    int full = open("/dev/full", O_WRONLY);
    tml_status status;
    tml_error error = {0};

    (void)state;
    if (full < 0)
        skip();
    fflush(stdout);
    assert_int_equal(dup2(full, STDOUT_FILENO), STDOUT_FILENO);
    status = tml_json_print(document, 1, &error);
    assert_int_equal(dup2(saved, STDOUT_FILENO), STDOUT_FILENO);
    clearerr(stdout);
    close(saved);
    close(full);
    assert_int_equal(status, TML_IO_ERROR);
    assert_int_equal(tml_json_print(NULL, 1, &error), TML_INTERNAL);
    cJSON_Delete(document);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers_read_back_to_the_same_double),
        cmocka_unit_test(test_what_is_not_finite_is_null),
        cmocka_unit_test(test_envelope_holds_status_and_result),
        cmocka_unit_test(test_a_missing_result_is_null),
        cmocka_unit_test(test_warnings_are_repeated),
        cmocka_unit_test(test_a_written_document_reads_back),
        cmocka_unit_test(test_a_full_disk_is_noticed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
