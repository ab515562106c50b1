#include "core/text.h"

#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST_NAME = 63 };

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Insertions, deletions, substitutions and swaps of neighbours that lead from one word to the other. */
static size_t distance(const char *a, const char *b)
{
    size_t rows[3][LONGEST_NAME + 1];
    size_t length_a = smaller(strlen(a), LONGEST_NAME);
    size_t length_b = smaller(strlen(b), LONGEST_NAME);

    for (size_t j = 0; j <= length_b; ++j)
        rows[0][j] = j;
    for (size_t i = 1; i <= length_a; ++i) {
        size_t *now = rows[i % 3];
        const size_t *before = rows[(i + 2) % 3];
        const size_t *twice_before = rows[(i + 1) % 3];

        now[0] = i;
        for (size_t j = 1; j <= length_b; ++j) {
            now[j] = smaller(before[j] + 1, now[j - 1] + 1);
            now[j] = smaller(now[j], before[j - 1] + (a[i - 1] != b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                now[j] = smaller(now[j], twice_before[j - 2] + 1);
        }
    }
    return rows[length_a % 3][length_b];
}

const char *tml_text_nearest(const char *word, const char *const *names, size_t count)
{
    const char *best = NULL;
    size_t limit = (smaller(strlen(word), LONGEST_NAME) + 1) /
                   2; /* beyond half of the word it is no longer the same word */

    for (size_t i = 0; i < count; ++i) {
        size_t d = distance(word, names[i]);

        if (d <= limit) {
            best = names[i];
            if (d == 0)
                break;
            limit = d - 1;
        }
    }
    return best;
}

bool tml_text_to_double(const char *text, double *value)
{
    static locale_t c_locale = (locale_t)0;
    locale_t user;
    char *end;
    double parsed;

    if (c_locale == (locale_t)0)
        c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (strspn(text, " \t\n\v\f\r") > 0)
        return false;
    user = uselocale(c_locale);
    parsed = strtod(text, &end);
    uselocale(user);
    if (end == text || *end != '\0')
        return false;
    *value = parsed;
    return true;
}

bool tml_text_to_uint64(const char *text, uint64_t *value)
{
    char *end;
    unsigned long long parsed;

    if (*text < '0' || *text > '9')
        return false;
    errno = 0;
    parsed = strtoull(text, &end, 10);
    if (errno != 0 || *end != '\0')
        return false;
    *value = parsed;
    return true;
}

bool tml_text_copy(char *target, size_t room, const char *source)
{
    size_t length = strlen(source);

    if (length >= room) {
        target[0] = '\0';
        return false;
    }
    memcpy(target, source, length + 1);
    return true;
}

void tml_text_bytes(double bytes, char text[32])
{
    static const char *const units[] = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
    size_t unit = 0;

    while (bytes >= 999.5 && unit < 6) {
        bytes /= 1000.0;
        ++unit;
    }
    snprintf(text, 32, unit == 0 ? "%.0f %s" : "%.3g %s", bytes, units[unit]);
}
