#ifndef TML_PLOTS_LEGEND_H
#define TML_PLOTS_LEGEND_H

/** @file plots/legend.h
 * A legend in rows outside the frame, so that it hides no data. */

#include <stddef.h>

#include "plots/pen.h"

typedef struct tml_legend_entry {
    const char *text; /* borrowed */
    tml_pen pen;      /* width 0: text alone */
} tml_legend_entry;

/** Height of the rows that the entries fill [pt]. Not collective. */
double tml_legend_height(size_t count, const tml_legend_entry *entries, double width_pt);

/** Draw the rows downwards from (left, top). Only inside a tml_draw. */
void tml_legend_draw(const tml_canvas *canvas, size_t count, const tml_legend_entry *entries, double left_pt,
                     double top_pt, double width_pt);

#endif
