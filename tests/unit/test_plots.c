/** @file test_plots.c
 * A figure arrives complete in three formats and is the same in every run; whatever is missing, a status
 * comes back and nothing is asked on standard input. */
#include "plots/loss_history.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "io/atomic_file.h"

enum { EPOCHS = 40, CHILD_SECONDS = 20 };

static double epoch[EPOCHS], training[EPOCHS], validation[EPOCHS];

static tml_loss_history sample_history(void)
{
    static const tml_loss_curve targets[2] = {{"teff", training, validation}, {"c_o #1", validation, NULL}};
    tml_loss_history history = {.title = "A test",
                                .loss_name = "Huber loss",
                                .epochs = EPOCHS,
                                .epoch = epoch,
                                .total = {NULL, training, validation},
                                .targets = 2,
                                .target = targets,
                                .has_best = true,
                                .best_epoch = 31.0};

    for (int i = 0; i < EPOCHS; ++i) {
        epoch[i] = i;
        training[i] = 0.3 * exp(-0.2 * i) + 2e-3;
        validation[i] = 0.2 * exp(-0.1 * i) + 3e-3 + 1e-3 * sin(i);
    }
    return history;
}

static int make_folder(void **state)
{
    static char folder[] = "plots-XXXXXX";

    memcpy(folder, "plots-XXXXXX", sizeof folder);
    *state = mkdtemp(folder);
    unsetenv("DISPLAY");
    return *state == NULL;
}

static char *figure_path(const char *folder, const char *extension)
{
    static char path[256];

    snprintf(path, sizeof path, "%s/loss_history.%s", folder, extension);
    return path;
}

static int remove_folder(void **state)
{
    remove(figure_path(*state, "pdf"));
    remove(figure_path(*state, "svg"));
    remove(figure_path(*state, "png"));
    return rmdir(*state);
}

static char *read_figure(const char *folder, const char *extension, size_t *count)
{
    char *bytes = NULL;
    tml_error error = {0};

    if (tml_file_read_text(figure_path(folder, extension), 1 << 24, &bytes, count, &error) != TML_OK)
        fail_msg("%s", error.message);
    return bytes;
}

static void draw(const tml_loss_history *history, const char *folder)
{
    tml_error error = {0};

    if (tml_plot_loss_history(history, folder, &error) != TML_OK)
        fail_msg("%s", error.message);
}

static void test_three_files_of_their_kind(void **state)
{
    static const struct {
        const char *extension, *start;
    } kinds[3] = {{"pdf", "%PDF-1."}, {"svg", "<?xml"}, {"png", "\x89PNG\r\n\x1a\n"}};
    tml_loss_history history = sample_history();

    draw(&history, *state);
    for (int k = 0; k < 3; ++k) {
        size_t count;
        char *bytes = read_figure(*state, kinds[k].extension, &count);

        assert_true(count > 5000);
        assert_memory_equal(bytes, kinds[k].start, strlen(kinds[k].start));
        free(bytes);
    }
}

static void test_same_bytes_in_every_run(void **state)
{
    static const char *const extensions[3] = {"pdf", "svg", "png"};
    tml_loss_history history = sample_history();
    char *first[3], *second;
    size_t first_count[3], second_count;

    draw(&history, *state);
    for (int k = 0; k < 3; ++k)
        first[k] = read_figure(*state, extensions[k], &first_count[k]);
    draw(&history, *state);
    for (int k = 0; k < 3; ++k) {
        second = read_figure(*state, extensions[k], &second_count);
        assert_int_equal(first_count[k], second_count);
        assert_memory_equal(first[k], second, second_count);
        free(first[k]);
        free(second);
    }
}

/* Two runs within one second have the same date anyway. */
static void test_pdf_carries_no_date(void **state)
{
    static const char date[] = "/CreationDate (D:19700101000000";
    tml_loss_history history = sample_history();
    bool is_found = false;
    size_t count;
    char *bytes;

    draw(&history, *state);
    bytes = read_figure(*state, "pdf", &count);
    for (size_t at = 0; at + sizeof date < count; ++at)
        is_found = is_found || memcmp(bytes + at, date, sizeof date - 1) == 0;
    assert_true(is_found);
    free(bytes);
}

static void test_one_epoch_without_validation(void **state)
{
    tml_loss_history history = sample_history();

    history.epochs = 1;
    history.total.validation = NULL;
    history.targets = 0;
    history.has_best = false;
    history.title = NULL;
    draw(&history, *state);
}

static void test_a_gap_stays_a_gap(void **state)
{
    tml_loss_history history = sample_history();
    char *whole, *with_gap;
    size_t whole_count, gap_count;

    draw(&history, *state);
    whole = read_figure(*state, "svg", &whole_count);
    validation[10] = NAN;
    validation[20] = INFINITY;
    validation[21] = 0.0;
    draw(&history, *state);
    with_gap = read_figure(*state, "svg", &gap_count);
    assert_string_not_equal(whole, with_gap);
    assert_null(strstr(with_gap, "nan"));
    assert_null(strstr(with_gap, "inf"));
    free(whole);
    free(with_gap);
}

