/** @file test_report.c
 * The report of a folder: whole, well-formed, alone, the same wherever the folder is, and unharmed by hostile
 * names; what is damaged is refused by its name; a figure that fails is told in the report. */
#include "report/report.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/log.h"
#include "html_check.h"
#include "results_example.h"

#include "report_folder.h"

static char folder[64];

static int make_folder(void **state)
{
    (void)state;
    strcpy(folder, "report-XXXXXX");
    folder_fill(folder);
    return 0;
}

static int make_empty_folder(void **state)
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

static void write_report(const char *where)
{
    tml_error error = {0, ""};

    if (tml_report_write(where, &error) != TML_OK)
        fail_msg("%s", error.message);
}

static tml_status check_report(tml_error *error)
{
    const char *where = folder;
    const tml_report_request request = {.folders = 1, .folder = &where, .formats = TML_REPORT_HTML};

    return tml_report_check(&request, error);
}

static void test_the_page_is_whole_and_stands_alone(void **state)
{
    char *page;

    (void)state;
    write_report(folder);
    page = folder_load(folder, "report.html");
    html_check_tags(page);
    html_check_ids(page);
    html_check_alone(page);
    assert_null(strstr(page, ">nan"));
    assert_null(strstr(page, " nan"));
    assert_null(strstr(page, "could not be drawn"));
    free(page);
}

static void test_what_the_reader_is_told(void **state)
{
    static const char *const told[] = {
        "Teff 785 \u00b1 31 K, log g 4.988 \u00b1 0.094 dex (cgs)",
        "<i>T</i><sub>eff</sub> [K]",
        "754 to 817",
        "Line et al. 2017 &lt;retrieval&gt;",
        "719 \u00b1 20",
        "chi-square 25.5 for 17 degrees of freedom",
        "0.850 \u00b1 0.031 Jupiter radii",
        "row 4711",
        "22 used of 24, 1 no error, 1 outside",
        "58 used of 60, 1 missing, 1 negative",
        "href=\"#flag-outside_grid\"",
        "Best epoch, whose weights were kept</th><td>3,",
        "not better in every parameter",
        "grid point",
        "400 to 1000",
        "50 %",
        "2 pixels without error &lt;b&gt;",
        "another &lt;grid&gt;",
        "telescopeml predict --model a=b.h5",
        "telescopeml train a.yml --set x=&lt;y&gt;",
        "telescopeml report DIR",
        "a&lt;b&amp;c.h5",
    };
    char *page;

    (void)state;
    write_report(folder);
    page = folder_load(folder, "report.html");
    for (size_t i = 0; i < sizeof told / sizeof told[0]; ++i)
        if (strstr(page, told[i]) == NULL)
            fail_msg("'%s' is not told", told[i]);
    free(page);
}

static void test_a_hostile_name_stays_a_name(void **state)
{
    char *page;

    (void)state;
    write_report(folder);
    page = folder_load(folder, "report.html");
    assert_non_null(strstr(page, "<h2>&lt;script&gt;&amp;&quot;&#39;../x</h2>"));
    assert_null(strstr(page, "<script"));
    free(page);
    assert_int_equal(access(folder_path(folder, "figures/_script_______x_observation.svg"), F_OK), 0);
    assert_int_equal(access(folder_path(folder, "figures/HD_3651B_model.pdf"), F_OK), 0);
    assert_int_not_equal(access(folder_path(folder, "figures/_script_______x_model.svg"), F_OK),
                         0); /* no grid */
}

static const cJSON *member(const cJSON *object, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);

    if (item == NULL)
        fail_msg("no member %s", name);
    return item;
}

static cJSON *load_json(void)
{
    char *text = folder_load(folder, "report.json");
    cJSON *document = cJSON_Parse(text);

    assert_non_null(document);
    free(text);
    return document;
}

