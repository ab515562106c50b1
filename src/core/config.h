#ifndef TML_CORE_CONFIG_H
#define TML_CORE_CONFIG_H

/** @file core/config.h
 * Configuration in two levels, section.key, described by one table.
 *
 * The table says for every key its type, unit, default, range and meaning. It validates a YAML text and
 * --set options, documents itself (--help-config) and writes the complete configuration back
 * (used_parameters.yml). Values go into a plain struct of the caller, at the offset that the table names; the
 * struct holds no pointers, so that it can be copied and compared.
 *
 *   tml_config_defaults -> tml_config_read_text -> tml_config_set ... -> tml_config_write
 *
 * Not collective: rank 0 reads the file, the text is sent to all (mpi/world.h), all ranks parse it alike.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "core/status.h"

enum { TML_CONFIG_TEXT = 512, TML_CONFIG_LIST = 32, TML_CONFIG_NAME = 64 };

typedef enum tml_config_type {
    TML_CONFIG_INTEGER,   /* int64_t */
    TML_CONFIG_REAL,      /* double; 1e-4 is a number here */
    TML_CONFIG_STRING,    /* char[TML_CONFIG_TEXT] */
    TML_CONFIG_CHOICE,    /* int: index into choices */
    TML_CONFIG_REAL_LIST, /* tml_config_reals */
    TML_CONFIG_NAME_LIST  /* tml_config_names */
} tml_config_type;

typedef struct tml_config_reals {
    size_t count;
    double item[TML_CONFIG_LIST];
} tml_config_reals;

typedef struct tml_config_names {
    size_t count;
    char item[TML_CONFIG_LIST][TML_CONFIG_NAME];
} tml_config_names;

typedef struct tml_config_key {
    const char *section;
    const char *name;
    tml_config_type type;
    size_t offset;        /* of the value in the caller's struct */
    const char *fallback; /* the default, as it would be written in the file; lists as [a, b] */
    double minimum;       /* numbers and items of real lists: smallest and largest value allowed */
    double maximum;
    const char *choices; /* "a|b|c" for a choice or for the items of a name list; NULL: any */
    const char *unit;    /* "" if there is none */
    const char *help;    /* one or two sentences */
} tml_config_key;

typedef struct tml_config_table {
    const tml_config_key *keys;
    size_t count;
} tml_config_table;

/** Set every value to its default. An invalid default is a bug (assert). */
void tml_config_defaults(const tml_config_table *table, void *settings);

/** Read a YAML text over what is there; keys that it does not mention stay.
 *
 * Refused, with line and column: what is not YAML, unknown sections and keys (naming the nearest), keys given
 * twice, wrong types, values out of range, anchors, aliases, tags, several documents, nesting beyond lists,
 * texts above 1 MiB.
 * @param text      the file's contents, NUL-terminated, borrowed
 * @param source    name of the file for messages, borrowed
 * @param settings  in and out; unchanged after a failure
 * @return TML_OK or TML_CONFIG; TML_INTERNAL without memory
 */
TML_NODISCARD tml_status tml_config_read_text(const tml_config_table *table, const char *text,
                                              const char *source, void *settings, size_t settings_size,
                                              tml_error *error);

/** Apply one "section.key=value" of the command line; value in YAML's flow notation.
 * @return TML_OK or TML_CONFIG; TML_INTERNAL without memory; settings unchanged after a failure
 */
TML_NODISCARD tml_status tml_config_set(const tml_config_table *table, const char *assignment, void *settings,
                                        size_t settings_size, tml_error *error);

/** Write all sections and keys as YAML that reads back to the same values: numbers with the digits that they
 * need (1.0e-04, so that PyYAML reads a number), defaults marked in a comment, units in a comment.
 * @return a string on the heap owned by the caller, or NULL without memory
 */
char *tml_config_write(const tml_config_table *table, const void *settings);

/** Print the documentation of every key: type, unit, range, default, meaning, grouped by section. */
void tml_config_help(const tml_config_table *table, FILE *out);

/** The value of one key as tml_config_write would print it. @param text out, at least `room` bytes */
void tml_config_value_text(const tml_config_key *key, const void *settings, char *text, size_t room);

/** Whether the value of one key is the same in both. */
bool tml_config_equal(const tml_config_key *key, const void *settings_a, const void *settings_b);

#endif
