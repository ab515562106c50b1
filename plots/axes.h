#ifndef TML_PLOTS_AXES_H
#define TML_PLOTS_AXES_H

/** @file plots/axes.h
 * A frame on the page with two axes. Several frames on one page are panels. plots/marks.h draws data in it.
 * What takes a canvas works only inside a tml_draw; the rest is arithmetic. Not collective. */

#include <stdbool.h>
#include <stddef.h>

#include "plots/pen.h"

typedef struct tml_axis {
    double low, high; /* low < high; above 0 if logarithmic */
    bool is_log;
    bool is_whole;    /* ticks at whole numbers only */
    double ticks_end; /* no ticks beyond this value; 0: ticks on all of the axis */
    int power;        /* of ten that the numbers share, on a linear axis; 0: as their size demands */
    bool is_bare;     /* ticks without numbers and label: another panel has them */
    const char *label; /* with its unit; borrowed. "Flux [unit]" becomes "Flux [10⁻¹⁵ unit]" where it must */
} tml_axis;

typedef struct tml_axes {
    tml_box frame;
    tml_axis x, y;
    double margin_pt; /* from the frame to the left end of the label of y; 0: TML_MARGIN_LEFT_PT */
} tml_axes;

/** Whether a value has a place on an axis of this kind: finite, and above 0 on a logarithmic one. Beyond
 * 1e300 nothing is shown, because ranges would overflow. */
bool tml_axis_can_show(const tml_axis *axis, double value);

/** Widen a range to hold values; those that the axis cannot show are passed over. Start with low = INFINITY,
 * high = -INFINITY.
 * @param values  count of them, borrowed; NULL holds none
 */
void tml_axis_cover(tml_axis *axis, size_t count, const double *values);

/** Leave a margin at both ends of what was covered; an axis that covers nothing or one value gets a range. */
void tml_axis_pad(tml_axis *axis, double fraction);

/** Room that the numbers and the label of y need to the left of the frame [pt]. The frame must have its
 * height; its place does not matter. */
double tml_axes_margin(const tml_axes *axes);

/** The light grid at the numbers, below the data. */
void tml_axes_grid(const tml_canvas *canvas, const tml_axes *axes);

/** The frame with ticks, numbers and labels, above the data. */
void tml_axes_frame(const tml_canvas *canvas, const tml_axes *axes);

/** Position of a value on the page [pt]; NaN for one that the axis cannot show. */
double tml_axes_x(const tml_axes *axes, double value);
double tml_axes_y(const tml_axes *axes, double value);

#endif
