#include "io/observation_raw.h"

#include <string.h>

/* Bytes of the well-formed UTF-8 character that starts here; 0 if there is none. */
static size_t character_length(const unsigned char *at)
{
    size_t length;

    if (at[0] < 0x80)
        return at[0] >= 0x20 && at[0] != 0x7F ? 1 : 0;
    if (at[0] < 0xC2 || at[0] > 0xF4)
        return 0;
    length = at[0] < 0xE0 ? 2 : at[0] < 0xF0 ? 3 : 4;
    for (size_t i = 1; i < length; ++i)
        if ((at[i] & 0xC0) != 0x80)
            return 0;
    /* Second bytes that would make an overlong form, a surrogate, a C1 control or more than U+10FFFF. */
    if ((at[0] == 0xC2 && at[1] < 0xA0) || (at[0] == 0xE0 && at[1] < 0xA0) ||
        (at[0] == 0xED && at[1] > 0x9F) || (at[0] == 0xF0 && at[1] < 0x90) || (at[0] == 0xF4 && at[1] > 0x8F))
        return 0;
    return length;
}

void tml_observation_plain_text(char *text)
{
    size_t end;

    for (size_t at = 0; text[at] != '\0';) {
        size_t length = character_length((const unsigned char *)text + at);

        if (length == 0)
            text[at] = '?';
        at += length > 0 ? length : 1;
    }
    for (end = strlen(text); end > 0 && text[end - 1] == ' '; --end)
        text[end - 1] = '\0';
}

void tml_observation_copy_text(char *target, size_t room, const char *source)
{
    size_t length = strlen(source);

    if (length >= room) {
        length = room - 1;
        while (length > 0 && ((unsigned char)source[length] & 0xC0) == 0x80)
            --length;
    }
    memcpy(target, source, length);
    target[length] = '\0';
    tml_observation_plain_text(target);
}
