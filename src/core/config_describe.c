#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/config_private.h"

/* Beyond 2^63 no integer is refused by the bound itself. */
static const double integer_limit = 9.2e18;

static void bound_text(const tml_config_key *key, double bound, char text[TML_CONFIG_NUMBER])
{
    if (key->type == TML_CONFIG_INTEGER)
        snprintf(text, TML_CONFIG_NUMBER, "%.0f", bound);
    else
        tml_config_number_text(bound, text);
}

/* " from 1 to 9 (pixels)", as much of it as there is. */
static void range_text(const tml_config_key *key, char *text, size_t room)
{
    double limit = key->type == TML_CONFIG_INTEGER ? integer_limit : HUGE_VAL;
    bool has_minimum = key->minimum > -limit;
    bool has_maximum = key->maximum < limit;
    bool has_unit = key->unit != NULL && key->unit[0] != '\0';
    char minimum[TML_CONFIG_NUMBER] = "";
    char maximum[TML_CONFIG_NUMBER] = "";

    if (has_minimum)
        bound_text(key, key->minimum, minimum);
    if (has_maximum)
        bound_text(key, key->maximum, maximum);
    snprintf(text, room, "%s%s%s%s%s%s%s", has_minimum ? " from " : "", minimum,
             has_maximum ? (has_minimum ? " to " : " up to ") : "", maximum, has_unit ? " (" : "",
             has_unit ? key->unit : "", has_unit ? ")" : "");
}

static void choices_text(const tml_config_key *key, char *text, size_t room)
{
    tml_config_words words;
    size_t length = 0;

    text[0] = '\0';
    tml_config_split(key, &words);
    for (size_t i = 0; i < words.count && length < room; ++i)
        length += (size_t)snprintf(text + length, room - length, "%s%s", i > 0 ? ", " : "", words.word[i]);
}

void tml_config_describe(const tml_config_key *key, bool of_item, char text[TML_CONFIG_DESCRIPTION])
{
    char range[192];
    char choices[TML_CONFIG_DESCRIPTION - 64];

    range_text(key, range, sizeof range);
    choices_text(key, choices, sizeof choices);
    switch (key->type) {
    case TML_CONFIG_INTEGER:
        snprintf(text, TML_CONFIG_DESCRIPTION, "a whole number%s", range);
        break;
    case TML_CONFIG_REAL:
        snprintf(text, TML_CONFIG_DESCRIPTION, "a number%s", range);
        break;
    case TML_CONFIG_STRING:
        snprintf(text, TML_CONFIG_DESCRIPTION, "a text");
        break;
    case TML_CONFIG_CHOICE:
        snprintf(text, TML_CONFIG_DESCRIPTION, "one of %s", choices);
        break;
    case TML_CONFIG_REAL_LIST:
        snprintf(text, TML_CONFIG_DESCRIPTION, of_item ? "a number%s" : "a list such as [1, 2] of numbers%s",
                 range);
        break;
    case TML_CONFIG_NAME_LIST:
        if (key->choices == NULL)
            snprintf(text, TML_CONFIG_DESCRIPTION, of_item ? "a name" : "a list such as [a, b] of names");
        else
            snprintf(text, TML_CONFIG_DESCRIPTION, of_item ? "one of %s" : "a list such as [a, b] out of %s",
                     choices);
        break;
    }
}

tml_status tml_config_refuse(const tml_config_key *key, size_t item, const char *found, tml_error *error)
{
    char wanted[TML_CONFIG_DESCRIPTION];
    char which[32] = "";

    tml_config_describe(key, item > 0, wanted);
    if (item > 0)
        snprintf(which, sizeof which, "item %zu of ", item);
    return TML_FAIL(error, TML_CONFIG, "%s\"%s.%s\" is %s, wanted: %s", which, key->section, key->name, found,
                    wanted);
}
