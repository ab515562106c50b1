/** @file test_answer_comparison.c
 * The figure of several answers arrives whole for one answer and for as many as it takes, whatever the
 * numbers are; more are refused. */
#include "plots/answer_comparison.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "plots_example.h"

static tml_answer_row rows[TML_ANSWER_ROWS + 1];

static tml_answer_comparison_plot sample(size_t panels, size_t count)
{
    tml_answer_comparison_plot plot = {.title = "GJ 570D", .panels = panels, .rows = count, .row = rows};

    for (size_t p = 0; p < panels && p < TML_ANSWER_PANELS; ++p)
        plot.label[p] = "log g [dex (cgs)]";
    for (size_t r = 0; r <= TML_ANSWER_ROWS; ++r) {
        rows[r] = (tml_answer_row){.label = "a folder with a very long name, longer than there is room for",
                                   .is_reference = r % 3 == 2};
        for (size_t p = 0; p < TML_ANSWER_PANELS; ++p) {
            rows[r].value[p] = 5.0 + 0.1 * noise(r + 7 * p);
            rows[r].sd[p] = 0.05;
        }
    }
    return plot;
}

static void expect_figure(const tml_answer_comparison_plot *plot, const char *folder)
{
    tml_error error = {0, ""};

    expect_drawn(tml_plot_answer_comparison(plot, folder, "figure", &error), &error, folder);
}

static void test_one_answer_and_as_many_as_it_takes(void **state)
{
    const tml_answer_comparison_plot one = sample(1, 1), many = sample(TML_ANSWER_PANELS, TML_ANSWER_ROWS);

    expect_figure(&one, *state);
    expect_figure(&many, *state);
}

static void test_numbers_that_are_none(void **state)
{
    static const double odd[] = {NAN, INFINITY, -INFINITY, 0.0, 1e308, -1e308, 5e-324};
    tml_answer_comparison_plot plot = sample(4, 4);

    for (size_t i = 0; i < sizeof odd / sizeof odd[0]; ++i) {
        rows[0].value[0] = odd[i];
        rows[1].sd[1] = odd[i];
        for (size_t r = 0; r < 4; ++r)
            rows[r].value[2] = rows[r].sd[3] = odd[i];
        expect_figure(&plot, *state);
    }
    plot.title = NULL;
    expect_figure(&plot, *state);
}

static void test_too_many_and_none_are_refused(void **state)
{
    const size_t wrong[][2] = {{0, 1}, {TML_ANSWER_PANELS + 1, 1}, {1, 0}, {1, TML_ANSWER_ROWS + 1}};
    const tml_answer_comparison_plot good = sample(1, 1);
    tml_error error = {0, ""};

    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; ++i) {
        const tml_answer_comparison_plot plot = sample(wrong[i][0], wrong[i][1]);

        assert_int_equal(tml_plot_answer_comparison(&plot, *state, "figure", &error), TML_BAD_DATA);
    }
    assert_int_equal(tml_plot_answer_comparison(&good, "no/such/folder", "figure", &error),
                     TML_CANNOT_CREATE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PLOT_TEST(test_one_answer_and_as_many_as_it_takes),
        PLOT_TEST(test_numbers_that_are_none),
        PLOT_TEST(test_too_many_and_none_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
