#ifndef TML_PLOTS_COLOUR_BAR_H
#define TML_PLOTS_COLOUR_BAR_H

/** @file plots/colour_bar.h
 * Colours that mean a value, and the bar that says which. Not collective. */

#include <stdbool.h>
#include <stddef.h>

#include "plots/pen.h"

/** Start with tml_colour_bar_start. */
typedef struct tml_colour_bar {
    const char *label; /* with its unit; borrowed */
    double low, high;  /* of the values */
    bool is_log;
} tml_colour_bar;

/** A bar for values: from the smallest to the largest, logarithmic when all are above 0 and span more than a
 * factor of 100. Values that are not finite are passed over; for none the bar is from 0 to 1, for one value
 * around it.
 * @param values  [count] at the stride in doubles
 */
tml_colour_bar tml_colour_bar_start(size_t count, const double *values, size_t stride, const char *label);

/** The colour of a value; TML_COLOUR_FAINT for one that is not finite. */
tml_colour tml_colour_bar_colour(const tml_colour_bar *bar, double value);

/** Where on the bar a value lies, from 0 to 1. */
double tml_colour_bar_place(const tml_colour_bar *bar, double value);

/** Width of an upright strip, and room that its numbers and label need to the right of it [pt]. */
#define TML_COLOUR_BAR_STRIP_PT 7.0
double tml_colour_bar_margin(const tml_colour_bar *bar, double height_pt);

/** Draw it upright: the strip fills the box, numbers and label stand to the right. Only inside a tml_draw. */
void tml_colour_bar_draw(const tml_canvas *canvas, const tml_colour_bar *bar, const tml_box *strip);

/** Height of a lying bar: its label, its strip and, between them, its ends as numbers [pt]. */
#define TML_COLOUR_BAR_LYING_PT 13.0

/** Draw it lying: a line with the label between the smallest and the largest value, above the strip at the
 * bottom of the box. Only inside a tml_draw. */
void tml_colour_bar_draw_lying(const tml_canvas *canvas, const tml_colour_bar *bar, const tml_box *box);

#endif
