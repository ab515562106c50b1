#include "plots/theme.h"

#include <plplot.h>
#include <stdlib.h>

#include "plots/colour_map.h"

enum {
    COLOURS = TML_COLOUR_SERIES + TML_SERIES_COLOURS,
    TRANSLUCENT = COLOURS, /* mixed when it is used */
    MAPPED = TRANSLUCENT + 1
};

typedef struct colour_code {
    PLINT red, green, blue;
} colour_code;

static const colour_code table[COLOURS] = {
    [TML_COLOUR_PAPER] = {255, 255, 255},
    [TML_COLOUR_INK] = {30, 30, 30},
    [TML_COLOUR_MUTED] = {110, 110, 110},
    [TML_COLOUR_FAINT] = {175, 175, 175},
    [TML_COLOUR_GRID] = {225, 225, 225},
    /* Okabe and Ito without the black, which is the ink; grey stands before the yellow, weak on white. */
    [TML_COLOUR_SERIES] = {0, 114, 178},
    {213, 94, 0},
    {0, 158, 115},
    {204, 121, 167},
    {86, 180, 233},
    {230, 159, 0},
    {150, 150, 150},
    {240, 228, 66},
};

tml_colour tml_theme_series(size_t index)
{
    return (tml_colour)(TML_COLOUR_SERIES + index % TML_SERIES_COLOURS);
}

tml_colour tml_theme_mapped(double fraction)
{
    double within = fraction > 0.0 ? fraction < 1.0 ? fraction : 1.0 : 0.0;

    return (tml_colour)(MAPPED + (int)(within * (TML_COLOUR_MAP_STEPS - 1) + 0.5));
}

static colour_code code_of(tml_colour colour)
{
    unsigned mapped;

    if ((int)colour < MAPPED)
        return table[colour];
    mapped = tml_colour_map_step((size_t)colour - MAPPED);
    return (colour_code){(PLINT)(mapped >> 16 & 0xFF), (PLINT)(mapped >> 8 & 0xFF), (PLINT)(mapped & 0xFF)};
}

void tml_theme_select(tml_colour colour, double opacity)
{
    if (opacity < 1.0) {
        colour_code code = code_of(colour);

        plscol0a(TRANSLUCENT, code.red, code.green, code.blue, opacity);
        plcol0(TRANSLUCENT);
    } else {
        plcol0((PLINT)colour);
    }
}

void tml_theme_apply(void)
{
    setenv("PLPLOT_FREETYPE_SANS_FAMILY", "DejaVu Sans", 1); /* whose widths type_width.c knows */
    plscmap0n(MAPPED + TML_COLOUR_MAP_STEPS);
    for (int i = 0; i < MAPPED + TML_COLOUR_MAP_STEPS; ++i) {
        colour_code code = code_of(i == TRANSLUCENT ? TML_COLOUR_INK : (tml_colour)i);

        plscol0(i, code.red, code.green, code.blue);
    }
    tml_colour_map_apply();
}
