/** @file test_status_log.c
 * Error reports stay within their room; the log speaks on the right rank and remembers each warning once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/log.h"
#include "core/status.h"

enum { CAPTURE = 64 * 1024 };

/* Standard error goes to a file between begin and end. */
typedef struct capture {
    int kept;
    FILE *file;
    char text[CAPTURE];
} capture;

static void begin_capture(capture *to)
{
    fflush(stderr);
    to->kept = dup(STDERR_FILENO);
    to->file = tmpfile();
    assert_true(to->kept >= 0);
    assert_non_null(to->file);
    assert_true(dup2(fileno(to->file), STDERR_FILENO) >= 0);
}

static void end_capture(capture *to)
{
    size_t length;

    fflush(stderr);
    assert_true(dup2(to->kept, STDERR_FILENO) >= 0);
    close(to->kept);
    rewind(to->file);
    length = fread(to->text, 1, sizeof to->text - 1, to->file);
    to->text[length] = '\0';
    fclose(to->file);
}

static void test_a_failure_returns_its_status_and_fills_the_report(void **state)
{
    tml_error error = {3, "old"};

    (void)state;
    assert_int_equal(TML_FAIL(&error, TML_BAD_DATA, "row %d of %s", 7, "grid.h5"), TML_BAD_DATA);
    assert_string_equal(error.message, "row 7 of grid.h5");
    assert_int_equal(error.rank, TML_RANK_UNKNOWN); /* another failure: whose is not known yet */
    assert_int_equal(TML_FAIL(NULL, TML_USAGE, "nobody listens"), TML_USAGE);
}

static void test_a_message_may_contain_the_one_before(void **state)
{
    tml_error error = {0, "the disk is full"};

    (void)state;
    assert_int_equal(TML_FAIL(&error, TML_IO_ERROR, "cannot write grid.h5: %s", error.message), TML_IO_ERROR);
    assert_string_equal(error.message, "cannot write grid.h5: the disk is full");
}

static void test_a_long_message_is_cut(void **state)
{
    tml_error error = {0, ""};

    (void)state;
    (void)TML_FAIL(&error, TML_USAGE, "%0*d", 2 * TML_ERROR_LENGTH, 0);
    assert_int_equal(strlen(error.message), TML_ERROR_LENGTH - 1);
}

static void test_a_prefix_goes_in_front_and_the_end_is_cut(void **state)
{
    /* The byte behind the message belongs to somebody else. */
    struct {
        tml_error error;
        char next[16];
    } room = {{0, "lost"}, "untouched"};

    (void)state;
    tml_error_prefix(&room.error, "%s:%d: ", "train.yml", 4);
    assert_string_equal(room.error.message, "train.yml:4: lost");
    tml_error_prefix(&room.error, "%s", "");
    assert_string_equal(room.error.message, "train.yml:4: lost");
    for (int i = 0; i < 40; ++i)
        tml_error_prefix(&room.error, "%099d ", i);
    assert_int_equal(strlen(room.error.message), TML_ERROR_LENGTH - 1);
    assert_memory_equal(room.error.message + 90, "000000039 0000", 14);
    tml_error_prefix(&room.error, "%0*d", 3 * TML_ERROR_LENGTH, 0);
    assert_int_equal(strspn(room.error.message, "0"), TML_ERROR_LENGTH - 1);
    assert_string_equal(room.next, "untouched");
    tml_error_prefix(NULL, "nobody listens");
}

static void test_every_status_has_a_name_of_its_own(void **state)
{
    static const tml_status all[] = {TML_OK,       TML_DIVERGED, TML_USAGE,         TML_BAD_DATA,
                                     TML_NO_INPUT, TML_INTERNAL, TML_CANNOT_CREATE, TML_IO_ERROR,
                                     TML_STOPPED,  TML_CONFIG};
    const size_t count = sizeof all / sizeof all[0];

    (void)state;
    for (size_t i = 0; i < count; ++i)
        for (size_t k = 0; k < i; ++k)
            assert_string_not_equal(tml_status_name(all[i]), tml_status_name(all[k]));
    assert_string_equal(tml_status_name((tml_status)1), "unknown");
}

