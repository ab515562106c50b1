#include "plots/reproducible.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void tml_reproducible_pdf(char *bytes, size_t count)
{
    static const char key[] = "/CreationDate (D:";
    static const char date[] = "19700101000000";

    for (size_t at = 0; at + sizeof key + sizeof date < count; ++at) {
        if (memcmp(bytes + at, key, sizeof key - 1) == 0) {
            memcpy(bytes + at + sizeof key - 1, date, sizeof date - 1);
            return;
        }
    }
}

size_t tml_reproducible_svg(char *bytes, size_t count)
{
    static const char name[] = "surface";
    const char *read = bytes, *found;
    unsigned long first = 0;
    bool has_first = false;
    char *write = bytes;

    while ((found = strstr(read, name)) != NULL) {
        const char *digits = found + sizeof name - 1;
        char *rest, text[32];
        unsigned long number = strtoul(digits, &rest, 10);
        size_t length;

        memmove(write, read, (size_t)(digits - read));
        write += digits - read;
        read = rest;
        if (rest == digits)
            continue;
        first = has_first ? first : number;
        has_first = true;
        snprintf(text, sizeof text, "%lu", number < first ? number : number - first);
        length = strlen(text);
        memcpy(write, text, length);
        write += length;
    }
    memmove(write, read, count - (size_t)(read - bytes) + 1);
    return (size_t)(write - bytes) + count - (size_t)(read - bytes);
}
