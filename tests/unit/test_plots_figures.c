/** @file test_plots_figures.c
 * The figures of observations, fits, draws and scores arrive complete in three formats and are the same in
 * every run; what goes wrong is a status that leaves old files as they were. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "plots_example.h"

enum { CHILD_SECONDS = 20 };

static void test_three_files_of_their_kind(void **state)
{
    check_all(*state);
}

static void test_same_bytes_in_every_run(void **state)
{
    for (int figure = 0; figure < FIGURES; ++figure) {
        char *first[FORMATS], *second;
        size_t first_count[FORMATS], second_count;

        for (int run = 0; run < 2; ++run) {
            tml_error error = {0};

            expect_drawn(draw_figure((figure_kind)figure, *state, &error), &error, *state);
            for (int f = 0; f < FORMATS && run == 0; ++f)
                first[f] = read_figure(*state, f, &first_count[f]);
        }
        for (int f = 0; f < FORMATS; ++f) {
            second = read_figure(*state, f, &second_count);
            assert_int_equal(first_count[f], second_count);
            assert_memory_equal(first[f], second, second_count);
            free(first[f]);
            free(second);
        }
    }
}

static void test_bad_data_leaves_the_old_files(void **state)
{
    tml_observation_plot observation = sample_observation();
    tml_model_comparison_plot comparison = sample_comparison();
    tml_draw_histograms_plot histograms = sample_draws();
    tml_regression_plot regression = sample_regression();
    tml_error error = {0};
    char *before, *after;
    size_t count;

    expect_drawn(draw_figure(OBSERVATION, *state, &error), &error, *state);
    before = read_figure(*state, 1, &count);
    state_of[5] = STATES;
    assert_int_equal(tml_plot_observation(&observation, *state, "figure", &error), TML_BAD_DATA);
    assert_non_null(strstr(error.message, "pixel 5"));
    observation.count = comparison.count = 0;
    assert_int_equal(tml_plot_observation(&observation, *state, "figure", &error), TML_BAD_DATA);
    assert_int_equal(tml_plot_model_comparison(&comparison, *state, "figure", &error), TML_BAD_DATA);
    histograms.panels = 0;
    assert_int_equal(tml_plot_draw_histograms(&histograms, *state, "figure", &error), TML_BAD_DATA);
    regression.series_count = TML_REGRESSION_SERIES + 1;
    assert_int_equal(tml_plot_regression_report(&regression, *state, "figure", &error), TML_BAD_DATA);
    after = read_figure(*state, 1, &count);
    assert_string_equal(before, after);
    free(before);
    free(after);
}

static void test_folder_that_cannot_be_written(void **state)
{
    (void)state;
    for (int f = 0; f < FIGURES; ++f) {
        tml_error error = {0};

        assert_int_equal(draw_figure((figure_kind)f, "no/such/folder", &error), TML_CANNOT_CREATE);
        assert_non_null(strstr(error.message, "no/such/folder/figure.pdf"));
    }
    assert_int_not_equal(access("no", F_OK), 0);
}

/* Without standard input, and PLplot keeps what it knows of its drivers: a process of its own. */
static int status_in_child(figure_kind figure, const char *drivers, const char *folder)
{
    pid_t child = fork();
    int result = 0;

    assert_true(child >= 0);
    if (child == 0) {
        tml_error error = {0};

        alarm(CHILD_SECONDS);
        close(STDIN_FILENO);
        if (freopen("/dev/null", "w", stderr) == NULL)
            _exit(100);
        if (drivers != NULL)
            setenv("PLPLOT_DRV_DIR", drivers, 1);
        _exit((int)draw_figure(figure, folder, &error));
    }
    assert_int_equal(waitpid(child, &result, 0), child);
    assert_true(WIFEXITED(result));
    return WEXITSTATUS(result);
}

static void test_standard_input_closed(void **state)
{
    for (int f = 0; f < FIGURES; ++f) {
        assert_int_equal(status_in_child((figure_kind)f, NULL, *state), TML_OK);
        check_files(*state);
    }
}

static void test_missing_driver_leaves_the_old_files(void **state)
{
    for (int f = 0; f < FORMATS; ++f) {
        tml_error error = {0};

        assert_int_equal(tml_atomic_write(figure_path(*state, f), "old", 3, &error), TML_OK);
    }
    for (int f = 0; f < FIGURES; ++f)
        assert_int_equal(status_in_child((figure_kind)f, "/nonexistent", *state), TML_CANNOT_CREATE);
    for (int f = 0; f < FORMATS; ++f) {
        size_t count;
        char *bytes = read_figure(*state, f, &count);

        assert_string_equal(bytes, "old");
        free(bytes);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PLOT_TEST(test_missing_driver_leaves_the_old_files), PLOT_TEST(test_standard_input_closed),
        PLOT_TEST(test_three_files_of_their_kind),           PLOT_TEST(test_same_bytes_in_every_run),
        PLOT_TEST(test_bad_data_leaves_the_old_files),       PLOT_TEST(test_folder_that_cannot_be_written),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
