/** @file test_hdf5_file.c
 * Small HDF5 files of one rank: what is written is read back to the bit, and what is not there, of another
 * shape, damaged or of a newer version is refused. */
#include "io/hdf5_private.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

#include "io/file_digest.h"

static const char PATH[] = "small.h5";
static const char PARTIAL[] = "small.h5.partial";

enum { ROWS = 5, COLUMNS = 3, LONG = 300001 }; /* LONG doubles are three chunks, the last one short */

static double long_value(size_t i)
{
    return 0.5 * (double)i - 7.0;
}

static void write_contents(tml_hdf5_file *file)
{
    static double many[LONG];
    float weights[ROWS][COLUMNS];
    int64_t steps[2] = {INT64_C(-9007199254740993), 12};
    size_t weight_dims[2] = {ROWS, COLUMNS};
    size_t many_dims[1] = {LONG};
    size_t step_dims[1] = {2};
    hid_t group;
    tml_error error;

    for (size_t i = 0; i < LONG; ++i)
        many[i] = long_value(i);
    for (int i = 0; i < ROWS; ++i)
        for (int j = 0; j < COLUMNS; ++j)
            weights[i][j] = (float)(i * 10 + j) / 3.0F;
    assert_int_equal(tml_hdf5_set_format(file->id, "telescopeml-test", 2, &error), TML_OK);
    assert_int_equal(tml_hdf5_set_text(file->id, "title", "\xce\xbb and more", &error), TML_OK);
    assert_int_equal(tml_hdf5_set_text(file->id, "empty", "", &error), TML_OK);
    assert_int_equal(tml_hdf5_set_double(file->id, "rate", 0.1, &error), TML_OK);
    assert_int_equal(tml_hdf5_group_create(file->id, "layers", &group, &error), TML_OK);
    assert_int_equal(tml_hdf5_write_array(group, "weights", TML_HDF5_FLOAT, 2, weight_dims, weights, "1",
                                          "weights", &error),
                     TML_OK);
    assert_int_equal(
        tml_hdf5_write_array(group, "many", TML_HDF5_DOUBLE, 1, many_dims, many, NULL, NULL, &error), TML_OK);
    assert_int_equal(
        tml_hdf5_write_array(group, "steps", TML_HDF5_INT64, 1, step_dims, steps, NULL, NULL, &error),
        TML_OK);
    assert_true(tml_hdf5_close(group));
    assert_int_equal(tml_hdf5_write_lines(file->id, "provenance", "program=x\ncommand=a=b\n", &error),
                     TML_OK);
}

static void make_file(void)
{
    tml_hdf5_file file;
    tml_error error;

    assert_int_equal(tml_hdf5_file_create(PATH, &file, &error), TML_OK);
    write_contents(&file);
    assert_int_equal(tml_hdf5_file_finish(&file, &error), TML_OK);
    assert_int_equal(access(PARTIAL, F_OK), -1);
}

static void test_arrays_come_back_to_the_bit(void **state)
{
    static double many[LONG];
    float weights[ROWS][COLUMNS];
    int64_t steps[2];
    size_t weight_dims[2] = {ROWS, COLUMNS};
    size_t many_dims[1] = {LONG};
    size_t step_dims[1] = {0};
    tml_hdf5_file file;
    hid_t group;
    tml_error error;

    (void)state;
    make_file();
    assert_int_equal(tml_hdf5_file_open(PATH, &file, &error), TML_OK);
    assert_int_equal(tml_hdf5_group_open(file.id, "layers", &group, &error), TML_OK);
    assert_int_equal(tml_hdf5_read_array(group, "weights", TML_HDF5_FLOAT, 2, weight_dims, weights, &error),
                     TML_OK);
    assert_int_equal(tml_hdf5_read_array(group, "many", TML_HDF5_DOUBLE, 1, many_dims, many, &error), TML_OK);
    assert_int_equal(tml_hdf5_array_shape(group, "steps", TML_HDF5_INT64, 1, step_dims, &error), TML_OK);
    assert_int_equal(step_dims[0], 2);
    assert_int_equal(tml_hdf5_read_array(group, "steps", TML_HDF5_INT64, 1, step_dims, steps, &error),
                     TML_OK);
    for (int i = 0; i < ROWS; ++i)
        for (int j = 0; j < COLUMNS; ++j)
            assert_true(weights[i][j] == (float)(i * 10 + j) / 3.0F);
    for (size_t i = 0; i < LONG; ++i)
        assert_true(many[i] == long_value(i));
    assert_true(steps[0] == INT64_C(-9007199254740993) && steps[1] == 12);
    tml_hdf5_close(group);
    tml_hdf5_file_close(&file);
}

