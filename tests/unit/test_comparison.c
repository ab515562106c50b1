/** @file test_comparison.c
 * Several folders in one report: answers for the same object with what differs in units of their errors,
 * scores and trainings side by side, settings that differ; folders and places that are not there are refused
 * by their name. */
#include "report/comparison.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/log.h"
#include "html_check.h"
#include "report/report.h"
#include "report/run_facts.h"
#include "report/setting_list.h"
#include "results_example.h"

#include "report_folder.h"

enum { ROOM = 96 };

/* root/a, root/b, root/other/b (the name twice), root/empty, root/out */
static char root[24];
static char paths[4][ROOM];

/* A path below the root. */
static void place(char path[ROOM], const char *name)
{
    snprintf(path, ROOM, "%.23s/%.60s", root, name);
}

static bool is_there(const char *name)
{
    return access(folder_path(root, name), F_OK) == 0;
}

/* The second run: answers 2 sd1 higher with twice the error, other settings, the third object alone. */
static void fill_second(const char *where)
{
    static const char *const names[] = {"HD 3651B", "GJ 570D & co"};
    tml_results results = results_example_named(names, 2);
    tml_error error = {0, ""};

    for (size_t p = 0; p < results.object[0].parameters; ++p) {
        results.object[0].parameter[p].value += 2.0 * results.object[0].parameter[p].sd;
        results.object[0].parameter[p].sd *= 2.0;
    }
    snprintf(results.object[0].parameter[2].unit, TML_RESULT_NAME, "dex"); /* of C/O: cannot be compared */
    if (tml_results_write(folder_path(where, "results.h5"), &results, &error) != TML_OK)
        fail_msg("%s", error.message);
    tml_results_free(&results);
    folder_add_training(where);
    folder_store(where, "used_parameters.yml",
                 "run:\n  seed: 8\nbatch:\n  global: 64  # spectra\ngrid:\n  path: a<b&c.h5\nloss:\n"
                 "  kind: huber\nstop:\n  monitor: validation  # default\n");
}

static int make_folders(void **state)
{
    static const char *const names[] = {"a", "b", "other/b", "empty"};

    (void)state;
    strcpy(root, "comparison-XXXXXX");
    assert_non_null(mkdtemp(root));
    assert_int_equal(mkdir(folder_path(root, "other"), 0777), 0);
    assert_int_equal(mkdir(folder_path(root, "out"), 0777), 0);
    for (size_t i = 0; i < 4; ++i) {
        place(paths[i], names[i]);
        assert_int_equal(mkdir(paths[i], 0777), 0);
    }
    folder_add_results(paths[0]);
    folder_add_training(paths[0]);
    folder_add_scores(paths[0]);
    fill_second(paths[1]);
    folder_add_results(paths[2]);
    return 0;
}

static int drop_folders(void **state)
{
    (void)state;
    folder_remove(root);
    return 0;
}

static tml_status make(size_t count, const char *const *folders, const char *out, unsigned formats,
                       tml_error *error)
{
    const tml_report_request request = {.folders = count, .folder = folders, .out = out, .formats = formats};
    tml_report_place place;

    return tml_report_make(&request, &place, error);
}

static tml_comparison read_folders(size_t count)
{
    const char *const folders[] = {paths[0], paths[1], paths[2]};
    tml_comparison comparison;
    tml_error error = {0, ""};

    if (tml_comparison_read(count, folders, &comparison, &error) != TML_OK)
        fail_msg("%s", error.message);
    return comparison;
}

static void test_objects_are_matched_by_name(void **state)
{
    tml_comparison comparison = read_folders(2);

    (void)state;
    assert_int_equal(comparison.objects, 3);
    assert_string_equal(comparison.object[0].name, "HD 3651B");
    assert_int_equal(comparison.object[0].count, 2);
    assert_true(tml_compared_is_shared(&comparison.object[0]));
    assert_false(tml_compared_is_shared(&comparison.object[1]));
    assert_string_equal(comparison.object[2].name, "GJ 570D & co");
    assert_int_equal(comparison.object[2].answer[0].folder, 1);
    tml_comparison_free(&comparison);
}

