#include "plots/scaling.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/memory.h"
#include "plots/heading.h"
#include "plots/marks.h"

#define GAP_PT 8.0
#define ROOM_ABOVE 1.08 /* the full 100 % need not touch the frame */

enum { SPEED_UP, EFFICIENCY, COMMUNICATION, PANELS };
enum {
    BARRED_PANELS = COMMUNICATION,
    LEGEND_SERIES = 6,
    TEXT_LENGTH = 32,
    ARRAYS = PANELS + 2 * BARRED_PANELS + 2
};

static const double frame_height_pt[PANELS] = {108.0, 84.0, 84.0};
static const tml_pen ideal_pen = {TML_COLOUR_MUTED, TML_LINE_DATA_PT, 3.0, 1.8};

typedef struct drawing {
    const tml_scaling_plot *plot;
    double *x, *value[PANELS], *low[BARRED_PANELS], *high[BARRED_PANELS],
        *ideal; /* [count] as the axes show them */
    bool has_bars;
    size_t panels; /* without a measured communication there is no panel of it */
    double height_pt;
    tml_axes axes[PANELS];
    tml_heading heading;
    char text[LEGEND_SERIES][TEXT_LENGTH];
} drawing;

static void take_values(drawing *picture)
{
    const tml_scaling_plot *plot = picture->plot;

    picture->panels = COMMUNICATION;
    for (size_t i = 0; i < plot->count; ++i) {
        const tml_scaling_mark *mark = &plot->mark[i];

        picture->x[i] = mark->x;
        picture->ideal[i] = mark->ideal;
        picture->low[SPEED_UP][i] = mark->slowest;
        picture->high[SPEED_UP][i] = mark->fastest;
        picture->low[EFFICIENCY][i] = 100.0 * mark->slowest / mark->ideal;
        picture->high[EFFICIENCY][i] = 100.0 * mark->fastest / mark->ideal;
        picture->value[SPEED_UP][i] = mark->speed_up;
        picture->value[EFFICIENCY][i] = 100.0 * mark->speed_up / mark->ideal;
        picture->value[COMMUNICATION][i] = 100.0 * mark->communication;
        picture->has_bars = picture->has_bars || mark->fastest > mark->slowest;
        if (isfinite(mark->communication))
            picture->panels = PANELS;
    }
}

/* ---- series ---- */

/* Those of the same number of threads. */
static size_t series_end(const tml_scaling_plot *plot, size_t start)
{
    size_t end = start + 1;

    while (end < plot->count && plot->mark[end].threads == plot->mark[start].threads)
        ++end;
    return end;
}

static tml_marker series_marker(size_t series)
{
    return (tml_marker){(tml_shape)(series % TML_SHAPES), tml_theme_series(series), 1.8, 1.0};
}

static tml_pen series_pen(size_t series)
{
    return (tml_pen){.colour = tml_theme_series(series), .width_pt = TML_LINE_DATA_PT};
}

static void fill_legend(drawing *picture)
{
    const tml_scaling_plot *plot = picture->plot;
    const tml_legend_entry ideal = {.text = "ideal", .pen = ideal_pen};
    const tml_legend_entry bars = {.text = "slowest to fastest", .pen = series_pen(0), .is_upright = true};
    const tml_legend_entry note = {.text = plot->note};
    const tml_legend_entry others = {.text = "(more threads: not named)"};
    bool is_one = series_end(plot, 0) == plot->count;
    size_t start = 0;

    picture->heading.title = plot->title;
    for (size_t s = 0; start < plot->count && s < LEGEND_SERIES; start = series_end(plot, start), ++s) {
        const tml_legend_entry entry = {
            .text = is_one ? "median" : picture->text[s], .pen = series_pen(s), .marker = series_marker(s)};

        snprintf(picture->text[s], TEXT_LENGTH, "%zu thread%s", plot->mark[start].threads,
                 plot->mark[start].threads == 1 ? "" : "s");
        tml_heading_add(&picture->heading, &entry);
    }
    if (start < plot->count)
        tml_heading_add(&picture->heading, &others);
    if (picture->has_bars)
        tml_heading_add(&picture->heading, &bars);
    tml_heading_add(&picture->heading, &ideal);
    if (plot->note != NULL)
        tml_heading_add(&picture->heading, &note);
}

/* ---- layout ---- */

static tml_axis percent_axis(const char *label, double least_high, size_t count, const double *values)
{
    tml_axis axis = {.high = least_high, .label = label};

    tml_axis_cover(&axis, count, values);
    axis.low = 0.0;
    axis.high *= ROOM_ABOVE;
    return axis;
}

static void fit_axes(drawing *picture)
{
    const tml_scaling_plot *plot = picture->plot;
    tml_axes *axes = picture->axes;
    tml_axis x = {.low = INFINITY, .high = -INFINITY, .is_log = true, .label = plot->x_label};
    tml_axis y = {.low = INFINITY, .high = -INFINITY, .is_log = true, .label = plot->speed_up_label};

    tml_axis_cover(&x, plot->count, picture->x);
    tml_axis_pad(&x, 0.05);
    tml_axis_cover(&y, plot->count, picture->value[SPEED_UP]);
    tml_axis_cover(&y, plot->count, picture->ideal);
    tml_axis_cover(&y, plot->count, picture->low[SPEED_UP]);
    tml_axis_cover(&y, plot->count, picture->high[SPEED_UP]);
    tml_axis_pad(&y, 0.06);
    axes[SPEED_UP].y = y;
    axes[EFFICIENCY].y = percent_axis("Efficiency [%]", 100.0, plot->count, picture->high[EFFICIENCY]);
    axes[COMMUNICATION].y = percent_axis("Communication [%]", 1.0, plot->count,
                                         picture->value[COMMUNICATION]);
    for (size_t p = 0; p < picture->panels; ++p) {
        axes[p].x = x;
        axes[p].x.is_bare = p + 1 < picture->panels;
    }
}

