#include <string.h>

#include "core/config_private.h"

enum { INDENT = 6, WIDTH = 100 };

/* Words of a text in lines of at most WIDTH columns. */
static void print_wrapped(FILE *out, const char *text)
{
    size_t column = 0;

    while (*text != '\0') {
        size_t length = strcspn(text, " ");

        if (column == 0 || column + 1 + length > WIDTH) {
            fprintf(out, "%s%*s", column == 0 ? "" : "\n", INDENT, "");
            column = INDENT;
        } else {
            fputc(' ', out);
            ++column;
        }
        fwrite(text, 1, length, out);
        column += length;
        text += length;
        text += strspn(text, " ");
    }
    fputc('\n', out);
}

static void print_key(const tml_config_key *key, FILE *out)
{
    char kind[TML_CONFIG_DESCRIPTION];
    char facts[TML_CONFIG_DESCRIPTION + TML_CONFIG_TEXT];

    tml_config_describe(key, false, kind);
    snprintf(facts, sizeof facts, "%s; default %s.", kind, key->fallback);
    fprintf(out, "\n  %s.%s\n", key->section, key->name);
    print_wrapped(out, facts);
    print_wrapped(out, key->help);
}

void tml_config_help(const tml_config_table *table, FILE *out)
{
    for (size_t first = 0; first < table->count; ++first) {
        const char *section = table->keys[first].section;

        if (tml_config_find_section(table, section) != first)
            continue;
        fprintf(out, "%s%s:\n", first > 0 ? "\n" : "", section);
        for (size_t i = first; i < table->count; ++i)
            if (strcmp(table->keys[i].section, section) == 0)
                print_key(&table->keys[i], out);
    }
}
