#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/config_private.h"
#include "core/text.h"

size_t tml_config_value_size(const tml_config_key *key)
{
    switch (key->type) {
    case TML_CONFIG_INTEGER:
        return sizeof(int64_t);
    case TML_CONFIG_REAL:
        return sizeof(double);
    case TML_CONFIG_STRING:
        return TML_CONFIG_TEXT;
    case TML_CONFIG_CHOICE:
        return sizeof(int);
    case TML_CONFIG_REAL_LIST:
        return sizeof(tml_config_reals);
    case TML_CONFIG_NAME_LIST:
        return sizeof(tml_config_names);
    }
    return 0;
}

void tml_config_split(const tml_config_key *key, tml_config_words *words)
{
    bool fits;

    words->count = 0;
    if (key->choices == NULL)
        return;
    fits = tml_text_copy(words->text, sizeof words->text, key->choices);
    assert(fits);
    (void)fits;
    for (char *at = words->text; at != NULL && words->count < TML_CONFIG_CHOICES;) {
        char *bar = strchr(at, '|');

        words->word[words->count++] = at;
        if (bar != NULL)
            *bar++ = '\0';
        at = bar;
        assert(at == NULL || words->count < TML_CONFIG_CHOICES);
    }
}

void tml_config_show(const char *text, char shown[TML_CONFIG_SHOWN])
{
    const size_t most = TML_CONFIG_SHOWN - sizeof "...";
    size_t length = strlen(text);
    bool is_cut = length > most;

    if (is_cut) {
        length = most;
        while (length > 0 && ((unsigned char)text[length] & 0xC0) == 0x80) /* not inside a UTF-8 character */
            --length;
    }
    for (size_t i = 0; i < length; ++i)
        shown[i] = (unsigned char)text[i] < 0x20 || text[i] == 0x7f ? '?' : text[i];
    strcpy(shown + length, is_cut ? "..." : "");
}

/* Characters that end a line, move a cursor or do not print; YAML would need escapes for each of them. */
static bool has_control(const tml_config_scalar *scalar)
{
    static const char *const ranges[][2] = {{"\xC2\x80", "\xC2\x9F"},         /* C1 */
                                            {"\xE2\x80\xA8", "\xE2\x80\xA9"}, /* line separators */
                                            {"\xEF\xBB\xBF", "\xEF\xBB\xBF"}, /* byte order mark */
                                            {"\xEF\xBF\xBE", "\xEF\xBF\xBF"}};

    if (strlen(scalar->text) != scalar->length)
        return true;
    for (const char *c = scalar->text; *c != '\0'; ++c) {
        if ((unsigned char)*c < 0x20 || *c == 0x7f)
            return true;
        for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; ++i) {
            size_t length = strlen(ranges[i][0]);

            if (strncmp(c, ranges[i][0], length) >= 0 && strncmp(c, ranges[i][1], length) <= 0)
                return true;
        }
    }
    return false;
}

static bool is_null(const tml_config_scalar *scalar)
{
    static const char *const nulls[] = {"", "~", "null", "Null", "NULL"};

    for (size_t i = 0; i < sizeof nulls / sizeof nulls[0]; ++i)
        if (scalar->is_plain && strcmp(scalar->text, nulls[i]) == 0)
            return true;
    return false;
}

/* Decimal notation alone: YAML 1.1 sees octal in 010, sexagesimal in 1:30, and infinity in .inf. */
static bool is_number(const tml_config_scalar *scalar, bool may_be_real)
{
    static const char decimals[] = "0123456789";
    const char *at = scalar->text + strspn(scalar->text, "+-");
    size_t digits = strspn(at, decimals);

    if (!scalar->is_plain || strlen(scalar->text) != scalar->length || at > scalar->text + 1)
        return false;
    if (at[0] == '0' && digits > 1)
        return false;
    at += digits;
    if (may_be_real && *at == '.') {
        size_t more = strspn(at + 1, decimals);

        digits += more;
        at += 1 + more;
    }
    if (digits == 0)
        return false;
    if (may_be_real && (*at == 'e' || *at == 'E')) {
        ++at;
        at += *at == '+' || *at == '-';
        digits = strspn(at, decimals);
        if (digits == 0)
            return false;
        at += digits;
    }
    return *at == '\0';
}

static tml_status refuse_scalar(const tml_config_key *key, size_t item, const tml_config_scalar *scalar,
                                tml_error *error)
{
    char shown[TML_CONFIG_SHOWN];
    char found[TML_CONFIG_SHOWN + 32];

    if (is_null(scalar))
        return tml_config_refuse(key, item, "empty", error);
    tml_config_show(scalar->text, shown);
    snprintf(found, sizeof found, scalar->is_plain ? "%s" : "the text \"%s\" in quotes", shown);
    return tml_config_refuse(key, item, found, error);
}

static bool is_in_range(const tml_config_key *key, double value)
{
    return value >= key->minimum && value <= key->maximum;
}

