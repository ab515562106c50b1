#include <math.h>
#include <string.h>

#include "plots/corner_private.h"
#include "plots/marks.h"

enum {
    POLYGON_MOST = 4096, /* corners of an area */
    PLACES = 200,        /* for points along a frame */
    FEW_POINTS = 100
};

#define PLACE_PT 1.0
#define POINT_RADIUS_PT 0.65
#define LONE_RADIUS_PT 1.1 /* of few points */

static const tml_pen bars_pen = {.colour = TML_COLOUR_SERIES + 4, .width_pt = TML_LINE_THIN_PT};
static const tml_pen line_pen = {.colour = TML_COLOUR_SERIES, .width_pt = TML_LINE_DATA_PT};
static const tml_fill point_fill = {TML_COLOUR_SERIES, 0.7};

tml_fill tml_corner_area_fill(int area)
{
    return area == TML_CORNER_INNER ? (tml_fill){TML_COLOUR_SERIES, 0.45}
                                    : (tml_fill){TML_COLOUR_SERIES + 4, 0.4};
}

tml_pen tml_corner_area_pen(int area)
{
    return (tml_pen){.colour = TML_COLOUR_SERIES,
                     .width_pt = area == TML_CORNER_INNER ? TML_LINE_DATA_PT : TML_LINE_THIN_PT};
}

tml_fill tml_corner_bars_fill(void)
{
    return (tml_fill){TML_COLOUR_SERIES + 4, 0.55};
}

tml_marker tml_corner_point_marker(void)
{
    return (tml_marker){TML_SHAPE_DISC, point_fill.colour, 1.5 * POINT_RADIUS_PT, 1.0};
}

/* One closed line of an area. */
typedef struct loop {
    const double *x, *y; /* [count] in nodes, the first once more at the end */
    size_t count;
    double area; /* below 0: a hole */
} loop;

/* @param at  in and out: start with 0   @return false after the last */
static bool next_loop(const tml_contour *area, size_t *at, loop *next)
{
    *next = (loop){.x = area->x + *at, .y = area->y + *at};
    if (*at >= area->count)
        return false;
    for (; !isnan(next->x[next->count]); ++next->count)
        if (next->count > 0)
            next->area += 0.5 * (next->x[next->count - 1] * next->y[next->count] -
                                 next->x[next->count] * next->y[next->count - 1]);
    *at += next->count + 1;
    return true;
}

static bool is_around(const loop *outer, double x, double y)
{
    bool is_inside = false;

    for (size_t i = 1; i < outer->count; ++i) {
        double x0 = outer->x[i - 1], y0 = outer->y[i - 1], x1 = outer->x[i], y1 = outer->y[i];

        if ((y0 > y) != (y1 > y) && x < x0 + (x1 - x0) * (y - y0) / (y1 - y0))
            is_inside = !is_inside;
    }
    return is_inside;
}

/* A polygon on its way. */
typedef struct shape {
    size_t corners;
    double x[POLYGON_MOST], y[POLYGON_MOST];
} shape;

/* Go to a line, around it and back. */
static void add_loop(const tml_box *frame, const loop *added, shape *polygon)
{
    double column = (frame->right - frame->left) / (TML_SMOOTH_SIDE - 1);
    double row = (frame->top - frame->bottom) / (TML_SMOOTH_SIDE - 1);

    if (polygon->corners + added->count + 1 > POLYGON_MOST)
        return;
    for (size_t i = 0; i < added->count; ++i) {
        polygon->x[polygon->corners] = frame->left + column * added->x[i];
        polygon->y[polygon->corners] = frame->bottom + row * added->y[i];
        ++polygon->corners;
    }
    polygon->x[polygon->corners] = polygon->x[0];
    polygon->y[polygon->corners] = polygon->y[0];
    ++polygon->corners;
}

/* Each outer line with its holes, which run the other way round, as one polygon. */
static void fill_area(const tml_canvas *canvas, const tml_axes *axes, int kind, const tml_contour *area)
{
    const tml_fill fill = tml_corner_area_fill(kind);
    loop outer, hole;

    for (size_t at = 0; next_loop(area, &at, &outer);) {
        shape polygon = {.corners = 0};

        if (!(outer.area > 0.0))
            continue;
        add_loop(&axes->frame, &outer, &polygon);
        for (size_t other = 0; next_loop(area, &other, &hole);)
            if (hole.area < 0.0 && is_around(&outer, hole.x[0], hole.y[0]))
                add_loop(&axes->frame, &hole, &polygon);
        tml_fill_polygon(canvas, &fill, polygon.corners, polygon.x, polygon.y);
    }
}

