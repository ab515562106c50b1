#ifndef TML_PLOTS_THEME_H
#define TML_PLOTS_THEME_H

/** @file plots/theme.h
 * How every figure looks: colours that colour-blind readers tell apart (Okabe and Ito), line widths, type
 * sizes and margins. Lengths are points (1/72 inch) on the printed page; a figure is one column of a journal
 * wide, or two. */

#include <stddef.h>

/** Colours by duty. The series follow TML_COLOUR_SERIES. */
typedef enum tml_colour {
    TML_COLOUR_PAPER,
    TML_COLOUR_INK,
    TML_COLOUR_MUTED, /* marks that explain the data */
    TML_COLOUR_FAINT, /* what may lie below the data, such as error bars */
    TML_COLOUR_GRID,
    TML_COLOUR_SERIES /* first of TML_SERIES_COLOURS */
} tml_colour;

enum { TML_SERIES_COLOURS = 8 };

#define TML_FIGURE_WIDTH_PT 252.0 /* 3.5 inch */
#define TML_FIGURE_WIDE_PT 340.0  /* 12 cm: a column and a half; its type is still legible at 8 cm */

#define TML_TYPE_TITLE_PT 9.0
#define TML_TYPE_LABEL_PT 8.5
#define TML_TYPE_TICK_PT 7.5
#define TML_TYPE_LEGEND_PT 7.5
#define TML_TYPE_NOTE_PT 7.0

#define TML_LINE_GRID_PT 0.35
#define TML_LINE_FRAME_PT 0.5
#define TML_LINE_THIN_PT 0.6
#define TML_LINE_DATA_PT 0.9
#define TML_LINE_BOLD_PT 1.3

#define TML_TICK_MAJOR_PT 3.5
#define TML_TICK_MINOR_PT 2.0

#define TML_MARGIN_LEFT_PT 40.0
#define TML_MARGIN_BOTTOM_PT 29.0
#define TML_MARGIN_RIGHT_PT 8.0
#define TML_MARGIN_TOP_PT 6.0

/** Colour of a data series; the ninth repeats the first. */
tml_colour tml_theme_series(size_t index);

/** A colour of plots/colour_map.h for pens, fills and markers. @param fraction 0: least, 1: most; beyond
 * counts as the end, NaN as least */
tml_colour tml_theme_mapped(double fraction);

/** Choose the colour of what is drawn next. Only inside a tml_draw. @param opacity 0 to 1 */
void tml_theme_select(tml_colour colour, double opacity);

/** Give PLplot the colours and the font. Before plinit, for every page. */
void tml_theme_apply(void);

#endif
