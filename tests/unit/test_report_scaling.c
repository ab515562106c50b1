/** @file test_report_scaling.c
 * A folder with scaling.csv and phases.csv gives a report with the section "Speed", its numbers and its
 * figures; what is damaged is refused with file, line and column. */
#include "report/report.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "html_check.h"
#include "results_example.h"

#include "report_folder.h"

#define HEADER "kind,ranks,threads,repeat,batch,samples_per_second,communication_share,digest\n"
#define PHASE_HEADER "rank,host,compute,communication,input,waiting\n"

static char folder[64];

static int make_folder(void **state)
{
    (void)state;
    strcpy(folder, "speed-XXXXXX");
    if (mkdtemp(folder) == NULL)
        return 1;
    folder_store(folder, "scaling.csv",
                 HEADER "strong,4,1,0,512,300,0.2,aa\nstrong,1,1,0,512,90,,aa\nstrong,1,1,1,512,110,nan,aa\n"
                        "strong,1,1,2,512,100,,aa\nweak,2,1,0,256,210,0.1,bb\nweak,1,1,0,128,120,0,cc\n");
    folder_store(folder, "phases.csv", PHASE_HEADER "1,node<2>,8,1,0.5,0\n0,node1,5,1,0.5,3\n");
    return 0;
}

static int drop_folder(void **state)
{
    (void)state;
    folder_remove(folder);
    return 0;
}

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
    static const char *const names[] = {"scaling_strong", "scaling_weak", "phases"};
    static const char *const endings[] = {"pdf", "svg", "png"};
    char *page = write_report();

    (void)state;
    for (int i = 0; i < 3; ++i) {
        char path[96];

        for (int f = 0; f < 3; ++f) {
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

static void test_what_the_reader_is_told(void **state)
{
    static const char *const told[] = {"<h2>Speed</h2>",
                                       "<a href=\"#speed\">Speed</a>",
                                       "100.0</td><td>100.0 %</td><td>\u2013</td>",
                                       "300.0</td><td>75.0 %</td><td>20.0 %</td>",
                                       "210.0</td><td>87.5 %</td><td>10.0 %</td>",
                                       "Strong scaling: same weights at every point.",
                                       "rank 1 on node&lt;2&gt;, busy for 9.5 s"};
    char *page = write_report();

    (void)state;
    for (size_t i = 0; i < sizeof told / sizeof told[0]; ++i)
        expect_told(page, told[i]);
    /* A weak study has another batch at each point, and with it other weights. */
    assert_null(strstr(page, "Weak scaling: the weights"));
    html_check_tags(page);
    html_check_ids(page);
    html_check_alone(page);
    free(page);
}

static void test_weights_that_differ_are_told(void **state)
{
    char *page;

    (void)state;
    folder_store(folder, "scaling.csv", HEADER "strong,1,1,0,512,90,,aa\nstrong,2,1,0,512,170,,ab\n");
    page = write_report();
    expect_told(page, "Strong scaling: the weights differ.");
    free(page);
    folder_store(folder, "scaling.csv", HEADER "strong,1,1,0,512,90,,aa\nstrong,2,1,0,512,170,,\n");
    page = write_report();
    assert_null(strstr(page, "same weights"));
    assert_null(strstr(page, "the weights differ"));
    free(page);
}

static double number_of(const cJSON *object, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);

    return cJSON_IsNumber(item) ? item->valuedouble : (double)NAN;
}

/* Numbers that are written with all their digits: 1e-12 is rounding alone. */
static void test_the_document_holds_the_numbers(void **state)
{
    const cJSON *speed, *strong, *point, *phases;
    char *page = write_report(), *text = folder_load(folder, "report.json");
    cJSON *document = cJSON_Parse(text);

    (void)state;
    speed = cJSON_GetObjectItemCaseSensitive(cJSON_GetObjectItemCaseSensitive(document, "result"), "speed");
    strong = cJSON_GetObjectItemCaseSensitive(speed, "strong");
    assert_true(cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(strong, "same_weights")));
    point = cJSON_GetArrayItem(cJSON_GetObjectItemCaseSensitive(strong, "points"), 0);
    assert_true(fabs(number_of(point, "repeats") - 3.0) <= 0.0);
    assert_true(fabs(number_of(point, "slowest") - 90.0) <= 1e-12);
    assert_true(cJSON_IsNull(cJSON_GetObjectItemCaseSensitive(point, "communication_share")));
    point = point->next;
    assert_true(fabs(number_of(point, "speed_up") - 3.0) <= 1e-12);
    assert_true(fabs(number_of(point, "efficiency") - 0.75) <= 1e-12);
    phases = cJSON_GetObjectItemCaseSensitive(speed, "phases");
    assert_true(fabs(number_of(phases, "slowest_rank") - 1.0) <= 0.0);
    assert_true(fabs(number_of(phases, "slowest_busy_seconds") - 9.5) <= 1e-12);
    cJSON_Delete(document);
    free(text);
    free(page);
}

