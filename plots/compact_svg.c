#include "plots/compact_svg.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What plots/fill.c gives to a rim, which PLplot always strokes. */
#define INVISIBLE "stroke-width:0.01;"
#define STYLE " style=\""

static bool starts(const char *text, const char *end, const char *with)
{
    size_t length = strlen(with);

    return (size_t)(end - text) >= length && memcmp(text, with, length) == 0;
}

/* A declaration that repeats the initial value, or with its semicolon belongs to a rim. Joins other than
 * mitres have no limit. */
static bool is_idle(const char *text, const char *end, bool has_rim, bool has_mitres)
{
    static const char *const initial[] = {"fill-rule:nonzero;", "fill-opacity:1;", "stroke-opacity:1;",
                                          "stroke-linecap:butt;"};

    if (has_rim && starts(text, end, "stroke"))
        return true;
    if (!has_mitres && starts(text, end, "stroke-miterlimit:"))
        return true;
    for (size_t i = 0; i < sizeof initial / sizeof initial[0]; ++i)
        if (starts(text, end, initial[i]) && (size_t)(end - text) == strlen(initial[i]))
            return true;
    return false;
}

/* "rgb(10%,20%,30%)" as "#1a334d", if each part is one of 256 to six decimals.
 * @return end of the colour, or NULL */
static const char *read_colour(const char *text, const char *end, char code[8])
{
    unsigned part[3];

    if (!starts(text, end, "rgb("))
        return NULL;
    text += strlen("rgb(");
    for (size_t i = 0; i < 3; ++i) {
        char *after;
        double percent = strtod(text, &after), exact = round(percent * 2.55);

        if (after == text || after + 2 > end || after[0] != '%' || after[1] != (i < 2 ? ',' : ')') ||
            !(fabs(exact / 2.55 - percent) < 1e-6) || exact > 255.0)
            return NULL;
        part[i] = (unsigned)exact;
        text = after + 2;
    }
    snprintf(code, 8, "#%02x%02x%02x", part[0], part[1], part[2]);
    return text;
}

static char *copy_declaration(char *write, const char *text, const char *end)
{
    while (text < end) {
        char code[8];
        const char *after = read_colour(text, end, code);

        if (after == NULL) {
            *write++ = *text++;
            continue;
        }
        memcpy(write, code, strlen(code));
        write += strlen(code);
        text = after;
    }
    return write;
}

static bool contains(const char *text, const char *end, const char *what)
{
    for (; text < end; ++text)
        if (starts(text, end, what))
            return true;
    return false;
}

static char *copy_style(char *write, const char *style, const char *end)
{
    bool has_rim = contains(style, end, INVISIBLE) && contains(style, end, "fill:");
    bool has_mitres = contains(style, end, "stroke-linejoin:miter");
    const char *next;

    for (const char *text = style; text < end; text = next) {
        const char *semicolon = memchr(text, ';', (size_t)(end - text));

        next = semicolon != NULL ? semicolon + 1 : end;
        if (!is_idle(text, next, has_rim, has_mitres))
            write = copy_declaration(write, text, next);
    }
    return write;
}

/* ---- coordinates ---- */

/* A number with more than two decimals, rounded: a hundredth of a point is a twenty-fourth of a dot at 300
 * dots per inch. @return end of what was written */
static char *write_hundredths(char *write, double value)
{
    long hundredths = lround(100.0 * fabs(value));
    int count = 0;

    if (hundredths > 0 && value < 0.0)
        *write++ = '-';
    write += snprintf(write, 24, "%ld", hundredths / 100);
    if (hundredths % 100 != 0)
        count = snprintf(write, 4, ".%02ld", hundredths % 100);
    if (count == 3 && write[2] == '0')
        --count;
    return write + count;
}

/* Copy the value of an attribute; it never grows. */
static char *copy_coordinates(char *write, const char *text, const char *end)
{
    while (text < end) {
        const char *digits = text + (*text == '-' ? 1 : 0);
        size_t whole = strspn(digits, "0123456789");
        size_t decimals = digits[whole] == '.' ? strspn(digits + whole + 1, "0123456789") : 0;
        const char *after = digits + whole + (decimals > 0 ? decimals + 1 : 0);

        if (whole > 0 && whole < 9 && decimals > 2 && *after != 'e') {
            write = write_hundredths(write, strtod(text, NULL));
            text = after;
        } else if (whole > 0) {
            memmove(write, text, (size_t)(after - text));
            write += after - text;
            text = after;
        } else {
            *write++ = *text++;
        }
    }
    return write;
}

/* The next attribute of positions: a path, or where a glyph stands. @param value out: its first character */
static const char *find_coordinates(const char *text, const char **value)
{
    static const char *const names[] = {" d=\"", " x=\"", " y=\""};
    const char *first = NULL;

    for (; first == NULL && (text = strchr(text, ' ')) != NULL; ++text)
        for (size_t i = 0; i < sizeof names / sizeof names[0] && first == NULL; ++i)
            if (strncmp(text, names[i], strlen(names[i])) == 0) {
                first = text;
                *value = text + strlen(names[i]);
            }
    return first;
}

static size_t shorten_coordinates(char *bytes, size_t count)
{
    const char *read = bytes, *value = NULL;
    char *write = bytes;

    while (find_coordinates(read, &value) != NULL) {
        const char *end = strchr(value, '"');

        if (end == NULL)
            break;
        memmove(write, read, (size_t)(value - read));
        write = copy_coordinates(write + (value - read), value, end);
        read = end;
    }
    memmove(write, read, count - (size_t)(read - bytes) + 1);
    return (size_t)(write - bytes) + count - (size_t)(read - bytes);
}

static size_t shorten_styles(char *bytes, size_t count)
{
    const char *read = bytes, *found;
    char *write = bytes;

    while ((found = strstr(read, STYLE)) != NULL) {
        const char *style = found + strlen(STYLE), *end = strchr(style, '"');

        if (end == NULL)
            break;
        memmove(write, read, (size_t)(style - read));
        write = copy_style(write + (style - read), style, end);
        read = end;
    }
    memmove(write, read, count - (size_t)(read - bytes) + 1);
    return (size_t)(write - bytes) + count - (size_t)(read - bytes);
}

size_t tml_compact_svg(char *bytes, size_t count)
{
    return shorten_coordinates(bytes, shorten_styles(bytes, count));
}
