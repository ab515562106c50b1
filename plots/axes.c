#include "plots/axes.h"

#include <math.h>

#include "plots/ticks.h"

#define LONE_POINT_PT 0.8

enum { X_LABELS = 6, Y_LABELS = 5 };

static const tml_pen grid_pen = {.colour = TML_COLOUR_GRID, .width_pt = TML_LINE_GRID_PT};
static const tml_pen frame_pen = {.colour = TML_COLOUR_INK, .width_pt = TML_LINE_FRAME_PT};

static bool can_show(const tml_axis *axis, double value)
{
    return isfinite(value) && (!axis->is_log || value > 0.0);
}

void tml_axis_cover(tml_axis *axis, size_t count, const double *values)
{
    for (size_t i = 0; values != NULL && i < count; ++i) {
        if (can_show(axis, values[i])) {
            axis->low = fmin(axis->low, values[i]);
            axis->high = fmax(axis->high, values[i]);
        }
    }
}

void tml_axis_pad(tml_axis *axis, double fraction)
{
    if (axis->low > axis->high) {
        axis->low = axis->is_log ? 0.1 : 0.0;
        axis->high = 1.0;
    } else if (axis->is_log) {
        double factor = pow(axis->high / axis->low, fraction);

        if (axis->high / axis->low < 1.0 + 1e-6)
            factor = 2.0;
        axis->low /= factor;
        axis->high *= factor;
    } else {
        double margin = fraction * (axis->high - axis->low);

        if (!(margin > 1e-9 * fabs(axis->high)))
            margin = fmax(0.5, 0.01 * fabs(axis->high));
        axis->low -= margin;
        axis->high += margin;
    }
}

static double position(const tml_axis *axis, double start_pt, double end_pt, double value)
{
    double fraction;

    if (!can_show(axis, value))
        return NAN;
    fraction = axis->is_log ? log(value / axis->low) / log(axis->high / axis->low)
                            : (value - axis->low) / (axis->high - axis->low);
    return start_pt + fraction * (end_pt - start_pt);
}

double tml_axes_x(const tml_axes *axes, double value)
{
    return position(&axes->x, axes->frame.left, axes->frame.right, value);
}

double tml_axes_y(const tml_axes *axes, double value)
{
    return position(&axes->y, axes->frame.bottom, axes->frame.top, value);
}

static void place_ticks(const tml_axis *axis, size_t wanted, tml_ticks *ticks)
{
    if (axis->is_log)
        tml_ticks_log(axis->low, axis->high, ticks);
    else
        tml_ticks_linear(axis->low, axis->high, wanted, axis->is_whole, ticks);
}

void tml_axes_grid(const tml_canvas *canvas, const tml_axes *axes)
{
    const tml_box *frame = &axes->frame;
    tml_ticks ticks;

    tml_pen_clip(canvas, NULL);
    place_ticks(&axes->x, X_LABELS, &ticks);
    for (size_t i = 0; i < ticks.count; ++i) {
        double x = tml_axes_x(axes, ticks.tick[i].value);

        if (ticks.tick[i].is_major)
            tml_pen_line(canvas, &grid_pen, x, frame->bottom, x, frame->top);
    }
    place_ticks(&axes->y, Y_LABELS, &ticks);
    for (size_t i = 0; i < ticks.count; ++i) {
        double y = tml_axes_y(axes, ticks.tick[i].value);

        if (ticks.tick[i].is_major)
            tml_pen_line(canvas, &grid_pen, frame->left, y, frame->right, y);
    }
}

static void draw_x_axis(const tml_canvas *canvas, const tml_axes *axes)
{
    const tml_type number = {TML_TYPE_TICK_PT, TML_COLOUR_INK, 0.5, false};
    const tml_type label = {TML_TYPE_LABEL_PT, TML_COLOUR_INK, 0.5, false};
    const tml_box *frame = &axes->frame;
    tml_ticks ticks;

    place_ticks(&axes->x, X_LABELS, &ticks);
    for (size_t i = 0; i < ticks.count; ++i) {
        const tml_tick *tick = &ticks.tick[i];
        double x = tml_axes_x(axes, tick->value);
        double length = tick->is_major ? TML_TICK_MAJOR_PT : TML_TICK_MINOR_PT;

        tml_pen_line(canvas, &frame_pen, x, frame->bottom, x, frame->bottom + length);
        tml_pen_text(canvas, &number, x, frame->bottom - 1.35 * TML_TYPE_TICK_PT, tick->text);
    }
    tml_pen_text(canvas, &label, 0.5 * (frame->left + frame->right),
                 frame->bottom - 1.35 * TML_TYPE_TICK_PT - 1.5 * TML_TYPE_LABEL_PT, axes->x.label);
}