/* A logarithmic axis would leave out every point: 40 of each curve, of some ten letters. */
static void test_losses_below_zero_have_a_linear_axis(void **state)
{
    tml_loss_history history = sample_history();
    char *without, *with;
    size_t without_count, with_count;

    for (int i = 0; i < EPOCHS; ++i) {
        training[i] -= 2.0;
        validation[i] -= 2.0;
    }
    draw(&history, *state);
    without = read_figure(*state, "svg", &without_count);
    history.is_signed = true;
    draw(&history, *state);
    with = read_figure(*state, "svg", &with_count);
    assert_true(with_count > without_count + (size_t)EPOCHS * 10);
    free(without);
    free(with);
}

static void test_nothing_but_nan(void **state)
{
    tml_loss_history history = sample_history();

    for (int i = 0; i < EPOCHS; ++i)
        training[i] = validation[i] = NAN;
    draw(&history, *state);
}

static void test_more_targets_than_colours(void **state)
{
    tml_loss_history history = sample_history();
    tml_loss_curve targets[12];

    for (int t = 0; t < 12; ++t)
        targets[t] = (tml_loss_curve){"a_target_with_a_long_name", training, NULL};
    history.targets = 12;
    history.target = targets;
    draw(&history, *state);
}

static void test_no_epoch_is_bad_data(void **state)
{
    tml_loss_history history = sample_history();
    tml_error error = {0};

    history.epochs = 0;
    assert_int_equal(tml_plot_loss_history(&history, *state, &error), TML_BAD_DATA);
}

static void test_folder_that_is_not_there(void **state)
{
    tml_loss_history history = sample_history();
    tml_error error = {0};

    (void)state;
    assert_int_equal(tml_plot_loss_history(&history, "no/such/folder", &error), TML_CANNOT_CREATE);
    assert_non_null(strstr(error.message, "no/such/folder/loss_history.pdf"));
}

/* PLplot keeps what it knows of its drivers, and asks on standard input for a device it does not find: each
 * case runs in a process of its own, without standard input. */
static tml_status status_with_drivers_in(const char *drivers, const char *folder, const char *wanted_text)
{
    tml_loss_history history = sample_history();
    pid_t child = fork();
    int result = 0;

    assert_true(child >= 0);
    if (child == 0) {
        tml_error error = {0};
        tml_status status;

        alarm(CHILD_SECONDS);
        close(STDIN_FILENO);
        if (freopen("/dev/null", "w", stderr) == NULL)
            _exit(1);
        setenv("PLPLOT_DRV_DIR", drivers, 1);
        status = tml_plot_loss_history(&history, folder, &error);
        if (strstr(error.message, wanted_text) == NULL)
            _exit(2);
        unsetenv("PLPLOT_DRV_DIR");
        if (tml_plot_loss_history(&history, folder, &error) != TML_OK)
            _exit(3);
        _exit((int)status);
    }
    assert_int_equal(waitpid(child, &result, 0), child);
    assert_true(WIFEXITED(result));
    return (tml_status)WEXITSTATUS(result);
}

static void test_missing_driver_is_a_status(void **state)
{
    assert_int_equal(status_with_drivers_in("/nonexistent", *state, "install plplot-driver-cairo"),
                     TML_CANNOT_CREATE);
}

static void test_driver_that_cannot_be_loaded_is_a_status(void **state)
{
    static const char info[] = "pdfcairo:Cairo PDF Driver:0:cairo:60:pdfcairo\n";
    char drivers[] = "drivers-XXXXXX", path[64];
    tml_error error = {0};

    assert_non_null(mkdtemp(drivers));
    snprintf(path, sizeof path, "%s/cairo.driver_info", drivers);
    if (tml_atomic_write(path, info, sizeof info - 1, &error) != TML_OK)
        fail_msg("%s", error.message);
    assert_int_equal(status_with_drivers_in(drivers, *state, "Unable to load driver"), TML_CANNOT_CREATE);
    remove(path);
    rmdir(drivers);
}

#define PLOT_TEST(function) cmocka_unit_test_setup_teardown(function, make_folder, remove_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        PLOT_TEST(test_missing_driver_is_a_status),
        PLOT_TEST(test_driver_that_cannot_be_loaded_is_a_status),
        PLOT_TEST(test_three_files_of_their_kind),
        PLOT_TEST(test_same_bytes_in_every_run),
        PLOT_TEST(test_pdf_carries_no_date),
        PLOT_TEST(test_one_epoch_without_validation),
        PLOT_TEST(test_a_gap_stays_a_gap),
        PLOT_TEST(test_nothing_but_nan),
        PLOT_TEST(test_losses_below_zero_have_a_linear_axis),
        PLOT_TEST(test_nothing_but_nan),
        PLOT_TEST(test_more_targets_than_colours),
        PLOT_TEST(test_no_epoch_is_bad_data),
        PLOT_TEST(test_folder_that_is_not_there),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
