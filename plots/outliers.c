#include "plots/outliers.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "core/memory.h"
#include "plots/heading.h"
#include "plots/marks.h"

#define FRAME_HEIGHT_PT 105.0
#define LOG_FROM 30.0
#define NAMED_RADIUS_PT 2.4

enum { DOTS_MOST = 60 /* further ones run together */ };

static const tml_pen score_pen = {.colour = TML_COLOUR_SERIES, .width_pt = TML_LINE_DATA_PT};
static const tml_marker score_marker = {TML_SHAPE_DISC, TML_COLOUR_SERIES, 1.1, 1.0};

typedef struct drawing {
    const tml_outliers_plot *plot;
    double *rank, *score; /* [plot->count] */
    double height_pt;
    bool is_empty;
    tml_axes axes;
    tml_heading heading;
} drawing;

static tml_marker named_marker(size_t rank)
{
    static const tml_shape shapes[] = {TML_SHAPE_SQUARE, TML_SHAPE_TRIANGLE, TML_SHAPE_DIAMOND,
                                       TML_SHAPE_TRIANGLE_DOWN};
    static const size_t colours[] = {1, 2, 3, 5, 0};

    return (tml_marker){shapes[rank % (sizeof shapes / sizeof shapes[0])],
                        tml_theme_series(colours[rank % (sizeof colours / sizeof colours[0])]),
                        NAMED_RADIUS_PT, 1.0};
}

static void lay_out(drawing *picture)
{
    const tml_outliers_plot *plot = picture->plot;
    tml_axes *axes = &picture->axes;

    axes->x = (tml_axis){
        .low = 1.0, .high = (double)plot->count, .is_log = plot->count >= LOG_FROM, .label = "Rank"};
    axes->x.is_whole = !axes->x.is_log;
    tml_axis_pad(&axes->x, 0.04);
    axes->y = (tml_axis){.low = INFINITY, .high = -INFINITY, .label = plot->score_label};
    tml_axis_cover(&axes->y, plot->count, picture->score);
    picture->is_empty = axes->y.low > axes->y.high;
    axes->y.is_log = axes->y.low > 0.0 && axes->y.high > LOG_FROM * axes->y.low;
    tml_axis_pad(&axes->y, 0.06);
    if (!axes->y.is_log && axes->y.high > 0.0)
        axes->y.low = 0.0;
    axes->frame.bottom = TML_MARGIN_BOTTOM_PT;
    axes->frame.top = TML_MARGIN_BOTTOM_PT + FRAME_HEIGHT_PT;
    axes->margin_pt = tml_axes_margin(axes);
    axes->frame.left = axes->margin_pt;
    axes->frame.right = TML_FIGURE_WIDTH_PT - TML_MARGIN_RIGHT_PT;
    picture->heading.title = plot->title;
    for (size_t i = 0; i < plot->named && i < plot->count; ++i) {
        const tml_legend_entry entry = {.text = plot->name[i], .marker = named_marker(i)};

        if (isfinite(picture->score[i]))
            tml_heading_add(&picture->heading, &entry);
    }
    picture->height_pt = ceil(axes->frame.top +
                              tml_heading_height(&picture->heading, axes->frame.right - axes->frame.left));
}

static void draw_outliers(const tml_canvas *canvas, const void *data)
{
    const drawing *picture = data;
    const tml_outliers_plot *plot = picture->plot;
    const tml_axes *axes = &picture->axes;

    tml_heading_draw(canvas, &picture->heading, axes->frame.left, axes->frame.top,
                     axes->frame.right - axes->frame.left);
    tml_axes_grid(canvas, axes);
    tml_marks_curve(canvas, axes, &score_pen, plot->count, picture->rank, picture->score);
    tml_marks_points(canvas, axes, &score_marker, plot->count < DOTS_MOST ? plot->count : DOTS_MOST,
                     picture->rank, picture->score);
    for (size_t i = plot->named < plot->count ? plot->named : plot->count; i-- > 0;) {
        const tml_marker marker = named_marker(i);

        tml_marker_draw(canvas, &marker, tml_axes_x(axes, picture->rank[i]),
                        tml_axes_y(axes, picture->score[i]));
    }
    if (picture->is_empty)
        tml_marks_nothing(canvas, axes, "no spectrum has a score");
    tml_axes_frame(canvas, axes);
}

tml_status tml_plot_outliers(const tml_outliers_plot *plot, const char *folder, const char *name,
                             tml_error *error)
{
    drawing *picture = NULL;
    double *values = NULL;
    tml_status status;

    if (plot->count == 0 || plot->named > TML_OUTLIERS_NAMED)
        return TML_FAIL(error, TML_BAD_DATA,
                        "%zu scores and %zu names: a figure has scores and at most %d names", plot->count,
                        plot->named, TML_OUTLIERS_NAMED);
    status = tml_array_create(1, sizeof *picture, "figure", &picture, error);
    if (status == TML_OK)
        status = tml_array_create(2 * plot->count, sizeof *values, "scores of a figure", &values, error);
    if (status == TML_OK) {
        picture->plot = plot;
        picture->rank = values;
        picture->score = values + plot->count;
        for (size_t i = 0; i < plot->count; ++i) {
            picture->rank[i] = (double)(i + 1);
            picture->score[i] = plot->score[i * plot->stride];
        }
        lay_out(picture);
        status = tml_canvas_write(folder, name, TML_FIGURE_WIDTH_PT, picture->height_pt, draw_outliers,
                                  picture, error);
    }
    free(values);
    free(picture);
    return status;
}