static void test_the_document_holds_every_part(void **state)
{
    const cJSON *result, *object, *teff;
    cJSON *document;

    (void)state;
    write_report(folder);
    document = load_json();
    assert_string_equal(member(document, "schema")->valuestring, "telescopeml.report/1");
    assert_int_equal(cJSON_GetArraySize(member(document, "warnings")), 3);
    result = member(document, "result");
    assert_int_equal(cJSON_GetArraySize(member(result, "objects")), 2);
    object = cJSON_GetArrayItem(member(result, "objects"), 0);
    teff = member(member(object, "parameters"), "teff");
    assert_true(fabs(member(teff, "value")->valuedouble - 785.4321) < 1e-12); /* its digits are all there */
    assert_int_equal(member(member(object, "pixels"), "used")->valueint, 22);
    assert_int_equal(member(member(object, "pixels"), "masked")->valueint, 1);
    assert_int_equal(member(member(object, "pixels"), "outside")->valueint, 1);
    assert_int_equal(cJSON_GetArraySize(member(object, "flags")), 1);
    object = cJSON_GetArrayItem(member(result, "objects"), 1);
    assert_true(cJSON_IsNull(member(object, "grid_point")));
    assert_true(cJSON_IsNull(member(member(object, "goodness"), "chi2")));
    assert_int_equal(member(member(member(result, "table"), "flag_counts"), "poor_fit")->valueint, 1);
    assert_int_equal(member(member(result, "training"), "best_epoch")->valueint, 2);
    assert_int_equal(member(member(result, "evaluation"), "rows")->valueint, 2);
    /* loss, scores, table, five of the first object, three of the second, which has no grid */
    assert_int_equal(cJSON_GetArraySize(member(result, "figures")), 11);
    cJSON_Delete(document);
}

static void expect_same_file(const char *other, const char *name)
{
    char *one = folder_load(folder, name);
    char *two = folder_load(other, name);

    if (strcmp(one, two) != 0)
        fail_msg("%s differs", name);
    free(one);
    free(two);
}

static void copy_file(const char *other, const char *name)
{
    size_t count = 0;
    char *bytes = NULL;
    tml_error error = {0, ""};

    assert_int_equal(tml_file_read_text(folder_path(folder, name), (size_t)1 << 27, &bytes, &count, &error),
                     TML_OK);
    assert_int_equal(tml_atomic_write(folder_path(other, name), bytes, count, &error), TML_OK);
    free(bytes);
}

static void test_a_copied_folder_gives_the_same_bytes(void **state)
{
    static const char *const names[] = {
        "results.h5",  "predictions.csv",     "predictions.json", "evaluation.json", "evaluation_rows.csv",
        "history.csv", "used_parameters.yml", "provenance.json",  "ranks.csv",       "model.h5"};
    char other[] = "a-folder-with-a-longer-name-XXXXXX";

    (void)state;
    write_report(folder);
    assert_non_null(mkdtemp(other));
    for (size_t i = 0; i < sizeof names / sizeof names[0]; ++i)
        copy_file(other, names[i]);
    tml_warn("elsewhere", "a warning of this process that is not on disk");
    write_report(other);
    expect_same_file(other, "report.html");
    expect_same_file(other, "report.json");
    write_report(folder);
    expect_same_file(other, "report.html");
    folder_remove(other);
}

/* Each file cut to half its bytes. */
static void test_damage_is_refused_by_name(void **state)
{
    static const char *const names[] = {"results.h5",      "predictions.json",    "predictions.csv",
                                        "evaluation.json", "evaluation_rows.csv", "history.csv",
                                        "provenance.json", "ranks.csv",           "model.h5"};
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; ++i) {
        tml_error error = {0, ""};
        char *bytes = NULL;
        size_t count = 0;

        assert_int_equal(
            tml_file_read_text(folder_path(folder, names[i]), (size_t)1 << 27, &bytes, &count, &error),
            TML_OK);
        folder_store(folder, names[i],
                     strstr(names[i], ".csv") != NULL ? "epoch,split,flags\n\"1,2\n" : "{\"x");
        assert_int_equal(tml_report_write(folder, &error), TML_BAD_DATA);
        if (strstr(error.message, names[i]) == NULL)
            fail_msg("%s is not named: %s", names[i], error.message);
        assert_int_equal(check_report(&error), TML_BAD_DATA);
        assert_int_not_equal(access(folder_path(folder, "report.html"), F_OK), 0);
        assert_int_equal(tml_atomic_write(folder_path(folder, names[i]), bytes, count, &error), TML_OK);
        free(bytes);
    }
    write_report(folder);
}

static void expect_refused_with(const char *name, const char *text, const char *message)
{
    char *before = folder_load(folder, name);
    tml_error error = {0, ""};

    folder_store(folder, name, text);
    assert_int_equal(tml_report_write(folder, &error), TML_BAD_DATA);
    if (strstr(error.message, message) == NULL || strstr(error.message, name) == NULL)
        fail_msg("%s: told '%s'", name, error.message);
    folder_store(folder, name, before);
    free(before);
}

