/** @file test_settings.c
 * The settings of a training: the table, the rules between its keys, what may change on a resumption, and the
 * configurations that are shipped. */
#include "training/settings.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "io/atomic_file.h"

static tml_settings defaults(void)
{
    tml_settings settings;

    memset(&settings, 0, sizeof settings);
    tml_config_defaults(tml_settings_table(), &settings);
    return settings;
}

static void set(tml_settings *settings, const char *assignment)
{
    tml_error error = {0, ""};

    if (tml_config_set(tml_settings_table(), assignment, settings, sizeof *settings, &error) != TML_OK)
        fail_msg("%s: %s", assignment, error.message);
}

static void assert_accepted(const tml_settings *settings)
{
    tml_error error = {0, ""};

    if (tml_settings_check(settings, &error) != TML_OK)
        fail_msg("%s", error.message);
}

static void test_the_defaults_are_valid(void **state)
{
    tml_settings settings = defaults();

    (void)state;
    assert_accepted(&settings);
}

static void test_no_key_is_described_twice_and_none_shares_its_place(void **state)
{
    const tml_config_table *table = tml_settings_table();

    (void)state;
    for (size_t i = 0; i < table->count; ++i)
        for (size_t j = i + 1; j < table->count; ++j) {
            assert_true(strcmp(table->keys[i].section, table->keys[j].section) != 0 ||
                        strcmp(table->keys[i].name, table->keys[j].name) != 0);
            assert_int_not_equal(table->keys[i].offset, table->keys[j].offset);
        }
}

static void test_used_parameters_read_back_to_the_same_values(void **state)
{
    static const char *const assignments[] = {"run.seed=9000000000000000",
                                              "run.threads=7",
                                              "grid.path='a b: #c.h5'",
                                              "grid.targets=[met, \"odd name\", teff]",
                                              "grid.log10=[]",
                                              "grid.target_scaler=none",
                                              "split.rule=file",
                                              "split.test=0.123456789012345678",
                                              "input.features=[]",
                                              "input.transform=asinh",
                                              "input.softening=3.3e-11",
                                              "input.noise=gaussian",
                                              "input.snr=[7.5, 1e3]",
                                              "input.order=ascending",
                                              "network.fc1_dropout=0",
                                              "loss.kind=squared",
                                              "loss.weights=[1, 0.1, 1e-5]",
                                              "loss.variance_floor=3.0e-7",
                                              "optimiser.kind=adamw",
                                              "optimiser.weight_decay=0.123",
                                              "optimiser.clip_norm=2.5",
                                              "optimiser.warmup_steps=1000",
                                              "optimiser.plateau_epochs=3",
                                              "optimiser.plateau_factor=0.3",
                                              "optimiser.adam_form=keras",
                                              "optimiser.schedule=cosine",
                                              "batch.global=304",
                                              "batch.lane=8",
                                              "stop.monitor=train",
                                              "numerics.reduction=fast",
                                              "io.mode=posix",
                                              "checkpoint.every_seconds=0.1e2"};
    const tml_config_table *table = tml_settings_table();
    tml_settings written = defaults();
    tml_settings read = defaults();
    tml_error error = {0, ""};
    char *text;

    (void)state;
    for (size_t i = 0; i < sizeof assignments / sizeof assignments[0]; ++i)
        set(&written, assignments[i]);
    text = tml_config_write(table, &written);
    assert_non_null(text);
    if (tml_config_read_text(table, text, "used_parameters.yml", &read, sizeof read, &error) != TML_OK)
        fail_msg("%s", error.message);
    free(text);
    for (size_t i = 0; i < table->count; ++i)
        if (!tml_config_equal(&table->keys[i], &written, &read))
            fail_msg("%s.%s has changed", table->keys[i].section, table->keys[i].name);
}

/* Assignments that break one rule each, up to three for one case, and what the message must speak of. */
typedef struct broken_rule {
    const char *assignments[4];
    const char *mention;
} broken_rule;