static void stroke_area(const tml_canvas *canvas, const tml_axes *axes, int kind, const tml_contour *area)
{
    const tml_pen pen = tml_corner_area_pen(kind);
    const tml_box *frame = &axes->frame;
    double column = (frame->right - frame->left) / (TML_SMOOTH_SIDE - 1),
           row = (frame->top - frame->bottom) / (TML_SMOOTH_SIDE - 1);
    tml_stroke stroke;

    tml_stroke_begin(&stroke, canvas, &pen);
    for (size_t i = 0; i < area->count; ++i)
        tml_stroke_to(&stroke, frame->left + column * area->x[i], frame->bottom + row * area->y[i]);
    tml_stroke_end(&stroke);
}

/* Draws outside the areas, or all; those at the same place once. */
static void draw_points(const tml_canvas *canvas, const tml_corner_drawing *picture, const tml_axes *axes,
                        const tml_corner_pair *pair, tml_strided x, tml_strided y)
{
    bool is_taken[PLACES][PLACES] = {{false}};
    const tml_box *frame = &axes->frame;
    double size = picture->plot->draws < FEW_POINTS ? LONE_RADIUS_PT : POINT_RADIUS_PT;

    if (pair->is_smooth && picture->plot->draws > TML_CORNER_POINTS)
        return;
    for (size_t i = 0; i < x.count; ++i) {
        double across = tml_axes_x(axes, x.value[i * x.stride]) - frame->left;
        double up = tml_axes_y(axes, y.value[i * y.stride]) - frame->bottom;
        size_t column, row;

        if (!(across >= 0.0 && up >= 0.0 && across < fmin(frame->right - frame->left, PLACES * PLACE_PT) &&
              up < fmin(frame->top - frame->bottom, PLACES * PLACE_PT)) ||
            (pair->is_smooth && tml_smooth_at(pair->density, across / (frame->right - frame->left),
                                              up / (frame->top - frame->bottom)) >= pair->level))
            continue;
        column = (size_t)(across / PLACE_PT);
        row = (size_t)(up / PLACE_PT);
        if (!is_taken[row][column])
            tml_fill_disc(canvas, &point_fill, frame->left + across, frame->bottom + up, size);
        is_taken[row][column] = true;
    }
}

static void draw_crossing_references(const tml_canvas *canvas, const tml_corner_drawing *picture,
                                     const tml_axes *axes, const tml_draw_panel *x, const tml_draw_panel *y)
{
    for (size_t r = 0; r < x->references; ++r)
        for (size_t s = 0; s < y->references; ++s) {
            double value_x = x->reference[r], value_y = y->reference[s];
            double sd_x = tml_draw_reference_error(x, r), sd_y = tml_draw_reference_error(y, s);
            tml_marker marker;
            tml_pen bar = {.width_pt = TML_LINE_THIN_PT};

            if (strcmp(x->reference_name[r], y->reference_name[s]) != 0 ||
                !tml_draw_is_on_axis(&axes->x, value_x) || !tml_draw_is_on_axis(&axes->y, value_y))
                continue;
            marker = tml_draw_reference_marker(tml_draw_names_find(&picture->names, x->reference_name[r]));
            bar.colour = marker.colour;
            if (sd_x > 0.0)
                tml_pen_line(canvas, &bar, tml_axes_x(axes, value_x - sd_x), tml_axes_y(axes, value_y),
                             tml_axes_x(axes, value_x + sd_x), tml_axes_y(axes, value_y));
            if (sd_y > 0.0)
                tml_pen_line(canvas, &bar, tml_axes_x(axes, value_x), tml_axes_y(axes, value_y - sd_y),
                             tml_axes_x(axes, value_x), tml_axes_y(axes, value_y + sd_y));
            tml_marker_draw(canvas, &marker, tml_axes_x(axes, value_x), tml_axes_y(axes, value_y));
        }
}

static void draw_answer(const tml_canvas *canvas, const tml_axes *axes, double value, bool is_across)
{
    tml_pen pen = tml_draw_answer_pen();
    double at = is_across ? tml_axes_y(axes, value) : tml_axes_x(axes, value);

    pen.width_pt = TML_LINE_DATA_PT;
    if (!isfinite(at))
        return;
    if (is_across)
        tml_pen_line(canvas, &pen, axes->frame.left, at, axes->frame.right, at);
    else
        tml_pen_line(canvas, &pen, at, axes->frame.bottom, at, axes->frame.top);
}