static void test_wrong_contents_are_refused_with_their_place(void **state)
{
    (void)state;
    expect_refused_with("evaluation_rows.csv", "row,split,teff_true,teff\n0,train,500,abc\n",
                        "line 2, column teff");
    expect_refused_with("evaluation_rows.csv", "row,split,teff_true,teff\n0,half,500,510\n", "'half'");
    expect_refused_with("evaluation_rows.csv", "row,teff_true,teff\n0,500,510\n", "no column 'split'");
    expect_refused_with("evaluation.json", "{\"schema\": \"telescopeml.train/1\", \"result\": {}}",
                        "evaluate/1");
    expect_refused_with("evaluation.json", "{\"schema\": \"telescopeml.evaluate/1\", \"result\": null}",
                        "damaged");
    expect_refused_with(
        "predictions.json",
        "{\"schema\": \"telescopeml.predict/1\", \"result\": {\"table\": {\"rows\": 1, \"ranges\": [5]}}}",
        "damaged");
    expect_refused_with("provenance.json", "{\"ranks\": 5}", "ranks");
}

static void test_nothing_to_report_on(void **state)
{
    tml_error error = {0, ""};

    (void)state;
    assert_int_equal(tml_report_write("not/there", &error), TML_NO_INPUT);
    assert_non_null(strstr(error.message, "not/there"));
    assert_int_equal(tml_report_write(folder, &error), TML_NO_INPUT);
    assert_non_null(strstr(error.message, "nothing to report on"));
    folder_store(folder, "notes.txt", "x");
    assert_int_equal(tml_report_write(folder, &error), TML_NO_INPUT);
    assert_int_equal(tml_report_write(folder_path(folder, "notes.txt"), &error), TML_NO_INPUT);
    assert_int_not_equal(access(folder_path(folder, "figures"), F_OK), 0);
}

static void test_each_part_alone(void **state)
{
    static void (*const add[])(const char *) = {folder_add_results, folder_add_training, folder_add_scores,
                                                folder_add_table};

    (void)state;
    for (size_t i = 0; i < sizeof add / sizeof add[0]; ++i) {
        char one[] = "report-part-XXXXXX";
        char *page;

        assert_non_null(mkdtemp(one));
        add[i](one);
        write_report(one);
        page = folder_load(one, "report.html");
        html_check_tags(page);
        html_check_ids(page);
        free(page);
        folder_remove(one);
    }
}

static void test_a_training_that_has_just_begun(void **state)
{
    char *page;

    (void)state;
    folder_store(folder, "history.csv", "epoch,step,seconds,learning_rate,train_loss,validation_loss\n");
    write_report(folder);
    page = folder_load(folder, "report.html");
    assert_non_null(strstr(page, "there is no finished model yet"));
    html_check_tags(page);
    free(page);
}

static void test_a_figure_that_fails_is_told(void **state)
{
    cJSON *document;
    const cJSON *figure;
    char *page;

    (void)state;
    assert_int_equal(mkdir(folder_path(folder, "figures"), 0777), 0);
    assert_int_equal(mkdir(folder_path(folder, "figures/loss_history.pdf"), 0777), 0);
    write_report(folder);
    document = load_json();
    figure = cJSON_GetArrayItem(member(member(document, "result"), "figures"), 0);
    assert_string_equal(member(figure, "name")->valuestring, "loss_history");
    assert_int_equal(cJSON_GetArraySize(member(figure, "files")), 0);
    assert_int_equal(cJSON_GetArraySize(member(document, "warnings")), 4);
    cJSON_Delete(document);
    page = folder_load(folder, "report.html");
    assert_non_null(strstr(page, "This figure could not be drawn."));
    assert_null(strstr(page, folder)); /* where the folder is does not matter */
    html_check_tags(page);
    free(page);
}

#define FULL(function) cmocka_unit_test_setup_teardown(function, make_folder, drop_folder)
#define EMPTY(function) cmocka_unit_test_setup_teardown(function, make_empty_folder, drop_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FULL(test_the_page_is_whole_and_stands_alone),
        FULL(test_what_the_reader_is_told),
        FULL(test_a_hostile_name_stays_a_name),
        FULL(test_the_document_holds_every_part),
        FULL(test_a_copied_folder_gives_the_same_bytes),
        FULL(test_damage_is_refused_by_name),
        FULL(test_wrong_contents_are_refused_with_their_place),
        EMPTY(test_nothing_to_report_on),
        EMPTY(test_each_part_alone),
        EMPTY(test_a_training_that_has_just_begun),
        FULL(test_a_figure_that_fails_is_told),
    };

    tml_log_setup(0, TML_LOG_ERROR);
    unsetenv("DISPLAY");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
