/** @file test_config.c
 * What the reader of the configuration accepts, and what it says about everything else. */
#include "core/config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "config_example.h"

/* The text is accepted; the result is in `settings`, from the defaults. */
static void accept(const char *text, example_settings *settings)
{
    tml_error error = {0, ""};

    tml_config_defaults(&example, settings);
    if (tml_config_read_text(&example, text, "train.yml", settings, sizeof *settings, &error) != TML_OK)
        fail_msg("refused: %s", error.message);
}

/* The text is refused with exactly this message, and the settings stay as they were. */
static void refuse(const char *text, const char *message)
{
    example_settings before;
    example_settings settings;
    tml_error error = {0, ""};

    memset(&before, 7, sizeof before);
    settings = before;
    assert_int_equal(tml_config_read_text(&example, text, "train.yml", &settings, sizeof settings, &error),
                     TML_CONFIG);
    assert_string_equal(error.message, message);
    assert_memory_equal(&settings, &before, sizeof settings);
}

/* As refuse, for messages of which libyaml writes a part. */
static void refuse_part(const char *text, const char *part)
{
    example_settings settings;
    tml_error error = {0, ""};

    tml_config_defaults(&example, &settings);
    assert_int_equal(tml_config_read_text(&example, text, "train.yml", &settings, sizeof settings, &error),
                     TML_CONFIG);
    if (strstr(error.message, part) == NULL)
        fail_msg("'%s' does not contain '%s'", error.message, part);
}

static void test_defaults_are_those_of_the_table(void **state)
{
    example_settings settings;

    (void)state;
    memset(&settings, 0xff, sizeof settings);
    tml_config_defaults(&example, &settings);
    assert_int_equal(settings.seed, 42);
    assert_true(settings.rate == 1e-4);
    assert_string_equal(settings.path, "grid.h5");
    assert_int_equal(settings.kind, 0);
    assert_int_equal(settings.weights.count, 2);
    assert_true(settings.weights.item[1] == 1.0);
    assert_int_equal(settings.targets.count, 2);
    assert_string_equal(settings.targets.item[1], "logg");
    assert_int_equal(settings.log10.count, 0);
}

static void test_a_file_without_content_is_all_defaults(void **state)
{
    static const char *const texts[] = {"", "\n", "# nothing\n", "---\n", "---\n...\n", "{}", "grid: {}\n"};
    example_settings defaults;

    (void)state;
    tml_config_defaults(&example, &defaults);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; ++i) {
        example_settings settings;

        accept(texts[i], &settings);
        for (size_t k = 0; k < example.count; ++k)
            assert_true(tml_config_equal(&example.keys[k], &settings, &defaults));
    }
}

static void test_block_and_flow_style_read_alike(void **state)
{
    static const char *const texts[] = {
        "run:\n  seed: 7\nnetwork:\n  kind: plain\ngrid:\n  targets:\n    - a\n    - b\nloss:\n  weights: "
        "[1, .5]\n",
        "run: {seed: 7}\nnetwork: {kind: plain}\ngrid: {targets: [a, b]}\nloss: {weights: [1, 5e-1]}\n",
        "{run: {seed: +7}, network: {'kind': \"plain\"}, grid: {targets: [\"a\", 'b']}, loss: {weights: [1., "
        "0.5]}}",
        "\xEF\xBB\xBF# with a byte order mark and line ends of another system\r\nrun: {seed: "
        "7}\r\nnetwork:\r\n  kind: "
        "plain\r\ngrid: {targets: [a, b]}\r\nloss: {weights: [1, 0.05E+1]}\r\n"};

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; ++i) {
        example_settings settings;

        accept(texts[i], &settings);
        assert_int_equal(settings.seed, 7);
        assert_int_equal(settings.kind, 1);
        assert_int_equal(settings.targets.count, 2);
        assert_string_equal(settings.targets.item[1], "b");
        assert_int_equal(settings.weights.count, 2);
        assert_true(settings.weights.item[1] == 0.5);
        assert_int_equal(settings.conv_filters, 32); /* not mentioned */
    }
}

