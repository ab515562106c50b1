#include "plots/model_comparison.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/memory.h"
#include "plots/beyond.h"
#include "plots/flux_axis.h"
#include "plots/heading.h"
#include "plots/marks.h"

enum { TEXTS = 2, TEXT_LENGTH = 96, GUIDES = 4 };

#define UPPER_HEIGHT_PT 126.0
#define LOWER_HEIGHT_PT 62.0
#define PANEL_GAP_PT 6.0
#define SIGMA_LEAST 3.6
#define SIGMA_MOST 12.0

static const tml_pen bar_pen = {.colour = TML_COLOUR_FAINT, .width_pt = TML_LINE_THIN_PT};
static const tml_pen model_pen = {.colour = TML_COLOUR_SERIES + 1, .width_pt = TML_LINE_DATA_PT};
static const tml_pen zero_pen = {.colour = TML_COLOUR_SERIES + 1, .width_pt = TML_LINE_DATA_PT};
static const tml_pen guide_pen = {TML_COLOUR_MUTED, TML_LINE_FRAME_PT, 2.2, 1.6};
static const tml_fill outer_fill = {TML_COLOUR_SERIES + 1, 0.18};
static const tml_fill inner_fill = {TML_COLOUR_SERIES + 1, 0.35};
static const tml_marker observed_marker = {TML_SHAPE_DISC, TML_COLOUR_INK, 0.95, 1.0};

typedef struct drawing {
    const tml_model_comparison_plot *plot;
    const double *residual; /* [count] in units of the error; NaN where masked */
    double width_pt, height_pt;
    tml_axes upper, lower;
    tml_beyond beyond; /* residuals outside the lower frame */
    tml_heading heading;
    char text[TEXTS][TEXT_LENGTH];
} drawing;

static bool has_any(const tml_axis *axis, size_t count, const double *values)
{
    size_t i = 0;

    while (i < count && !tml_axis_can_show(axis, values[i]))
        ++i;
    return i < count;
}

static bool has_bands(const drawing *picture)
{
    const tml_model_comparison_plot *plot = picture->plot;

    for (int i = 0; i < TML_MODEL_BANDS; ++i)
        if (plot->band[i] == NULL || !has_any(&picture->upper.y, plot->count, plot->band[i]))
            return false;
    return true;
}

static void add_bands(drawing *picture)
{
    tml_legend_entry entry = {.text = "68 %", .fill = inner_fill};

    tml_heading_add(&picture->heading, &entry);
    entry = (tml_legend_entry){.text = "95 % of the draws", .fill = outer_fill};
    tml_heading_add(&picture->heading, &entry);
}

static void fill_legend(drawing *picture)
{
    const tml_model_comparison_plot *plot = picture->plot;
    size_t cut = tml_marks_count_cut(&picture->upper, plot->count, plot->observed, plot->error);
    tml_legend_entry entry = {
        .text = "observed", .pen = bar_pen, .marker = observed_marker, .is_upright = true};

    entry.marker.radius_pt *= 1.3;
    picture->heading.title = plot->title;
    tml_heading_add(&picture->heading, &entry);
    entry = (tml_legend_entry){.text = plot->model_label, .pen = model_pen};
    tml_heading_add(&picture->heading, &entry);
    if (has_bands(picture))
        add_bands(picture);
    entry = (tml_legend_entry){.text = "±1σ, ±3σ", .pen = guide_pen};
    tml_heading_add(&picture->heading, &entry);
    entry = (tml_legend_entry){.text = picture->text[0],
                               .marker = {TML_SHAPE_TRIANGLE, TML_COLOUR_INK, 1.9, 1.0}};
    snprintf(picture->text[0], TEXT_LENGTH, "beyond ±%.0fσ: %zu", picture->lower.y.high,
             picture->beyond.count);
    if (picture->beyond.count > 0)
        tml_heading_add(&picture->heading, &entry);
    entry = (tml_legend_entry){.text = picture->text[1]};
    snprintf(picture->text[1], TEXT_LENGTH, "%zu error bar%s at the frame", cut,
             cut == 1 ? " ends" : "s end");
    if (cut > 0)
        tml_heading_add(&picture->heading, &entry);
}

static tml_axis residual_axis(const drawing *picture)
{
    tml_axis axis = {.low = -SIGMA_LEAST, .high = SIGMA_LEAST, .label = "Residual [σ]"};
    double most;

    tml_axis_cover(&axis, picture->plot->count, picture->residual);
    most = 1.06 * fmax(-axis.low, axis.high);
    axis.high = most < SIGMA_MOST ? most : SIGMA_MOST;
    axis.low = -axis.high;
    return axis;
}

