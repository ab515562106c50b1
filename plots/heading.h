#ifndef TML_PLOTS_HEADING_H
#define TML_PLOTS_HEADING_H

/** @file plots/heading.h
 * What stands above the frames of a figure: its title and its legend. Not collective. */

#include <stddef.h>

#include "plots/legend.h"

enum { TML_HEADING_ENTRIES = 144 };

typedef struct tml_heading {
    const char *title; /* NULL: none; borrowed */
    size_t entries;
    tml_legend_entry entry[TML_HEADING_ENTRIES];
} tml_heading;

/** Add an entry to the legend. A caller never has more than there is room for. */
void tml_heading_add(tml_heading *heading, const tml_legend_entry *entry);

/** Height of it all, with the margins above and below [pt]. */
double tml_heading_height(const tml_heading *heading, double width_pt);

/** Draw it upwards from the upper left corner of the highest frame. Only inside a tml_draw. */
void tml_heading_draw(const tml_canvas *canvas, const tml_heading *heading, double left_pt, double bottom_pt,
                      double width_pt);

#endif
