#ifndef TML_PLOTS_AXES_H
#define TML_PLOTS_AXES_H

/** @file plots/axes.h
 * A frame on the page with two axes, and data drawn in it. Several frames on one page are panels. Only inside
 * a tml_draw, but for tml_axis_cover. */

#include <stdbool.h>
#include <stddef.h>

#include "plots/pen.h"

typedef struct tml_axis {
    double low, high; /* low < high; above 0 if logarithmic */
    bool is_log;
    bool is_whole;     /* ticks at whole numbers only */
    const char *label; /* with its unit; borrowed */
} tml_axis;

typedef struct tml_axes {
    tml_box frame;
    tml_axis x, y;
} tml_axes;

/** Widen a range to hold values; those that the axis cannot show (not finite, or not above 0 on a logarithmic
 * one) are passed over. Start with low = INFINITY, high = -INFINITY. Not collective.
 * @param values  count of them, borrowed; NULL holds none
 */
void tml_axis_cover(tml_axis *axis, size_t count, const double *values);

/** Leave a margin at both ends of what was covered; an axis that covers nothing or one value gets a range. */
void tml_axis_pad(tml_axis *axis, double fraction);

/** The light grid, below the data. */
void tml_axes_grid(const tml_canvas *canvas, const tml_axes *axes);

/** The frame with ticks, numbers and labels, above the data. */
void tml_axes_frame(const tml_canvas *canvas, const tml_axes *axes);

/** Position of a value on the page [pt]; NaN for one that the axis cannot show. */
double tml_axes_x(const tml_axes *axes, double value);
double tml_axes_y(const tml_axes *axes, double value);

/** A line through (x, y), clipped by the frame. A value that cannot be shown interrupts it; a point between
 * two interruptions becomes a dot. */
void tml_axes_curve(const tml_canvas *canvas, const tml_axes *axes, const tml_pen *pen, size_t count,
                    const double *x, const double *y);

#endif
