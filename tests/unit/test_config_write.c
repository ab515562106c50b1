/** @file test_config_write.c
 * What the configuration writes is read back to the same values, by our reader and by PyYAML. */
#include <float.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "config_example.h"
#include "core/random.h"

static char *write_text(const example_settings *settings)
{
    char *text = tml_config_write(&example, settings);

    assert_non_null(text);
    return text;
}

/* Settings with this number in every place for a real; the text must come back bit for bit. */
static void go_round(double number)
{
    example_settings settings;
    example_settings back;
    tml_error error = {0, ""};
    char *text;

    tml_config_defaults(&example, &settings);
    settings.offset = number;
    text = write_text(&settings);
    tml_config_defaults(&example, &back);
    if (tml_config_read_text(&example, text, "text", &back, sizeof back, &error) != TML_OK)
        fail_msg("%s", error.message);
    assert_memory_equal(&back.offset, &settings.offset, sizeof number);
    free(text);
}

static void test_defaults_and_units_are_marked(void **state)
{
    example_settings settings;
    char *text;

    (void)state;
    tml_config_defaults(&example, &settings);
    settings.conv_filters = 64;
    settings.kind = 1;
    text = write_text(&settings);
    assert_string_equal(text, "run:\n"
                              "  seed: 42  # default\n"
                              "network:\n"
                              "  kind: plain\n"
                              "  conv_filters: 64  # filters\n"
                              "optimiser:\n"
                              "  learning_rate: 1.0e-04  # per step, default\n"
                              "grid:\n"
                              "  path: grid.h5  # default\n"
                              "  offset: 0.0  # dex, default\n"
                              "  targets: [teff, logg]  # default\n"
                              "  log10: []  # default\n"
                              "loss:\n"
                              "  weights: [1.0, 1.0]  # default\n"
                              "split:\n"
                              "  rule: groups  # default\n");
    free(text);
}

static void test_numbers_have_a_point_and_the_digits_they_need(void **state)
{
    static const struct {
        double value;
        const char *text;
    } cases[] = {{0.0, "0.0"},
                 {-0.0, "-0.0"},
                 {1.0, "1.0"},
                 {0.1, "0.1"},
                 {-12.5, "-12.5"},
                 {0.001, "0.001"},
                 {1e-4, "1.0e-04"},
                 {1.8890368e-4, "1.8890368e-04"},
                 {1e6, "1000000.0"},
                 {1e7, "1.0e+07"},
                 {1234567.0, "1234567.0"},
                 {1e300, "1.0e+300"},
                 {0.1 + 0.2, "0.30000000000000004"},
                 {DBL_MAX, "1.7976931348623157e+308"},
                 {-DBL_MIN, "-2.2250738585072014e-308"},
                 {DBL_TRUE_MIN, "4.9e-324"}};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; ++i) {
        example_settings settings;
        char text[64];

        tml_config_defaults(&example, &settings);
        settings.offset = cases[i].value;
        tml_config_value_text(&example.keys[5], &settings, text, sizeof text);
        assert_string_equal(text, cases[i].text);
        go_round(cases[i].value);
    }
}

static void test_random_doubles_come_back_bit_for_bit(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < 2000; ++i) {
        uint64_t bits = tml_random_at(1, TML_RANDOM_DRAW, i, 0, 0).word[0];
        double number;

        memcpy(&number, &bits, sizeof number);
        if (isfinite(number))
            go_round(number);
    }
}

static void test_value_text_is_cut_to_its_room(void **state)
{
    example_settings settings;
    char text[6] = "xxxxx";

    (void)state;
    tml_config_defaults(&example, &settings);
    tml_config_value_text(&example.keys[4], &settings, text, sizeof text);
    assert_string_equal(text, "grid.");
}

static void test_equal_compares_values_and_not_what_lies_behind(void **state)
{
    example_settings a;
    example_settings b;

    (void)state;
    tml_config_defaults(&example, &a);
    b = a;
    strcpy(b.path + 100, "behind the end");
    b.weights.item[2] = 5.0;
    strcpy(b.targets.item[1] + 10, "behind the end");
    strcpy(b.targets.item[2], "behind the last");
    for (size_t i = 0; i < example.count; ++i)
        assert_true(tml_config_equal(&example.keys[i], &a, &b));
    b.seed = 1;
    b.conv_filters = 33;
    b.rate = nextafter(a.rate, 1.0);
    b.offset = DBL_TRUE_MIN;
    b.path[0] = 'x';
    b.kind = 1;
    b.rule = 1;
    b.weights.item[1] = 2.0;
    b.targets.item[1][0] = 'x';
    b.log10.count = 1;
    for (size_t i = 0; i < example.count; ++i)
        assert_false(tml_config_equal(&example.keys[i], &a, &b));
}

