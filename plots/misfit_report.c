#include "plots/misfit_report.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/memory.h"
#include "plots/beyond.h"
#include "plots/density.h"
#include "plots/heading.h"
#include "plots/histogram.h"
#include "plots/marks.h"
#include "plots/panels.h"

/* More points than this in all panels are a density; fewer objects in a bin have no median. */
enum { POINTS_MOST = 2500, MEDIAN_BINS = 12, MEDIAN_LEAST = 10, TEXT_LENGTH = 96 };

enum { GRID, ANSWER, KINDS };

#define BARS_HEIGHT_PT 78.0
#define FRAME_PT 68.0
#define PANEL_GAP_PT 6.0
#define SCALE_GAP_PT 4.0
#define POINT_RADIUS_PT 0.9
#define SMALLEST_SHARE 0.02 /* of the errors, that do not stretch the axis downwards */
#define TAIL 0.02           /* share of the misfits that may decide nothing about their axis */
#define TAIL_ROOM 0.3       /* of the range of the others, on either side */

static const tml_fill noise_fill = {TML_COLOUR_FAINT, 0.45};
static const tml_fill bar_fill[KINDS] = {{TML_COLOUR_SERIES + 4, 0.55}, {TML_COLOUR_PAPER, 0.0}};
static const tml_pen bar_pen[KINDS] = {{.colour = TML_COLOUR_SERIES, .width_pt = TML_LINE_THIN_PT},
                                       {.colour = TML_COLOUR_SERIES + 1, .width_pt = TML_LINE_DATA_PT}};
static const tml_pen median_pen = {.colour = TML_COLOUR_INK, .width_pt = TML_LINE_BOLD_PT};
static const tml_pen halo_pen = {.colour = TML_COLOUR_PAPER, .width_pt = 2.4};
static const tml_marker point_marker = {TML_SHAPE_DISC, TML_COLOUR_SERIES, POINT_RADIUS_PT, 0.6};

typedef struct error_panel {
    tml_axes axes;
    size_t points;
    tml_beyond beyond;
    tml_density density;
    double x[MEDIAN_BINS], median[MEDIAN_BINS];
} error_panel;

typedef struct drawing {
    const tml_misfit_plot *plot;
    double height_pt;
    tml_axis misfit;                /* logarithmic */
    tml_axes bars;                  /* with a logarithmic axis */
    tml_histogram histogram[KINDS]; /* of the logarithms */
    bool is_dense;
    uint32_t peak;
    error_panel *panel; /* [panels] */
    tml_heading heading;
    size_t smaller; /* errors below their frames */
    char grid_text[TEXT_LENGTH], smaller_text[TEXT_LENGTH], beyond_text[TEXT_LENGTH];
} drawing;

static const double *misfits_of(const tml_misfit_plot *plot, int kind)
{
    return kind == GRID ? plot->grid : plot->answer;
}

/* ---- the distribution ---- */

static size_t take_logarithms(const drawing *picture, int kind, double *sample)
{
    const double *misfit = misfits_of(picture->plot, kind);
    size_t taken = 0;

    for (size_t i = 0; i < picture->plot->count; ++i)
        if (tml_axis_can_show(&picture->misfit, misfit[i]))
            sample[taken++] = log10(misfit[i]);
    return taken;
}

/* From the misfits that are not far from all others, noise among them. @param sample  [taken] logarithms,
 * ascending */
static void fit_misfit(drawing *picture, size_t taken, const double *sample)
{
    const tml_misfit_plot *plot = picture->plot;
    const double noise[2] = {plot->noise_low, plot->noise_high};
    double low = tml_sample_quantile(taken, sample, TAIL);
    double high = tml_sample_quantile(taken, sample, 1.0 - TAIL), room = TAIL_ROOM * (high - low);
    tml_axis *axis = &picture->misfit;

    axis->low = INFINITY;
    axis->high = -INFINITY;
    tml_axis_cover(axis, 2, noise);
    if (taken > 0) {
        axis->low = fmin(axis->low, pow(10.0, fmax(sample[0], low - room)));
        axis->high = fmax(axis->high, pow(10.0, fmin(sample[taken - 1], high + room)));
    }
    tml_axis_pad(axis, 0.04);
}

