#ifndef TML_PLOTS_LEGEND_H
#define TML_PLOTS_LEGEND_H

/** @file plots/legend.h
 * A legend in rows outside the frame, so that it hides no data. */

#include <stddef.h>

#include "plots/fill.h"
#include "plots/marker.h"

/** A sample shows what is there of area, line and marker; without any the entry is text alone. One that is
 * too long for the width is written smaller. */
typedef struct tml_legend_entry {
    const char *text; /* borrowed */
    tml_pen pen;      /* width 0: no line */
    tml_fill fill;    /* opacity 0: no area */
    tml_marker marker;
    bool is_upright; /* the line of the sample stands: an error bar, or a mark across the axis */
} tml_legend_entry;

/** Height of the rows that the entries fill [pt]. Not collective. */
double tml_legend_height(size_t count, const tml_legend_entry *entries, double width_pt);

/** Draw the rows downwards from (left, top). Only inside a tml_draw. */
void tml_legend_draw(const tml_canvas *canvas, size_t count, const tml_legend_entry *entries, double left_pt,
                     double top_pt, double width_pt);

#endif
