#include "report/setting_list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Where in a used_parameters.yml we are. */
typedef struct place {
    const char *line;
    char section[TML_SETTING_NAME / 2];
    char key[TML_SETTING_NAME / 2];
} place;

/* The next key of two levels. @return false at the end */
static bool next_key(place *at)
{
    while (at->line != NULL && *at->line != '\0') {
        const char *word = at->line + strspn(at->line, " ");
        size_t length = strcspn(word, ":\n");
        bool is_section = word == at->line;
        bool is_named = word[length] == ':' && word[0] != '#' && length < sizeof at->key;

        at->line = strchr(at->line, '\n');
        at->line = at->line != NULL ? at->line + 1 : NULL;
        if (!is_named)
            continue;
        snprintf(is_section ? at->section : at->key, sizeof at->key, "%.*s", (int)length, word);
        if (!is_section)
            return true;
    }
    return false;
}

static bool is_listed(const tml_setting_difference *list, size_t count, const char *name)
{
    for (size_t i = 0; i < count; ++i)
        if (strcmp(list[i].name, name) == 0)
            return true;
    return false;
}

/* Whether the folders that have settings disagree about one. */
static bool fill(const tml_comparison *comparison, const place *at, tml_setting_difference *one)
{
    const char *first = NULL;
    bool differs = false;

    memset(one, 0, sizeof *one);
    snprintf(one->name, sizeof one->name, "%s.%s", at->section, at->key);
    for (size_t f = 0; f < comparison->folders; ++f) {
        if (comparison->folder[f].sources.parameters == NULL)
            continue;
        tml_report_setting(&comparison->folder[f].sources, at->section, at->key, one->value[f]);
        differs = differs || (first != NULL && strcmp(first, one->value[f]) != 0);
        first = first != NULL ? first : one->value[f];
    }
    return differs;
}

tml_status tml_setting_differences(const tml_comparison *comparison, tml_setting_difference **list,
                                   size_t *count, tml_error *error)
{
    *list = NULL;
    *count = 0;
    for (size_t f = 0; f < comparison->folders; ++f) {
        place at = {.line = comparison->folder[f].sources.parameters};

        while (next_key(&at)) {
            tml_setting_difference *grown;
            tml_setting_difference one;

            if (!fill(comparison, &at, &one) || is_listed(*list, *count, one.name))
                continue;
            grown = realloc(*list, (*count + 1) * sizeof *grown);
            if (grown == NULL) {
                free(*list);
                *list = NULL;
                *count = 0;
                return TML_FAIL(error, TML_INTERNAL, "no memory for the settings that differ");
            }
            *list = grown;
            grown[(*count)++] = one;
        }
    }
    return TML_OK;
}