static void test_numbers_are_typed_by_the_table(void **state)
{
    example_settings settings;

    (void)state;
    accept("optimiser: {learning_rate: 1e-4}\ngrid: {offset: -1}", &settings);
    assert_true(settings.rate == 1e-4);
    assert_true(settings.offset == -1.0);
    accept("optimiser: {learning_rate: 1}\nrun: {seed: 9223372036854775807}", &settings);
    assert_true(settings.rate == 1.0);
    assert_int_equal(settings.seed, INT64_MAX);
}

static void test_texts_keep_what_yaml_would_retype(void **state)
{
    example_settings settings;

    (void)state;
    accept("grid: {path: 2024}", &settings);
    assert_string_equal(settings.path, "2024");
    accept("grid: {path: 'null'}\nnetwork: {kind: off}", &settings);
    assert_string_equal(settings.path, "null");
    assert_int_equal(settings.kind, 2);
    accept("grid: {path: \"\"}", &settings);
    assert_string_equal(settings.path, "");
    accept("grid:\n  path: my grid/f\xC3\xBCr # comment\n", &settings);
    assert_string_equal(settings.path, "my grid/f\xC3\xBCr");
}

static void test_a_misspelt_key_names_the_nearest(void **state)
{
    (void)state;
    refuse("run: {seed: 1}\nnetwork:\n  kind: plain\n  conv_filter: 32\n",
           "train.yml:4:3: unknown key \"network.conv_filter\", did you mean \"conv_filters\"?");
    refuse("network: {learnig_rate: 1}",
           "train.yml:1:11: unknown key \"network.learnig_rate\", did you mean \"optimiser.learning_rate\"?");
    refuse(
        "network: {zzzzzzzz: 1}",
        "train.yml:1:11: unknown key \"network.zzzzzzzz\"; the keys of \"network\" are kind, conv_filters");
}

static void test_a_key_in_the_wrong_section_is_sent_home(void **state)
{
    (void)state;
    refuse("grid:\n  rule: file\n",
           "train.yml:2:3: unknown key \"grid.rule\"; \"rule\" belongs in section split");
    refuse("rule: file\n",
           "train.yml:1:1: unknown section \"rule\"; it is a key that belongs in section split");
}

static void test_a_misspelt_section_names_the_nearest(void **state)
{
    (void)state;
    refuse("\n  netwrok:\n    kind: plain\n",
           "train.yml:2:3: unknown section \"netwrok\", did you mean \"network\"?");
    refuse("zzzzzzzz: {}",
           "train.yml:1:1: unknown section \"zzzzzzzz\"; the sections are run, network, optimiser, "
           "grid, loss, split");
}

static void test_a_misspelt_choice_names_the_nearest_and_lists_all(void **state)
{
    (void)state;
    refuse("split: {rule: radnom}", "train.yml:1:15: \"split.rule\" is radnom, did you mean \"random\"? "
                                    "Wanted: one of groups, random, file");
    refuse("split: {rule: 12345678}",
           "train.yml:1:15: \"split.rule\" is 12345678, wanted: one of groups, random, file");
    refuse("grid: {log10: [teff, lgg]}",
           "train.yml:1:22: \"grid.log10\" is lgg, did you mean \"logg\"? Wanted: one "
           "of teff, logg, met");
}

