/** @file test_line_file.c
 * A file of lines always ends with a whole line, whatever happens to the disk or to the job that wrote it. */
#include "io/line_file.h"

#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

#include "io/atomic_file.h"

static const char PATH[] = "lines.txt";

static void write_text(const char *text)
{
    FILE *file = fopen(PATH, "w");

    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void assert_text(const char *want)
{
    char *text = NULL;
    tml_error error = {0};

    assert_int_equal(tml_file_read_text(PATH, 1 << 20, &text, NULL, &error), TML_OK);
    assert_string_equal(text, want);
    free(text);
}

static void close_well(tml_line_file *file)
{
    tml_error error = {0};

    assert_int_equal(tml_line_file_close(&file, &error), TML_OK);
    assert_null(file);
}

static tml_status keep_before_5(const char *line, int64_t number, void *context, bool *keep, tml_error *error)
{
    int *seen = context;

    (void)error;
    assert_int_equal(number, ++*seen);
    *keep = strtol(line, NULL, 10) < 5;
    return TML_OK;
}

static tml_status refuse(const char *line, int64_t number, void *context, bool *keep, tml_error *error)
{
    (void)context;
    *keep = true;
    return number < 2 ? TML_OK : TML_FAIL(error, TML_BAD_DATA, "not this line: %s", line);
}

static void test_lines_are_there_after_a_flush(void **state)
{
    tml_line_file *file = NULL;
    tml_error error = {0};

    (void)state;
    write_text("old\n");
    assert_int_equal(tml_line_file_create(PATH, &file, &error), TML_OK);
    assert_true(tml_line_file_is_empty(file));
    assert_int_equal(tml_line_file_add(file, "1", &error), TML_OK);
    assert_false(tml_line_file_is_empty(file));
    assert_text("");
    assert_int_equal(tml_line_file_flush(file, &error), TML_OK);
    assert_text("1\n");
    assert_int_equal(tml_line_file_add(file, "2", &error), TML_OK);
    close_well(file);
    assert_text("1\n2\n");
}

static void test_resume_keeps_what_is_kept_and_drops_a_torn_line(void **state)
{
    tml_line_file *file = NULL;
    int seen = 0;
    tml_error error = {0};

    (void)state;
    write_text("1\n7\n3\n8\n4");
    assert_int_equal(tml_line_file_resume(PATH, keep_before_5, &seen, &file, &error), TML_OK);
    assert_int_equal(seen, 4);
    assert_text("1\n3\n");
    assert_int_equal(tml_line_file_add(file, "9", &error), TML_OK);
    close_well(file);
    assert_text("1\n3\n9\n");
}

static void test_resume_begins_what_is_not_there(void **state)
{
    tml_line_file *file = NULL;
    int seen = 0;
    tml_error error = {0};

    (void)state;
    unlink(PATH);
    assert_int_equal(tml_line_file_resume(PATH, keep_before_5, &seen, &file, &error), TML_OK);
    assert_true(tml_line_file_is_empty(file));
    close_well(file);
    assert_text("");
}

static void test_a_refused_file_is_left_alone(void **state)
{
    tml_line_file *file = NULL;
    tml_error error = {0};

    (void)state;
    write_text("1\n2\n3");
    assert_int_equal(tml_line_file_resume(PATH, refuse, NULL, &file, &error), TML_BAD_DATA);
    assert_null(file);
    assert_string_equal(error.message, "not this line: 2");
    assert_text("1\n2\n3");
    assert_int_not_equal(access("lines.txt.partial", F_OK), 0);
}

static void test_a_folder_that_is_not_there_is_an_error(void **state)
{
    tml_line_file *file = NULL;
    tml_error error = {0};

    (void)state;
    assert_int_equal(tml_line_file_create("nowhere/lines.txt", &file, &error), TML_CANNOT_CREATE);
    assert_null(file);
    assert_non_null(strstr(error.message, "nowhere/lines.txt"));
    assert_int_equal(tml_line_file_close(&file, &error), TML_OK);
}

static void test_many_lines_are_written_on_the_way(void **state)
{
    tml_line_file *file = NULL;
    char line[100];
    char *text = NULL;
    size_t count = 0;
    tml_error error = {0};

    (void)state;
    memset(line, 'x', 99);
    line[99] = '\0';
    assert_int_equal(tml_line_file_create(PATH, &file, &error), TML_OK);
    for (int i = 0; i < 2000; ++i)
        assert_int_equal(tml_line_file_add(file, line, &error), TML_OK);
    close_well(file);
    assert_int_equal(tml_file_read_text(PATH, 1 << 20, &text, &count, &error), TML_OK);
    assert_int_equal(count, 200000);
    for (size_t i = 99; i < count; i += 100)
        assert_int_equal(text[i], '\n');
    free(text);
}

/* A limit on the size of files acts like a disk that fills up in the middle of a line. */
static void limit_file_size(rlim_t bytes)
{
    struct rlimit limit;

    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = bytes;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void test_a_full_disk_leaves_whole_lines(void **state)
{
    tml_line_file *file = NULL;
    tml_error error = {0};
    tml_status full;

    (void)state;
    assert_int_equal(tml_line_file_create(PATH, &file, &error), TML_OK);
    assert_int_equal(tml_line_file_add(file, "first", &error), TML_OK);
    assert_int_equal(tml_line_file_flush(file, &error), TML_OK);
    assert_int_equal(tml_line_file_add(file, "second", &error), TML_OK);
    limit_file_size(9);
    full = tml_line_file_flush(file, &error);
    limit_file_size(RLIM_INFINITY);
    assert_int_equal(full, TML_IO_ERROR);
    assert_non_null(strstr(error.message, PATH));
    assert_text("first\n");
    assert_int_equal(tml_line_file_add(file, "third", &error), TML_OK);
    close_well(file);
    assert_text("first\nthird\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines_are_there_after_a_flush),
        cmocka_unit_test(test_resume_keeps_what_is_kept_and_drops_a_torn_line),
        cmocka_unit_test(test_resume_begins_what_is_not_there),
        cmocka_unit_test(test_a_refused_file_is_left_alone),
        cmocka_unit_test(test_a_folder_that_is_not_there_is_an_error),
        cmocka_unit_test(test_many_lines_are_written_on_the_way),
        cmocka_unit_test(test_a_full_disk_leaves_whole_lines),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
