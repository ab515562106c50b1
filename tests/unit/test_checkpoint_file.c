/** @file test_checkpoint_file.c
 * Checkpoints: what is written comes back to the bit; what is cut or damaged is refused; the newest are found
 * and kept, older ones and what an interrupted write has left are removed. */
#include "io/checkpoint_file.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/log.h"
#include "damaged_file.h"
#include "io/model_file.h"

enum { COUNT = 333 };

static const char PATH[] = "step.h5";
static const char PARTIAL[] = "step.h5.partial";
static const char COPY[] = "damaged.h5";
static const char FOLDER[] = "checkpoints";
static const char CONFIGURATION[] = "run: {seed: 7}\n";

static float written[4][COUNT];
static float read_back[4][COUNT];

static tml_checkpoint_arrays arrays_of(float values[4][COUNT])
{
    tml_checkpoint_arrays arrays = {values[0], values[1], values[2], values[3]};

    return arrays;
}

static tml_checkpoint_numbers make_numbers(void)
{
    tml_checkpoint_numbers numbers;

    memset(&numbers, 0, sizeof numbers);
    numbers.epoch = 12;
    numbers.step_in_epoch = 3;
    numbers.step = INT64_C(9007199254740993); /* not a double */
    numbers.samples = 96;
    for (int t = 0; t < TML_CHECKPOINT_TARGETS; ++t)
        numbers.loss_sum[t] = 1.0 / (3.0 + t);
    numbers.seconds = 1234.5678901234567;
    numbers.best_loss = 0.0382;
    numbers.best_epoch = -1;
    numbers.waited = 5;
    numbers.plateau_waited = 2;
    numbers.plateau_cuts = 3;
    numbers.parameter_count = COUNT;
    numbers.target_count = 4;
    snprintf(numbers.grid_digest, sizeof numbers.grid_digest, "0123456789abcdef0123456789abcdef");
    return numbers;
}

static void fill(void)
{
    for (int a = 0; a < 4; ++a)
        for (int i = 0; i < COUNT; ++i)
            written[a][i] = (float)(a + 1) / (float)(i + 3);
}

static void write_at(const char *path)
{
    tml_checkpoint_numbers numbers = make_numbers();
    tml_checkpoint_arrays arrays = arrays_of(written);
    tml_error error = {0, ""};

    fill();
    if (tml_checkpoint_write(path, &numbers, &arrays, CONFIGURATION, "program=x\n", &error) != TML_OK)
        fail_msg("%s", error.message);
}

static void test_a_checkpoint_comes_back_to_the_bit(void **state)
{
    tml_checkpoint_numbers want = make_numbers();
    tml_checkpoint_numbers got;
    tml_checkpoint_arrays arrays = arrays_of(read_back);
    char *configuration = NULL;
    tml_error error = {0, ""};

    (void)state;
    write_at(PATH);
    assert_int_equal(access(PARTIAL, F_OK), -1);
    assert_int_equal(tml_checkpoint_read_numbers(PATH, &got, &configuration, &error), TML_OK);
    assert_memory_equal(&got, &want, sizeof want);
    assert_string_equal(configuration, CONFIGURATION);
    free(configuration);
    memset(read_back, 0xff, sizeof read_back);
    assert_int_equal(tml_checkpoint_read_arrays(PATH, COUNT, &arrays, &error), TML_OK);
    assert_memory_equal(read_back, written, sizeof written);
}

/* A training that has found nothing yet: its best loss is infinite. */
static void test_an_infinite_best_loss_is_kept(void **state)
{
    tml_checkpoint_numbers numbers = make_numbers();
    tml_checkpoint_numbers got;
    tml_checkpoint_arrays arrays = arrays_of(written);
    char *configuration = NULL;
    tml_error error = {0, ""};

    (void)state;
    numbers.best_loss = (double)INFINITY;
    assert_int_equal(tml_checkpoint_write(PATH, &numbers, &arrays, "", "", &error), TML_OK);
    assert_int_equal(tml_checkpoint_read_numbers(PATH, &got, &configuration, &error), TML_OK);
    assert_true(got.best_loss == (double)INFINITY);
    free(configuration);
}

static void test_another_number_of_weights_is_refused(void **state)
{
    static float more[4][COUNT + 1];
    tml_checkpoint_arrays arrays = {more[0], more[1], more[2], more[3]};
    tml_error error = {0, ""};

    (void)state;
    write_at(PATH);
    assert_int_equal(tml_checkpoint_read_arrays(PATH, COUNT + 1, &arrays, &error), TML_BAD_DATA);
    assert_non_null(strstr(error.message, PATH));
    assert_int_equal(tml_checkpoint_read_arrays(PATH, COUNT - 1, &arrays, &error), TML_BAD_DATA);
}

