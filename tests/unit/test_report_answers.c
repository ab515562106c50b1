/** @file test_report_answers.c
 * What a report shows of the draws, the grid points and the labels of predictions: the figures are there and
 * listed, the sentences tell what they mean, and older predictions, which have none of it, are reported
 * on without. */
#include "report/report.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cjson/cJSON.h>
#include <cmocka.h>

#include "results_example.h"

#include "report_folder.h"

enum { LABELLED = 60 };

static char folder[64];

static int make_folder(void **state)
{
    (void)state;
    strcpy(folder, "report-XXXXXX");
    return mkdtemp(folder) == NULL;
}

static int drop_folder(void **state)
{
    (void)state;
    folder_remove(folder);
    return 0;
}

/* A table whose labels lie at all places among the draws, but for those of logg, which has none. */
static void add_table(bool is_new)
{
    static char rows[1 << 14];
    size_t length = (size_t)snprintf(rows, sizeof rows,
                                     "row,teff,logg,chi2,dof,flags,teff_label,logg_label%s\n",
                                     is_new ? ",teff_pit,logg_pit,grid_chi2" : "");

    for (int i = 0; i < LABELLED; ++i) {
        length += (size_t)snprintf(rows + length, sizeof rows - length, "%d,%d,4.5,%d,99,,%d,nan", i,
                                   800 + 3 * i, 90 + i, 790 + 3 * i + i % 17);
        if (is_new)
            length += (size_t)snprintf(rows + length, sizeof rows - length, ",%g,nan,%d",
                                       (i * 37 % 101) / 100.0, 95 + 20 * i);
        length += (size_t)snprintf(rows + length, sizeof rows - length, "\n");
    }
    folder_store(folder, "predictions.csv", rows);
    folder_store(
        folder, "predictions.json",
        "{\"schema\": \"telescopeml.predict/1\", \"version\": \"0.1.0\", \"status\": \"done\", "
        "\"exit_code\": 0, \"warnings\": [], \"result\": {\"table\": {\"rows\": 60, \"draws\": 100, "
        "\"ranges\": [{\"target\": \"teff\", \"unit\": \"K\", \"low\": 400, \"high\": 1000, \"count\": 60, "
        "\"bias\": 0.0, \"scatter_mad\": 10.0, \"rmse\": 10.0, \"coverage68\": 0.5, \"coverage95\": "
        "1.0}]}}}\n");
}

static void write_report(void)
{
    tml_error error = {0, ""};

    if (tml_report_write(folder, &error) != TML_OK)
        fail_msg("%s", error.message);
}

/* Whether report.json lists a figure and its three files are there. */
static bool has_figure(const char *name)
{
    static const char *const endings[] = {"pdf", "svg", "png"};
    char *text = folder_load(folder, "report.json");
    cJSON *document = cJSON_Parse(text);
    const cJSON *figure = NULL;
    bool is_listed = false;

    cJSON_ArrayForEach(figure, cJSON_GetObjectItem(cJSON_GetObjectItem(document, "result"), "figures"))
    {
        const cJSON *files = cJSON_GetObjectItem(figure, "files");

        if (strcmp(cJSON_GetObjectItem(figure, "name")->valuestring, name) == 0)
            is_listed = cJSON_GetArraySize(files) == 3;
    }
    for (size_t i = 0; i < 3; ++i) {
        char path[160];

        snprintf(path, sizeof path, "figures/%s.%s", name, endings[i]);
        if (is_listed)
            assert_int_equal(access(folder_path(folder, path), F_OK), 0);
    }
    cJSON_Delete(document);
    free(text);
    return is_listed;
}

static void expect_told(const char *words)
{
    char *page = folder_load(folder, "report.html");

    if (strstr(page, words) == NULL)
        fail_msg("'%s' is not told", words);
    free(page);
}

static void test_figures_of_objects(void **state)
{
    (void)state;
    folder_add_results(folder);
    write_report();
    assert_true(has_figure("HD_3651B_corner"));
    assert_true(has_figure("HD_3651B_chi2"));
    assert_true(has_figure("_script_______x_corner"));
    assert_false(has_figure("_script_______x_chi2")); /* without a grid */
    expect_told("Misfit of the best grid point");
    expect_told(
        "1.36 standard errors for each wavelength, where noise alone makes up to 1.33: the grid has no "
        "spectrum quite like it");
    expect_told("95 % of the spectra lie that the repetitions with noise imply");
}

static void test_one_parameter_has_no_pairs(void **state)
{
    static const char *const name[] = {"one"};
    tml_results results = results_example_named(name, 1);
    tml_error error = {0, ""};

    (void)state;
    results.object[0].parameters = 1;
    results.object[0].draws = EXAMPLE_DRAWS;
    assert_int_equal(tml_results_write(folder_path(folder, "results.h5"), &results, &error), TML_OK);
    write_report();
    assert_true(has_figure("one_draws"));
    assert_true(has_figure("one_chi2"));
    assert_false(has_figure("one_corner"));
    tml_results_free(&results);
}

static void test_figures_of_a_table(void **state)
{
    (void)state;
    add_table(true);
    write_report();
    assert_true(has_figure("table_teff"));
    assert_true(has_figure("table_teff_calibration"));
    assert_true(has_figure("table_misfit"));
    assert_false(has_figure("table_logg_calibration"));
    expect_told("Are the stated errors of Teff right?");
    expect_told("How well the grid knows these objects");
}

static void test_an_older_table_has_neither(void **state)
{
    (void)state;
    add_table(false);
    write_report();
    assert_true(has_figure("table_teff"));
    assert_false(has_figure("table_teff_calibration"));
    assert_false(has_figure("table_misfit"));
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, make_folder, drop_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_figures_of_objects),
        TEST(test_one_parameter_has_no_pairs),
        TEST(test_figures_of_a_table),
        TEST(test_an_older_table_has_neither),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