/* @param sample  [count] scratch */
static void fill_histograms(drawing *picture, double *sample)
{
    size_t taken;

    picture->misfit = (tml_axis){.low = 1e-3, .high = 1.0, .is_log = true, .label = "Misfit per pixel [σ]"};
    taken = take_logarithms(picture, GRID, sample);
    tml_sample_sort(taken, sample);
    fit_misfit(picture, taken, sample);
    picture->histogram[GRID].bins = picture->histogram[ANSWER].bins = tml_bins_choose(
        log10(picture->misfit.low), log10(picture->misfit.high),
        tml_sample_quantile(taken, sample, 0.75) - tml_sample_quantile(taken, sample, 0.25), taken);
    for (int k = 0; k < KINDS; ++k) {
        taken = take_logarithms(picture, k, sample);
        for (size_t i = 0; i < taken; ++i)
            tml_histogram_add(&picture->histogram[k], sample[i]);
    }
}

/* ---- errors ---- */

static bool is_point(const drawing *picture, const tml_misfit_panel *given, size_t i)
{
    return tml_axis_can_show(&picture->misfit, picture->plot->grid[i]) && isfinite(given->error[i]) &&
           given->error[i] >= 0.0;
}

/* From an error that few are below; an answer that is right to the last digit has no logarithm. */
static void fit_errors(drawing *picture, size_t p, double *sample, error_panel *panel)
{
    const tml_misfit_panel *given = &picture->plot->panel[p];
    tml_axis *axis = &panel->axes.y;
    size_t taken = 0;

    *axis = (tml_axis){.low = INFINITY, .high = -INFINITY, .is_log = true, .label = given->label};
    for (size_t i = 0; i < picture->plot->count; ++i) {
        panel->points += is_point(picture, given, i);
        if (is_point(picture, given, i) && tml_axis_can_show(axis, given->error[i]))
            sample[taken++] = given->error[i];
    }
    tml_sample_sort(taken, sample);
    tml_axis_cover(axis, taken, sample);
    if (taken > 0)
        axis->low = tml_sample_quantile(taken, sample, SMALLEST_SHARE);
    tml_axis_pad(axis, 0.06);
    panel->axes.x = picture->misfit;
    for (size_t i = 0; i < picture->plot->count; ++i)
        picture->smaller += is_point(picture, given, i) && given->error[i] < axis->low;
}

/* The median error of the objects in each of some strips. */
static void find_medians(const drawing *picture, size_t p, double *sample, error_panel *panel)
{
    const tml_misfit_panel *given = &picture->plot->panel[p];
    double low = log10(picture->misfit.low), high = log10(picture->misfit.high);

    for (size_t b = 0; b < MEDIAN_BINS; ++b) {
        double start = low + (high - low) * (double)b / MEDIAN_BINS;
        double end = low + (high - low) * (double)(b + 1) / MEDIAN_BINS;
        size_t taken = 0;

        for (size_t i = 0; i < picture->plot->count; ++i)
            if (is_point(picture, given, i) && log10(picture->plot->grid[i]) >= start &&
                log10(picture->plot->grid[i]) < end)
                sample[taken++] = given->error[i];
        tml_sample_sort(taken, sample);
        panel->x[b] = pow(10.0, 0.5 * (start + end));
        panel->median[b] = taken >= MEDIAN_LEAST ? tml_sample_quantile(taken, sample, 0.5) : (double)NAN;
    }
}

/* Right to the last digit: at the lower border. */
static double height_of(const error_panel *panel, double error)
{
    return error > 0.0 ? error : 0.5 * panel->axes.y.low;
}

static void count_points(drawing *picture, size_t p)
{
    const tml_misfit_plot *plot = picture->plot;
    error_panel *panel = &picture->panel[p];
    uint32_t peak;

    for (size_t i = 0; i < plot->count; ++i) {
        double height;

        if (!is_point(picture, &plot->panel[p], i))
            continue;
        height = height_of(panel, plot->panel[p].error[i]);
        tml_beyond_add(&panel->beyond, &panel->axes, plot->grid[i], height);
        if (picture->is_dense)
            tml_density_add(&panel->density, &panel->axes, plot->grid[i], height);
    }
    peak = tml_density_peak(&panel->density);
    picture->peak = peak > picture->peak ? peak : picture->peak;
}

/* ---- layout ---- */

