#include "core/number_text.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/text.h"

/* The decimal point of the user's locale, which may be several bytes, becomes ".". */
static void use_point(char text[TML_NUMBER_TEXT])
{
    const char *point = localeconv()->decimal_point;
    char *found;

    if (strcmp(point, ".") == 0)
        return;
    found = strstr(text, point);
    if (found == NULL)
        return;
    *found = '.';
    memmove(found + 1, found + strlen(point), strlen(found + strlen(point)) + 1);
}

void tml_number_text(double value, char text[TML_NUMBER_TEXT])
{
    if (!isfinite(value)) {
        snprintf(text, TML_NUMBER_TEXT, "%s", isnan(value) ? "nan" : value > 0.0 ? "inf" : "-inf");
        return;
    }
    /* %g drops trailing zeros, so 15 digits are already the shortest form of every number that they can name.
     */
    for (int digits = 15; digits <= 17; ++digits) {
        double back;

        snprintf(text, TML_NUMBER_TEXT, "%.*g", digits, value);
        use_point(text);
        if (tml_text_to_double(text, &back) && memcmp(&back, &value, sizeof back) == 0)
            return;
    }
}