static void draw_pair(const tml_canvas *canvas, const tml_corner_drawing *picture, size_t row, size_t column)
{
    const tml_draw_histograms_plot *plot = picture->plot;
    const tml_axes *axes = &picture->panel[row * plot->panels + column];
    const tml_corner_pair *pair = tml_corner_pair_at(picture, row, column);

    tml_pen_clip(canvas, &axes->frame);
    tml_draw_grid_edges(canvas, axes, &plot->panel[column], &plot->panel[row]);
    for (int a = TML_CORNER_OUTER; a >= TML_CORNER_INNER && pair->is_smooth; --a)
        fill_area(canvas, axes, a, &pair->area[a]);
    draw_points(canvas, picture, axes, pair, tml_corner_values(plot, column), tml_corner_values(plot, row));
    for (int a = TML_CORNER_OUTER; a >= TML_CORNER_INNER && pair->is_smooth; --a)
        stroke_area(canvas, axes, a, &pair->area[a]);
    draw_answer(canvas, axes, plot->panel[column].value, false);
    draw_answer(canvas, axes, plot->panel[row].value, true);
    draw_crossing_references(canvas, picture, axes, &plot->panel[column], &plot->panel[row]);
    tml_axes_frame(canvas, axes);
}

static void draw_diagonal(const tml_canvas *canvas, const tml_corner_drawing *picture, size_t p)
{
    const tml_draw_panel *given = &picture->plot->panel[p];
    const tml_corner_axis *parameter = &picture->parameter[p];
    const tml_axes *axes = &picture->panel[p * picture->plot->panels + p];
    const tml_fill bars_fill = tml_corner_bars_fill();
    double y = axes->frame.top - 0.8 * TML_CORNER_REFERENCE_PT;

    tml_pen_clip(canvas, &axes->frame);
    tml_draw_grid_edges(canvas, axes, given, NULL);
    if (parameter->histogram.total > 0)
        tml_histogram_draw(canvas, axes, &parameter->histogram, &bars_fill, &bars_pen);
    if (parameter->has_line)
        tml_marks_curve(canvas, axes, &line_pen, TML_SMOOTH_LINE, parameter->node, parameter->line);
    if (parameter->histogram.total == 0)
        tml_marks_nothing(canvas, axes, "no draws");
    tml_pen_clip(canvas, &axes->frame);
    draw_answer(canvas, axes, given->value, false);
    for (size_t r = 0; r < given->references; ++r) {
        double error = tml_draw_reference_error(given, r), at = tml_axes_x(axes, given->reference[r]);
        tml_marker marker = tml_draw_reference_marker(
            tml_draw_names_find(&picture->names, given->reference_name[r]));
        const tml_pen bar = {.colour = marker.colour, .width_pt = TML_LINE_THIN_PT};

        if (!tml_draw_is_on_axis(&axes->x, given->reference[r]))
            continue;
        if (error > 0.0)
            tml_pen_line(canvas, &bar, tml_axes_x(axes, given->reference[r] - error), y,
                         tml_axes_x(axes, given->reference[r] + error), y);
        tml_marker_draw(canvas, &marker, at, y);
        y -= TML_CORNER_REFERENCE_PT;
    }
    tml_axes_frame(canvas, axes);
}

static void draw_heading(const tml_canvas *canvas, const tml_corner_drawing *picture)
{
    const tml_type title = {TML_TYPE_TITLE_PT, TML_COLOUR_INK, 0.0, false};
    const tml_box *first = &picture->panel[0].frame;
    double width = picture->panel[picture->plot->panels - 1].frame.right - first->left;
    tml_box free;

    if (!picture->is_legend_inside) {
        tml_heading_draw(canvas, &picture->heading, first->left, first->top, width);
        return;
    }
    free = tml_corner_free_box(picture);
    tml_pen_clip(canvas, NULL);
    if (picture->plot->title != NULL)
        tml_pen_text_within(canvas, &title, first->left, first->top + 0.8 * title.size_pt, width,
                            picture->plot->title);
    tml_legend_draw(canvas, picture->heading.entries, picture->heading.entry, free.left, free.top,
                    free.right - free.left);
}

void tml_corner_draw(const tml_canvas *canvas, const void *data)
{
    const tml_corner_drawing *picture = data;

    draw_heading(canvas, picture);
    for (size_t row = 0; row < picture->plot->panels; ++row) {
        for (size_t column = 0; column < row; ++column)
            draw_pair(canvas, picture, row, column);
        draw_diagonal(canvas, picture, row);
    }
}
