#include "plots/marks.h"

#include <math.h>

#define COLUMN_PT 0.25
#define LONE_POINT_PT 0.8
#define GAP_FACTOR 3.0

enum { CROWD = 3000, BAND_PLACES = 1500 };

/* What falls into one quarter point of the width. */
typedef struct column {
    bool is_open;
    double x, first, last, low, high; /* pt */
} column;

/* Narrower than anything unless there is a crowd. */
static double column_width(size_t count)
{
    return count > CROWD ? COLUMN_PT : 0.0;
}

static bool is_within(const column *open, double x, double width)
{
    return open->is_open && fabs(x - open->x) < width;
}

static void start_column(column *next, double x, double first, double low, double high)
{
    *next = (column){.is_open = true, .x = x, .first = first, .last = first, .low = low, .high = high};
}

static void widen_column(column *open, double last, double low, double high)
{
    open->last = last;
    open->low = fmin(open->low, low);
    open->high = fmax(open->high, high);
}

static void stroke_column(tml_stroke *stroke, column *done)
{
    if (!done->is_open)
        return;
    tml_stroke_to(stroke, done->x, done->first);
    if (done->high > done->low) {
        tml_stroke_to(stroke, done->x, done->low);
        tml_stroke_to(stroke, done->x, done->high);
        tml_stroke_to(stroke, done->x, done->last);
    }
    done->is_open = false;
}

static bool is_shown(const tml_axes *axes, const double *x, const double *y, size_t i)
{
    return tml_axis_can_show(&axes->x, x[i]) && tml_axis_can_show(&axes->y, y[i]);
}

/* Hollow where the line would be dashed. */
static void draw_lone_point(const tml_canvas *canvas, const tml_pen *pen, double x_pt, double y_pt)
{
    const tml_fill full = {pen->colour, 1.0}, hollow = {TML_COLOUR_PAPER, 1.0};
    double radius = LONE_POINT_PT + pen->width_pt;

    tml_fill_disc(canvas, &full, x_pt, y_pt, radius);
    if (pen->dash_pt > 0.0)
        tml_fill_disc(canvas, &hollow, x_pt, y_pt, radius - fmax(pen->width_pt, 0.5));
}

static void draw_lone_points(const tml_canvas *canvas, const tml_axes *axes, const tml_pen *pen, size_t count,
                             const double *x, const double *y)
{
    double width = column_width(count), last = -INFINITY;
    bool was_shown = false;

    for (size_t i = 0; i < count; ++i) {
        bool shown = is_shown(axes, x, y, i);
        bool next_shown = i + 1 < count && is_shown(axes, x, y, i + 1);
        double at = tml_axes_x(axes, x[i]);

        if (shown && !was_shown && !next_shown && fabs(at - last) >= width) {
            draw_lone_point(canvas, pen, at, tml_axes_y(axes, y[i]));
            last = at;
        }
        was_shown = shown;
    }
}

void tml_marks_curve(const tml_canvas *canvas, const tml_axes *axes, const tml_pen *pen, size_t count,
                     const double *x, const double *y)
{
    double width = column_width(count);
    column open = {0};
    tml_stroke stroke;

    tml_pen_clip(canvas, &axes->frame);
    tml_stroke_begin(&stroke, canvas, pen);
    for (size_t i = 0; i < count; ++i) {
        double at = tml_axes_x(axes, x[i]), height = tml_axes_y(axes, y[i]);

        if (!isfinite(at) || !isfinite(height)) {
            stroke_column(&stroke, &open);
            tml_stroke_to(&stroke, NAN, NAN);
        } else if (is_within(&open, at, width)) {
            widen_column(&open, height, height, height);
        } else {
            stroke_column(&stroke, &open);
            start_column(&open, at, height, height, height);
        }
    }
    stroke_column(&stroke, &open);
    tml_stroke_end(&stroke);
    draw_lone_points(canvas, axes, pen, count, x, y);
}

/* From the pixel before [pt]; infinite where there is none. */
static double gap_before(const tml_axes *axes, size_t count, const double *x, size_t i)
{
    double gap = INFINITY;

    if (i > 0 && i < count && x[i] > x[i - 1])
        gap = tml_axes_x(axes, x[i]) - tml_axes_x(axes, x[i - 1]);
    return gap;
}