static void test_what_is_no_checkpoint_is_refused(void **state)
{
    tml_checkpoint_numbers got;
    tml_checkpoint_arrays arrays = arrays_of(read_back);
    char *configuration = (char *)1;
    tml_error error = {0, ""};

    (void)state;
    assert_int_equal(tml_checkpoint_read_numbers("absent.h5", &got, &configuration, &error), TML_NO_INPUT);
    assert_null(configuration);
    assert_int_equal(tml_checkpoint_read_arrays("absent.h5", COUNT, &arrays, &error), TML_NO_INPUT);
    damaged_store(COPY, (const unsigned char *)"not a checkpoint", 16);
    assert_int_equal(tml_checkpoint_read_numbers(COPY, &got, &configuration, &error), TML_BAD_DATA);
    assert_null(configuration);
    remove(COPY);
}

static void check_refused(const char *path, size_t place)
{
    tml_checkpoint_numbers got;
    char *configuration = NULL;
    tml_error error = {0, ""};

    if (tml_checkpoint_read_numbers(path, &got, &configuration, &error) == TML_OK)
        fail_msg("cut at byte %zu and read", place);
    assert_null(configuration);
}

static void check_refused_or_the_same(const char *path, size_t place)
{
    tml_checkpoint_numbers want = make_numbers();
    tml_checkpoint_numbers got;
    tml_checkpoint_arrays arrays = arrays_of(read_back);
    char *configuration = NULL;
    tml_error error = {0, ""};
    tml_status status = tml_checkpoint_read_numbers(path, &got, &configuration, &error);

    if (status == TML_OK &&
        (memcmp(&got, &want, sizeof want) != 0 || strcmp(configuration, CONFIGURATION) != 0))
        fail_msg("damaged at byte %zu and read with other numbers", place);
    free(configuration);
    memset(read_back, 0, sizeof read_back);
    status = tml_checkpoint_read_arrays(path, COUNT, &arrays, &error);
    if (status == TML_OK && memcmp(read_back, written, sizeof written) != 0)
        fail_msg("damaged at byte %zu and read with other weights", place);
}

static void test_a_cut_checkpoint_is_refused(void **state)
{
    (void)state;
    write_at(PATH);
    damaged_by_cutting(PATH, COPY, 300, check_refused);
}

static void test_a_turned_bit_is_refused_or_changes_nothing(void **state)
{
    (void)state;
    write_at(PATH);
    damaged_by_a_bit(PATH, COPY, 2000, check_refused_or_the_same);
}

static void test_a_failed_write_leaves_the_older_file_and_nothing_else(void **state)
{
    const rlim_t limits[] = {0, 600, 5000};
    tml_checkpoint_numbers numbers = make_numbers();
    tml_checkpoint_arrays arrays = arrays_of(written);
    tml_error error = {0, ""};

    (void)state;
    write_at(PATH);
    numbers.epoch = 99;
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; ++i) {
        struct rlimit before = damaged_disk_full(limits[i]);
        tml_status status = tml_checkpoint_write(PATH, &numbers, &arrays, CONFIGURATION, "", &error);

        damaged_disk_back(before);
        assert_int_equal(status, TML_IO_ERROR);
        assert_int_equal(access(PARTIAL, F_OK), -1);
        check_refused_or_the_same(PATH, 0);
    }
    numbers.parameter_count = 0; /* fails half-way: an empty array */
    assert_int_not_equal(tml_checkpoint_write(PATH, &numbers, &arrays, "", "", &error), TML_OK);
    assert_int_equal(access(PARTIAL, F_OK), -1);
    check_refused_or_the_same(PATH, 0);
    assert_int_equal(tml_checkpoint_write("absent/step.h5", &numbers, &arrays, "", "", &error),
                     TML_CANNOT_CREATE);
}

/* ---- the folder ---- */

static void touch(const char *name)
{
    char path[256];

    snprintf(path, sizeof path, "%s/%s", FOLDER, name);
    damaged_store(path, (const unsigned char *)"x", 1);
}

static int is_there(const char *name)
{
    char path[256];

    snprintf(path, sizeof path, "%s/%s", FOLDER, name);
    return access(path, F_OK) == 0;
}

static const char *const NAMES[] = {"step-00000007.h5",
                                    "step-00000120.h5",
                                    "step-123456789012.h5",
                                    "step-00000002.h5",
                                    "step-00000130.h5.partial",
                                    "step-00000007.h5.partial",
                                    "notes.txt",
                                    "step-.h5",
                                    "step-00000001.h5.bak",
                                    "other-00000001.h5"};

static void make_folder(void)
{
    mkdir(FOLDER, 0755);
    for (size_t i = 0; i < sizeof NAMES / sizeof NAMES[0]; ++i)
        touch(NAMES[i]);
}

