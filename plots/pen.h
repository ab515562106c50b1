#ifndef TML_PLOTS_PEN_H
#define TML_PLOTS_PEN_H

/** @file plots/pen.h
 * Lines and text in points on the page, the same in every format. Only inside a tml_draw. */

#include <stdbool.h>
#include <stddef.h>

#include "plots/canvas.h"
#include "plots/theme.h"

typedef struct tml_box {
    double left, bottom, right, top; /* pt */
} tml_box;

typedef struct tml_pen {
    tml_colour colour;
    double width_pt;
    double dash_pt; /* 0: a solid line */
    double gap_pt;
} tml_pen;

/** Draw inside a box from now on: lines end at its border, text does not. NULL: the whole page. */
void tml_pen_clip(const tml_canvas *canvas, const tml_box *box);

enum { TML_STROKE_POINTS = 200 };

/** A line on its way over the paper: begin, to, to, ..., end. Dashes run on around corners. */
typedef struct tml_stroke {
    tml_pen pen;
    size_t count;
    double x[TML_STROKE_POINTS], y[TML_STROKE_POINTS];
    bool is_drawing; /* false: inside a gap between dashes */
    double left_pt;  /* until the dash or the gap ends */
} tml_stroke;

void tml_stroke_begin(tml_stroke *stroke, const tml_canvas *canvas, const tml_pen *pen);

/** Go on to a point. A coordinate that is not finite lifts the pen. */
void tml_stroke_to(tml_stroke *stroke, double x_pt, double y_pt);
void tml_stroke_end(tml_stroke *stroke);

/** One straight line. */
void tml_pen_line(const tml_canvas *canvas, const tml_pen *pen, double x0_pt, double y0_pt, double x1_pt,
                  double y1_pt);

typedef struct tml_type {
    double size_pt;
    tml_colour colour;
    double align;     /* 0: the text starts at x, 0.5: centred, 1: ends there */
    bool is_vertical; /* read from the right */
} tml_type;

/** Text with its base line at (x, y). UTF-8, taken literally; bytes that are not become a replacement sign.
 */
void tml_pen_text(const tml_canvas *canvas, const tml_type *type, double x_pt, double y_pt, const char *text);

/** The same, at most as long as `length_pt`: the type is made smaller, and what then still is too long ends
 * in an ellipsis. */
void tml_pen_text_within(const tml_canvas *canvas, const tml_type *type, double x_pt, double y_pt,
                         double length_pt, const char *text);

#endif
