#include "report/clean_text.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define REPLACEMENT "\xef\xbf\xbd"

/* Bytes of the character that begins here, by the table of well-formed sequences (Unicode 15, table 3-7); 0:
 * it is none. */
static size_t character_length(const unsigned char *at)
{
    unsigned char low = 0x80;
    unsigned char high = 0xBF;
    size_t length;

    if (at[0] < 0x80)
        return 1;
    if (at[0] < 0xC2 || at[0] > 0xF4)
        return 0;
    length = at[0] < 0xE0 ? 2 : at[0] < 0xF0 ? 3 : 4;
    if (at[0] == 0xE0)
        low = 0xA0;
    else if (at[0] == 0xED)
        high = 0x9F;
    else if (at[0] == 0xF0)
        low = 0x90;
    else if (at[0] == 0xF4)
        high = 0x8F;
    if (at[1] < low || at[1] > high)
        return 0;
    for (size_t i = 2; i < length; ++i)
        if (at[i] < 0x80 || at[i] > 0xBF)
            return 0;
    return length;
}

/* C0 without tab and newline, DEL, C1, and the marks that turn the direction of text around. */
static bool is_control(const unsigned char *at, size_t length)
{
    if (length == 1)
        return at[0] < 0x20 || at[0] == 0x7F;
    if (length == 2)
        return at[0] == 0xC2 && at[1] < 0xA0;
    return length == 3 && at[0] == 0xE2 &&
           ((at[1] == 0x80 && at[2] >= 0xAA && at[2] <= 0xAE) ||
            (at[1] == 0x81 && at[2] >= 0xA6 && at[2] <= 0xA9));
}

char *tml_text_clean(const char *text, bool keep_lines)
{
    const unsigned char *at = (const unsigned char *)text;
    char *clean = malloc(strlen(text) * (sizeof REPLACEMENT - 1) + 1);
    char *write = clean;

    if (clean == NULL)
        return NULL;
    while (*at != '\0') {
        size_t length = character_length(at);

        if (*at == '\n' || *at == '\t' || *at == '\r') {
            *write++ = keep_lines && *at != '\r' ? (char)*at : ' ';
        } else if (length == 0 || is_control(at, length)) {
            memcpy(write, REPLACEMENT, sizeof REPLACEMENT - 1);
            write += sizeof REPLACEMENT - 1;
        } else {
            memcpy(write, at, length);
            write += length;
        }
        at += length > 0 ? length : 1;
    }
    *write = '\0';
    return clean;
}
