#include "report/people_number.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "report/symbol.h"

#define MINUS "\u2212"
#define PLUS_MINUS "\u00b1"

enum { MOST_DECIMALS = 12 };

int tml_people_decimals(double sd)
{
    int decimals;

    if (!isfinite(sd) || sd <= 0.0)
        return TML_PEOPLE_PLAIN;
    decimals = 1 - (int)floor(log10(sd));
    if (sd * pow(10.0, decimals) >= 99.5) /* 0.0996 is 0.10 with two digits */
        --decimals;
    if (decimals > MOST_DECIMALS)
        return MOST_DECIMALS;
    return decimals < -MOST_DECIMALS ? -MOST_DECIMALS : decimals;
}

void tml_people_number(double value, int decimals, char text[TML_PEOPLE_TEXT])
{
    char digits[TML_PEOPLE_TEXT - 4];
    double size = fabs(value);

    if (!isfinite(value)) {
        snprintf(text, TML_PEOPLE_TEXT, "not known");
        return;
    }
    if (decimals == TML_PEOPLE_PLAIN || size >= 1e15) {
        snprintf(digits, sizeof digits, "%.4g", size);
    } else if (decimals < 0) {
        double unit = pow(10.0, -decimals);

        snprintf(digits, sizeof digits, "%.0f", round(size / unit) * unit);
    } else {
        snprintf(digits, sizeof digits, "%.*f", decimals, size);
    }
    snprintf(text, TML_PEOPLE_TEXT, "%s%s", value < 0.0 && strspn(digits, "0.") < strlen(digits) ? MINUS : "",
             digits);
}

void tml_people_measure(double value, double sd, char text[TML_PEOPLE_PAIR])
{
    char number[TML_PEOPLE_TEXT];
    char spread[TML_PEOPLE_TEXT];
    int decimals = tml_people_decimals(sd);

    tml_people_number(value, decimals, number);
    tml_people_number(sd, decimals, spread);
    if (decimals == TML_PEOPLE_PLAIN || !isfinite(value))
        snprintf(text, TML_PEOPLE_PAIR, "%s", number);
    else
        snprintf(text, TML_PEOPLE_PAIR, "%s " PLUS_MINUS " %s", number, spread);
}

void tml_people_interval(double low, double high, double sd, char text[TML_PEOPLE_PAIR])
{
    char from[TML_PEOPLE_TEXT];
    char to[TML_PEOPLE_TEXT];

    if (!isfinite(low) || !isfinite(high)) {
        snprintf(text, TML_PEOPLE_PAIR, "not known");
        return;
    }
    tml_people_number(low, tml_people_decimals(sd), from);
    tml_people_number(high, tml_people_decimals(sd), to);
    snprintf(text, TML_PEOPLE_PAIR, "%s to %s", from, to);
}

const char *tml_people_unit(const char *unit)
{
    return strcmp(unit, "solar ratio") == 0 ? "solar" : unit;
}

void tml_people_answer(const tml_object_result *object, char text[TML_PEOPLE_ANSWER])
{
    size_t length = 0;

    text[0] = '\0';
    for (size_t p = 0; p < object->parameters && length < TML_PEOPLE_ANSWER - 1; ++p) {
        const tml_parameter_result *parameter = &object->parameter[p];
        const char *unit = tml_people_unit(parameter->unit);
        char measure[TML_PEOPLE_PAIR];
        int written;

        tml_people_measure(parameter->value, parameter->sd, measure);
        written = snprintf(text + length, TML_PEOPLE_ANSWER - length, "%s%s %s%s%s", p > 0 ? ", " : "",
                           tml_symbol_of(parameter->name), measure, unit[0] != '\0' ? " " : "", unit);
        length += written > 0 ? (size_t)written : 0;
    }
}

void tml_people_label(const tml_object_result *object, char text[TML_PEOPLE_ANSWER])
{
    size_t length = 0;

    text[0] = '\0';
    for (size_t p = 0; p < object->parameters && length < TML_PEOPLE_ANSWER - 1; ++p) {
        const tml_parameter_result *parameter = &object->parameter[p];
        char number[TML_PEOPLE_TEXT];
        int written;

        tml_people_number(parameter->value, tml_people_decimals(parameter->sd), number);
        written = snprintf(text + length, TML_PEOPLE_ANSWER - length, "%s%s %s%s", p > 0 ? ", " : "",
                           tml_symbol_of(parameter->name), number,
                           strcmp(parameter->unit, "K") == 0 ? " K" : "");
        length += written > 0 ? (size_t)written : 0;
    }
}
