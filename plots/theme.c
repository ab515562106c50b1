#include "plots/theme.h"

#include <plplot.h>
#include <stdlib.h>

#include "plots/colour_map.h"

enum { COLOURS = TML_COLOUR_SERIES + TML_SERIES_COLOURS, TRANSLUCENT = COLOURS /* mixed when it is used */ };

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

void tml_theme_select(tml_colour colour, double opacity)
{
    if (opacity < 1.0) {
        plscol0a(TRANSLUCENT, table[colour].red, table[colour].green, table[colour].blue, opacity);
        plcol0(TRANSLUCENT);
    } else {
        plcol0((PLINT)colour);
    }
}

void tml_theme_apply(void)
{
    setenv("PLPLOT_FREETYPE_SANS_FAMILY", "DejaVu Sans", 1); /* whose widths type_width.c knows */
    plscmap0n(COLOURS + 1);
    for (size_t i = 0; i < COLOURS; ++i)
        plscol0((PLINT)i, table[i].red, table[i].green, table[i].blue);
    tml_colour_map_apply();
}
