#include "plots/type_width.h"

#include <stdint.h>

enum { OTHER = 700 };

/* Advances in 1/1000 of the type size. */
static const short basic[] = {
    /* blank to tilde */
    318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361,  318, 337, 636, 636, 636,
    636, 636, 636, 636, 636, 636, 636, 337, 337, 838, 838, 838, 531, 1000, 684, 686, 698, 770, 632,
    575, 775, 752, 295, 295, 656, 557, 863, 748, 787, 603, 787, 695, 635,  611, 732, 684, 989, 685,
    611, 685, 390, 337, 390, 838, 500, 500, 613, 635, 550, 635, 615, 352,  635, 634, 278, 278, 579,
    278, 974, 634, 612, 635, 635, 411, 521, 392, 634, 592, 818, 592, 592,  525, 636, 337, 636, 838,
};
static const short latin[] = {
    /* Latin-1 */
    318, 401, 636, 636, 636, 636, 337, 500, 500, 1000, 471, 612, 838, 361, 1000, 500, 500, 838, 401, 401,
    500, 636, 636, 318, 500, 401, 471, 612, 969, 969,  969, 531, 684, 684, 684,  684, 684, 684, 974, 698,
    632, 632, 632, 632, 295, 295, 295, 295, 775, 748,  787, 787, 787, 787, 787,  838, 787, 732, 732, 732,
    732, 611, 605, 630, 613, 613, 613, 613, 613, 613,  982, 550, 615, 615, 615,  615, 278, 278, 278, 278,
    612, 634, 612, 612, 612, 612, 612, 838, 612, 634,  634, 634, 634, 592, 635,  592,
};
static const short greek[] = {
    /* Greek */
    684, 686, 557, 684, 632, 685, 752, 787, 295, 656, 684, 863, 748, 632, 787, 752, 603, 600, 632,
    611, 611, 787, 685, 787, 764, 295, 611, 659, 541, 634, 338, 579, 659, 638, 592, 612, 541, 544,
    634, 612, 338, 589, 592, 636, 559, 558, 612, 602, 635, 587, 634, 602, 579, 660, 578, 660, 837,
};
static const short raised[] = {
    /* superscripts and subscripts */
    401, 179, 600, 600, 401, 401, 401, 401, 401, 401, 528, 528, 528, 246, 246, 398,
    401, 401, 401, 401, 401, 401, 401, 401, 401, 401, 528, 528, 528, 246, 246,
};

static const struct {
    uint32_t first, last;
    const short *advance;
} ranges[] = {
    {0x20, 0x7E, basic},
    {0xA0, 0xFF, latin},
    {0x391, 0x3C9, greek},
    {0x2070, 0x208E, raised},
};

static const struct {
    uint32_t character;
    short advance;
} signs[] = {
    {0x2013, 500}, {0x2014, 1000}, {0x2026, 1000}, {0x2030, 1342}, {0x2032, 227}, /* – — … ‰ ′ */
    {0x2192, 838}, {0x2212, 838},  {0x221D, 714},  {0x223C, 838},  {0x2248, 838}, /* → − ∝ ∼ ≈ */
    {0x2264, 838}, {0x2265, 838},  {0x2299, 838},  {0x2609, 896},  {0x1D63, 259}, /* ≤ ≥ ⊙ ☉ ᵣ */
};

static short advance_of(uint32_t character)
{
    for (size_t r = 0; r < sizeof ranges / sizeof ranges[0]; ++r)
        if (character >= ranges[r].first && character <= ranges[r].last)
            return ranges[r].advance[character - ranges[r].first];
    for (size_t s = 0; s < sizeof signs / sizeof signs[0]; ++s)
        if (character == signs[s].character)
            return signs[s].advance;
    return OTHER;
}

size_t tml_type_character(const char *text, double *width)
{
    const unsigned char *byte = (const unsigned char *)text;
    uint32_t character = byte[0];
    size_t most = byte[0] < 0xC0 ? 1 : byte[0] < 0xE0 ? 2 : byte[0] < 0xF0 ? 3 : 4, length = 1;

    *width = 0.0;
    if (byte[0] == '\0')
        return 0;
    if (byte[0] >= 0xF0)
        character &= 0x07;
    else if (byte[0] >= 0xE0)
        character &= 0x0F;
    else if (byte[0] >= 0xC0)
        character &= 0x1F;
    while ((byte[length] & 0xC0) == 0x80 && length < most)
        character = character << 6 | (byte[length++] & 0x3F);
    *width = advance_of(character) / 1000.0;
    return length;
}

bool tml_type_is_malformed(const char *text, size_t length)
{
    const unsigned char *byte = (const unsigned char *)text;
    unsigned second = length > 1 ? byte[1] : 0;

    if (byte[0] < 0x80)
        return byte[0] == 0x7F; /* no sign, though a character */
    if (byte[0] < 0xC2 || byte[0] > 0xF4)
        return true;
    if (length != (byte[0] < 0xE0 ? 2U : byte[0] < 0xF0 ? 3U : 4U))
        return true;
    /* Overlong forms, surrogates and what lies beyond Unicode. */
    return (byte[0] == 0xE0 && second < 0xA0) || (byte[0] == 0xED && second > 0x9F) ||
           (byte[0] == 0xF0 && second < 0x90) || (byte[0] == 0xF4 && second > 0x8F);
}

double tml_type_width(const char *text, double size_pt)
{
    double sum = 0.0, width;

    for (size_t length; (length = tml_type_character(text, &width)) > 0; text += length)
        sum += width * size_pt;
    return sum;
}