static void lay_out(drawing *picture)
{
    const tml_model_comparison_plot *plot = picture->plot;
    tml_axes *upper = &picture->upper, *lower = &picture->lower;
    double width;

    picture->width_pt = tml_flux_axis_page_width(plot->count);
    upper->x = (tml_axis){.low = INFINITY, .high = -INFINITY, .label = "Wavelength [μm]"};
    tml_axis_cover(&upper->x, plot->count, plot->wavelength_um);
    tml_axis_pad(&upper->x, 0.02);
    lower->x = upper->x;
    upper->x.is_bare = true;
    upper->y = tml_flux_axis(plot->count, plot->observed, plot->error, plot->model, plot->flux_label);
    lower->y = residual_axis(picture);
    lower->frame.bottom = TML_MARGIN_BOTTOM_PT;
    lower->frame.top = lower->frame.bottom + LOWER_HEIGHT_PT;
    upper->frame.bottom = lower->frame.top + PANEL_GAP_PT;
    upper->frame.top = upper->frame.bottom + UPPER_HEIGHT_PT;
    lower->margin_pt = upper->margin_pt = fmax(tml_axes_margin(upper), tml_axes_margin(lower));
    lower->frame.left = upper->frame.left = upper->margin_pt;
    lower->frame.right = upper->frame.right = picture->width_pt - TML_MARGIN_RIGHT_PT;
    for (size_t i = 0; i < plot->count; ++i)
        tml_beyond_add(&picture->beyond, lower, plot->wavelength_um[i], picture->residual[i]);
    fill_legend(picture);
    width = upper->frame.right - upper->frame.left;
    picture->height_pt = ceil(upper->frame.top + tml_heading_height(&picture->heading, width));
}

static void draw_upper(const tml_canvas *canvas, const drawing *picture)
{
    const tml_model_comparison_plot *plot = picture->plot;
    const tml_axes *axes = &picture->upper;

    tml_axes_grid(canvas, axes);
    tml_flux_axis_zero(canvas, axes);
    if (has_bands(picture)) {
        tml_marks_band(canvas, axes, &outer_fill, plot->count, plot->wavelength_um, plot->band[0],
                       plot->band[3]);
        tml_marks_band(canvas, axes, &inner_fill, plot->count, plot->wavelength_um, plot->band[1],
                       plot->band[2]);
    }
    tml_marks_error_bars(canvas, axes, &bar_pen, plot->count, plot->wavelength_um, plot->observed,
                         plot->error);
    tml_marks_points(canvas, axes, &observed_marker, plot->count, plot->wavelength_um, plot->observed);
    tml_marks_curve(canvas, axes, &model_pen, plot->count, plot->wavelength_um, plot->model);
    if (!has_any(&axes->y, plot->count, plot->observed) && !has_any(&axes->y, plot->count, plot->model))
        tml_marks_nothing(canvas, axes, "no flux");
    tml_axes_frame(canvas, axes);
}

static void draw_guides(const tml_canvas *canvas, const tml_axes *axes)
{
    static const double guides[GUIDES] = {-3.0, -1.0, 1.0, 3.0};
    double zero = tml_axes_y(axes, 0.0);

    for (size_t g = 0; g < GUIDES; ++g) {
        double y = tml_axes_y(axes, guides[g]);

        tml_pen_line(canvas, &guide_pen, axes->frame.left, y, axes->frame.right, y);
    }
    tml_pen_line(canvas, &zero_pen, axes->frame.left, zero, axes->frame.right, zero);
}

static void draw_lower(const tml_canvas *canvas, const drawing *picture)
{
    const tml_model_comparison_plot *plot = picture->plot;
    const tml_axes *axes = &picture->lower;

    tml_axes_grid(canvas, axes);
    if (has_any(&axes->y, plot->count, picture->residual))
        draw_guides(canvas, axes);
    else
        tml_marks_nothing(canvas, axes, "nothing to compare");
    tml_marks_points(canvas, axes, &observed_marker, plot->count, plot->wavelength_um, picture->residual);
    tml_beyond_draw(canvas, axes, &picture->beyond);
    tml_axes_frame(canvas, axes);
}

static void draw_model_comparison(const tml_canvas *canvas, const void *data)
{
    const drawing *picture = data;
    const tml_box *frame = &picture->upper.frame;

    tml_heading_draw(canvas, &picture->heading, frame->left, frame->top, frame->right - frame->left);
    draw_upper(canvas, picture);
    draw_lower(canvas, picture);
}

tml_status tml_plot_model_comparison(const tml_model_comparison_plot *plot, const char *folder,
                                     const char *name, tml_error *error)
{
    drawing *picture = NULL;
    double *residual = NULL;
    tml_status status;

    if (plot->count == 0)
        return TML_FAIL(error, TML_BAD_DATA, "the comparison has no pixel: nothing to draw");
    status = tml_array_create(1, sizeof *picture, "figure", &picture, error);
    if (status == TML_OK)
        status = tml_array_create(plot->count, sizeof *residual, "residuals", &residual, error);
    if (status == TML_OK) {
        for (size_t i = 0; i < plot->count; ++i)
            residual[i] = plot->error[i] > 0.0 && isfinite(plot->error[i])
                              ? (plot->observed[i] - plot->model[i]) / plot->error[i]
                              : (double)NAN;
        picture->plot = plot;
        picture->residual = residual;
        lay_out(picture);
        status = tml_canvas_write(folder, name, picture->width_pt, picture->height_pt, draw_model_comparison,
                                  picture, error);
    }
    free(residual);
    free(picture);
    return status;
}