static void fill_legend(drawing *picture)
{
    const tml_misfit_plot *plot = picture->plot;
    tml_legend_entry entry = {.text = picture->grid_text, .pen = bar_pen[GRID], .fill = bar_fill[GRID]};

    picture->heading.title = plot->title;
    snprintf(picture->grid_text, TEXT_LENGTH, "best grid point, %zu object%s", picture->histogram[GRID].total,
             picture->histogram[GRID].total == 1 ? "" : "s");
    tml_heading_add(&picture->heading, &entry);
    entry = (tml_legend_entry){.text = "answer", .pen = bar_pen[ANSWER]};
    if (picture->histogram[ANSWER].total > 0)
        tml_heading_add(&picture->heading, &entry);
    entry = (tml_legend_entry){.text = "noise alone (95 %)", .fill = noise_fill};
    if (isfinite(plot->noise_low))
        tml_heading_add(&picture->heading, &entry);
    entry = (tml_legend_entry){.text = "median error", .pen = median_pen};
    if (plot->panels > 0)
        tml_heading_add(&picture->heading, &entry);
    entry = (tml_legend_entry){.text = picture->beyond_text};
    snprintf(picture->beyond_text, TEXT_LENGTH, "beyond the frame: %zu and %zu",
             picture->histogram[GRID].outside, picture->histogram[ANSWER].outside);
    if (picture->histogram[GRID].outside + picture->histogram[ANSWER].outside > 0)
        tml_heading_add(&picture->heading, &entry);
    entry = (tml_legend_entry){.text = picture->smaller_text,
                               .marker = {TML_SHAPE_TRIANGLE_DOWN, TML_COLOUR_INK, 1.9, 1.0}};
    snprintf(picture->smaller_text, TEXT_LENGTH, "smaller: %zu", picture->smaller);
    if (picture->smaller > 0)
        tml_heading_add(&picture->heading, &entry);
}

static void place_bars(drawing *picture, double bottom, double margin)
{
    double peak = fmax(tml_histogram_peak(&picture->histogram[GRID]),
                       tml_histogram_peak(&picture->histogram[ANSWER]));
    tml_axes *bars = &picture->bars;

    bars->x = picture->misfit;
    bars->y = (tml_axis){.low = 0.0, .high = peak > 0.0 ? 1.08 * peak : 1.0, .label = "Objects [%]"};
    bars->frame = (tml_box){margin, bottom, TML_FIGURE_WIDTH_PT - TML_MARGIN_RIGHT_PT,
                            bottom + BARS_HEIGHT_PT};
    bars->margin_pt = fmax(margin, tml_axes_margin(bars));
    bars->frame.left = bars->margin_pt;
}

static tml_status lay_out(drawing *picture, tml_error *error)
{
    size_t count = picture->plot->panels;
    const tml_panels panels = {.columns = count > 1 ? 2 : 1,
                               .width_pt = TML_FIGURE_WIDTH_PT,
                               .frame_pt = FRAME_PT,
                               .has_one_x = true};
    tml_axes *axes = NULL;
    double bottom = TML_MARGIN_BOTTOM_PT, margin = 0.0, width;
    tml_status status = tml_array_create(count, sizeof *axes, "figure", &axes, error);

    if (status != TML_OK)
        return status;
    for (size_t p = 0; p < count; ++p)
        axes[p] = picture->panel[p].axes;
    if (count > 0) {
        bottom = tml_panels_place(&panels, count, axes) + PANEL_GAP_PT + TML_MARGIN_BOTTOM_PT;
        margin = axes[0].margin_pt;
    }
    for (size_t p = 0; p < count; ++p)
        picture->panel[p].axes = axes[p];
    free(axes);
    place_bars(picture, bottom, margin);
    width = picture->bars.frame.right - picture->bars.frame.left;
    picture->height_pt = ceil(picture->bars.frame.top + tml_heading_height(&picture->heading, width) +
                              (picture->is_dense ? SCALE_GAP_PT + tml_density_scale_height() : 0.0));
    return TML_OK;
}

/* ---- drawing ---- */

static void draw_noise(const tml_canvas *canvas, const drawing *picture, const tml_axes *axes)
{
    const tml_box noise = {tml_axes_x(axes, picture->plot->noise_low), axes->frame.bottom,
                           tml_axes_x(axes, picture->plot->noise_high), axes->frame.top};

    tml_pen_clip(canvas, &axes->frame);
    if (isfinite(noise.left) && isfinite(noise.right))
        tml_fill_box(canvas, &noise_fill, &noise);
}

static void draw_bars(const tml_canvas *canvas, const drawing *picture)
{
    const tml_axes *axes = &picture->bars;
    tml_axes logarithms = *axes;

    logarithms.x = (tml_axis){.low = log10(axes->x.low), .high = log10(axes->x.high)};
    tml_axes_grid(canvas, axes);
    draw_noise(canvas, picture, axes);
    for (int k = 0; k < KINDS; ++k)
        if (picture->histogram[k].total > 0)
            tml_histogram_draw(canvas, &logarithms, &picture->histogram[k], &bar_fill[k], &bar_pen[k]);
    if (picture->histogram[GRID].total == 0)
        tml_marks_nothing(canvas, axes, "no misfit is known");
    tml_axes_frame(canvas, axes);
}