static bool is_joined(const tml_axes *axes, size_t count, const double *x, const double *y, size_t i)
{
    double beside;

    if (i == 0 || i >= count || !is_shown(axes, x, y, i - 1) || !is_shown(axes, x, y, i))
        return false;
    beside = fmin(gap_before(axes, count, x, i - 1), gap_before(axes, count, x, i + 1));
    return gap_before(axes, count, x, i) <= GAP_FACTOR * beside;
}

void tml_marks_steps(const tml_canvas *canvas, const tml_axes *axes, const tml_pen *pen, size_t count,
                     const double *x, const double *y)
{
    tml_stroke stroke;

    if (count > CROWD) {
        tml_marks_curve(canvas, axes, pen, count, x, y);
        return;
    }
    tml_pen_clip(canvas, &axes->frame);
    tml_stroke_begin(&stroke, canvas, pen);
    for (size_t i = 0; i < count; ++i) {
        double before = gap_before(axes, count, x, i), after = gap_before(axes, count, x, i + 1);
        double lone = 0.5 * fmin(before, after), at = tml_axes_x(axes, x[i]), height = tml_axes_y(axes, y[i]);

        if (!is_shown(axes, x, y, i))
            continue;
        if (!isfinite(lone))
            lone = 2.0 * LONE_POINT_PT;
        if (!is_joined(axes, count, x, y, i))
            tml_stroke_to(&stroke, NAN, NAN);
        tml_stroke_to(&stroke, is_joined(axes, count, x, y, i) ? at - 0.5 * before : at - lone, height);
        tml_stroke_to(&stroke, is_joined(axes, count, x, y, i + 1) ? at + 0.5 * after : at + lone, height);
    }
    tml_stroke_end(&stroke);
}

/* On a logarithmic axis the part that reaches 0 or below has no end. */
static double bar_end(const tml_axes *axes, double value)
{
    double at = axes->y.is_log && value <= 0.0 ? axes->frame.bottom : tml_axes_y(axes, value);

    return fmin(fmax(at, axes->frame.bottom), axes->frame.top);
}

/* A piece of a band: forth along its lower line, back along the upper one. */
typedef struct band_piece {
    size_t count;
    double x[2 * BAND_PLACES], y[2 * BAND_PLACES]; /* the upper line at the end, from the last place down */
} band_piece;

static void fill_piece(const tml_canvas *canvas, const tml_fill *fill, band_piece *piece)
{
    size_t gap = 2 * BAND_PLACES - 2 * piece->count;

    for (size_t i = 2 * BAND_PLACES - piece->count; i < 2 * BAND_PLACES && gap > 0; ++i) {
        piece->x[i - gap] = piece->x[i];
        piece->y[i - gap] = piece->y[i];
    }
    if (piece->count > 1)
        tml_fill_polygon(canvas, fill, 2 * piece->count, piece->x, piece->y);
    piece->count = 0;
}

static void add_to_piece(band_piece *piece, double x, double low, double high)
{
    size_t lower = piece->count++, upper = 2 * BAND_PLACES - piece->count;

    piece->x[lower] = piece->x[upper] = x;
    piece->y[lower] = low;
    piece->y[upper] = high;
}

void tml_marks_band(const tml_canvas *canvas, const tml_axes *axes, const tml_fill *fill, size_t count,
                    const double *x, const double *low, const double *high)
{
    double width = count > BAND_PLACES
                       ? fmax(COLUMN_PT, 1.01 * (axes->frame.right - axes->frame.left) / BAND_PLACES)
                       : 0.0;
    band_piece piece = {.count = 0};

    tml_pen_clip(canvas, &axes->frame);
    for (size_t i = 0; i < count; ++i) {
        double at = tml_axes_x(axes, x[i]), bottom = bar_end(axes, low[i]), top = bar_end(axes, high[i]);

        if (!isfinite(at) || !isfinite(low[i]) || !isfinite(high[i])) {
            fill_piece(canvas, fill, &piece);
        } else if (piece.count > 0 && at - piece.x[piece.count - 1] < width) {
            size_t lower = piece.count - 1, upper = 2 * BAND_PLACES - piece.count;

            piece.y[lower] = fmin(piece.y[lower], bottom);
            piece.y[upper] = fmax(piece.y[upper], top);
        } else {
            if (piece.count == BAND_PLACES)
                fill_piece(canvas, fill, &piece);
            add_to_piece(&piece, at, bottom, top);
        }
    }
    fill_piece(canvas, fill, &piece);
}

