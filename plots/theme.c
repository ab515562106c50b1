#include "plots/theme.h"

#include <plplot.h>
#include <stdlib.h>

typedef struct colour {
    PLINT red, green, blue;
} colour;

static const colour table[TML_COLOUR_SERIES + TML_SERIES_COLOURS] = {
    [TML_COLOUR_PAPER] = {255, 255, 255},
    [TML_COLOUR_INK] = {30, 30, 30},
    [TML_COLOUR_MUTED] = {110, 110, 110},
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

void tml_theme_apply(void)
{
    setenv("PLPLOT_FREETYPE_SANS_FAMILY", "DejaVu Sans", 1); /* whose widths type_width.c knows */
    plscmap0n(TML_COLOUR_SERIES + TML_SERIES_COLOURS);
    for (size_t i = 0; i < sizeof table / sizeof table[0]; ++i)
        plscol0((PLINT)i, table[i].red, table[i].green, table[i].blue);
}
