#include "plots/parameter_distribution.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/memory.h"
#include "plots/fill.h"
#include "plots/heading.h"
#include "plots/marks.h"
#include "plots/panels.h"

enum { TEXT_LENGTH = 64 };

#define BARS_HEIGHT_PT 62.0
#define NOTE_PT (1.3 * TML_TYPE_NOTE_PT)
#define BAR_SHARE 0.72 /* of the smallest step */
#define BAR_LEAST_PT 0.5
#define BAR_MOST_PT 8.0

static const tml_fill bar_fill = {TML_COLOUR_SERIES, 0.75};

typedef struct drawing {
    const tml_parameter_distribution_plot *plot;
    double height_pt;
    tml_heading heading;
    tml_axes axes[TML_DISTRIBUTION_PANELS];
    double bar_pt[TML_DISTRIBUTION_PANELS]; /* width of the bar of a value */
    char note[TML_DISTRIBUTION_PANELS][TEXT_LENGTH];
} drawing;

static bool is_value(const tml_distribution_panel *given, size_t bar)
{
    return !(given->high[bar] > given->low[bar]);
}

static void prepare_panel(drawing *picture, size_t p)
{
    const tml_distribution_panel *given = &picture->plot->panel[p];
    tml_axes *axes = &picture->axes[p];
    size_t values = 0;

    axes->x = (tml_axis){.low = INFINITY, .high = -INFINITY, .label = given->label};
    axes->y = (tml_axis){.low = 0.0, .high = -INFINITY, .is_whole = true, .label = "Spectra"};
    tml_axis_cover(&axes->x, given->count, given->low);
    tml_axis_cover(&axes->x, given->count, given->high);
    tml_axis_pad(&axes->x, 0.07); /* at least half a bar */
    tml_axis_cover(&axes->y, given->count, given->number);
    axes->y.high = axes->y.high > 0.0 ? 1.08 * axes->y.high : 1.0;
    for (size_t b = 0; b < given->count; ++b)
        values += is_value(given, b);
    if (given->count > 0)
        snprintf(picture->note[p], TEXT_LENGTH, "%zu %s%s", given->count, values > 0 ? "value" : "bin",
                 given->count == 1 ? "" : "s");
}

static double bar_width(const tml_distribution_panel *given, const tml_axes *axes)
{
    double step = BAR_MOST_PT / BAR_SHARE;

    for (size_t b = 1; b < given->count; ++b) {
        double gap = fabs(tml_axes_x(axes, given->low[b]) - tml_axes_x(axes, given->low[b - 1]));

        if (gap > 0.0)
            step = fmin(step, gap);
    }
    return fmax(BAR_SHARE * step, BAR_LEAST_PT);
}

static void lay_out(drawing *picture)
{
    size_t count = picture->plot->panels;
    const tml_panels panels = {.columns = count > 1 ? 2 : 1,
                               .width_pt = TML_FIGURE_WIDTH_PT,
                               .frame_pt = BARS_HEIGHT_PT,
                               .above_pt = NOTE_PT};
    double top;

    for (size_t p = 0; p < count; ++p)
        prepare_panel(picture, p);
    top = tml_panels_place(&panels, count, picture->axes);
    for (size_t p = 0; p < count; ++p)
        picture->bar_pt[p] = bar_width(&picture->plot->panel[p], &picture->axes[p]);
    picture->heading.title = picture->plot->title;
    picture->height_pt = ceil(top + tml_heading_height(&picture->heading, TML_FIGURE_WIDTH_PT));
}

static void draw_bars(const tml_canvas *canvas, const drawing *picture, size_t p)
{
    const tml_distribution_panel *given = &picture->plot->panel[p];
    const tml_axes *axes = &picture->axes[p];

    tml_pen_clip(canvas, &axes->frame);
    for (size_t b = 0; b < given->count; ++b) {
        double half = is_value(given, b) ? 0.5 * picture->bar_pt[p] : 0.0;
        tml_box bar = {tml_axes_x(axes, given->low[b]) - half, axes->frame.bottom,
                       tml_axes_x(axes, given->high[b]) + half, tml_axes_y(axes, given->number[b])};

        if (isfinite(bar.left) && isfinite(bar.right) && isfinite(bar.top))
            tml_fill_box(canvas, &bar_fill, &bar);
    }
}

static void draw_distribution(const tml_canvas *canvas, const void *data)
{
    const tml_type note = {TML_TYPE_NOTE_PT, TML_COLOUR_MUTED, 1.0, false};
    const drawing *picture = data;
    const tml_axes *first = &picture->axes[0];

    for (size_t p = 0; p < picture->plot->panels; ++p) {
        const tml_axes *axes = &picture->axes[p];

        tml_axes_grid(canvas, axes);
        draw_bars(canvas, picture, p);
        if (picture->plot->panel[p].count == 0)
            tml_marks_nothing(canvas, axes, "nothing was counted");
        tml_axes_frame(canvas, axes);
        tml_pen_text(canvas, &note, axes->frame.right, axes->frame.top + 0.3 * note.size_pt,
                     picture->note[p]);
    }
    tml_heading_draw(canvas, &picture->heading, first->frame.left, first->frame.top + NOTE_PT,
                     TML_FIGURE_WIDTH_PT - first->frame.left - TML_MARGIN_RIGHT_PT);
}

tml_status tml_plot_parameter_distribution(const tml_parameter_distribution_plot *plot, const char *folder,
                                           const char *name, tml_error *error)
{
    drawing *picture = NULL;
    tml_status status;

    if (plot->panels == 0 || plot->panels > TML_DISTRIBUTION_PANELS)
        return TML_FAIL(error, TML_BAD_DATA, "%zu distributions: a figure has 1 to %d", plot->panels,
                        TML_DISTRIBUTION_PANELS);
    status = tml_array_create(1, sizeof *picture, "figure", &picture, error);
    if (status == TML_OK) {
        picture->plot = plot;
        lay_out(picture);
        status = tml_canvas_write(folder, name, TML_FIGURE_WIDTH_PT, picture->height_pt, draw_distribution,
                                  picture, error);
    }
    free(picture);
    return status;
}