static void test_attributes_come_back(void **state)
{
    char *text = NULL;
    double rate = 0.0;
    int64_t version = 0;
    tml_hdf5_file file;
    hid_t group;
    tml_error error;

    (void)state;
    make_file();
    assert_int_equal(tml_hdf5_file_open(PATH, &file, &error), TML_OK);
    assert_int_equal(tml_hdf5_check_format(file.id, "telescopeml-test", 2, &error), TML_OK);
    assert_int_equal(tml_hdf5_get_text(file.id, "title", &text, &error), TML_OK);
    assert_string_equal(text, "\xce\xbb and more");
    free(text);
    assert_int_equal(tml_hdf5_get_text(file.id, "empty", &text, &error), TML_OK);
    assert_string_equal(text, "");
    free(text);
    assert_int_equal(tml_hdf5_get_double(file.id, "rate", &rate, &error), TML_OK);
    assert_true(rate == 0.1);
    assert_int_equal(tml_hdf5_get_integer(file.id, "format_version", &version, &error), TML_OK);
    assert_int_equal(version, 2);
    assert_int_equal(tml_hdf5_group_open(file.id, "provenance", &group, &error), TML_OK);
    assert_int_equal(tml_hdf5_get_text(group, "command", &text, &error), TML_OK);
    assert_string_equal(text, "a=b");
    free(text);
    tml_hdf5_close(group);
    tml_hdf5_file_close(&file);
}

static void test_wrong_questions_are_answered_with_the_place(void **state)
{
    double number = 0.0;
    char *text = NULL;
    float weights[ROWS * COLUMNS];
    size_t turned[2] = {COLUMNS, ROWS};
    size_t line[1] = {ROWS * COLUMNS};
    tml_hdf5_file file;
    hid_t group;
    tml_error error;

    (void)state;
    make_file();
    assert_int_equal(tml_hdf5_file_open(PATH, &file, &error), TML_OK);
    assert_int_equal(tml_hdf5_group_open(file.id, "layers", &group, &error), TML_OK);
    assert_int_equal(tml_hdf5_read_array(group, "weights", TML_HDF5_FLOAT, 2, turned, weights, &error),
                     TML_BAD_DATA);
    assert_string_equal(error.message, "small.h5:/layers/weights: dimension 1 is 5 where 3 is needed");
    assert_int_equal(tml_hdf5_read_array(group, "weights", TML_HDF5_FLOAT, 1, line, weights, &error),
                     TML_BAD_DATA);
    assert_int_equal(tml_hdf5_read_array(group, "weights", TML_HDF5_INT64, 2, turned, weights, &error),
                     TML_BAD_DATA);
    assert_int_equal(tml_hdf5_read_array(group, "absent", TML_HDF5_FLOAT, 1, line, weights, &error),
                     TML_BAD_DATA);
    assert_non_null(strstr(error.message, "small.h5:/layers/absent"));
    assert_int_equal(tml_hdf5_get_double(file.id, "title", &number, &error), TML_BAD_DATA);
    assert_int_equal(tml_hdf5_get_text(file.id, "rate", &text, &error), TML_BAD_DATA);
    assert_int_equal(tml_hdf5_get_text(file.id, "absent", &text, &error), TML_BAD_DATA);
    assert_null(text);
    tml_hdf5_close(group);
    assert_int_equal(tml_hdf5_group_open(file.id, "absent", &group, &error), TML_BAD_DATA);
    assert_int_equal(tml_hdf5_check_format(file.id, "telescopeml-grid", 2, &error), TML_BAD_DATA);
    assert_int_equal(tml_hdf5_check_format(file.id, "telescopeml-test", 1, &error), TML_BAD_DATA);
    assert_non_null(strstr(error.message, "newer program"));
    tml_hdf5_file_close(&file);
}

static void test_what_is_no_file_of_ours_is_refused(void **state)
{
    tml_hdf5_file file;
    tml_error error;
    FILE *text;

    (void)state;
    assert_int_equal(tml_hdf5_file_open("absent.h5", &file, &error), TML_NO_INPUT);
    assert_int_equal(tml_hdf5_file_open(".", &file, &error), TML_NO_INPUT);
    text = fopen("text.h5", "w");
    assert_non_null(text);
    fprintf(text, "%600s", "gravity,temperature");
    fclose(text);
    assert_int_equal(tml_hdf5_file_open("text.h5", &file, &error), TML_BAD_DATA);
    assert_string_equal(error.message, "text.h5: not an HDF5 file");
    assert_true(file.id < 0);
    unlink("text.h5");
}