static void lay_out(drawing *picture)
{
    tml_axes *axes = picture->axes;
    double bottom = TML_MARGIN_BOTTOM_PT, margin = 0.0;

    fit_axes(picture);
    for (size_t p = picture->panels; p-- > 0;) {
        axes[p].frame.bottom = bottom;
        axes[p].frame.top = bottom + frame_height_pt[p];
        bottom = axes[p].frame.top + GAP_PT;
        margin = fmax(margin, tml_axes_margin(&axes[p]));
    }
    for (size_t p = 0; p < picture->panels; ++p) {
        axes[p].margin_pt = margin;
        axes[p].frame.left = margin;
        axes[p].frame.right = TML_FIGURE_WIDTH_PT - TML_MARGIN_RIGHT_PT;
    }
    fill_legend(picture);
    picture->height_pt = ceil(axes[0].frame.top +
                              tml_heading_height(&picture->heading, axes[0].frame.right - margin));
}

/* ---- drawing ---- */

static void draw_ideal(const tml_canvas *canvas, const drawing *picture)
{
    const tml_axes *axes = picture->axes;
    const tml_scaling_mark *mark = picture->plot->mark;
    double full = tml_axes_y(&axes[EFFICIENCY], 100.0);

    /* The ideal goes through every point of (x, ideal), so that one of them and the slope are enough. */
    double left = axes->x.low, right = axes->x.high, slope = mark->ideal / mark->x;

    tml_pen_clip(canvas, &axes->frame);
    tml_pen_line(canvas, &ideal_pen, axes->frame.left, tml_axes_y(axes, slope * left), axes->frame.right,
                 tml_axes_y(axes, slope * right));
    tml_pen_clip(canvas, &axes[EFFICIENCY].frame);
    tml_pen_line(canvas, &ideal_pen, axes->frame.left, full, axes->frame.right, full);
}

static void draw_bars(const tml_canvas *canvas, const drawing *picture, size_t panel, size_t start,
                      size_t end, const tml_pen *pen)
{
    const tml_axes *axes = &picture->axes[panel];

    tml_pen_clip(canvas, &axes->frame);
    for (size_t i = start; i < end; ++i) {
        double x = tml_axes_x(axes, picture->x[i]);
        double low = tml_axes_y(axes, picture->low[panel][i]);
        double high = tml_axes_y(axes, picture->high[panel][i]);

        if (isfinite(x) && isfinite(low) && isfinite(high))
            tml_pen_line(canvas, pen, x, low, x, high);
    }
}

static void draw_scaling(const tml_canvas *canvas, const void *data)
{
    const drawing *picture = data;
    const tml_axes *axes = picture->axes;
    const tml_scaling_plot *plot = picture->plot;

    tml_heading_draw(canvas, &picture->heading, axes->frame.left, axes->frame.top,
                     axes->frame.right - axes->frame.left);
    for (size_t p = 0; p < picture->panels; ++p)
        tml_axes_grid(canvas, &axes[p]);
    draw_ideal(canvas, picture);
    for (size_t start = 0, end, s = 0; start < plot->count; start = end, ++s) {
        const tml_pen pen = series_pen(s);
        const tml_marker marker = series_marker(s);

        end = series_end(plot, start);
        for (size_t p = 0; p < picture->panels; ++p) {
            const double *values = picture->value[p] + start;

            if (p < BARRED_PANELS)
                draw_bars(canvas, picture, p, start, end, &pen);
            tml_marks_curve(canvas, &axes[p], &pen, end - start, picture->x + start, values);
            tml_marks_points(canvas, &axes[p], &marker, end - start, picture->x + start, values);
        }
    }
    for (size_t p = 0; p < picture->panels; ++p)
        tml_axes_frame(canvas, &axes[p]);
}

tml_status tml_plot_scaling(const tml_scaling_plot *plot, const char *folder, const char *name,
                            tml_error *error)
{
    drawing *picture = NULL;
    double *values = NULL;
    tml_status status;

    if (plot->count == 0)
        return TML_FAIL(error, TML_BAD_DATA, "the scaling study has no point: nothing to draw");
    status = tml_array_create(1, sizeof *picture, "figure", &picture, error);
    if (status == TML_OK)
        status = tml_array_create(ARRAYS * plot->count, sizeof *values, "points of a figure", &values, error);
    if (status == TML_OK) {
        double **const parts[] = {&picture->x,        &picture->value[0], &picture->value[1],
                                  &picture->value[2], &picture->low[0],   &picture->low[1],
                                  &picture->high[0],  &picture->high[1],  &picture->ideal};

        for (size_t i = 0; i < sizeof parts / sizeof parts[0]; ++i)
            *parts[i] = values + i * plot->count;
        picture->plot = plot;
        take_values(picture);
        lay_out(picture);
        status = tml_canvas_write(folder, name, TML_FIGURE_WIDTH_PT, picture->height_pt, draw_scaling,
                                  picture, error);
    }
    free(values);
    free(picture);
    return status;
}