static void test_wrong_types_say_what_was_found_and_what_is_wanted(void **state)
{
    (void)state;
    refuse(
        "network: {conv_filters: 1.5}",
        "train.yml:1:25: \"network.conv_filters\" is 1.5, wanted: a whole number from 1 to 4096 (filters)");
    refuse("network: {conv_filters: \"32\"}",
           "train.yml:1:25: \"network.conv_filters\" is the text \"32\" in quotes, "
           "wanted: a whole number from 1 to 4096 (filters)");
    refuse("network: {conv_filters: [32]}", "train.yml:1:25: \"network.conv_filters\" is a list, wanted: a "
                                            "whole number from 1 to 4096 (filters)");
    refuse("network: {conv_filters: {a: 1}}", "train.yml:1:25: \"network.conv_filters\" is a mapping, "
                                              "wanted: a whole number from 1 to 4096 (filters)");
    refuse(
        "optimiser: {learning_rate: fast}",
        "train.yml:1:28: \"optimiser.learning_rate\" is fast, wanted: a number from 0.0 to 1.0 (per step)");
    refuse("grid: {offset: '1'}",
           "train.yml:1:16: \"grid.offset\" is the text \"1\" in quotes, wanted: a number (dex)");
    refuse(
        "loss: {weights: 1}",
        "train.yml:1:17: \"loss.weights\" is 1, wanted: a list such as [1, 2] of numbers from 0.0 to 10.0");
    refuse("loss: {weights: [1, x]}",
           "train.yml:1:21: item 2 of \"loss.weights\" is x, wanted: a number from 0.0 to 10.0");
    refuse("grid: {path: [a]}", "train.yml:1:14: \"grid.path\" is a list, wanted: a text");
    refuse("grid: {log10: teff}",
           "train.yml:1:15: \"grid.log10\" is teff, wanted: a list such as [a, b] out of teff, logg, met");
}

static void test_notations_that_yaml_reads_otherwise_are_no_numbers(void **state)
{
    static const char *const words[] = {
        "010", "0x10", "1_000", "1:30", "1e3", "1.0", "++1", "+-1", "1 2", "-", "9999999999999999999",
        "true"};
    static const char *const reals[] = {".inf", "-.inf", ".nan", "nan",   "inf",   "infinity", "0x1p3", "010",
                                        "1e",   "e5",    ".",    "1e400", "1.5.2", "1e5x",     "yes"};
    char text[96];

    (void)state;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; ++i) {
        snprintf(text, sizeof text, "run: {seed: %s}", words[i]);
        refuse_part(text, "wanted: a whole number from 0");
    }
    for (size_t i = 0; i < sizeof reals / sizeof reals[0]; ++i) {
        snprintf(text, sizeof text, "grid: {offset: %s}", reals[i]);
        refuse_part(text, "wanted: a number (dex)");
    }
}

static void test_values_out_of_range_are_refused(void **state)
{
    (void)state;
    refuse("network: {conv_filters: 0}",
           "train.yml:1:25: \"network.conv_filters\" is 0, wanted: a whole number from 1 to 4096 (filters)");
    refuse(
        "network: {conv_filters: 4097}",
        "train.yml:1:25: \"network.conv_filters\" is 4097, wanted: a whole number from 1 to 4096 (filters)");
    refuse("run: {seed: -1}", "train.yml:1:13: \"run.seed\" is -1, wanted: a whole number from 0");
    refuse("loss: {weights: [0, 10.5]}",
           "train.yml:1:21: item 2 of \"loss.weights\" is 10.5, wanted: a number from 0.0 to 10.0");
}

static void test_empty_values_are_refused(void **state)
{
    static const char *const nulls[] = {"", "~", "null", "Null", "NULL"};
    char text[64];

    (void)state;
    for (size_t i = 0; i < sizeof nulls / sizeof nulls[0]; ++i) {
        snprintf(text, sizeof text, "grid:\n  path: %s\n", nulls[i]);
        refuse_part(text, "\"grid.path\" is empty, wanted: a text");
        snprintf(text, sizeof text, "run:\n  seed: %s\n", nulls[i]);
        refuse_part(text, "\"run.seed\" is empty, wanted: a whole number from 0");
        snprintf(text, sizeof text, "split:\n  rule: %s\n", nulls[i]);
        refuse_part(text, "\"split.rule\" is empty, wanted: one of groups");
        snprintf(text, sizeof text, "loss:\n  weights: %s\n", nulls[i]);
        refuse_part(text, "\"loss.weights\" is empty, wanted: a list");
    }
    refuse("grid: {targets: [a, '']}", "train.yml:1:21: item 2 of \"grid.targets\" is empty, wanted: a name");
    refuse("grid:\n",
           "train.yml:1:6: section \"grid\" wants keys with values: \"grid: {path: ...}\", or lines "
           "\"path: ...\" indented below it, with a space after the colon");
}