/* Values that a careless writer would let YAML retype, misread or cut. */
static void set_awkward(example_settings *settings)
{
    static const char *const names[] = {
        "no",  "Yes",  "null", "~",          "1e5", "0x1F", "1:30",       "a b",  "#x",   "a: b",
        "- a", "[",    "'",    "\"",         "\\",  "*a",   "2024-01-01", " pad", "pad ", "=",
        "<<",  "!tag", ".5",   "f\xC3\xBCr", "a,b", "OFF",  "n",          "%a",   "@a",   "`"};

    tml_config_defaults(&example, settings);
    settings->seed = INT64_MAX;
    settings->kind = 2;
    settings->rate = 1.8890368e-4;
    settings->offset = -DBL_MIN;
    strcpy(settings->path, "C:\\my \"grids\" # 'old'/\xE2\x88\x9E.h5");
    settings->targets.count = sizeof names / sizeof names[0];
    for (size_t i = 0; i < settings->targets.count; ++i)
        strcpy(settings->targets.item[i], names[i]);
    settings->weights.count = 4;
    settings->weights.item[0] = 1e-10;
    settings->weights.item[1] = 10.0;
    settings->weights.item[2] = 1.0 / 3.0;
    settings->weights.item[3] = DBL_TRUE_MIN;
}

static void test_awkward_values_come_back(void **state)
{
    example_settings settings;
    example_settings back;
    tml_error error = {0, ""};
    char *text;

    (void)state;
    set_awkward(&settings);
    text = write_text(&settings);
    assert_non_null(strstr(text, "\"n\", ")); /* a truth value in YAML 1.1, if not in PyYAML */
    tml_config_defaults(&example, &back);
    if (tml_config_read_text(&example, text, "text", &back, sizeof back, &error) != TML_OK)
        fail_msg("%s\n%s", error.message, text);
    for (size_t i = 0; i < example.count; ++i)
        assert_true(tml_config_equal(&example.keys[i], &settings, &back));
    for (size_t i = 0; i < example.count; ++i) { /* one value at a time */
        char assignment[1024];
        char value[900];

        tml_config_value_text(&example.keys[i], &settings, value, sizeof value);
        snprintf(assignment, sizeof assignment, "%s.%s=%s", example.keys[i].section, example.keys[i].name,
                 value);
        tml_config_defaults(&example, &back);
        assert_int_equal(tml_config_set(&example, assignment, &back, sizeof back, &error), TML_OK);
        assert_true(tml_config_equal(&example.keys[i], &settings, &back));
    }
    free(text);
}

/* One line per value from PyYAML: type and, for a number, its bits. */
static const char script[] = "import sys\n"
                             "try:\n"
                             "    import yaml\n"
                             "except ImportError:\n"
                             "    sys.exit(77)\n"
                             "def show(value):\n"
                             "    if isinstance(value, list):\n"
                             "        for item in value: show(item)\n"
                             "    elif isinstance(value, float):\n"
                             "        print('float', value.hex())\n"
                             "    else:\n"
                             "        print(type(value).__name__, str(value).encode().hex())\n"
                             "for section in yaml.safe_load(open('written.yml', 'rb')).values():\n"
                             "    for value in section.values(): show(value)\n";

static void print_text(FILE *out, const char *text)
{
    fputs("str ", out);
    for (const char *c = text; *c != '\0'; ++c)
        fprintf(out, "%02x", (unsigned)(unsigned char)*c);
    fputc('\n', out);
}

static void print_integer(FILE *out, int64_t value)
{
    char text[32];

    fputs("int ", out);
    snprintf(text, sizeof text, "%" PRId64, value);
    for (const char *c = text; *c != '\0'; ++c)
        fprintf(out, "%02x", (unsigned)(unsigned char)*c);
    fputc('\n', out);
}