static void draw_column(const tml_canvas *canvas, const tml_pen *pen, column *done)
{
    if (done->is_open && done->high > done->low)
        tml_pen_line(canvas, pen, done->x, done->low, done->x, done->high);
    done->is_open = false;
}

void tml_marks_error_bars(const tml_canvas *canvas, const tml_axes *axes, const tml_pen *pen, size_t count,
                          const double *x, const double *y, const double *error)
{
    double width = column_width(count);
    column open = {0};

    tml_pen_clip(canvas, &axes->frame);
    for (size_t i = 0; i < count; ++i) {
        double at = tml_axes_x(axes, x[i]), low, high;

        if (!is_shown(axes, x, y, i) || !(error[i] > 0.0) || !isfinite(error[i]))
            continue;
        low = bar_end(axes, y[i] - error[i]);
        high = bar_end(axes, y[i] + error[i]);
        if (is_within(&open, at, width)) {
            widen_column(&open, high, low, high);
        } else {
            draw_column(canvas, pen, &open);
            start_column(&open, at, low, low, high);
        }
    }
    draw_column(canvas, pen, &open);
}

size_t tml_marks_count_cut(const tml_axes *axes, size_t count, const double *y, const double *error)
{
    size_t cut = 0;

    for (size_t i = 0; i < count; ++i)
        if (tml_axis_can_show(&axes->y, y[i]) && error[i] > 0.0 && isfinite(error[i]))
            cut += y[i] - error[i] < axes->y.low || y[i] + error[i] > axes->y.high;
    return cut;
}

static void draw_crowd(const tml_canvas *canvas, const tml_axes *axes, const tml_pen *pen, size_t count,
                       const double *x, const double *y)
{
    column open = {0};

    for (size_t i = 0; i < count; ++i) {
        double at = tml_axes_x(axes, x[i]), height = tml_axes_y(axes, y[i]);
        double low = height - 0.5 * pen->width_pt, high = height + 0.5 * pen->width_pt;

        if (!isfinite(at) || !isfinite(height))
            continue;
        if (is_within(&open, at, COLUMN_PT)) {
            widen_column(&open, high, low, high);
        } else {
            draw_column(canvas, pen, &open);
            start_column(&open, at, low, low, high);
        }
    }
    draw_column(canvas, pen, &open);
}

void tml_marks_points(const tml_canvas *canvas, const tml_axes *axes, const tml_marker *marker, size_t count,
                      const double *x, const double *y)
{
    const tml_pen pen = {.colour = marker->colour, .width_pt = 2.0 * marker->radius_pt};

    tml_pen_clip(canvas, &axes->frame);
    if (count > CROWD) {
        draw_crowd(canvas, axes, &pen, count, x, y);
        return;
    }
    for (size_t i = 0; i < count; ++i)
        if (is_shown(axes, x, y, i) && y[i] >= axes->y.low && y[i] <= axes->y.high)
            tml_marker_draw(canvas, marker, tml_axes_x(axes, x[i]), tml_axes_y(axes, y[i]));
}

void tml_marks_nothing(const tml_canvas *canvas, const tml_axes *axes, const char *words)
{
    const tml_type type = {TML_TYPE_LEGEND_PT, TML_COLOUR_MUTED, 0.5, false};

    tml_pen_clip(canvas, NULL);
    tml_pen_text_within(canvas, &type, 0.5 * (axes->frame.left + axes->frame.right),
                        0.5 * (axes->frame.bottom + axes->frame.top), axes->frame.right - axes->frame.left,
                        words);
}
