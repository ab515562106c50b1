/** @file test_table_scores.c
 * Ranges as they are typed, and the scores of labelled predictions by hand. */
#include "commands/table_scores.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* ---- ranges ---- */

static void test_ranges_as_they_are_typed(void **state)
{
    tml_table_ranges ranges;
    tml_error error = {0, ""};

    (void)state;
    assert_int_equal(tml_table_ranges_parse(NULL, &ranges, &error), TML_OK);
    assert_string_equal(ranges.target, "teff");
    assert_int_equal(ranges.edges, 5);
    assert_true(ranges.edge[0] == 400.0 && ranges.edge[4] == 2600.0);
    assert_int_equal(tml_table_ranges_parse("met:-1.5,0,2e-1", &ranges, &error), TML_OK);
    assert_string_equal(ranges.target, "met");
    assert_int_equal(ranges.edges, 3);
    assert_true(ranges.edge[0] == -1.5 && ranges.edge[1] == 0.0 && ranges.edge[2] == 0.2);
}

static void expect_refused(const char *text, const char *words)
{
    tml_table_ranges ranges;
    tml_error error = {0, ""};

    assert_int_equal(tml_table_ranges_parse(text, &ranges, &error), TML_USAGE);
    if (strstr(error.message, words) == NULL)
        fail_msg("'%s' is not in '%s'", words, error.message);
    assert_non_null(strstr(error.message, "--ranges"));
}

static void test_ranges_that_are_none(void **state)
{
    char long_name[100];
    char long_number[200] = "teff:1,";

    (void)state;
    expect_refused("", "NAME:A,B,...");
    expect_refused("teff", "NAME:A,B,...");
    expect_refused(":1,2", "NAME:A,B,...");
    expect_refused("400,1000", "NAME:A,B,...");
    memset(long_name, 'x', sizeof long_name);
    memcpy(long_name + 90, ":1,2", 5);
    expect_refused(long_name, "NAME:A,B,...");
    expect_refused("teff:400", "two edges or more");
    expect_refused("teff:", "ascending edges");
    expect_refused("teff:400,", "ascending edges");
    expect_refused("teff:400,,500", "ascending edges");
    expect_refused("teff:400,400", "not '400'");
    expect_refused("teff:400,300", "not '300'");
    expect_refused("teff:nan,300", "not 'nan'");
    expect_refused("teff:1,inf", "not 'inf'");
    expect_refused("teff:1,2x", "not '2x'");
    memset(long_number + strlen(long_number), '9', 100); /* more than a number is given */
    expect_refused(long_number, "ascending edges");
}

/* The last edge that there is room for, and one more. */
static void test_as_many_ranges_as_there_is_room_for(void **state)
{
    char text[16 + 8 * (TML_TABLE_RANGES + 2)] = "teff:0";
    tml_table_ranges ranges;
    tml_error error = {0, ""};

    (void)state;
    for (int i = 1; i <= TML_TABLE_RANGES; ++i)
        snprintf(text + strlen(text), sizeof text - strlen(text), ",%d", i);
    assert_int_equal(tml_table_ranges_parse(text, &ranges, &error), TML_OK);
    assert_int_equal(ranges.edges, TML_TABLE_RANGES + 1);
    assert_true(ranges.edge[TML_TABLE_RANGES] == TML_TABLE_RANGES);
    snprintf(text + strlen(text), sizeof text - strlen(text), ",%d", TML_TABLE_RANGES + 1);
    expect_refused(text, "at most 33");
}

/* ---- scores ---- */

static tml_table_scores *make_scores(const char *range)
{
    static tml_model model;
    tml_table_ranges ranges;
    tml_table_scores *scores = NULL;
    tml_error error = {0, ""};

    memset(&model, 0, sizeof model);
    model.settings.targets.count = 2;
    snprintf(model.settings.targets.item[0], TML_CONFIG_NAME, "logg");
    snprintf(model.settings.targets.item[1], TML_CONFIG_NAME, "teff");
    snprintf(model.target_unit[1], sizeof model.target_unit[1], "K");
    assert_int_equal(tml_table_ranges_parse(range, &ranges, &error), TML_OK);
    assert_int_equal(tml_table_scores_create(&model, &ranges, &scores, &error), TML_OK);
    return scores;
}

/* A prediction off by `off`, with intervals of 20 and 50 around it. */
static void add(tml_table_scores *scores, double label, double off)
{
    double value = label + off;
    const tml_table_pair pair = {1, label, value, value - 50.0, value - 20.0, value + 20.0, value + 50.0};
    tml_error error = {0, ""};

    assert_int_equal(tml_table_scores_add(scores, &pair, &error), TML_OK);
}

static double number(const cJSON *entry, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(entry, name);

    assert_true(cJSON_IsNumber(item) || cJSON_IsRaw(item)); /* raw: with the digits that it needs */
    return cJSON_IsRaw(item) ? strtod(item->valuestring, NULL) : item->valuedouble;
}