static void test_a_damaged_file_is_refused(void **state)
{
    tml_hdf5_file file;
    tml_error error;
    FILE *damaged;
    int byte;

    (void)state;
    make_file();
    damaged = fopen(PATH, "r+b");
    assert_non_null(damaged);
    fseek(damaged, 5000, SEEK_SET);
    byte = fgetc(damaged);
    fseek(damaged, 5000, SEEK_SET);
    fputc(byte ^ 4, damaged);
    fclose(damaged);
    assert_int_equal(tml_hdf5_file_open(PATH, &file, &error), TML_BAD_DATA);
    assert_non_null(strstr(error.message, "small.h5: "));
    assert_non_null(strstr(error.message, "copy it again"));
}

static void test_giving_up_leaves_the_old_file(void **state)
{
    tml_hdf5_file file;
    tml_file_head before;
    tml_file_head after;
    tml_error error;

    (void)state;
    make_file();
    assert_int_equal(tml_file_head_read(PATH, &before, &error), TML_OK);
    assert_int_equal(tml_hdf5_file_create(PATH, &file, &error), TML_OK);
    assert_int_equal(tml_hdf5_set_text(file.id, "title", "another", &error), TML_OK);
    tml_hdf5_file_abandon(&file);
    tml_hdf5_file_abandon(&file);
    assert_int_equal(access(PARTIAL, F_OK), -1);
    assert_int_equal(tml_file_head_read(PATH, &after, &error), TML_OK);
    assert_memory_equal(&before.digest, &after.digest, sizeof before.digest);
}

static void test_a_missing_folder_is_named(void **state)
{
    tml_hdf5_file file;
    tml_error error;

    (void)state;
    assert_int_equal(tml_hdf5_file_create("absent/small.h5", &file, &error), TML_CANNOT_CREATE);
    assert_non_null(strstr(error.message, "absent/small.h5"));
    assert_true(file.id < 0);
    tml_hdf5_file_abandon(&file);
}

/* A file-size limit stands for a full disk: every write beyond it fails. Whatever the limit, the answer is an
 * error, the partial file is gone and the older file stays. */
static void test_a_full_disk_is_an_error_and_spares_the_old_file(void **state)
{
    static double many[LONG];
    const rlim_t limits[] = {1024, 4096, 100000, 1100000, 2100000, 2400000};
    size_t dims[1] = {LONG};
    struct rlimit old;

    (void)state;
    make_file();
    getrlimit(RLIMIT_FSIZE, &old);
    signal(SIGXFSZ, SIG_IGN);
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; ++i) {
        struct rlimit limit = {limits[i], old.rlim_max};
        tml_hdf5_file file;
        tml_error error;
        tml_status status;

        assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
        status = tml_hdf5_file_create(PATH, &file, &error);
        if (status == TML_OK)
            status = tml_hdf5_write_array(file.id, "many", TML_HDF5_DOUBLE, 1, dims, many, NULL, NULL,
                                          &error);
        if (status == TML_OK)
            status = tml_hdf5_file_finish(&file, &error);
        else
            tml_hdf5_file_abandon(&file);
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
        assert_int_equal(status, TML_IO_ERROR);
        assert_int_equal(access(PARTIAL, F_OK), -1);
        assert_int_equal(tml_hdf5_file_open(PATH, &file, &error), TML_OK);
        tml_hdf5_file_close(&file);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_arrays_come_back_to_the_bit),
        cmocka_unit_test(test_attributes_come_back),
        cmocka_unit_test(test_wrong_questions_are_answered_with_the_place),
        cmocka_unit_test(test_what_is_no_file_of_ours_is_refused),
        cmocka_unit_test(test_a_damaged_file_is_refused),
        cmocka_unit_test(test_giving_up_leaves_the_old_file),
        cmocka_unit_test(test_a_missing_folder_is_named),
        cmocka_unit_test(test_a_full_disk_is_an_error_and_spares_the_old_file),
    };
    int failures = cmocka_run_group_tests(tests, NULL, NULL);

    unlink(PATH);
    return failures;
}
