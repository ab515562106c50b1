/** @file test_config_set.c
 * What --set section.key=value accepts, and what it says about everything else. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "config_example.h"

/* The assignment is refused with exactly this message, and the settings stay as they were. */
static void refuse_set(const char *assignment, const char *message)
{
    example_settings before;
    example_settings settings;
    tml_error error = {0, ""};

    memset(&before, 7, sizeof before);
    settings = before;
    assert_int_equal(tml_config_set(&example, assignment, &settings, sizeof settings, &error), TML_CONFIG);
    assert_string_equal(error.message, message);
    assert_memory_equal(&settings, &before, sizeof settings);
}

static void test_set_changes_one_key(void **state)
{
    example_settings settings;
    example_settings defaults;
    tml_error error = {0, ""};

    (void)state;
    tml_config_defaults(&example, &defaults);
    settings = defaults;
    assert_int_equal(tml_config_set(&example, "network.conv_filters=64", &settings, sizeof settings, &error),
                     TML_OK);
    assert_int_equal(tml_config_set(&example, "loss.weights=[0.5, 2]", &settings, sizeof settings, &error),
                     TML_OK);
    assert_int_equal(tml_config_set(&example, "grid.path=/a=b/c.d:e", &settings, sizeof settings, &error),
                     TML_OK);
    assert_int_equal(tml_config_set(&example, "grid.log10=[]", &settings, sizeof settings, &error), TML_OK);
    assert_int_equal(tml_config_set(&example, "grid.offset=-1.5e-3", &settings, sizeof settings, &error),
                     TML_OK);
    assert_int_equal(settings.conv_filters, 64);
    assert_int_equal(settings.weights.count, 2);
    assert_true(settings.weights.item[0] == 0.5);
    assert_string_equal(settings.path, "/a=b/c.d:e");
    assert_true(settings.offset == -1.5e-3);
    assert_true(tml_config_equal(&example.keys[0], &settings, &defaults));
    assert_string_equal(error.message, "");
}

static void test_set_errors_repeat_the_argument(void **state)
{
    (void)state;
    refuse_set("network.foobarbaz=1",
               "--set network.foobarbaz=1: unknown key \"network.foobarbaz\"; the keys of "
               "\"network\" are kind, conv_filters");
    refuse_set("network.knid=1",
               "--set network.knid=1: unknown key \"network.knid\", did you mean \"kind\"?");
    refuse_set("netwrok.kind=plain",
               "--set netwrok.kind=plain: unknown section \"netwrok\", did you mean \"network\"?");
    refuse_set("run.seed=1.5", "--set run.seed=1.5: \"run.seed\" is 1.5, wanted: a whole number from 0");
    refuse_set("run.seed=", "--set run.seed=: \"run.seed\" is empty, wanted: a whole number from 0");
    refuse_set("grid.path=a, b",
               "--set grid.path=a, b: \"grid.path\" is more than one value (quotes keep a comma "
               "inside a text), wanted: a text");
    refuse_set("grid.path=a: b", "--set grid.path=a: b: \"grid.path\" is a mapping, wanted: a text");
    refuse_set("run.seed=&a 1",
               "--set run.seed=&a 1: an anchor (&) is not allowed here, write the value itself");
    refuse_set("loss.weights=1",
               "--set loss.weights=1: \"loss.weights\" is 1, wanted: a list such as [1, 2] of "
               "numbers from 0.0 to 10.0");
    refuse_set("seed=1", "--set seed=1: write section.key=value");
    refuse_set("run.seed", "--set run.seed: write section.key=value");
    refuse_set(".seed=1", "--set .seed=1: write section.key=value");
    refuse_set("run.=1", "--set run.=1: write section.key=value");
    refuse_set("seed=1.5", "--set seed=1.5: write section.key=value");
    refuse_set("run.seed=1]\n---\n[2",
               "--set run.seed=1]?---?[2: something follows the value of \"run.seed\"");
}

static void test_set_refuses_what_follows_the_value(void **state)
{
    static const char *const assignments[] = {"grid.path=a #b", "loss.weights=[1, 2", "grid.path=a] [b",
                                              "grid.path='a", "run.seed=\n- 1"};

    (void)state;
    for (size_t i = 0; i < sizeof assignments / sizeof assignments[0]; ++i) {
        example_settings settings;
        tml_error error = {0, ""};

        tml_config_defaults(&example, &settings);
        assert_int_equal(tml_config_set(&example, assignments[i], &settings, sizeof settings, &error),
                         TML_CONFIG);
        assert_non_null(strstr(error.message, "this is not YAML: "));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_set_changes_one_key),
        cmocka_unit_test(test_set_errors_repeat_the_argument),
        cmocka_unit_test(test_set_refuses_what_follows_the_value),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