/* (v + 2 s - v) / hypot(s, 2 s) = 2 / sqrt(5); the sums are rounded a few times. */
static void test_differences_are_in_units_of_both_errors(void **state)
{
    tml_comparison comparison = read_folders(2);
    const tml_compared_answer *answer = comparison.object[0].answer;

    (void)state;
    for (size_t p = 0; p < answer[0].object->parameters; ++p) {
        const tml_parameter_result *like = &answer[0].object->parameter[p];
        double forth = tml_compared_difference(answer[0].object, answer[1].object, like);
        double back = tml_compared_difference(answer[1].object, answer[0].object, like);

        if (p == 2) { /* of another unit */
            assert_true(isnan(forth));
            continue;
        }
        assert_true(fabs(forth - 2.0 / sqrt(5.0)) < 1e-12);
        assert_true(fabs(forth + back) < 1e-15);
    }
    tml_comparison_free(&comparison);
}

static void test_answers_without_errors_have_no_difference(void **state)
{
    tml_comparison comparison = read_folders(2);
    tml_object_result first = *comparison.object[0].answer[0].object;
    tml_object_result second = *comparison.object[0].answer[1].object;

    (void)state;
    first.parameter[0].sd = second.parameter[0].sd = 0.0;
    assert_true(isnan(tml_compared_difference(&first, &second, &first.parameter[0])));
    first.parameter[0].sd = NAN;
    assert_true(isnan(tml_compared_difference(&first, &second, &first.parameter[0])));
    tml_comparison_free(&comparison);
}

static void test_folders_of_one_name_are_told_apart(void **state)
{
    tml_comparison comparison = read_folders(3);

    (void)state;
    assert_string_equal(comparison.folder[0].label, "a");
    assert_string_equal(comparison.folder[1].label, paths[1]);
    assert_string_equal(comparison.folder[2].label, paths[2]);
    tml_comparison_free(&comparison);
}

/* The third folder has no settings at all and does not count. */
static void test_only_settings_that_differ_are_listed(void **state)
{
    tml_comparison comparison = read_folders(3);
    tml_setting_difference *list;
    size_t count;
    tml_error error = {0, ""};

    (void)state;
    assert_int_equal(tml_setting_differences(&comparison, &list, &count, &error), TML_OK);
    assert_int_equal(count, 2);
    assert_string_equal(list[0].name, "run.seed");
    assert_string_equal(list[0].value[0], "7");
    assert_string_equal(list[0].value[1], "8");
    assert_string_equal(list[1].name, "batch.global");
    assert_string_equal(list[1].value[0], "");
    assert_string_equal(list[1].value[2], "");
    free(list);
    tml_comparison_free(&comparison);
}

/* 30 steps of 64 spectra in 1.5 s. */
static void test_facts_of_a_training(void **state)
{
    tml_comparison comparison = read_folders(3);
    tml_run_facts facts;

    (void)state;
    assert_true(tml_run_facts_of(&comparison.folder[1].sources, &facts));
    assert_true(facts.epochs == 5.0 && facts.best_epoch == 3.0 && facts.ranks == 2.0 && facts.weights == 1.0);
    assert_true(fabs(facts.samples_per_second - 1280.0) < 1e-9);
    assert_true(tml_run_facts_of(&comparison.folder[0].sources, &facts));
    assert_true(isnan(facts.samples_per_second)); /* its batch is not known */
    assert_false(tml_run_facts_of(&comparison.folder[2].sources, &facts));
    assert_null(tml_run_scores(&comparison.folder[1].sources));
    assert_string_equal(
        cJSON_GetStringValue(cJSON_GetObjectItem(tml_run_scores(&comparison.folder[0].sources), "split")),
        "test");
    tml_comparison_free(&comparison);
}