/* 2 ranks of 2 threads are measured by 4. */
static void test_threads_count_where_they_differ(void **state)
{
    char *page;

    (void)state;
    folder_store(folder, "scaling.csv", HEADER "strong,1,1,0,512,100,,aa\nstrong,2,2,0,512,300,,aa\n");
    page = write_report();
    expect_told(page, "2 \u00d7 2 threads</th><td>300.0</td><td>75.0 %</td>");
    free(page);
}

static void test_one_file_is_enough(void **state)
{
    char *page;

    (void)state;
    remove(folder_path(folder, "scaling.csv"));
    page = write_report();
    expect_told(page, "<h2>Speed</h2>");
    assert_null(strstr(page, "scaling_strong"));
    free(page);
}

/* The damage is in the last line. */
static void expect_refused(const char *name, const char *contents, const char *where)
{
    tml_error error = {0, ""};
    char line[32];
    int lines = 0;

    for (const char *end = contents; *end != '\0'; ++end)
        lines += *end == '\n';
    snprintf(line, sizeof line, ": line %d", lines);
    folder_store(folder, name, contents);
    assert_int_equal(tml_report_write(folder, &error), TML_BAD_DATA);
    if (strstr(error.message, name) == NULL || strstr(error.message, line) == NULL ||
        strstr(error.message, where) == NULL)
        fail_msg("'%s' does not name %s%s, %s", error.message, name, line, where);
    assert_int_not_equal(access(folder_path(folder, "report.html"), F_OK), 0);
}

static void test_a_damaged_study_is_refused(void **state)
{
    static const char *const damaged[][2] = {
        {"kind,ranks,threads,repeat,batch,samples_per_second,digest\n", "'communication_share'"},
        {HEADER "strong,0,1,0,512,90,,aa\n", "column 'ranks'"},
        {HEADER "strong,1.5,1,0,512,90,,aa\n", "column 'ranks'"},
        {HEADER "strong,1,1,0,512,90,,aa\nstrong,1,0,0,512,90,,aa\n", "column 'threads'"},
        {HEADER "strong,1,1,0,512,fast,,aa\n", "column 'samples_per_second'"},
        {HEADER "strong,1,1,0,512,nan,,aa\n", "column 'samples_per_second'"},
        {HEADER "strong,1,1,0,512,0,,aa\n", "column 'samples_per_second'"},
        {HEADER "strong,1,1,0,512,90,1.5,aa\n", "column 'communication_share'"},
        {HEADER "strong,1,1,0,512,90,much,aa\n", "column 'communication_share'"},
        {HEADER "upwards,1,1,0,512,90,,aa\n", "column 'kind'"},
        {HEADER "strong,1,1,0,512,90,,aa\nstrong,2,1,0,256,90,,aa\n", "column 'batch'"},
        {HEADER "weak,1,1,0,512,90,,aa\nweak,1,1,1,256,90,,aa\n", "column 'batch'"},
        {HEADER "strong,1,1,0,512,90\n", ""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof damaged / sizeof damaged[0]; ++i) {
        expect_refused("scaling.csv", damaged[i][0], damaged[i][1]);
    }
}

static void test_damaged_phases_are_refused(void **state)
{
    static const char *const damaged[][2] = {
        {"rank,host,compute,communication,input\n", "'waiting'"},
        {PHASE_HEADER "-1,a,1,1,1,1\n", "column 'rank'"},
        {PHASE_HEADER "0,a,1,1,1,1\n1,a,1,long,1,1\n", "column 'communication'"},
        {PHASE_HEADER "0,a,1,1,-1,1\n", "column 'input'"},
        {PHASE_HEADER "0,a,1,1,1,1\n0,a,1,1,1,1\n", "column 'rank'"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof damaged / sizeof damaged[0]; ++i) {
        expect_refused("phases.csv", damaged[i][0], damaged[i][1]);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_every_figure_is_there, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(test_what_the_reader_is_told, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(test_weights_that_differ_are_told, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(test_the_document_holds_the_numbers, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(test_threads_count_where_they_differ, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(test_one_file_is_enough, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(test_a_damaged_study_is_refused, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(test_damaged_phases_are_refused, make_folder, drop_folder),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