static void draw_y_axis(const tml_canvas *canvas, const tml_axes *axes)
{
    const tml_type number = {TML_TYPE_TICK_PT, TML_COLOUR_INK, 1.0, false};
    const tml_type label = {TML_TYPE_LABEL_PT, TML_COLOUR_INK, 0.5, true};
    const tml_box *frame = &axes->frame;
    tml_ticks ticks;

    place_ticks(&axes->y, Y_LABELS, &ticks);
    for (size_t i = 0; i < ticks.count; ++i) {
        const tml_tick *tick = &ticks.tick[i];
        double y = tml_axes_y(axes, tick->value);
        double length = tick->is_major ? TML_TICK_MAJOR_PT : TML_TICK_MINOR_PT;

        tml_pen_line(canvas, &frame_pen, frame->left, y, frame->left + length, y);
        tml_pen_text(canvas, &number, frame->left - 3.0, y - 0.36 * TML_TYPE_TICK_PT, tick->text);
    }
    tml_pen_text(canvas, &label, frame->left - TML_MARGIN_LEFT_PT + 1.3 * TML_TYPE_LABEL_PT,
                 0.5 * (frame->bottom + frame->top), axes->y.label);
}

void tml_axes_frame(const tml_canvas *canvas, const tml_axes *axes)
{
    const tml_box *frame = &axes->frame;
    tml_stroke stroke;

    tml_pen_clip(canvas, NULL);
    tml_stroke_begin(&stroke, canvas, &frame_pen);
    tml_stroke_to(&stroke, frame->left, frame->bottom);
    tml_stroke_to(&stroke, frame->right, frame->bottom);
    tml_stroke_to(&stroke, frame->right, frame->top);
    tml_stroke_to(&stroke, frame->left, frame->top);
    tml_stroke_to(&stroke, frame->left, frame->bottom);
    tml_stroke_to(&stroke, frame->right, frame->bottom); /* once more, so that the first corner is closed */
    tml_stroke_end(&stroke);
    draw_x_axis(canvas, axes);
    draw_y_axis(canvas, axes);
}

/* Hollow where the line would be dashed. */
static void draw_lone_point(const tml_canvas *canvas, const tml_pen *pen, double x_pt, double y_pt)
{
    double radius = LONE_POINT_PT + pen->width_pt;

    tml_pen_dot(canvas, pen->colour, x_pt, y_pt, radius);
    if (pen->dash_pt > 0.0)
        tml_pen_dot(canvas, TML_COLOUR_PAPER, x_pt, y_pt, radius - fmax(pen->width_pt, 0.5));
}

void tml_axes_curve(const tml_canvas *canvas, const tml_axes *axes, const tml_pen *pen, size_t count,
                    const double *x, const double *y)
{
    tml_stroke stroke;
    bool was_shown = false;

    tml_pen_clip(canvas, &axes->frame);
    tml_stroke_begin(&stroke, canvas, pen);
    for (size_t i = 0; i < count; ++i)
        tml_stroke_to(&stroke, tml_axes_x(axes, x[i]), tml_axes_y(axes, y[i]));
    tml_stroke_end(&stroke);
    for (size_t i = 0; i < count; ++i) {
        bool is_shown = can_show(&axes->x, x[i]) && can_show(&axes->y, y[i]);
        bool next_shown = i + 1 < count && can_show(&axes->x, x[i + 1]) && can_show(&axes->y, y[i + 1]);

        if (is_shown && !was_shown && !next_shown)
            draw_lone_point(canvas, pen, tml_axes_x(axes, x[i]), tml_axes_y(axes, y[i]));
        was_shown = is_shown;
    }
}
