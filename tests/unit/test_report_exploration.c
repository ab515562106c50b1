/** @file test_report_exploration.c
 * A folder that `explore` wrote to gives a report with the section "The grid", its numbers and its figures;
 * what is missing is left out, and what is damaged is refused by its name. */
#include "report/report.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "html_check.h"
#include "results_example.h"

#include "report_folder.h"

#include "exploration_folder.h"

static const char *const tables[] = {"parameter_counts.csv", "coverage.csv",     "fluxes.csv",
                                     "scaled_fluxes.csv",    "correlations.csv", "pca_variance.csv",
                                     "pca_components.csv",   "pca_scores.csv",   "neighbours.csv",
                                     "filtered_spectra.csv"};
static const char *const names[] = {"explore_parameters",   "explore_coverage",  "explore_spectra_teff",
                                    "explore_spectra_kzz",  "explore_fluxes",    "explore_scaled_fluxes",
                                    "explore_correlations", "explore_pca_scree", "explore_pca_components",
                                    "explore_pca_scatter",  "explore_outliers"};

enum { TABLES = sizeof tables / sizeof tables[0], NAMES = sizeof names / sizeof names[0] };

static char folder[64];

static int make_folder(void **state)
{
    (void)state;
    strcpy(folder, "explored-XXXXXX");
    if (mkdtemp(folder) == NULL)
        return 1;
    exploration_fill(folder);
    return 0;
}

static int drop_folder(void **state)
{
    (void)state;
    folder_remove(folder);
    return 0;
}

/* The page, on the heap. */
static char *write_report(void)
{
    tml_error error = {0, ""};

    if (tml_report_write(folder, &error) != TML_OK)
        fail_msg("%s", error.message);
    return folder_load(folder, "report.html");
}

static void expect_told(const char *page, const char *text)
{
    if (strstr(page, text) == NULL)
        fail_msg("'%s' is not told", text);
}

static void test_every_figure_is_there(void **state)
{
    char *page = write_report();

    (void)state;
    for (size_t i = 0; i < NAMES; ++i) {
        char path[96];

        for (int f = 0; f < 3; ++f) {
            static const char *const endings[] = {"pdf", "svg", "png"};

            snprintf(path, sizeof path, "figures/%s.%s", names[i], endings[f]);
            if (access(folder_path(folder, path), F_OK) != 0)
                fail_msg("%s is not there", path);
        }
        snprintf(path, sizeof path, "<code>figures/%s</code>", names[i]);
        expect_told(page, path);
    }
    assert_null(strstr(page, "could not be drawn"));
    free(page);
}

static void test_the_page_is_whole_and_stands_alone(void **state)
{
    char *page = write_report();

    (void)state;
    html_check_tags(page);
    html_check_ids(page);
    html_check_alone(page);
    assert_null(strstr(page, ">nan"));
    assert_null(strstr(page, " nan"));
    free(page);
}

static void test_what_the_reader_is_told(void **state)
{
    static const char *const told[] = {
        "<h2>The grid</h2>",
        "<a href=\"#grid\">The grid</a>",
        "grid.h5",
        "3, from 1 to 2.25 \u03bcm",
        "Teff = 900 K, kzz \u2248 1235", /* of what is no axis no more digits than anybody wants */
        "<i>T</i><sub>eff</sub> [K]",
        "901 (700 to 1100)",
        "500 to 1300.12",
        "span 6 nodes, and 5 of them have a spectrum (83.3 %)",
        "<strong>4 rows</strong>",
        "in 2 groups",
        "4 fluxes at 2 wavelengths are not above 0",
        "there are 90 % in 1, 99 % in 2.",
        "4711</th><td>1300</td><td>300.1</td><td>2</td><td>3.25",
        "an odd &lt;grid&gt;",
    };
    char *page = write_report();

    (void)state;
    for (size_t i = 0; i < sizeof told / sizeof told[0]; ++i)
        expect_told(page, told[i]);
    free(page);
}

static void test_a_grid_without_twins_and_nodes(void **state)
{
    char *page;

    (void)state;
    exploration_store_document(folder, "grid.h5", 0, 0, "null");
    page = write_report();
    expect_told(page, "every row has a spectrum of its own");
    expect_told(page, "do not lie on axes");
    free(page);
}