static void test_rank_0_speaks_up_to_its_level(void **state)
{
    static capture seen;

    (void)state;
    begin_capture(&seen);
    tml_log_setup(0, TML_LOG_INFO);
    tml_log(TML_LOG_ERROR, "one %d", 1);
    tml_log(TML_LOG_WARNING, "two");
    tml_log(TML_LOG_INFO, "three");
    tml_log(TML_LOG_DETAIL, "four");
    tml_log_rank(TML_LOG_DETAIL, "five");
    tml_log_setup(2, TML_LOG_DETAIL);
    tml_log(TML_LOG_ERROR, "six");
    tml_log_rank(TML_LOG_DETAIL, "seven");
    tml_log_rank(TML_LOG_WARNING, "eight");
    end_capture(&seen);
    assert_string_equal(seen.text,
                        "error: one 1\nwarning: two\nthree\n[rank 2] seven\n[rank 2] warning: eight\n");
    assert_int_equal(tml_log_current_level(), TML_LOG_DETAIL);
}

static void test_a_warning_is_given_once(void **state)
{
    static capture seen;
    const tml_warning *warnings;
    size_t before;
    size_t count;

    (void)state;
    begin_capture(&seen);
    tml_log_setup(0, TML_LOG_INFO);
    tml_log_warnings(&before);
    tml_warn("masked", "%d pixels without error", 2);
    tml_warn("masked", "%d pixels without error", 2);
    tml_warn("masked", "%d pixels without error", 3);
    tml_warn("idle", "%d pixels without error", 2);
    tml_log_setup(1, TML_LOG_INFO);
    tml_warn("masked", "on another rank");
    tml_log_setup(0, TML_LOG_INFO);
    end_capture(&seen);
    warnings = tml_log_warnings(&count);
    assert_string_equal(seen.text, "warning: 2 pixels without error\nwarning: 3 pixels without error\n"
                                   "warning: 2 pixels without error\n");
    assert_int_equal(count, before + 3);
    assert_string_equal(warnings[before].code, "masked");
    assert_string_equal(warnings[before].text, "2 pixels without error");
    assert_string_equal(warnings[before + 2].code, "idle");
}

static void test_a_quiet_log_still_remembers_warnings(void **state)
{
    static capture seen;
    size_t before;
    size_t count;

    (void)state;
    begin_capture(&seen);
    tml_log_setup(0, TML_LOG_ERROR);
    tml_log_warnings(&before);
    tml_warn("quiet", "nobody sees this line");
    end_capture(&seen);
    tml_log_warnings(&count);
    assert_string_equal(seen.text, "");
    assert_int_equal(count, before + 1);
}

/* The last test: it fills the memory for warnings. */
static void test_long_and_many_warnings_stay_within_their_room(void **state)
{
    static capture seen;
    const tml_warning *warnings;
    size_t count;
    size_t lines = 0;

    (void)state;
    begin_capture(&seen);
    tml_log_setup(0, TML_LOG_INFO);
    tml_warn("a_word_that_is_longer_than_the_room_for_codes", "%0*d", 2 * TML_LOG_WARNING_LENGTH, 0);
    for (int i = 0; i < 2 * TML_LOG_WARNINGS; ++i)
        tml_warn("many", "warning %d", i);
    end_capture(&seen);
    warnings = tml_log_warnings(&count);
    assert_int_equal(count, TML_LOG_WARNINGS);
    for (size_t i = 0; i < count; ++i) {
        assert_true(strlen(warnings[i].code) < sizeof warnings[i].code);
        assert_true(strlen(warnings[i].text) < sizeof warnings[i].text);
    }
    for (const char *c = seen.text; *c != '\0'; ++c)
        lines += *c == '\n';
    assert_int_equal(lines, 1 + 2 * TML_LOG_WARNINGS); /* forgotten is not silenced */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_failure_returns_its_status_and_fills_the_report),
        cmocka_unit_test(test_a_message_may_contain_the_one_before),
        cmocka_unit_test(test_a_long_message_is_cut),
        cmocka_unit_test(test_a_prefix_goes_in_front_and_the_end_is_cut),
        cmocka_unit_test(test_every_status_has_a_name_of_its_own),
        cmocka_unit_test(test_rank_0_speaks_up_to_its_level),
        cmocka_unit_test(test_a_warning_is_given_once),
        cmocka_unit_test(test_a_quiet_log_still_remembers_warnings),
        cmocka_unit_test(test_long_and_many_warnings_stay_within_their_room),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
