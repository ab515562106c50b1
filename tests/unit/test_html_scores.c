/** @file test_html_scores.c
 * Scores in report.html: with their intervals where evaluation.json has them, without where it has none. */
#include "report/report.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "unit/results_example.h"

#include "unit/report_folder.h"

#define SCORES                                                                                               \
    "\"unit\": \"K\", \"r2\": 0.98, \"rmse\": 21.5, \"mae\": 15, \"bias\": -0.25, \"sd\": 21.4, "            \
    "\"skewness\": null, \"ceiling_r2\": null"
#define INTERVALS                                                                                            \
    ", \"r2_low\": 0.97126, \"r2_high\": 0.99, \"rmse_low\": 18.25, \"rmse_high\": 24.125, \"mae_low\": "    \
    "13, "                                                                                                   \
    "\"mae_high\": 17.5, \"bias_low\": -6, \"bias_high\": 5.5"
#define UNKNOWN                                                                                              \
    ", \"r2_low\": null, \"r2_high\": null, \"rmse_low\": null, \"rmse_high\": null, \"mae_low\": null, "    \
    "\"mae_high\": null, \"bias_low\": null, \"bias_high\": null"

#define SHARP ", \"r2_low\": 0.979951, \"r2_high\": 0.980049"

/* The page of a folder with scores and nothing else; to be freed. */
static char *page_with(const char *intervals)
{
    char folder[] = "scores-XXXXXX";
    char document[2048];
    char *page;
    tml_error error = {0, ""};

    assert_non_null(mkdtemp(folder));
    snprintf(document, sizeof document,
             "{\"schema\": \"telescopeml.evaluate/1\", \"version\": \"0.1.0\", \"status\": \"done\", "
             "\"exit_code\": 0, \"warnings\": [], \"result\": {\"split\": \"test\", \"rows\": 65, \"noise\": "
             "{\"snr\": null}, \"targets\": {\"teff\": {" SCORES "%s}}, \"baseline\": {\"name\": \"nearest "
             "grid point\", \"targets\": {\"teff\": {" SCORES UNKNOWN
             "}}, \"beaten\": [], \"beats_baseline\": "
             "false}, \"model\": \"model.h5\", \"other_splits\": []}}\n",
             intervals);
    folder_store(folder, "evaluation.json", document);
    if (tml_report_write(folder, &error) != TML_OK)
        fail_msg("%s", error.message);
    page = folder_load(folder, "report.html");
    folder_remove(folder);
    return page;
}

static void assert_has(const char *page, const char *text)
{
    if (strstr(page, text) == NULL)
        fail_msg("not there: %s", text);
}

static void test_scores_have_their_intervals(void **state)
{
    char *page = page_with(INTERVALS);

    (void)state;
    assert_has(page, ">0.9800<br><small class=\"muted\">(0.9713\u00a0to\u00a00.9900)<");
    assert_has(page, ">21.5<br><small class=\"muted\">(18.2\u00a0to\u00a024.1)<");
    assert_has(page, ">15.0<br><small class=\"muted\">(13.0\u00a0to\u00a017.5)<");
    assert_has(page, ">\u22120.2<br><small class=\"muted\">(\u22126.0\u00a0to\u00a05.5)<");
    assert_has(page, ">21.5<"); /* the grid point */
    assert_has(page, "95 % intervals");
    free(page);
}

static void test_a_sharp_r2_has_more_decimals(void **state)
{
    char *page = page_with(SHARP);

    (void)state;
    assert_has(page, ">0.98000<br><small class=\"muted\">(0.97995\u00a0to\u00a00.98005)<");
    assert_has(page, ">0.9800<"); /* the grid point */
    free(page);
}

static void test_scores_without_intervals_stand_alone(void **state)
{
    static const char *const unknown[] = {UNKNOWN, ""};

    (void)state;
    for (size_t i = 0; i < 2; ++i) {
        char *page = page_with(unknown[i]);

        assert_has(page, ">0.9800<");
        assert_has(page, ">\u22120.2<");
        assert_null(strstr(page, "95 % intervals"));
        assert_null(strstr(page, "not known"));
        free(page);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_scores_have_their_intervals),
        cmocka_unit_test(test_a_sharp_r2_has_more_decimals),
        cmocka_unit_test(test_scores_without_intervals_stand_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