static void test_repetitions_are_refused(void **state)
{
    (void)state;
    refuse("run: {seed: 1}\nsplit: {rule: file}\nrun:\n  seed: 2\n",
           "train.yml:3:1: \"run\" is given twice, first in line 1");
    refuse("network:\n  kind: plain\n  conv_filters: 3\n  kind: plain\n",
           "train.yml:4:3: \"network.kind\" is given twice, first in line 2");
}

static void test_yaml_beyond_sections_and_lists_is_refused(void **state)
{
    (void)state;
    refuse("run: &a {seed: 1}\n", "train.yml:1:6: an anchor (&) is not allowed here, write the value itself");
    refuse("grid: {path: *a}\n", "train.yml:1:14: an alias (*) is not allowed here, write the value itself");
    refuse("run: {seed: !!int 1}\n", "train.yml:1:13: a tag (!) is not allowed here, write the value itself");
    refuse("loss: {weights: !x [1]}\n",
           "train.yml:1:17: a tag (!) is not allowed here, write the value itself");
    refuse("%TAG ! tag:x,2000:\n---\nrun: {seed: 1}\n",
           "train.yml:1:1: a tag directive is not allowed here, write the value itself");
    refuse("run: {seed: 1}\n---\nrun: {seed: 2}\n",
           "train.yml:2:1: a second document starts here, only one is allowed");
    refuse("loss: {weights: [1, [2]]}\n",
           "train.yml:1:21: \"loss.weights\" is a list of simple values, not of lists");
    refuse("loss: {weights: [{a: 1}]}\n",
           "train.yml:1:18: \"loss.weights\" is a list of simple values, not of mappings");
    refuse("run: {? [a] : 1}\n", "train.yml:1:9: the name of a key of \"run\" must be one word");
    refuse("? [run]\n: {seed: 1}\n", "train.yml:1:3: the name of a section must be one word");
    refuse("just words\n",
           "train.yml:1:1: a configuration consists of sections, such as \"run: {seed: ...}\"");
    refuse("- run\n", "train.yml:1:1: a configuration consists of sections, such as \"run: {seed: ...}\"");
}

static void test_what_is_not_yaml_is_refused_with_its_place(void **state)
{
    (void)state;
    refuse_part("run: {seed: 1\n", "train.yml:2:1: this is not YAML: ");
    refuse_part("run:\n  seed: 1\n kind: 2\n", "train.yml:3:2: this is not YAML: ");
    refuse_part("run: {seed: 1}\n# \xFF\n", "train.yml:2:3: this is not YAML: ");
    refuse_part("run: {seed: 1}\n\x01\n", "train.yml:2:1: this is not YAML: ");
    refuse("run:\n\tseed: 1\n", "train.yml:2:1: a tab is not allowed, use spaces");
    refuse("run:\n  seed:\t1\n", "train.yml:2:8: a tab is not allowed, use spaces");
}