static tml_status read_integer(const tml_config_key *key, const tml_config_scalar *scalar, int64_t *value,
                               tml_error *error)
{
    long long parsed;

    errno = 0;
    parsed = strtoll(scalar->text, NULL, 10);
    if (!is_number(scalar, false) || errno != 0 || !is_in_range(key, (double)parsed))
        return refuse_scalar(key, 0, scalar, error);
    *value = parsed;
    return TML_OK;
}

static tml_status read_real(const tml_config_key *key, size_t item, const tml_config_scalar *scalar,
                            double *value, tml_error *error)
{
    double parsed;

    if (!is_number(scalar, true) || !tml_text_to_double(scalar->text, &parsed) || !isfinite(parsed) ||
        !is_in_range(key, parsed))
        return refuse_scalar(key, item, scalar, error);
    *value = parsed;
    return TML_OK;
}

static tml_status read_choice(const tml_config_key *key, size_t item, const tml_config_scalar *scalar,
                              int *value, tml_error *error)
{
    tml_config_words words;
    char shown[TML_CONFIG_SHOWN];
    char wanted[TML_CONFIG_DESCRIPTION];
    const char *nearest;

    if (is_null(scalar))
        return refuse_scalar(key, item, scalar, error);
    tml_config_split(key, &words);
    for (size_t i = 0; i < words.count; ++i)
        if (strcmp(words.word[i], scalar->text) == 0 && strlen(scalar->text) == scalar->length) {
            *value = (int)i;
            return TML_OK;
        }
    nearest = tml_text_nearest(scalar->text, words.word, words.count);
    if (nearest == NULL)
        return refuse_scalar(key, item, scalar, error);
    tml_config_show(scalar->text, shown);
    tml_config_describe(key, true, wanted);
    return TML_FAIL(error, TML_CONFIG, "\"%s.%s\" is %s, did you mean \"%s\"? Wanted: %s", key->section,
                    key->name, shown, nearest, wanted);
}

static tml_status read_text(const tml_config_key *key, size_t item, const tml_config_scalar *scalar,
                            size_t room, char *value, tml_error *error)
{
    if (is_null(scalar))
        return refuse_scalar(key, item, scalar, error);
    if (has_control(scalar))
        return TML_FAIL(error, TML_CONFIG, "\"%s.%s\" holds a control character or a line break",
                        key->section, key->name);
    if (scalar->length >= room)
        return TML_FAIL(error, TML_CONFIG, "\"%s.%s\" has %zu bytes, at most %zu fit", key->section,
                        key->name, scalar->length, room - 1);
    memset(value, 0, room); /* settings can be compared as bytes */
    memcpy(value, scalar->text, scalar->length);
    return TML_OK;
}

tml_status tml_config_value_read(const tml_config_key *key, const tml_config_scalar *scalar, void *settings,
                                 tml_error *error)
{
    void *value = (char *)settings + key->offset;

    switch (key->type) {
    case TML_CONFIG_INTEGER:
        return read_integer(key, scalar, value, error);
    case TML_CONFIG_REAL:
        return read_real(key, 0, scalar, value, error);
    case TML_CONFIG_CHOICE:
        return read_choice(key, 0, scalar, value, error);
    case TML_CONFIG_STRING:
        return read_text(key, 0, scalar, TML_CONFIG_TEXT, value, error);
    case TML_CONFIG_REAL_LIST:
    case TML_CONFIG_NAME_LIST:
        break;
    }
    return refuse_scalar(key, 0, scalar, error);
}

tml_status tml_config_value_start_list(const tml_config_key *key, void *settings, tml_error *error)
{
    if (key->type != TML_CONFIG_REAL_LIST && key->type != TML_CONFIG_NAME_LIST)
        return tml_config_refuse(key, 0, "a list", error);
    memset((char *)settings + key->offset, 0, tml_config_value_size(key));
    return TML_OK;
}

static tml_status append_name(const tml_config_key *key, const tml_config_scalar *scalar,
                              tml_config_names *names, tml_error *error)
{
    int choice;
    tml_status status = TML_OK;

    if (scalar->length == 0)
        return tml_config_refuse(key, names->count + 1, "empty", error);
    if (key->choices != NULL)
        status = read_choice(key, names->count + 1, scalar, &choice, error);
    if (status == TML_OK)
        status = read_text(key, names->count + 1, scalar, TML_CONFIG_NAME, names->item[names->count], error);
    if (status == TML_OK)
        ++names->count;
    return status;
}

tml_status tml_config_value_append(const tml_config_key *key, const tml_config_scalar *scalar, void *settings,
                                   tml_error *error)
{
    void *value = (char *)settings + key->offset;
    tml_config_reals *reals = value;
    size_t count = key->type == TML_CONFIG_REAL_LIST ? reals->count : ((tml_config_names *)value)->count;
    tml_status status;

    if (count == TML_CONFIG_LIST)
        return TML_FAIL(error, TML_CONFIG, "\"%s.%s\" has more than %d items", key->section, key->name,
                        TML_CONFIG_LIST);
    if (key->type == TML_CONFIG_NAME_LIST)
        return append_name(key, scalar, value, error);
    status = read_real(key, count + 1, scalar, &reals->item[count], error);
    if (status == TML_OK)
        ++reals->count;
    return status;
}