static void test_scores_of_the_test_part_are_compared(void **state)
{
    tml_comparison comparison;
    char *text = folder_load(paths[0], "evaluation.json");
    char *first = strstr(text, "\"split\": \"test\"");

    (void)state;
    memcpy(first, "\"split\": \"all\" ", strlen("\"split\": \"all\" "));
    memcpy(strstr(text, "\"split\": \"train\""), "\"split\": \"test\" ", strlen("\"split\": \"test\" "));
    folder_store(paths[0], "evaluation.json", text);
    free(text);
    comparison = read_folders(1);
    assert_true(tml_run_scores(&comparison.folder[0].sources) !=
                tml_report_scores(&comparison.folder[0].sources));
    tml_comparison_free(&comparison);
}

static void test_the_page_is_whole_and_says_what_differs(void **state)
{
    static const char *const told[] = {
        "Comparison of 2 folders",
        "785 \u00b1 31",
        "848 \u00b1 62",
        "b minus a",
        "<td class=\"number\">0.89</td>",
        "Line et al. 2017 &lt;retrieval&gt;",
        "719 \u00b1 20",
        "&lt;script&gt;&amp;&quot;&#39;../x",
        "GJ 570D &amp; co",
        "C/O [solar]",
        "C/O [dex]",
        "test, 2 spectra, S/N 30",
        "0.9800",
        "spectra per second",
        "1280",
        "run.seed",
        "What the flags mean",
        "figures/comparison_HD_3651B",
    };
    const char *const folders[] = {paths[0], paths[1]};
    char out[ROOM];
    tml_error error = {0, ""};
    char *page;

    (void)state;
    place(out, "out");
    if (make(2, folders, out, TML_REPORT_HTML | TML_REPORT_MARKDOWN | TML_REPORT_LATEX, &error) != TML_OK)
        fail_msg("%s", error.message);
    page = folder_load(out, "comparison.html");
    html_check_tags(page);
    html_check_ids(page);
    html_check_alone(page);
    assert_null(strstr(page, ">nan"));
    assert_null(strstr(page, "could not be drawn"));
    for (size_t i = 0; i < sizeof told / sizeof told[0]; ++i)
        if (strstr(page, told[i]) == NULL)
            fail_msg("'%s' is not told", told[i]);
    free(page);
    assert_true(is_there("out/figures/comparison_HD_3651B.pdf"));
    assert_true(is_there("out/comparison.md"));
    assert_true(is_there("out/comparison.tex"));
    assert_false(is_there("a/report.json"));
    assert_false(is_there("a/figures"));
}

static void test_the_document_holds_what_the_page_says(void **state)
{
    const char *const folders[] = {paths[0], paths[1]};
    char out[ROOM];
    tml_error error = {0, ""};
    const cJSON *result, *object, *difference;
    cJSON *document;
    char *text;

    (void)state;
    place(out, "out");
    assert_int_equal(make(2, folders, out, TML_REPORT_HTML, &error), TML_OK);
    text = folder_load(out, "comparison.json");
    document = cJSON_Parse(text);
    free(text);
    assert_non_null(document);
    assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItem(document, "schema")),
                        "telescopeml.comparison/1");
    result = cJSON_GetObjectItem(document, "result");
    assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(result, "folders")), 2);
    assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(result, "settings")), 2);
    assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(result, "objects")), 3);
    object = cJSON_GetArrayItem(cJSON_GetObjectItem(result, "objects"), 0);
    assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(object, "answers")), 2);
    difference = cJSON_GetObjectItem(cJSON_GetArrayItem(cJSON_GetObjectItem(object, "differences"), 0),
                                     "parameters");
    assert_int_equal(cJSON_GetArraySize(difference), 3); /* not C/O, whose units differ */
    assert_true(fabs(cJSON_GetObjectItem(difference, "teff")->valuedouble - 2.0 / sqrt(5.0)) < 1e-12);
    cJSON_Delete(document);
}

/* ---- places ---- */