static void draw_point(const tml_canvas *canvas, const tml_axes *axes, double x, double y)
{
    if (x >= axes->x.low && x <= axes->x.high)
        tml_marker_draw(canvas, &point_marker, tml_axes_x(axes, x), tml_axes_y(axes, y));
}

static void draw_errors(const tml_canvas *canvas, const drawing *picture, size_t p)
{
    const tml_misfit_plot *plot = picture->plot;
    const error_panel *panel = &picture->panel[p];
    const tml_axes *axes = &panel->axes;

    tml_axes_grid(canvas, axes);
    draw_noise(canvas, picture, axes);
    if (picture->is_dense)
        tml_density_draw(canvas, axes, &panel->density, picture->peak);
    tml_pen_clip(canvas, &axes->frame);
    for (size_t i = 0; i < plot->count && !picture->is_dense; ++i)
        if (is_point(picture, &plot->panel[p], i) && plot->panel[p].error[i] >= axes->y.low)
            draw_point(canvas, axes, plot->grid[i], plot->panel[p].error[i]);
    tml_beyond_draw(canvas, axes, &panel->beyond);
    tml_marks_curve(canvas, axes, &halo_pen, MEDIAN_BINS, panel->x, panel->median);
    tml_marks_curve(canvas, axes, &median_pen, MEDIAN_BINS, panel->x, panel->median);
    if (panel->points == 0)
        tml_marks_nothing(canvas, axes, "no label");
    tml_axes_frame(canvas, axes);
}

static void draw_misfit(const tml_canvas *canvas, const void *data)
{
    const drawing *picture = data;
    const tml_box *frame = &picture->bars.frame;
    double bottom = frame->top;

    draw_bars(canvas, picture);
    for (size_t p = 0; p < picture->plot->panels; ++p)
        draw_errors(canvas, picture, p);
    if (picture->is_dense) {
        const tml_box scale = {frame->left, frame->top + SCALE_GAP_PT, frame->right, 0.0};

        tml_density_scale(canvas, &scale, picture->peak, "objects per cell");
        bottom += SCALE_GAP_PT + tml_density_scale_height();
    }
    tml_heading_draw(canvas, &picture->heading, frame->left, bottom, frame->right - frame->left);
}

static tml_status prepare(drawing *picture, tml_error *error)
{
    size_t panels = picture->plot->panels, points = 0;
    double *sample = NULL;
    tml_status status = tml_array_create(picture->plot->count, sizeof *sample, "sample of misfits", &sample,
                                         error);

    if (status == TML_OK)
        status = tml_array_create(panels, sizeof *picture->panel, "figure", &picture->panel, error);
    if (status == TML_OK)
        fill_histograms(picture, sample);
    for (size_t p = 0; p < panels && status == TML_OK; ++p) {
        fit_errors(picture, p, sample, &picture->panel[p]);
        find_medians(picture, p, sample, &picture->panel[p]);
        points += picture->panel[p].points;
    }
    free(sample);
    picture->is_dense = points > POINTS_MOST;
    if (status == TML_OK) {
        fill_legend(picture);
        status = lay_out(picture, error);
    }
    for (size_t p = 0; p < panels && status == TML_OK; ++p)
        count_points(picture, p);
    return status;
}

tml_status tml_plot_misfit_report(const tml_misfit_plot *plot, const char *folder, const char *name,
                                  tml_error *error)
{
    drawing *picture = NULL;
    tml_status status;

    if (plot->count == 0 || plot->panels > TML_MISFIT_PANELS)
        return TML_FAIL(error, TML_BAD_DATA,
                        "misfits of %zu objects with %zu panels of errors: a figure has "
                        "one object or more, and at most %d panels",
                        plot->count, plot->panels, TML_MISFIT_PANELS);
    status = tml_array_create(1, sizeof *picture, "figure", &picture, error);
    if (status != TML_OK)
        return status;
    picture->plot = plot;
    status = prepare(picture, error);
    if (status == TML_OK)
        status = tml_canvas_write(folder, name, TML_FIGURE_WIDTH_PT, picture->height_pt, draw_misfit, picture,
                                  error);
    free(picture->panel);
    free(picture);
    return status;
}
