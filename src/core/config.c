#include "core/config.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/config_private.h"
#include "core/memory.h"
#include "core/text.h"

size_t tml_config_find_section(const tml_config_table *table, const char *section)
{
    size_t at = 0;

    while (at < table->count && strcmp(table->keys[at].section, section) != 0)
        ++at;
    return at;
}

size_t tml_config_find_key(const tml_config_table *table, const char *section, const char *name)
{
    size_t at = 0;

    while (at < table->count &&
           (strcmp(table->keys[at].section, section) != 0 || strcmp(table->keys[at].name, name) != 0))
        ++at;
    return at;
}

static void append(char text[TML_CONFIG_DESCRIPTION], const char *separator, const char *word)
{
    size_t length = strlen(text);

    snprintf(text + length, TML_CONFIG_DESCRIPTION - length, "%s%s", length > 0 ? separator : "", word);
}

/* The sections that have a key of this name. */
static void list_owners(const tml_config_table *table, const char *name, char text[TML_CONFIG_DESCRIPTION])
{
    text[0] = '\0';
    for (size_t i = 0; i < table->count; ++i)
        if (strcmp(table->keys[i].name, name) == 0)
            append(text, ", ", table->keys[i].section);
}

static void list_sections(const tml_config_table *table, char text[TML_CONFIG_DESCRIPTION])
{
    text[0] = '\0';
    for (size_t i = 0; i < table->count; ++i)
        if (tml_config_find_section(table, table->keys[i].section) == i)
            append(text, ", ", table->keys[i].section);
}

static void list_keys(const tml_config_table *table, const char *section, char text[TML_CONFIG_DESCRIPTION])
{
    text[0] = '\0';
    for (size_t i = 0; i < table->count; ++i)
        if (strcmp(table->keys[i].section, section) == 0)
            append(text, ", ", table->keys[i].name);
}

/* The key of a section (of any if NULL) whose name is nearest; NULL if none is near, or without memory. */
static const tml_config_key *nearest_key(const tml_config_table *table, const char *section, const char *name)
{
    const char **names = calloc(table->count + 1, sizeof *names);
    const tml_config_key *found = NULL;
    const char *nearest;
    size_t count = 0;

    if (names == NULL)
        return NULL;
    for (size_t i = 0; i < table->count; ++i)
        if (section == NULL || strcmp(table->keys[i].section, section) == 0)
            names[count++] = table->keys[i].name;
    nearest = tml_text_nearest(name, names, count);
    for (size_t i = 0; i < table->count && nearest != NULL && found == NULL; ++i)
        if (table->keys[i].name == nearest &&
            (section == NULL || strcmp(table->keys[i].section, section) == 0))
            found = &table->keys[i];
    free(names);
    return found;
}

static const char *nearest_section(const tml_config_table *table, const char *section)
{
    const char **names = calloc(table->count + 1, sizeof *names);
    const char *nearest = NULL;

    if (names == NULL)
        return NULL;
    for (size_t i = 0; i < table->count; ++i)
        names[i] = table->keys[i].section;
    nearest = tml_text_nearest(section, names, table->count);
    free(names);
    return nearest;
}

tml_status tml_config_unknown_section(const tml_config_table *table, const char *section, tml_error *error)
{
    char shown[TML_CONFIG_SHOWN];
    char list[TML_CONFIG_DESCRIPTION];
    const char *nearest;

    tml_config_show(section, shown);
    list_owners(table, section, list);
    if (list[0] != '\0')
        return TML_FAIL(error, TML_CONFIG, "unknown section \"%s\"; it is a key that belongs in section %s",
                        shown, list);
    nearest = nearest_section(table, section);
    if (nearest != NULL)
        return TML_FAIL(error, TML_CONFIG, "unknown section \"%s\", did you mean \"%s\"?", shown, nearest);
    list_sections(table, list);
    return TML_FAIL(error, TML_CONFIG, "unknown section \"%s\"; the sections are %s", shown, list);
}

