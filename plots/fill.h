#ifndef TML_PLOTS_FILL_H
#define TML_PLOTS_FILL_H

/** @file plots/fill.h
 * Filled areas in points on the page. Only inside a tml_draw; tml_pen_clip bounds them. */

#include <stddef.h>

#include "plots/pen.h"

typedef struct tml_fill {
    tml_colour colour;
    double opacity; /* 0: nothing is filled, 1: what lies below is hidden */
} tml_fill;

/** @param x_pt, y_pt  [count] finite; a polygon of at least 3 corners without its rim */
void tml_fill_polygon(const tml_canvas *canvas, const tml_fill *fill, size_t count, const double *x_pt,
                      const double *y_pt);

/** A disc; drawn whole if its middle is inside the clip. */
void tml_fill_disc(const tml_canvas *canvas, const tml_fill *fill, double x_pt, double y_pt,
                   double radius_pt);

void tml_fill_box(const tml_canvas *canvas, const tml_fill *fill, const tml_box *box);

/** A box in a colour of plots/colour_map.h. @param fraction 0 to 1 */
void tml_fill_box_mapped(const tml_canvas *canvas, double fraction, const tml_box *box);

#endif