static void test_every_rule_between_keys_is_kept(void **state)
{
    static const broken_rule rules[] = {
        {{"grid.targets=[]", "grid.log10=[]"}, "grid.targets"},
        {{"grid.targets=[a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q]", "grid.log10=[]"}, "17 targets"},
        {{"grid.targets=[teff, logg, teff]"}, "grid.targets: a name is listed twice"},
        {{"input.features=[min, max, min]"}, "input.features: a name is listed twice"},
        {{"grid.targets=[logg, met]"}, "grid.log10: 'teff'"},
        {{"loss.weights=[1, 1, 1]"}, "loss.weights has 3 numbers for 4 targets"},
        {{"split.test=0.5", "split.validation=0.46"}, "split.test 0.5 and split.validation 0.46"},
        {{"batch.lane=33"}, "batch.lane 33 is larger than batch.global 32"},
        {{"input.noise=gaussian", "input.transform=log10"}, "input.transform"},
        {{"input.noise=gaussian", "input.snr=[20]"}, "input.snr"},
        {{"input.noise=gaussian", "input.snr=[200, 20]"}, "input.snr"},
        {{"input.noise=gaussian", "input.snr=[1, 2, 3]"}, "input.snr"},
        {{"input.noise=gaussian", "input.snr=[]"}, "input.snr"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; ++i) {
        tml_settings settings = defaults();
        tml_error error = {0, ""};

        for (size_t a = 0; rules[i].assignments[a] != NULL; ++a)
            set(&settings, rules[i].assignments[a]);
        assert_int_equal(tml_settings_check(&settings, &error), TML_CONFIG);
        if (strstr(error.message, rules[i].mention) == NULL)
            fail_msg("'%s' does not speak of '%s'", error.message, rules[i].mention);
    }
}

static void test_what_is_just_within_the_rules_is_accepted(void **state)
{
    static const char *const accepted[][4] = {
        {"grid.targets=[a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p]", "grid.log10=[a, p]"},
        {"split.test=0.5", "split.validation=0.45"},
        {"split.test=0", "split.validation=0"},
        {"batch.lane=32"},
        {"loss.weights=[1, 0, 2, 0.5]"},
        {"input.features=[]"},
        {"input.transform=log10"},
        {"input.noise=gaussian", "input.snr=[20, 20]"},
        {"input.noise=none", "input.snr=[20]"}, /* not used */
    };

    (void)state;
    for (size_t i = 0; i < sizeof accepted / sizeof accepted[0]; ++i) {
        tml_settings settings = defaults();

        for (size_t a = 0; a < 4 && accepted[i][a] != NULL; ++a)
            set(&settings, accepted[i][a]);
        assert_accepted(&settings);
    }
}

/* Neither more nor fewer: each of these names a key of the table, and no other key may change. */
static void test_what_may_change_on_a_resumption(void **state)
{
    static const char *const free_keys[] = {"run.threads",
                                            "run.stall_seconds",
                                            "grid.path",
                                            "io.mode",
                                            "io.residency",
                                            "stop.epochs",
                                            "stop.patience",
                                            "checkpoint.keep",
                                            "checkpoint.every_epochs",
                                            "checkpoint.every_seconds"};
    const tml_config_table *table = tml_settings_table();
    size_t found = 0;

    (void)state;
    for (size_t i = 0; i < table->count; ++i) {
        char name[2 * TML_CONFIG_NAME];
        bool is_listed = false;

        snprintf(name, sizeof name, "%s.%s", table->keys[i].section, table->keys[i].name);
        for (size_t k = 0; k < sizeof free_keys / sizeof free_keys[0]; ++k)
            is_listed = is_listed || strcmp(name, free_keys[k]) == 0;
        if (tml_settings_may_change(&table->keys[i]) != is_listed)
            fail_msg("%s %s change", name, is_listed ? "must be allowed to" : "must not");
        found += is_listed;
    }
    assert_int_equal(found, sizeof free_keys / sizeof free_keys[0]);
}

static void test_settings_become_network_optimiser_loss_and_schedule(void **state)
{
    tml_settings settings = defaults();
    tml_architecture a;
    tml_adam adam;
    tml_loss loss;
    tml_schedule schedule;

    (void)state;
    set(&settings, "network.fc1_layers=5");
    set(&settings, "network.fc2_blocks=6");
    set(&settings, "network.fc2_layers=7");
    set(&settings, "network.fc1_dropout=0.25");
    set(&settings, "optimiser.adam_form=keras");
    set(&settings, "optimiser.epsilon=0.5");
    set(&settings, "optimiser.schedule=cosine");
    set(&settings, "optimiser.decay_epochs=3");
    set(&settings, "optimiser.weight_decay=0.5"); /* not of adam */
    set(&settings, "optimiser.warmup_steps=7");
    set(&settings, "loss.kind=squared");
    a = tml_settings_architecture(&settings, 77);
    assert_int_equal(a.wavelengths, 77);
    assert_int_equal(a.features, 2);
    assert_int_equal(a.targets, 4);
    assert_int_equal(a.fc1_layers, 5);
    assert_int_equal(a.fc2_blocks, 6);
    assert_int_equal(a.fc2_layers, 7);
    assert_true(a.fc1_dropout == 0.25);
    adam = tml_settings_adam(&settings);
    assert_int_equal(adam.form, TML_ADAM_KERAS);
    assert_true(adam.learning_rate == 1e-3 && adam.beta1 == 0.9 && adam.beta2 == 0.999 &&
                adam.epsilon == 0.5 && adam.weight_decay == 0.0);
    loss = tml_settings_loss(&settings);
    assert_int_equal(loss.kind, TML_LOSS_SQUARED);
    assert_true(loss.weight[0] == 1.0 && loss.weight[3] == 1.0 && loss.weight[4] == 0.0);
    set(&settings, "loss.weights=[1, 2, 3, 4]");
    assert_true(tml_settings_loss(&settings).weight[3] == 4.0);
    schedule = tml_settings_schedule(&settings, 10);
    assert_int_equal(schedule.kind, TML_SCHEDULE_COSINE);
    assert_int_equal(schedule.decay_steps, 30);
    assert_int_equal(schedule.warmup_steps, 7);
    assert_true(schedule.rate == 1e-3 && schedule.final_fraction == 0.01);
}

static void test_the_newer_kinds_of_optimiser_loss_and_schedule(void **state)
{
    tml_settings settings = defaults();
    tml_schedule schedule;

    (void)state;
    assert_int_equal(tml_settings_architecture(&settings, 77).outputs_per_target, 1);
    set(&settings, "optimiser.kind=adamw");
    assert_true(tml_settings_adam(&settings).weight_decay == 0.01);
    set(&settings, "loss.kind=gaussian");
    set(&settings, "loss.variance_floor=0.001");
    assert_int_equal(tml_settings_loss(&settings).kind, TML_LOSS_GAUSSIAN);
    assert_true(tml_settings_loss(&settings).least_variance == 0.001);
    assert_int_equal(tml_settings_architecture(&settings, 77).outputs_per_target, 2);
    set(&settings, "optimiser.schedule=plateau");
    set(&settings, "optimiser.plateau_epochs=4");
    set(&settings, "optimiser.plateau_factor=0.25");
    schedule = tml_settings_schedule(&settings, 10);
    assert_int_equal(schedule.kind, TML_SCHEDULE_PLATEAU);
    assert_int_equal(schedule.plateau_epochs, 4);
    assert_true(schedule.plateau_factor == 0.25);
}

/* The names that files have are those of the table. */
static void test_losses_are_called_as_in_the_table(void **state)
{
    const tml_config_table *table = tml_settings_table();

    (void)state;
    for (int kind = 0; kind <= TML_LOSS_GAUSSIAN; ++kind) {
        tml_settings settings = defaults();
        char name[64];

        settings.loss_kind = kind;
        for (size_t i = 0; i < table->count; ++i)
            if (strcmp(table->keys[i].section, "loss") == 0 && strcmp(table->keys[i].name, "kind") == 0)
                tml_config_value_text(&table->keys[i], &settings, name, sizeof name);
        assert_string_equal(name, tml_loss_name((tml_loss_kind)kind));
    }
}

static tml_settings read_shipped(const char *folder, const char *name)
{
    tml_settings settings = defaults();
    tml_error error = {0, ""};
    char path[1024];
    char *text = NULL;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    assert_int_equal(tml_file_read_text(path, 1 << 20, &text, NULL, &error), TML_OK);
    if (tml_config_read_text(tml_settings_table(), text, path, &settings, sizeof settings, &error) != TML_OK)
        fail_msg("%s", error.message);
    free(text);
    return settings;
}

static void shipped_folder(char folder[512])
{
    const char *source = getenv("TML_SOURCE");

    if (source == NULL) {
        print_message("TML_SOURCE does not say where the sources are\n");
        skip();
    }
    snprintf(folder, 512, "%s/jobs/configs", source);
}

static void test_the_shipped_configurations_are_valid(void **state)
{
    char folder[512];
    DIR *directory;
    size_t count = 0;

    (void)state;
    shipped_folder(folder);
    directory = opendir(folder);
    assert_non_null(directory);
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        size_t length = strlen(entry->d_name);
        tml_settings settings;

        if (length < 4 || strcmp(entry->d_name + length - 4, ".yml") != 0)
            continue;
        settings = read_shipped(folder, entry->d_name);
        assert_accepted(&settings);
        ++count;
    }
    closedir(directory);
    assert_true(count >= 2);
}