static void test_texts_that_do_not_fit_are_refused(void **state)
{
    char text[TML_CONFIG_TEXT + 64];
    char path[TML_CONFIG_TEXT + 1];
    example_settings settings;

    (void)state;
    memset(path, 'x', sizeof path);
    path[TML_CONFIG_TEXT] = '\0';
    snprintf(text, sizeof text, "grid: {path: %s}", path);
    refuse(text, "train.yml:1:14: \"grid.path\" has 512 bytes, at most 511 fit");
    snprintf(text, sizeof text, "grid: {path: %s}", path + 1);
    accept(text, &settings);
    assert_string_equal(settings.path, path + 1);
    path[TML_CONFIG_NAME] = '\0';
    snprintf(text, sizeof text, "grid: {targets: [%s]}", path);
    refuse(text, "train.yml:1:18: \"grid.targets\" has 64 bytes, at most 63 fit");
    refuse("grid: {path: \"a\\nb\"}",
           "train.yml:1:14: \"grid.path\" holds a control character or a line break");
    refuse("grid: {path: \"a\\0b\"}",
           "train.yml:1:14: \"grid.path\" holds a control character or a line break");
    refuse("grid: {path: \"a\\Lb\"}",
           "train.yml:1:14: \"grid.path\" holds a control character or a line break");
}

static void test_lists_hold_thirty_two_items(void **state)
{
    char text[256] = "loss: {weights: [1";
    example_settings settings;

    (void)state;
    for (int i = 1; i < TML_CONFIG_LIST; ++i)
        strcat(text, ",2");
    strcat(text, "]}");
    accept(text, &settings);
    assert_int_equal(settings.weights.count, TML_CONFIG_LIST);
    text[strlen(text) - 2] = '\0';
    strcat(text, ",2]}");
    refuse(text, "train.yml:1:82: \"loss.weights\" has more than 32 items");
}

static void test_above_one_mebibyte_nothing_is_read(void **state)
{
    size_t most = (size_t)1 << 20;
    char *text = malloc(most + 2);
    example_settings settings;

    (void)state;
    assert_non_null(text);
    memset(text, '#', most + 1);
    text[most] = '\0';
    accept(text, &settings);
    text[most] = '#';
    text[most + 1] = '\0';
    refuse(text, "train.yml:1:1: 1048577 bytes are no configuration, at most 1 MiB is read");
    memset(text, '[', most);
    text[most] = '\0';
    refuse_part(text, "train.yml:1:1: ");
    free(text);
}

static void test_long_and_hostile_words_are_shortened_in_messages(void **state)
{
    char text[400];
    char message[512];

    (void)state;
    memset(text, 'q', sizeof text);
    memcpy(text, "run: {", 6);
    strcpy(text + 300, ": 1}");
    snprintf(message, sizeof message,
             "train.yml:1:7: unknown key \"run.%.92s...\"; the keys of \"run\" are seed", text + 6);
    refuse(text, message);
    refuse_part("run: {\"\\e[31m\": 1}", "unknown key \"run.?[31m\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_defaults_are_those_of_the_table),
        cmocka_unit_test(test_a_file_without_content_is_all_defaults),
        cmocka_unit_test(test_block_and_flow_style_read_alike),
        cmocka_unit_test(test_numbers_are_typed_by_the_table),
        cmocka_unit_test(test_texts_keep_what_yaml_would_retype),
        cmocka_unit_test(test_a_misspelt_key_names_the_nearest),
        cmocka_unit_test(test_a_key_in_the_wrong_section_is_sent_home),
        cmocka_unit_test(test_a_misspelt_section_names_the_nearest),
        cmocka_unit_test(test_a_misspelt_choice_names_the_nearest_and_lists_all),
        cmocka_unit_test(test_wrong_types_say_what_was_found_and_what_is_wanted),
        cmocka_unit_test(test_notations_that_yaml_reads_otherwise_are_no_numbers),
        cmocka_unit_test(test_values_out_of_range_are_refused),
        cmocka_unit_test(test_empty_values_are_refused),
        cmocka_unit_test(test_repetitions_are_refused),
        cmocka_unit_test(test_yaml_beyond_sections_and_lists_is_refused),
        cmocka_unit_test(test_what_is_not_yaml_is_refused_with_its_place),
        cmocka_unit_test(test_texts_that_do_not_fit_are_refused),
        cmocka_unit_test(test_lists_hold_thirty_two_items),
        cmocka_unit_test(test_above_one_mebibyte_nothing_is_read),
        cmocka_unit_test(test_long_and_hostile_words_are_shortened_in_messages),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