/* Errors 10, -30, 60, 0: mean 10, median 5; distances from it 5, 35, 55, 5: median 20; squares 4600 / 4. */
static void check_first_range(const cJSON *entry)
{
    assert_string_equal(cJSON_GetObjectItem(entry, "target")->valuestring, "teff");
    assert_string_equal(cJSON_GetObjectItem(entry, "unit")->valuestring, "K");
    assert_true(number(entry, "low") == 400.0 && number(entry, "high") == 1000.0);
    assert_true(number(entry, "count") == 4.0);
    assert_true(fabs(number(entry, "bias") - 10.0) < 1e-12);
    assert_true(fabs(number(entry, "median_bias") - 5.0) < 1e-12);
    assert_true(fabs(number(entry, "scatter_mad") - 20.0) < 1e-12);
    assert_true(fabs(number(entry, "rmse") - sqrt(4600.0 / 4.0)) < 1e-12);
    assert_true(number(entry, "coverage68") == 0.5);
    assert_true(number(entry, "coverage95") == 0.75);
}

/* A label on an edge belongs to the range above it; ranges without a label are left out. */
static void test_scores_by_hand(void **state)
{
    tml_table_scores *scores = make_scores(NULL);
    cJSON *list;

    (void)state;
    add(scores, 400.0, 10.0);
    add(scores, 500.0, -30.0);
    add(scores, 700.0, 60.0);
    add(scores, 999.0, 0.0);
    add(scores, 1400.0, 20.0); /* on the lower edge of an interval and of a range */
    add(scores, 1500.0, -20.0);
    add(scores, 2600.0, -51.0);
    list = tml_table_scores_json(scores);
    assert_int_equal(cJSON_GetArraySize(list), 3);
    check_first_range(cJSON_GetArrayItem(list, 0));
    assert_true(number(cJSON_GetArrayItem(list, 1), "low") == 1400.0);
    assert_true(number(cJSON_GetArrayItem(list, 1), "count") == 2.0);
    assert_true(number(cJSON_GetArrayItem(list, 1), "coverage68") == 1.0);
    assert_true(number(cJSON_GetArrayItem(list, 2), "low") == 400.0);
    assert_true(number(cJSON_GetArrayItem(list, 2), "high") == 2600.0);
    assert_true(number(cJSON_GetArrayItem(list, 2), "count") == 7.0);
    assert_true(fabs(number(cJSON_GetArrayItem(list, 2), "bias") + 11.0 / 7.0) < 1e-12);
    cJSON_Delete(list);
    tml_table_scores_free(&scores);
    assert_null(scores);
}

/* Ranges of one target; the other is taken as a whole. */
static void test_only_the_named_target_is_cut(void **state)
{
    tml_table_scores *scores = make_scores("logg:4,5");
    cJSON *list;

    (void)state;
    add(scores, 4.5, 1.0); /* a teff */
    list = tml_table_scores_json(scores);
    assert_int_equal(cJSON_GetArraySize(list), 1);
    assert_string_equal(cJSON_GetObjectItem(cJSON_GetArrayItem(list, 0), "target")->valuestring, "teff");
    assert_true(number(cJSON_GetArrayItem(list, 0), "low") == 4.5);
    cJSON_Delete(list);
    tml_table_scores_free(&scores);
}

/* More than the first room, and the same scores for any order. */
static void test_many_predictions(void **state)
{
    tml_table_scores *scores = make_scores(NULL);
    cJSON *list;

    (void)state;
    for (int i = 0; i < 5000; ++i)
        add(scores, 500.0 + i % 100, i % 5 - 2.0);
    list = tml_table_scores_json(scores);
    assert_true(number(cJSON_GetArrayItem(list, 0), "count") == 5000.0);
    assert_true(fabs(number(cJSON_GetArrayItem(list, 0), "bias")) < 1e-12);
    assert_true(fabs(number(cJSON_GetArrayItem(list, 0), "rmse") - sqrt(2.0)) < 1e-12);
    assert_true(number(cJSON_GetArrayItem(list, 0), "scatter_mad") == 1.0);
    cJSON_Delete(list);
    tml_table_scores_free(&scores);
}

static void test_printed_as_a_table(void **state)
{
    tml_table_scores *scores = make_scores(NULL);
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);

    (void)state;
    assert_non_null(out);
    tml_table_scores_print(out, scores);
    fflush(out);
    assert_int_equal(length, 0); /* no label, no table */
    add(scores, 700.0, 60.0);
    tml_table_scores_print(out, scores);
    assert_int_equal(fclose(out), 0);
    assert_non_null(
        strstr(text, "teff               400      1000       1         60         60          0"));
    free(text);
    tml_table_scores_free(&scores);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ranges_as_they_are_typed),
        cmocka_unit_test(test_ranges_that_are_none),
        cmocka_unit_test(test_as_many_ranges_as_there_is_room_for),
        cmocka_unit_test(test_scores_by_hand),
        cmocka_unit_test(test_only_the_named_target_is_cut),
        cmocka_unit_test(test_many_predictions),
        cmocka_unit_test(test_printed_as_a_table),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
