#include "plots/pca_scree.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/memory.h"
#include "plots/heading.h"
#include "plots/marks.h"

#define FRAME_HEIGHT_PT 120.0
#define ROUNDING 1e-12 /* of the whole variance: less than this is left by chance */

enum { TEXT_LENGTH = 64 };

static const tml_pen share_pen = {.colour = TML_COLOUR_SERIES, .width_pt = TML_LINE_DATA_PT};
static const tml_pen left_pen = {TML_COLOUR_SERIES + 1, TML_LINE_DATA_PT, 3.0, 1.8};
static const tml_marker share_marker = {TML_SHAPE_DISC, TML_COLOUR_SERIES, 1.7, 1.0};
static const tml_marker left_marker = {TML_SHAPE_SQUARE, TML_COLOUR_SERIES + 1, 1.5, 1.0};

typedef struct drawing {
    const tml_pca_scree_plot *plot;
    double *number, *share, *left; /* [components] the last two in per cent; NaN where nothing is left */
    double height_pt;
    bool is_empty;
    tml_axes axes;
    tml_heading heading;
    char text[2][TEXT_LENGTH];
} drawing;

static double positive_percent(double share)
{
    return share > ROUNDING ? 100.0 * share : (double)NAN;
}

static void take_values(drawing *picture)
{
    const tml_pca_scree_plot *plot = picture->plot;

    for (size_t i = 0; i < plot->components; ++i) {
        picture->number[i] = (double)(i + 1);
        picture->share[i] = positive_percent(plot->share[i]);
        picture->left[i] = positive_percent(1.0 - plot->cumulative[i]);
    }
}

/* "99 % in 3 components", if they are reached. */
static void add_threshold(drawing *picture, double threshold, char text[TEXT_LENGTH])
{
    const tml_legend_entry entry = {.text = text};
    size_t needed = 0;

    while (needed < picture->plot->components && !(picture->plot->cumulative[needed] >= threshold))
        ++needed;
    if (needed == picture->plot->components)
        return;
    snprintf(text, TEXT_LENGTH, "%g %% in %zu component%s", 100.0 * threshold, needed + 1,
             needed == 0 ? "" : "s");
    tml_heading_add(&picture->heading, &entry);
}

static void lay_out(drawing *picture)
{
    const tml_pca_scree_plot *plot = picture->plot;
    const tml_legend_entry share = {.text = "in this component", .pen = share_pen, .marker = share_marker};
    const tml_legend_entry left = {.text = "left after it", .pen = left_pen, .marker = left_marker};
    tml_axes *axes = &picture->axes;

    axes->x = (tml_axis){
        .low = 1.0, .high = (double)plot->components, .is_whole = true, .label = "Principal component"};
    tml_axis_pad(&axes->x, 0.04);
    axes->x.low = fmax(axes->x.low, 0.4); /* there is no component 0 */
    axes->y = (tml_axis){.low = INFINITY, .high = -INFINITY, .is_log = true, .label = "Variance [%]"};
    tml_axis_cover(&axes->y, plot->components, picture->share);
    tml_axis_cover(&axes->y, plot->components, picture->left);
    picture->is_empty = axes->y.low > axes->y.high;
    tml_axis_pad(&axes->y, 0.06);
    axes->frame.bottom = TML_MARGIN_BOTTOM_PT;
    axes->frame.top = TML_MARGIN_BOTTOM_PT + FRAME_HEIGHT_PT;
    axes->margin_pt = tml_axes_margin(axes);
    axes->frame.left = axes->margin_pt;
    axes->frame.right = TML_FIGURE_WIDTH_PT - TML_MARGIN_RIGHT_PT;
    picture->heading.title = plot->title;
    tml_heading_add(&picture->heading, &share);
    tml_heading_add(&picture->heading, &left);
    add_threshold(picture, 0.99, picture->text[0]);
    add_threshold(picture, 0.999, picture->text[1]);
    picture->height_pt = ceil(axes->frame.top +
                              tml_heading_height(&picture->heading, axes->frame.right - axes->frame.left));
}

static void draw_scree(const tml_canvas *canvas, const void *data)
{
    const drawing *picture = data;
    const tml_axes *axes = &picture->axes;
    size_t count = picture->plot->components;

    tml_heading_draw(canvas, &picture->heading, axes->frame.left, axes->frame.top,
                     axes->frame.right - axes->frame.left);
    tml_axes_grid(canvas, axes);
    tml_marks_curve(canvas, axes, &left_pen, count, picture->number, picture->left);
    tml_marks_curve(canvas, axes, &share_pen, count, picture->number, picture->share);
    tml_marks_points(canvas, axes, &left_marker, count, picture->number, picture->left);
    tml_marks_points(canvas, axes, &share_marker, count, picture->number, picture->share);
    if (picture->is_empty)
        tml_marks_nothing(canvas, axes, "the spectra do not vary");
    tml_axes_frame(canvas, axes);
}

tml_status tml_plot_pca_scree(const tml_pca_scree_plot *plot, const char *folder, const char *name,
                              tml_error *error)
{
    drawing *picture = NULL;
    double *values = NULL;
    tml_status status;

    if (plot->components == 0)
        return TML_FAIL(error, TML_BAD_DATA, "there are no principal components: nothing to draw");
    status = tml_array_create(1, sizeof *picture, "figure", &picture, error);
    if (status == TML_OK)
        status = tml_array_create(3 * plot->components, sizeof *values, "shares of a figure", &values, error);
    if (status == TML_OK) {
        picture->plot = plot;
        picture->number = values;
        picture->share = values + plot->components;
        picture->left = values + 2 * plot->components;
        take_values(picture);
        lay_out(picture);
        status = tml_canvas_write(folder, name, TML_FIGURE_WIDTH_PT, picture->height_pt, draw_scree, picture,
                                  error);
    }
    free(values);
    free(picture);
    return status;
}
