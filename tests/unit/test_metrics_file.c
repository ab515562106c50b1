/** @file test_metrics_file.c
 * metrics.jsonl has one JSON object per step and is taken up by a resumed run without a step twice. */
#include "io/metrics_file.h"

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

#include <cjson/cJSON.h>

#include "io/atomic_file.h"

static const char PATH[] = "metrics.jsonl";

static void add_steps(tml_metrics_file *file, int first, int end)
{
    tml_error error = {0};

    for (int i = first; i < end; ++i) {
        const tml_metric extra[] = {{"gradient_norm", 0.5}, {"loss_teff", i == 1 ? (double)NAN : 0.1}};
        const tml_metrics_step step = {i, i / 4, 1.0 / (i + 1), 1e-3, 0.5 * i + 1e-9, 2, extra};

        assert_int_equal(tml_metrics_file_add(file, &step, &error), TML_OK);
    }
    assert_int_equal(tml_metrics_file_close(&file, &error), TML_OK);
    assert_null(file);
}

static void write_steps(int end)
{
    tml_metrics_file *file = NULL;
    tml_error error = {0};

    assert_int_equal(tml_metrics_file_create(PATH, &file, &error), TML_OK);
    add_steps(file, 0, end);
}

static char *read_text(void)
{
    char *text = NULL;
    tml_error error = {0};

    assert_int_equal(tml_file_read_text(PATH, 1 << 20, &text, NULL, &error), TML_OK);
    return text;
}

static void test_text_is_as_documented(void **state)
{
    char *text;

    (void)state;
    write_steps(2);
    text = read_text();
    assert_string_equal(text, "{\"step\":0,\"epoch\":0,\"loss\":1,\"learning_rate\":0.001,\"seconds\":0,"
                              "\"gradient_norm\":0.5,\"loss_teff\":0.1}\n"
                              "{\"step\":1,\"epoch\":0,\"loss\":0.5,\"learning_rate\":0.001,\"seconds\":0.5,"
                              "\"gradient_norm\":0.5,\"loss_teff\":null}\n");
    free(text);
}

static void test_every_line_is_json(void **state)
{
    char *text;
    char *line;
    int step = 0;

    (void)state;
    write_steps(9);
    text = read_text();
    for (line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        cJSON *object = cJSON_ParseWithOpts(line, NULL, 1);

        assert_non_null(object);
        assert_true(cJSON_GetObjectItem(object, "step")->valuedouble == step);
        assert_true(cJSON_GetObjectItem(object, "loss")->valuedouble == 1.0 / (step + 1));
        cJSON_Delete(object);
        ++step;
    }
    assert_int_equal(step, 9);
    free(text);
}

static void test_steps_are_there_after_a_flush(void **state)
{
    const tml_metrics_step step = {.step = 7, .loss = 0.5};
    tml_metrics_file *file = NULL;
    char *text;
    tml_error error = {0};

    (void)state;
    assert_int_equal(tml_metrics_file_create(PATH, &file, &error), TML_OK);
    assert_int_equal(tml_metrics_file_add(file, &step, &error), TML_OK);
    text = read_text();
    assert_string_equal(text, "");
    free(text);
    assert_int_equal(tml_metrics_file_flush(file, &error), TML_OK);
    text = read_text();
    assert_non_null(strstr(text, "\"step\":7"));
    free(text);
    assert_int_equal(tml_metrics_file_close(&file, &error), TML_OK);
}

static void test_resume_gives_the_file_of_an_uninterrupted_run(void **state)
{
    tml_metrics_file *file = NULL;
    FILE *torn;
    char *whole;
    char *resumed;
    tml_error error = {0};

    (void)state;
    write_steps(12);
    whole = read_text();
    write_steps(9);
    torn = fopen(PATH, "a");
    assert_non_null(torn);
    assert_true(fputs("not json\n{\"loss\":1}\n{\"step\":3,\"epo", torn) >= 0);
    assert_int_equal(fclose(torn), 0);
    assert_int_equal(tml_metrics_file_resume(PATH, 6, &file, &error), TML_OK);
    add_steps(file, 6, 12);
    resumed = read_text();
    assert_string_equal(resumed, whole);
    free(whole);
    free(resumed);
}

static void test_a_full_disk_is_noticed(void **state)
{
    const tml_metrics_step step = {.step = 0, .loss = 0.5};
    tml_metrics_file *file = NULL;
    tml_error error = {0};

    (void)state;
    if (access("/dev/full", W_OK) != 0)
        skip();
    assert_int_equal(tml_metrics_file_create("/dev/full", &file, &error), TML_OK);
    assert_int_equal(tml_metrics_file_add(file, &step, &error), TML_OK);
    assert_int_equal(tml_metrics_file_flush(file, &error), TML_IO_ERROR);
    assert_non_null(strstr(error.message, "/dev/full"));
    assert_int_equal(tml_metrics_file_close(&file, &error), TML_OK);
}

static void test_a_folder_that_is_not_there_is_an_error(void **state)
{
    tml_metrics_file *file = NULL;
    tml_error error = {0};

    (void)state;
    assert_int_equal(tml_metrics_file_create("nowhere/metrics.jsonl", &file, &error), TML_CANNOT_CREATE);
    assert_null(file);
    assert_int_equal(tml_metrics_file_close(&file, &error), TML_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text_is_as_documented),
        cmocka_unit_test(test_every_line_is_json),
        cmocka_unit_test(test_steps_are_there_after_a_flush),
        cmocka_unit_test(test_resume_gives_the_file_of_an_uninterrupted_run),
        cmocka_unit_test(test_a_full_disk_is_noticed),
        cmocka_unit_test(test_a_folder_that_is_not_there_is_an_error),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
