#ifndef TML_PLOTS_MARKS_H
#define TML_PLOTS_MARKS_H

/** @file plots/marks.h
 * Data in a frame, clipped by it. A value that the axes cannot show has no mark. Of more values than can be
 * told apart, those within one quarter point of the width are drawn as their range, so that the size of a
 * file is bounded. What takes a canvas works only inside a tml_draw. Not collective. */

#include <stddef.h>

#include "plots/axes.h"
#include "plots/fill.h"
#include "plots/marker.h"

/** A line through (x, y). A value that cannot be shown interrupts it; a point between two interruptions
 * becomes a dot. */
void tml_marks_curve(const tml_canvas *canvas, const tml_axes *axes, const tml_pen *pen, size_t count,
                     const double *x, const double *y);

/** The area between two lines. Where one of them cannot be shown the area is interrupted; below a logarithmic
 * axis it ends at the frame. @param x ascending */
void tml_marks_band(const tml_canvas *canvas, const tml_axes *axes, const tml_fill *fill, size_t count,
                    const double *x, const double *low, const double *high);

/** The values of pixels as steps, each as wide as its pixel. A value that cannot be shown, or a gap three
 * times as wide as the pixels beside it, interrupts them. @param x ascending */
void tml_marks_steps(const tml_canvas *canvas, const tml_axes *axes, const tml_pen *pen, size_t count,
                     const double *x, const double *y);

/** Lines from y - error to y + error, ending at the frame. @param x ascending */
void tml_marks_error_bars(const tml_canvas *canvas, const tml_axes *axes, const tml_pen *pen, size_t count,
                          const double *x, const double *y, const double *error);

/** How many error bars end at the frame: a figure says so. */
size_t tml_marks_count_cut(const tml_axes *axes, size_t count, const double *y, const double *error);

/** A marker at each (x, y) within the frame. @param x ascending if there are more than some thousands */
void tml_marks_points(const tml_canvas *canvas, const tml_axes *axes, const tml_marker *marker, size_t count,
                      const double *x, const double *y);

/** Words in the middle of a frame that has nothing to show. */
void tml_marks_nothing(const tml_canvas *canvas, const tml_axes *axes, const char *words);

#endif