static void test_the_document_holds_the_exploration(void **state)
{
    const cJSON *result, *exploration;
    cJSON *document;
    char *text, *page = write_report();

    (void)state;
    text = folder_load(folder, "report.json");
    document = cJSON_Parse(text);
    result = cJSON_GetObjectItemCaseSensitive(document, "result");
    exploration = cJSON_GetObjectItemCaseSensitive(result, "exploration");
    assert_int_equal(cJSON_GetObjectItemCaseSensitive(exploration, "rows")->valueint, 6);
    assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(result, "figures")), NAMES);
    assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(document, "warnings")), 1);
    cJSON_Delete(document);
    free(text);
    free(page);
}

static void test_missing_tables_are_left_out(void **state)
{
    char *page;

    (void)state;
    for (size_t i = 0; i < TABLES; ++i)
        remove(folder_path(folder, tables[i]));
    page = write_report();
    expect_told(page, "<h2>The grid</h2>");
    assert_null(strstr(page, "<figure"));
    html_check_tags(page);
    free(page);
}

static void test_hostile_names_stay_names(void **state)
{
    char *page;

    (void)state;
    exploration_store_document(folder, "<script>&.h5", 0, 0, "null");
    folder_store(folder, "filtered_spectra.csv", "varied,value,row,1,1.5\n../<b>,500,0,1e-8,2e-8\n");
    folder_store(folder, "parameter_counts.csv", "parameter,low,high,count\n<i>,1,1,2\n");
    page = write_report();
    expect_told(page, "&lt;script&gt;&amp;.h5");
    assert_null(strstr(page, "<script"));
    assert_null(strstr(page, "<b>"));
    assert_int_equal(access(folder_path(folder, "figures/explore_spectra_____b_.svg"), F_OK), 0);
    html_check_tags(page);
    free(page);
}

static void expect_refused(const char *name, const char *message)
{
    tml_error error = {0, ""};

    assert_int_equal(tml_report_write(folder, &error), TML_BAD_DATA);
    if (strstr(error.message, name) == NULL || strstr(error.message, message) == NULL)
        fail_msg("'%s' names neither %s nor '%s'", error.message, name, message);
    assert_int_not_equal(access(folder_path(folder, "report.html"), F_OK), 0);
}

static void test_damage_is_refused_by_name(void **state)
{
    (void)state;
    for (size_t i = 0; i < TABLES; ++i) {
        char *before = folder_load(folder, tables[i]);

        folder_store(folder, tables[i], "wavelength_um,something\n1,2,3\n");
        expect_refused(tables[i], "line");
        folder_store(folder, tables[i], before);
        free(before);
    }
    folder_store(folder, "coverage.csv", "x_name,x,y_name,y,count\nteff,1,teff,2,3\n");
    expect_refused("coverage.csv", "paired with itself");
    folder_store(folder, "coverage.csv", "x_name,x,y_name,y,count\nteff,1,kzz,x,3\n");
    expect_refused("coverage.csv", "line 2");
}

static void test_a_damaged_document_is_refused(void **state)
{
    static const char *const documents[] = {
        "{\"schema\": \"telescopeml.expl", "{\"schema\": \"telescopeml.predict/1\", \"result\": {}}",
        "{\"schema\": \"telescopeml.explore/1\", \"result\": {\"rows\": 1, \"wavelengths\": 2}}",
        "{\"schema\": \"telescopeml.explore/1\", \"result\": {\"rows\": 1, \"wavelengths\": 2, "
        "\"parameters\": "
        "{\"teff\": {\"unit\": \"K\"}}}}"};

    (void)state;
    for (size_t i = 0; i < sizeof documents / sizeof documents[0]; ++i) {
        folder_store(folder, "exploration.json", documents[i]);
        expect_refused("exploration.json", "");
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_every_figure_is_there, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(test_the_page_is_whole_and_stands_alone, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(test_what_the_reader_is_told, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(test_a_grid_without_twins_and_nodes, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(test_the_document_holds_the_exploration, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(test_missing_tables_are_left_out, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(test_hostile_names_stay_names, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(test_damage_is_refused_by_name, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(test_a_damaged_document_is_refused, make_folder, drop_folder),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