static void remove_folder(void)
{
    for (size_t i = 0; i < sizeof NAMES / sizeof NAMES[0]; ++i) {
        char path[256];

        snprintf(path, sizeof path, "%s/%s", FOLDER, NAMES[i]);
        remove(path);
    }
    assert_int_equal(rmdir(FOLDER), 0);
}

static void test_paths_sort_by_step(void **state)
{
    char path[TML_PATH_LENGTH];

    (void)state;
    tml_checkpoint_path("run/checkpoints", 1234, path);
    assert_string_equal(path, "run/checkpoints/step-00001234.h5");
    tml_checkpoint_path(".", INT64_C(123456789012), path);
    assert_string_equal(path, "./step-123456789012.h5");
}

static void test_checkpoints_are_listed_newest_first(void **state)
{
    const int64_t want[] = {INT64_C(123456789012), 120, 7, 2};
    int64_t *steps = NULL;
    size_t count = 0;
    tml_error error = {0, ""};

    (void)state;
    make_folder();
    assert_int_equal(tml_checkpoint_list(FOLDER, &steps, &count, &error), TML_OK);
    assert_int_equal(count, 4);
    assert_memory_equal(steps, want, sizeof want);
    free(steps);
    remove_folder();
    assert_int_equal(tml_checkpoint_list(FOLDER, &steps, &count, &error), TML_NO_INPUT);
    assert_null(steps);
    assert_non_null(strstr(error.message, FOLDER));
}

static void test_a_folder_without_checkpoints_has_an_empty_list(void **state)
{
    int64_t *steps = (int64_t *)1;
    size_t count = 9;
    tml_error error = {0, ""};

    (void)state;
    mkdir(FOLDER, 0755);
    assert_int_equal(tml_checkpoint_list(FOLDER, &steps, &count, &error), TML_OK);
    assert_int_equal(count, 0);
    free(steps);
    assert_int_equal(tml_checkpoint_prune(FOLDER, INT64_MAX, 2, &error), TML_OK);
    rmdir(FOLDER);
}

static void test_pruning_keeps_the_newest_and_what_is_not_its_own(void **state)
{
    tml_error error = {0, ""};

    (void)state;
    make_folder();
    assert_int_equal(tml_checkpoint_prune(FOLDER, INT64_MAX, 2, &error), TML_OK);
    assert_true(is_there("step-123456789012.h5") && is_there("step-00000120.h5"));
    assert_false(is_there("step-00000007.h5") || is_there("step-00000002.h5"));
    assert_false(is_there("step-00000130.h5.partial") || is_there("step-00000007.h5.partial"));
    assert_true(is_there("notes.txt") && is_there("step-.h5") && is_there("step-00000001.h5.bak") &&
                is_there("other-00000001.h5"));
    assert_int_equal(tml_checkpoint_prune(FOLDER, INT64_MAX, 2, &error), TML_OK); /* nothing left to do */
    assert_true(is_there("step-123456789012.h5") && is_there("step-00000120.h5"));
    remove_folder();
}

/* The one just written is kept, whatever stands above it: those a resume has passed over as damaged. */
static void test_pruning_removes_what_a_resume_has_passed_over(void **state)
{
    tml_error error = {0, ""};

    (void)state;
    make_folder();
    assert_int_equal(tml_checkpoint_prune(FOLDER, 7, 1, &error), TML_OK);
    assert_true(is_there("step-00000007.h5"));
    assert_false(is_there("step-123456789012.h5") || is_there("step-00000120.h5") ||
                 is_there("step-00000002.h5"));
    remove_folder();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_checkpoint_comes_back_to_the_bit),
        cmocka_unit_test(test_an_infinite_best_loss_is_kept),
        cmocka_unit_test(test_another_number_of_weights_is_refused),
        cmocka_unit_test(test_what_is_no_checkpoint_is_refused),
        cmocka_unit_test(test_a_cut_checkpoint_is_refused),
        cmocka_unit_test(test_a_turned_bit_is_refused_or_changes_nothing),
        cmocka_unit_test(test_a_failed_write_leaves_the_older_file_and_nothing_else),
        cmocka_unit_test(test_paths_sort_by_step),
        cmocka_unit_test(test_checkpoints_are_listed_newest_first),
        cmocka_unit_test(test_a_folder_without_checkpoints_has_an_empty_list),
        cmocka_unit_test(test_pruning_keeps_the_newest_and_what_is_not_its_own),
        cmocka_unit_test(test_pruning_removes_what_a_resume_has_passed_over),
    };
    int failures;

    tml_log_setup(0, TML_LOG_ERROR); /* a file without digest is warned about */
    failures = cmocka_run_group_tests(tests, NULL, NULL);
    remove(PATH);
    return failures;
}
