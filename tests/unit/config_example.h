#ifndef TML_TESTS_CONFIG_EXAMPLE_H
#define TML_TESTS_CONFIG_EXAMPLE_H

/** @file config_example.h
 * A small table with every type of value, for the tests of the configuration. */

#include <math.h>
#include <stddef.h>

#include "core/config.h"

typedef struct example_settings {
    int64_t seed;
    int64_t conv_filters;
    double rate;
    double offset;
    char path[TML_CONFIG_TEXT];
    int kind;
    int rule;
    tml_config_reals weights;
    tml_config_names targets;
    tml_config_names log10;
} example_settings;

#define AT(member) offsetof(example_settings, member)

/* The keys of "network" are not neighbours: a section is its name, not a place in the table. */
static const tml_config_key example_keys[] = {
    {"run", "seed", TML_CONFIG_INTEGER, AT(seed), "42", 0, 9.3e18, NULL, "", "Seed of all random numbers."},
    {"network", "kind", TML_CONFIG_CHOICE, AT(kind), "published", 0, 0, "published|plain|off", "",
     "The network."},
    {"optimiser", "learning_rate", TML_CONFIG_REAL, AT(rate), "1e-4", 0, 1, NULL, "per step",
     "Step size of the optimiser. It is multiplied by the schedule, which may lower it during the training "
     "and "
     "never raises it."},
    {"network", "conv_filters", TML_CONFIG_INTEGER, AT(conv_filters), "32", 1, 4096, NULL, "filters",
     "Filters of the first block."},
    {"grid", "path", TML_CONFIG_STRING, AT(path), "grid.h5", 0, 0, NULL, "", "The grid file."},
    {"grid", "offset", TML_CONFIG_REAL, AT(offset), "0", -HUGE_VAL, HUGE_VAL, NULL, "dex",
     "Added to labels."},
    {"grid", "targets", TML_CONFIG_NAME_LIST, AT(targets), "[teff, logg]", 0, 0, NULL, "",
     "What is learned."},
    {"grid", "log10", TML_CONFIG_NAME_LIST, AT(log10), "[]", 0, 0, "teff|logg|met", "",
     "Learned as logarithm."},
    {"loss", "weights", TML_CONFIG_REAL_LIST, AT(weights), "[1, 1]", 0, 10, NULL, "", "One per target."},
    {"split", "rule", TML_CONFIG_CHOICE, AT(rule), "groups", 0, 0, "groups|random|file", "",
     "How rows are split."}};

static const tml_config_table example = {example_keys, sizeof example_keys / sizeof example_keys[0]};

#endif