static void test_the_published_configuration_is_the_published_network(void **state)
{
    char folder[512];
    tml_settings settings;
    tml_architecture a;
    tml_network network;
    tml_error error = {0, ""};

    (void)state;
    shipped_folder(folder);
    settings = read_shipped(folder, "published.yml");
    a = tml_settings_architecture(&settings, 104);
    assert_int_equal(tml_network_lay_out(&a, &network, &error), TML_OK);
    assert_int_equal(network.parameter_count, 8438756);
    assert_int_equal(settings.monitor, TML_MONITOR_TRAIN);
    assert_int_equal(settings.adam_form, TML_ADAM_KERAS);
    assert_true(settings.learning_rate == 1.8890368e-04 && settings.min_delta == 4e-4);
    assert_int_equal(settings.batch_global, 32);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_defaults_are_valid),
        cmocka_unit_test(test_no_key_is_described_twice_and_none_shares_its_place),
        cmocka_unit_test(test_used_parameters_read_back_to_the_same_values),
        cmocka_unit_test(test_every_rule_between_keys_is_kept),
        cmocka_unit_test(test_what_is_just_within_the_rules_is_accepted),
        cmocka_unit_test(test_what_may_change_on_a_resumption),
        cmocka_unit_test(test_settings_become_network_optimiser_loss_and_schedule),
        cmocka_unit_test(test_the_newer_kinds_of_optimiser_loss_and_schedule),
        cmocka_unit_test(test_losses_are_called_as_in_the_table),
        cmocka_unit_test(test_the_shipped_configurations_are_valid),
        cmocka_unit_test(test_the_published_configuration_is_the_published_network),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