static void test_a_report_goes_where_it_is_told(void **state)
{
    const char *const folders[] = {paths[0]};
    char out[ROOM];
    tml_error error = {0, ""};

    (void)state;
    place(out, "out");
    assert_int_equal(make(1, folders, out, TML_REPORT_HTML | TML_REPORT_LATEX, &error), TML_OK);
    assert_true(is_there("out/report.html"));
    assert_true(is_there("out/tables.tex"));
    assert_false(is_there("out/report.md"));
    assert_true(is_there("out/figures/HD_3651B_model.svg"));
    assert_false(is_there("a/report.html"));
    assert_false(is_there("a/figures"));

    place(out, "out/mine.html");
    assert_int_equal(make(1, folders, out, TML_REPORT_HTML | TML_REPORT_LATEX | TML_REPORT_MARKDOWN, &error),
                     TML_OK);
    assert_true(is_there("out/mine.html"));
    assert_true(is_there("out/mine.json"));
    assert_true(is_there("out/mine.tex"));
    assert_true(is_there("out/mine.md"));
}

static void expect_refused(size_t count, const char *const *folders, const char *out, tml_status status,
                           const char *named)
{
    tml_error error = {0, ""};
    tml_status got = make(count, folders, out, TML_REPORT_HTML, &error);

    if (got != status || strstr(error.message, named) == NULL)
        fail_msg("status %d, told '%s' instead of something of %s", (int)got, error.message, named);
    assert_false(is_there("out/comparison.json"));
    assert_false(is_there("out/figures"));
}

static void test_what_is_wrong_is_refused_by_name(void **state)
{
    const char *const absent[] = {paths[0], "not/there"};
    const char *const one_empty[] = {paths[0], paths[3], paths[1]};
    const char *const good[] = {paths[0], paths[1]};
    char twice[ROOM], out[ROOM], file[ROOM];
    const char *const same[] = {paths[0], paths[1], twice};

    (void)state;
    place(twice, "b/../a/");
    place(out, "out");
    place(file, "a/results.h5");
    expect_refused(2, absent, out, TML_NO_INPUT, "not/there");
    expect_refused(3, one_empty, out, TML_NO_INPUT, "empty: there is nothing to report on");
    expect_refused(3, same, out, TML_USAGE, "the same folder");
    expect_refused(2, good, NULL, TML_USAGE, "--out");
    expect_refused(2, good, "not/there", TML_CANNOT_CREATE, "not/there: there is no such folder");
    expect_refused(2, good, "not/there/x.html", TML_CANNOT_CREATE, "not/there/x.html");
    expect_refused(2, good, file, TML_CANNOT_CREATE, "results.h5");
    expect_refused(1, good, "not/there", TML_CANNOT_CREATE, "not/there");
}

static void test_damage_in_one_of_several_is_named(void **state)
{
    const char *const folders[] = {paths[0], paths[1]};
    char out[ROOM];

    (void)state;
    folder_store(paths[1], "history.csv", "epoch,step\nx,1\n");
    place(out, "out");
    expect_refused(2, folders, out, TML_BAD_DATA, "b/history.csv");
}

#define FOLDERS(function) cmocka_unit_test_setup_teardown(function, make_folders, drop_folders)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FOLDERS(test_objects_are_matched_by_name),
        FOLDERS(test_differences_are_in_units_of_both_errors),
        FOLDERS(test_answers_without_errors_have_no_difference),
        FOLDERS(test_folders_of_one_name_are_told_apart),
        FOLDERS(test_only_settings_that_differ_are_listed),
        FOLDERS(test_facts_of_a_training),
        FOLDERS(test_scores_of_the_test_part_are_compared),
        FOLDERS(test_the_page_is_whole_and_says_what_differs),
        FOLDERS(test_the_document_holds_what_the_page_says),
        FOLDERS(test_a_report_goes_where_it_is_told),
        FOLDERS(test_what_is_wrong_is_refused_by_name),
        FOLDERS(test_damage_in_one_of_several_is_named),
    };

    tml_log_setup(0, TML_LOG_ERROR);
    unsetenv("DISPLAY");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
