#include <assert.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/config_private.h"
#include "core/text.h"

/* Digits after the leading one that a number needs to be read back the same. */
static int digits_needed(double value)
{
    char text[TML_CONFIG_NUMBER];
    double back = 0.0;
    int digits = 0;

    for (; digits < 16; ++digits) {
        snprintf(text, sizeof text, "%.*e", digits, value);
        if (tml_text_to_double(text, &back) && memcmp(&back, &value, sizeof value) == 0)
            break;
    }
    return digits;
}

void tml_config_number_text(double value, char text[TML_CONFIG_NUMBER])
{
    locale_t c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    locale_t user = uselocale(c_locale);
    int digits = digits_needed(value);
    int exponent;

    snprintf(text, TML_CONFIG_NUMBER, "%.*e", digits > 0 ? digits : 1, value);
    exponent = atoi(strchr(text, 'e') + 1);
    if (exponent >= -3 && exponent <= 6)
        snprintf(text, TML_CONFIG_NUMBER, "%.*f", digits > exponent ? digits - exponent : 1, value);
    uselocale(user);
    if (c_locale != (locale_t)0)
        freelocale(c_locale);
}

/* Whether YAML 1.1 reads the bare word as the same text: it sees truth values and nothing in some. */
static bool is_bare_word(const char *text)
{
    static const char *const reserved[] = {"y", "n", "yes", "no", "on", "off", "true", "false", "null"};
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_/";
    static const char others[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_/0123456789.-";

    for (size_t i = 0; i < sizeof reserved / sizeof reserved[0]; ++i)
        if (strcasecmp(text, reserved[i]) == 0)
            return false;
    return strspn(text, letters) > 0 && text[strspn(text, others)] == '\0';
}

static void print_text(FILE *out, const char *text)
{
    if (is_bare_word(text)) {
        fputs(text, out);
        return;
    }
    fputc('"', out);
    for (const char *c = text; *c != '\0'; ++c) {
        if ((unsigned char)*c < 0x20 || *c == 0x7f)
            fprintf(out, "\\x%02x", (unsigned)*c);
        else
            fprintf(out, *c == '"' || *c == '\\' ? "\\%c" : "%c", *c);
    }
    fputc('"', out);
}

static void print_real(FILE *out, double value)
{
    char text[TML_CONFIG_NUMBER];

    tml_config_number_text(value, text);
    fputs(text, out);
}

static void print_choice(FILE *out, const tml_config_key *key, int index)
{
    tml_config_words words;

    tml_config_split(key, &words);
    assert(index >= 0 && (size_t)index < words.count);
    print_text(out, words.word[index]);
}

static void print_value(FILE *out, const tml_config_key *key, const void *settings)
{
    const void *value = (const char *)settings + key->offset;
    const tml_config_reals *reals = value;
    const tml_config_names *names = value;

    switch (key->type) {
    case TML_CONFIG_INTEGER:
        fprintf(out, "%lld", (long long)*(const int64_t *)value);
        break;
    case TML_CONFIG_REAL:
        print_real(out, *(const double *)value);
        break;
    case TML_CONFIG_STRING:
        print_text(out, value);
        break;
    case TML_CONFIG_CHOICE:
        print_choice(out, key, *(const int *)value);
        break;
    case TML_CONFIG_REAL_LIST:
        for (size_t i = 0; i < reals->count; ++i) {
            fputs(i == 0 ? "[" : ", ", out);
            print_real(out, reals->item[i]);
        }
        fputs(reals->count == 0 ? "[]" : "]", out);
        break;
    case TML_CONFIG_NAME_LIST:
        for (size_t i = 0; i < names->count; ++i) {
            fputs(i == 0 ? "[" : ", ", out);
            print_text(out, names->item[i]);
        }
        fputs(names->count == 0 ? "[]" : "]", out);
        break;
    }
}

/* Close a memory stream. @return its text, or NULL without memory */
static char *finish_text(FILE *stream, char **text)
{
    bool is_bad = ferror(stream) != 0;

    if (fclose(stream) != 0 || is_bad) {
        free(*text);
        *text = NULL;
    }
    return *text;
}

void tml_config_value_text(const tml_config_key *key, const void *settings, char *text, size_t room)
{
    char *whole = NULL;
    size_t length = 0;
    FILE *stream = open_memstream(&whole, &length);

    text[0] = '\0';
    if (stream == NULL)
        return;
    print_value(stream, key, settings);
    if (finish_text(stream, &whole) != NULL)
        snprintf(text, room, "%s", whole);
    free(whole);
}

bool tml_config_equal(const tml_config_key *key, const void *settings_a, const void *settings_b)
{
    const void *a = (const char *)settings_a + key->offset;
    const void *b = (const char *)settings_b + key->offset;
    const tml_config_reals *reals_a = a;
    const tml_config_reals *reals_b = b;
    const tml_config_names *names_a = a;
    const tml_config_names *names_b = b;
    bool same = true;

    switch (key->type) {
    case TML_CONFIG_INTEGER:
    case TML_CONFIG_REAL:
    case TML_CONFIG_CHOICE:
        return memcmp(a, b, tml_config_value_size(key)) == 0;
    case TML_CONFIG_STRING:
        return strcmp(a, b) == 0;
    case TML_CONFIG_REAL_LIST:
        return reals_a->count == reals_b->count &&
               memcmp(reals_a->item, reals_b->item, reals_a->count * sizeof reals_a->item[0]) == 0;
    case TML_CONFIG_NAME_LIST:
        same = names_a->count == names_b->count;
        for (size_t i = 0; same && i < names_a->count; ++i)
            same = strcmp(names_a->item[i], names_b->item[i]) == 0;
        break;
    }
    return same;
}

/* Room for the struct that the table describes, holding the defaults; NULL without memory. */
static void *make_defaults(const tml_config_table *table)
{
    size_t bytes = 1;
    void *defaults;

    for (size_t i = 0; i < table->count; ++i) {
        size_t end = table->keys[i].offset + tml_config_value_size(&table->keys[i]);

        bytes = end > bytes ? end : bytes;
    }
    defaults = calloc(1, bytes);
    if (defaults != NULL)
        tml_config_defaults(table, defaults);
    return defaults;
}

static void write_key(FILE *out, const tml_config_key *key, const void *settings, bool is_default)
{
    bool has_unit = key->unit != NULL && key->unit[0] != '\0';

    fprintf(out, "  %s: ", key->name);
    print_value(out, key, settings);
    if (has_unit || is_default)
        fprintf(out, "  # %s%s%s", has_unit ? key->unit : "", has_unit && is_default ? ", " : "",
                is_default ? "default" : "");
    fputc('\n', out);
}

static void write_all(FILE *out, const tml_config_table *table, const void *settings, const void *defaults)
{
    for (size_t first = 0; first < table->count; ++first) {
        const char *section = table->keys[first].section;

        if (tml_config_find_section(table, section) != first)
            continue;
        fprintf(out, "%s:\n", section);
        for (size_t i = first; i < table->count; ++i)
            if (strcmp(table->keys[i].section, section) == 0)
                write_key(out, &table->keys[i], settings,
                          tml_config_equal(&table->keys[i], settings, defaults));
    }
}

char *tml_config_write(const tml_config_table *table, const void *settings)
{
    void *defaults = make_defaults(table);
    char *text = NULL;
    size_t length = 0;
    FILE *stream;

    if (defaults == NULL)
        return NULL;
    stream = open_memstream(&text, &length);
    if (stream != NULL) {
        write_all(stream, table, settings, defaults);
        finish_text(stream, &text);
    }
    free(defaults);
    return text;
}
