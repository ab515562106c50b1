/** @file test_atomic_file.c
 * A file is complete or absent: whatever goes wrong, the old one stays and no temporary one is left. */
#include "io/atomic_file.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static const char PATH[] = "atomic.txt";
static const char PARTIAL[] = "atomic.txt.partial";

static void assert_holds(const char *path, const char *want)
{
    char *text = NULL;
    size_t count = 0;
    tml_error error;

    assert_int_equal(tml_file_read_text(path, 1000, &text, &count, &error), TML_OK);
    assert_string_equal(text, want);
    assert_int_equal(count, strlen(want));
    free(text);
}

static int remove_files(void **state)
{
    (void)state;
    unlink(PATH);
    unlink(PARTIAL);
    return 0;
}

static void test_what_is_written_is_read(void **state)
{
    tml_error error;

    (void)state;
    assert_int_equal(tml_atomic_write(PATH, "first", 5, &error), TML_OK);
    assert_holds(PATH, "first");
    assert_int_equal(tml_atomic_write(PATH, "2nd", 3, &error), TML_OK);
    assert_holds(PATH, "2nd");
    assert_int_equal(tml_atomic_write(PATH, "", 0, &error), TML_OK);
    assert_holds(PATH, "");
    assert_int_equal(access(PARTIAL, F_OK), -1);
}

static void test_bytes_of_any_value_are_kept(void **state)
{
    static const unsigned char BYTES[4] = {0, 255, '\n', 0};
    char *text = NULL;
    size_t count = 0;
    tml_error error;

    (void)state;
    assert_int_equal(tml_atomic_write(PATH, BYTES, sizeof BYTES, &error), TML_OK);
    assert_int_equal(tml_file_read_text(PATH, sizeof BYTES, &text, &count, &error), TML_OK);
    assert_int_equal(count, sizeof BYTES);
    assert_memory_equal(text, BYTES, sizeof BYTES);
    free(text);
}

static void test_a_missing_folder_is_named(void **state)
{
    tml_error error;

    (void)state;
    assert_int_equal(tml_atomic_write("absent/file.txt", "x", 1, &error), TML_CANNOT_CREATE);
    assert_non_null(strstr(error.message, "absent/file.txt"));
}

/* A file-size limit stands for a full disk. */
static void test_a_full_disk_spares_the_old_file(void **state)
{
    static char many[100000];
    struct rlimit old;
    struct rlimit limit;
    tml_error error;
    tml_status status;

    (void)state;
    assert_int_equal(tml_atomic_write(PATH, "old", 3, &error), TML_OK);
    getrlimit(RLIMIT_FSIZE, &old);
    limit = old;
    limit.rlim_cur = 50000;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
    status = tml_atomic_write(PATH, many, sizeof many, &error);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
    assert_int_equal(status, TML_IO_ERROR);
    assert_non_null(strstr(error.message, PATH));
    assert_holds(PATH, "old");
    assert_int_equal(access(PARTIAL, F_OK), -1);
}

static void test_a_folder_is_not_replaced(void **state)
{
    tml_error error;

    (void)state;
    assert_int_equal(mkdir("folder", 0777), 0);
    assert_int_equal(tml_atomic_write("folder", "x", 1, &error), TML_CANNOT_CREATE);
    assert_int_equal(access("folder.partial", F_OK), -1);
    assert_int_equal(rmdir("folder"), 0);
}

static void test_publishing_moves_the_finished_file(void **state)
{
    char *partial = tml_atomic_partial_path(PATH);
    tml_error error;

    (void)state;
    assert_string_equal(partial, PARTIAL);
    assert_int_equal(tml_atomic_publish(partial, PATH, &error), TML_IO_ERROR);
    assert_int_equal(tml_atomic_write_partial(partial, "done", 4, &error), TML_OK);
    assert_int_equal(access(PATH, F_OK), -1);
    assert_int_equal(tml_atomic_publish(partial, PATH, &error), TML_OK);
    assert_holds(PATH, "done");
    assert_int_equal(access(PARTIAL, F_OK), -1);
    free(partial);
}

static void test_what_cannot_be_read_as_text(void **state)
{
    char *text = NULL;
    tml_error error;

    (void)state;
    assert_int_equal(tml_file_read_text("absent.txt", 10, &text, NULL, &error), TML_NO_INPUT);
    assert_non_null(strstr(error.message, "absent.txt"));
    assert_int_equal(tml_file_read_text(".", 10, &text, NULL, &error), TML_NO_INPUT);
    assert_int_equal(tml_atomic_write(PATH, "12345678901", 11, &error), TML_OK);
    assert_int_equal(tml_file_read_text(PATH, 10, &text, NULL, &error), TML_BAD_DATA);
    assert_null(text);
}

static void test_a_long_file_is_read_whole(void **state)
{
    static char many[100000];
    char *text = NULL;
    size_t count = 0;
    tml_error error;

    (void)state;
    for (size_t i = 0; i < sizeof many; ++i)
        many[i] = (char)('a' + i % 26);
    assert_int_equal(tml_atomic_write(PATH, many, sizeof many, &error), TML_OK);
    assert_int_equal(tml_file_read_text(PATH, sizeof many, &text, &count, &error), TML_OK);
    assert_int_equal(count, sizeof many);
    assert_memory_equal(text, many, sizeof many);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_what_is_written_is_read, remove_files, remove_files),
        cmocka_unit_test_setup_teardown(test_bytes_of_any_value_are_kept, remove_files, remove_files),
        cmocka_unit_test(test_a_missing_folder_is_named),
        cmocka_unit_test_setup_teardown(test_a_full_disk_spares_the_old_file, remove_files, remove_files),
        cmocka_unit_test(test_a_folder_is_not_replaced),
        cmocka_unit_test_setup_teardown(test_publishing_moves_the_finished_file, remove_files, remove_files),
        cmocka_unit_test_setup_teardown(test_what_cannot_be_read_as_text, remove_files, remove_files),
        cmocka_unit_test_setup_teardown(test_a_long_file_is_read_whole, remove_files, remove_files),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
