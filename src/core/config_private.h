#ifndef TML_CORE_CONFIG_PRIVATE_H
#define TML_CORE_CONFIG_PRIVATE_H

/** @file core/config_private.h
 * What the files of the configuration share: config.c (the table), config_value.c (text to value),
 * config_yaml.c (the reader), config_write.c (value to text). Not for others. Not collective. */

#include "core/config.h"

enum { TML_CONFIG_SHOWN = 96, TML_CONFIG_CHOICES = 64, TML_CONFIG_DESCRIPTION = 768, TML_CONFIG_NUMBER = 32 };

/** A scalar as the file has it. */
typedef struct tml_config_scalar {
    const char *text; /* borrowed, with the end of the string */
    size_t length;    /* larger than strlen(text) when there is a zero byte inside */
    bool is_plain;    /* without quotes */
} tml_config_scalar;

/** The words of "a|b|c"; they point into `text`, so that the struct must not be copied. */
typedef struct tml_config_words {
    size_t count;
    const char *word[TML_CONFIG_CHOICES];
    char text[TML_CONFIG_DESCRIPTION];
} tml_config_words;

/** Bytes of a value of this key in the caller's struct. */
size_t tml_config_value_size(const tml_config_key *key);

/** Set the words of a key's choices (more than fit is a bug: assert). @param words  out; none without choices
 */
void tml_config_split(const tml_config_key *key, tml_config_words *words);

/** Text for a message: shortened, without control characters. */
void tml_config_show(const char *text, char shown[TML_CONFIG_SHOWN]);

/** Index of the first key of a section, or table->count. */
size_t tml_config_find_section(const tml_config_table *table, const char *section);

/** Index of a key, or table->count. */
size_t tml_config_find_key(const tml_config_table *table, const char *section, const char *name);

/** Report a section that the table does not have, with the nearest or the list. @return TML_CONFIG */
tml_status tml_config_unknown_section(const tml_config_table *table, const char *section, tml_error *error);

/** Report a key that the section does not have: where it belongs, the nearest, or the list. @return
 * TML_CONFIG */
tml_status tml_config_unknown_key(const tml_config_table *table, const char *section, const char *name,
                                  tml_error *error);

/** What a value of this key looks like: "a whole number from 1 to 9 (pixels)".
 * @param of_item  an item of a list rather than the list
 */
void tml_config_describe(const tml_config_key *key, bool of_item, char text[TML_CONFIG_DESCRIPTION]);

/** Report a value of the wrong kind. @param item  from 1, or 0 for the value itself. @return TML_CONFIG */
tml_status tml_config_refuse(const tml_config_key *key, size_t item, const char *found, tml_error *error);

/** Set a value from a scalar. @return TML_OK or TML_CONFIG; settings unchanged after a failure */
TML_NODISCARD tml_status tml_config_value_read(const tml_config_key *key, const tml_config_scalar *scalar,
                                               void *settings, tml_error *error);

/** Empty a list. @return TML_OK, or TML_CONFIG if the key is not a list */
TML_NODISCARD tml_status tml_config_value_start_list(const tml_config_key *key, void *settings,
                                                     tml_error *error);

/** Append a scalar to a list. @return TML_OK or TML_CONFIG; settings unchanged after a failure */
TML_NODISCARD tml_status tml_config_value_append(const tml_config_key *key, const tml_config_scalar *scalar,
                                                 void *settings, tml_error *error);

/** Set a value from YAML's flow notation.
 * @return TML_OK, TML_CONFIG or TML_INTERNAL; a list may be half-read after a failure
 */
TML_NODISCARD tml_status tml_config_value_parse(const tml_config_key *key, const char *text, void *settings,
                                                tml_error *error);

/** A finite number with as many digits as it needs, always with a point: 0.5, 1.0e-04. */
void tml_config_number_text(double value, char text[TML_CONFIG_NUMBER]);

#endif
