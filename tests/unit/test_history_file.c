/** @file test_history_file.c
 * history.csv has exactly the columns that are documented, reads back to the bit, and is taken up by a
 * resumed run. */
#include "io/history_file.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "io/atomic_file.h"
#include "io/history.h"

static const char PATH[] = "history.csv";
static const char *const NAMES[] = {"teff", "logg"};

static const char HEADER[] = "epoch,step,seconds,learning_rate,train_loss,validation_loss,train_loss_teff,"
                             "train_loss_logg,validation_loss_teff,validation_loss_logg\n";

static tml_history_row row_of(int epoch)
{
    tml_history_row row = {.epoch = epoch,
                           .step = 10 * (epoch + 1),
                           .seconds = 1.25 * (epoch + 1) + 1e-9,
                           .learning_rate = 1e-3 / (epoch + 1),
                           .train_loss = 1.0 / (3 + epoch),
                           .validation_loss = epoch == 1 ? (double)NAN : 0.1 + 0.2,
                           .target_train_loss = {0.25, 0.1},
                           .target_validation_loss = {0.5, 1e-300}};

    return row;
}

static void write_text(const char *first, const char *second)
{
    FILE *file = fopen(PATH, "w");

    assert_non_null(file);
    assert_true(fputs(first, file) >= 0 && fputs(second, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static char *read_text(void)
{
    char *text = NULL;
    tml_error error = {0};

    assert_int_equal(tml_file_read_text(PATH, 1 << 20, &text, NULL, &error), TML_OK);
    return text;
}

static void append_epochs(tml_history_file *file, int first, int end)
{
    tml_error error = {0};

    for (int epoch = first; epoch < end; ++epoch) {
        tml_history_row row = row_of(epoch);

        assert_int_equal(tml_history_file_append(file, &row, &error), TML_OK);
    }
    assert_int_equal(tml_history_file_close(&file, &error), TML_OK);
}

static void write_epochs(int end)
{
    tml_history_file *file = NULL;
    tml_error error = {0};

    assert_int_equal(tml_history_file_create(PATH, NAMES, 2, &file, &error), TML_OK);
    append_epochs(file, 0, end);
}

static void test_text_is_as_documented(void **state)
{
    char want[1024];
    char *text;

    (void)state;
    write_epochs(1);
    text = read_text();
    snprintf(want, sizeof want,
             "%s0,10,1.25,0.001,0.3333333333333333,0.30000000000000004,0.25,0.1,0.5,1e-300\n", HEADER);
    assert_string_equal(text, want);
    free(text);
}

static void test_a_row_is_in_the_file_at_once(void **state)
{
    tml_history_file *file = NULL;
    tml_history_row row = row_of(0);
    tml_history history;
    tml_error error = {0};

    (void)state;
    assert_int_equal(tml_history_file_create(PATH, NAMES, 2, &file, &error), TML_OK);
    assert_int_equal(tml_history_file_append(file, &row, &error), TML_OK);
    assert_int_equal(tml_history_read(PATH, &history, &error), TML_OK);
    assert_int_equal(history.rows, 1);
    tml_history_free(&history);
    assert_int_equal(tml_history_file_close(&file, &error), TML_OK);
}

static void test_numbers_read_back_to_the_bit(void **state)
{
    tml_history history;
    tml_error error = {0};

    (void)state;
    write_epochs(3);
    assert_int_equal(tml_history_read(PATH, &history, &error), TML_OK);
    assert_int_equal(history.rows, 3);
    assert_int_equal(history.columns, 10);
    for (int epoch = 0; epoch < 3; ++epoch) {
        tml_history_row row = row_of(epoch);

        assert_true(tml_history_column(&history, "epoch")[epoch] == epoch);
        assert_true(tml_history_column(&history, "step")[epoch] == 10.0 * (epoch + 1));
        assert_true(tml_history_column(&history, "seconds")[epoch] == 1.25 * (epoch + 1));
        assert_true(tml_history_column(&history, "learning_rate")[epoch] == row.learning_rate);
        assert_true(tml_history_column(&history, "train_loss")[epoch] == row.train_loss);
        assert_true(tml_history_column(&history, "train_loss_logg")[epoch] == row.target_train_loss[1]);
        assert_true(tml_history_column(&history, "validation_loss_logg")[epoch] == 1e-300);
    }
    assert_true(isnan(tml_history_column(&history, "validation_loss")[1]));
    assert_null(tml_history_column(&history, "train_loss_met"));
    tml_history_free(&history);
}

static void test_resume_gives_the_file_of_an_uninterrupted_run(void **state)
{
    tml_history_file *file = NULL;
    char *whole;
    char *resumed;
    tml_error error = {0};

    (void)state;
    write_epochs(6);
    whole = read_text();
    write_epochs(5);
    assert_int_equal(tml_history_file_resume(PATH, NAMES, 2, 3, &file, &error), TML_OK);
    append_epochs(file, 3, 6);
    resumed = read_text();
    assert_string_equal(resumed, whole);
    free(whole);
    free(resumed);
}

static void test_resume_survives_a_torn_row(void **state)
{
    tml_history_file *file = NULL;
    tml_history history;
    tml_error error = {0};

    (void)state;
    write_text(HEADER, "0,10,1,1,1,1,1,1,1,1\n1,20,1,1,1,1,1,1,1,1\n2,30,1,1,0.");
    assert_int_equal(tml_history_file_resume(PATH, NAMES, 2, 3, &file, &error), TML_OK);
    append_epochs(file, 3, 4);
    assert_int_equal(tml_history_read(PATH, &history, &error), TML_OK);
    assert_int_equal(history.rows, 3);
    assert_true(tml_history_column(&history, "epoch")[2] == 3.0);
    tml_history_free(&history);
}

static void test_resume_begins_what_is_missing_or_empty(void **state)
{
    (void)state;
    for (int is_there = 0; is_there < 2; ++is_there) {
        tml_history_file *file = NULL;
        char *text;
        tml_error error = {0};

        unlink(PATH);
        if (is_there)
            write_text("epoch,st", "");
        assert_int_equal(tml_history_file_resume(PATH, NAMES, 2, 3, &file, &error), TML_OK);
        append_epochs(file, 3, 3);
        text = read_text();
        assert_string_equal(text, HEADER);
        free(text);
    }
}

static void test_the_history_of_another_run_is_refused(void **state)
{
    tml_history_file *file = NULL;
    char *text;
    tml_error error = {0};

    (void)state;
    write_text("epoch,step,loss\n", "0,1,2\n");
    assert_int_equal(tml_history_file_resume(PATH, NAMES, 2, 3, &file, &error), TML_BAD_DATA);
    assert_null(file);
    assert_non_null(strstr(error.message, PATH));
    text = read_text();
    assert_string_equal(text, "epoch,step,loss\n0,1,2\n");
    free(text);
}

static void test_a_full_disk_is_noticed(void **state)
{
    tml_history_file *file = NULL;
    tml_error error = {0};

    (void)state;
    if (access("/dev/full", W_OK) != 0)
        skip();
    assert_int_equal(tml_history_file_create("/dev/full", NAMES, 2, &file, &error), TML_IO_ERROR);
    assert_null(file);
    assert_non_null(strstr(error.message, "/dev/full"));
}

static void test_the_reader_accepts_columns_of_others_and_a_torn_row(void **state)
{
    tml_history history;
    tml_error error = {0};

    (void)state;
    write_text("epoch,train_loss,note\n", "0,0.5,warm-up\r\n\n1,0.25,3\n2,0.");
    assert_int_equal(tml_history_read(PATH, &history, &error), TML_OK);
    assert_int_equal(history.rows, 2);
    assert_true(tml_history_column(&history, "train_loss")[1] == 0.25);
    assert_true(isnan(tml_history_column(&history, "note")[0]));
    assert_true(tml_history_column(&history, "note")[1] == 3.0);
    tml_history_free(&history);
}

static void test_the_reader_says_where_a_file_is_bad(void **state)
{
    static const struct {
        const char *text;
        const char *words[2];
    } cases[] = {
        {"", {"header", "empty"}},
        {"Epoch,train_loss\n0,1\n", {"line 1", "'Epoch'"}},
        {"epoch,,x\n", {"line 1", "column 2"}},
        {"epoch,train_loss\n0,1\n1\n", {"line 3", "1 fields"}},
        {"epoch,train_loss\n0,much\n", {"line 2", "train_loss"}},
    };

    (void)state;
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; ++c) {
        tml_history history;
        tml_error error = {0};

        write_text(cases[c].text, "");
        assert_int_equal(tml_history_read(PATH, &history, &error), TML_BAD_DATA);
        assert_null(history.names);
        assert_null(history.values);
        assert_non_null(strstr(error.message, PATH));
        assert_non_null(strstr(error.message, cases[c].words[0]));
        assert_non_null(strstr(error.message, cases[c].words[1]));
    }
    unlink(PATH);
    {
        tml_history history;
        tml_error error = {0};

        assert_int_equal(tml_history_read(PATH, &history, &error), TML_NO_INPUT);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text_is_as_documented),
        cmocka_unit_test(test_a_row_is_in_the_file_at_once),
        cmocka_unit_test(test_numbers_read_back_to_the_bit),
        cmocka_unit_test(test_resume_gives_the_file_of_an_uninterrupted_run),
        cmocka_unit_test(test_resume_survives_a_torn_row),
        cmocka_unit_test(test_resume_begins_what_is_missing_or_empty),
        cmocka_unit_test(test_the_history_of_another_run_is_refused),
        cmocka_unit_test(test_a_full_disk_is_noticed),
        cmocka_unit_test(test_the_reader_accepts_columns_of_others_and_a_torn_row),
        cmocka_unit_test(test_the_reader_says_where_a_file_is_bad),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