tml_status tml_config_unknown_key(const tml_config_table *table, const char *section, const char *name,
                                  tml_error *error)
{
    char shown[TML_CONFIG_SHOWN];
    char list[TML_CONFIG_DESCRIPTION];
    const tml_config_key *nearest;

    tml_config_show(name, shown);
    list_owners(table, name, list);
    if (list[0] != '\0')
        return TML_FAIL(error, TML_CONFIG, "unknown key \"%s.%s\"; \"%s\" belongs in section %s", section,
                        shown, shown, list);
    nearest = nearest_key(table, section, name);
    if (nearest != NULL)
        return TML_FAIL(error, TML_CONFIG, "unknown key \"%s.%s\", did you mean \"%s\"?", section, shown,
                        nearest->name);
    nearest = nearest_key(table, NULL, name);
    if (nearest != NULL)
        return TML_FAIL(error, TML_CONFIG, "unknown key \"%s.%s\", did you mean \"%s.%s\"?", section, shown,
                        nearest->section, nearest->name);
    list_keys(table, section, list);
    return TML_FAIL(error, TML_CONFIG, "unknown key \"%s.%s\"; the keys of \"%s\" are %s", section, shown,
                    section, list);
}

void tml_config_defaults(const tml_config_table *table, void *settings)
{
    for (size_t i = 0; i < table->count; ++i) {
        const tml_config_key *key = &table->keys[i];
        tml_error error = {0, ""};
        tml_status status;

        memset((char *)settings + key->offset, 0, tml_config_value_size(key));
        status = tml_config_value_parse(key, key->fallback, settings, &error);
        if (status != TML_OK)
            fprintf(stderr, "default of %s.%s: %s\n", key->section, key->name, error.message);
        assert(status == TML_OK);
    }
}

/* The part before the equals sign, cut at its first point. False if it has none. */
static bool split_assignment(const char *assignment, char section[TML_CONFIG_SHOWN],
                             char name[TML_CONFIG_SHOWN], const char **value)
{
    const char *equals = strchr(assignment, '=');
    const char *point = strchr(assignment, '.');

    if (equals == NULL || point == NULL || point > equals || point == assignment || point + 1 == equals)
        return false;
    snprintf(section, TML_CONFIG_SHOWN, "%.*s", (int)(point - assignment), assignment);
    snprintf(name, TML_CONFIG_SHOWN, "%.*s", (int)(equals - point - 1), point + 1);
    *value = equals + 1;
    return true;
}

static tml_status set_value(const tml_config_table *table, const char *assignment, void *settings,
                            tml_error *error)
{
    char section[TML_CONFIG_SHOWN];
    char name[TML_CONFIG_SHOWN];
    const char *value;
    size_t at;

    if (!split_assignment(assignment, section, name, &value))
        return TML_FAIL(error, TML_CONFIG, "write section.key=value");
    if (tml_config_find_section(table, section) == table->count)
        return tml_config_unknown_section(table, section, error);
    at = tml_config_find_key(table, section, name);
    if (at == table->count)
        return tml_config_unknown_key(table, section, name, error);
    return tml_config_value_parse(&table->keys[at], value, settings, error);
}

tml_status tml_config_set(const tml_config_table *table, const char *assignment, void *settings,
                          size_t settings_size, tml_error *error)
{
    void *changed = NULL;
    tml_status status = tml_array_create(1, settings_size, "the settings", &changed, error);

    if (status != TML_OK)
        return status;
    memcpy(changed, settings, settings_size);
    status = set_value(table, assignment, changed, error);
    if (status == TML_OK) {
        memcpy(settings, changed, settings_size);
    } else {
        char shown[TML_CONFIG_SHOWN];

        tml_config_show(assignment, shown);
        tml_error_prefix(error, "--set %s: ", shown);
    }
    free(changed);
    return status;
}