/* The same lines from the settings, in the order in which they are written. */
static void print_expected(FILE *out, const example_settings *settings)
{
    print_integer(out, settings->seed);
    print_text(out, "off");
    print_integer(out, settings->conv_filters);
    fprintf(out, "float %a\n", settings->rate);
    print_text(out, settings->path);
    fprintf(out, "float %a\n", settings->offset);
    for (size_t i = 0; i < settings->targets.count; ++i)
        print_text(out, settings->targets.item[i]);
    for (size_t i = 0; i < settings->weights.count; ++i)
        fprintf(out, "float %a\n", settings->weights.item[i]);
    print_text(out, "groups");
}

/* Equal lines; numbers are compared as values, because Python writes their bits in another way. */
static void compare_lines(FILE *got, FILE *wanted)
{
    char got_line[2048];
    char wanted_line[2048];

    while (fgets(wanted_line, sizeof wanted_line, wanted) != NULL) {
        assert_non_null(fgets(got_line, sizeof got_line, got));
        if (strncmp(wanted_line, "float ", 6) == 0 && strncmp(got_line, "float ", 6) == 0)
            assert_true(strtod(wanted_line + 6, NULL) == strtod(got_line + 6, NULL));
        else
            assert_string_equal(got_line, wanted_line);
    }
    assert_null(fgets(got_line, sizeof got_line, got));
}

static void test_pyyaml_reads_the_same_values(void **state)
{
    const char *python = getenv("TML_PYTHON");
    example_settings settings;
    char command[1024];
    char *text;
    FILE *file;
    FILE *wanted;
    int result;

    (void)state;
    if (python == NULL || access(python, X_OK) != 0) {
        printf("skipped: there is no Python to run PyYAML\n");
        skip();
    }
    set_awkward(&settings);
    text = write_text(&settings);
    file = fopen("written.yml", "wb");
    assert_non_null(file);
    assert_int_equal(fputs(text, file) == EOF, 0);
    assert_int_equal(fclose(file), 0);
    free(text);
    file = fopen("read.py", "wb");
    assert_non_null(file);
    assert_int_equal(fputs(script, file) == EOF, 0);
    assert_int_equal(fclose(file), 0);
    snprintf(command, sizeof command, "'%s' read.py > read.txt", python);
    result = system(command);
    if (WIFEXITED(result) && WEXITSTATUS(result) == 77) {
        printf("skipped: no Python module 'yaml'\n");
        skip();
    }
    assert_int_equal(result, 0);
    file = fopen("read.txt", "rb");
    wanted = tmpfile();
    assert_non_null(file);
    assert_non_null(wanted);
    print_expected(wanted, &settings);
    rewind(wanted);
    compare_lines(file, wanted);
    fclose(file);
    fclose(wanted);
}

static void test_help_tells_everything_about_a_key(void **state)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);

    (void)state;
    assert_non_null(out);
    tml_config_help(&example, out);
    assert_int_equal(fclose(out), 0);
    assert_non_null(strstr(text, "run:\n\n  run.seed\n      a whole number from 0; default 42.\n"
                                 "      Seed of all random numbers.\n"));
    assert_non_null(strstr(text, "network.kind\n      one of published, plain, off; default published.\n"));
    assert_non_null(strstr(text, "a whole number from 1 to 4096 (filters); default 32.\n"));
    assert_non_null(strstr(text, "a number from 0.0 to 1.0 (per step); default 1e-4.\n"));
    assert_non_null(strstr(text, "a list such as [a, b] out of teff, logg, met; default [].\n"));
    assert_null(strstr(strstr(text, "network:") + 1, "network:")); /* one heading per section */
    for (const char *line = text; *line != '\0'; line += strcspn(line, "\n") + 1)
        assert_in_range(strcspn(line, "\n"), 0, 100);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_defaults_and_units_are_marked),
        cmocka_unit_test(test_numbers_have_a_point_and_the_digits_they_need),
        cmocka_unit_test(test_random_doubles_come_back_bit_for_bit),
        cmocka_unit_test(test_value_text_is_cut_to_its_room),
        cmocka_unit_test(test_equal_compares_values_and_not_what_lies_behind),
        cmocka_unit_test(test_awkward_values_come_back),
        cmocka_unit_test(test_pyyaml_reads_the_same_values),
        cmocka_unit_test(test_help_tells_everything_about_a_key),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
