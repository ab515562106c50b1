#include "plots/regression_report.h"

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
#include "plots/ticks.h"

/* More points than this are drawn as a density, but for series that are small beside the others. Each point
 * is drawn in two panels; twice as many would cost half a second. */
enum { POINTS_MAXIMUM = 2000, POINTS_ON_DENSITY = 500, TEXT_LENGTH = 256, LABEL_LENGTH = 96 };

#define SCATTER_HEIGHT_PT 150.0
#define RESIDUAL_HEIGHT_PT 76.0
#define HISTOGRAM_HEIGHT_PT 70.0
#define PANEL_GAP_PT 6.0
#define SCALE_GAP_PT 4.0
#define POINT_RADIUS_PT 1.1
#define TAIL 0.0025   /* share of the residuals that may decide nothing about the axis */
#define TAIL_ROOM 0.3 /* of the range of the others, on either side */

static const tml_pen one_to_one_pen = {TML_COLOUR_INK, TML_LINE_DATA_PT, 3.0, 1.8};
static const tml_pen halo_pen = {.colour = TML_COLOUR_PAPER, .width_pt = 2.0};
static const tml_pen zero_pen = {.colour = TML_COLOUR_INK, .width_pt = TML_LINE_THIN_PT};

enum { SCATTER, RESIDUAL, HISTOGRAM, PANELS };

typedef struct drawing {
    const tml_regression_plot *plot;
    double height_pt;
    tml_axes axes[PANELS];
    bool is_dense[TML_REGRESSION_SERIES];
    tml_density density[HISTOGRAM]; /* of the dense series together */
    uint32_t peak;                  /* of both densities */
    tml_histogram histogram[TML_REGRESSION_SERIES];
    size_t beyond;                 /* points outside a frame */
    tml_beyond outside[HISTOGRAM]; /* and where */
    size_t shown;                  /* points with two finite values */
    double *sample;                /* [TML_REGRESSION_SERIES * TML_HISTOGRAM_SAMPLES] residuals */
    tml_heading heading;
    char series_text[TML_REGRESSION_SERIES][TEXT_LENGTH];
    char beyond_text[LABEL_LENGTH], truth_label[LABEL_LENGTH], predicted_label[LABEL_LENGTH];
    char residual_label[LABEL_LENGTH];
} drawing;

/* The last series is the most important one: full colour, full line. */
static tml_marker series_marker(const tml_regression_plot *plot, size_t series)
{
    static const tml_shape shapes[TML_REGRESSION_SERIES] = {TML_SHAPE_DISC, TML_SHAPE_SQUARE,
                                                            TML_SHAPE_TRIANGLE};
    static const size_t colours[TML_REGRESSION_SERIES] = {0, 5, 1};
    size_t look = plot->series_count == 1 ? 0 : series;

    return (tml_marker){shapes[look], tml_theme_series(colours[look]), POINT_RADIUS_PT, 0.6};
}

static tml_pen series_pen(const tml_regression_plot *plot, size_t series)
{
    static const double dashes[TML_REGRESSION_SERIES][2] = {{0.0, 0.0}, {2.4, 1.2}, {1.0, 1.0}};
    size_t before_last = plot->series_count - 1 - series;

    return (tml_pen){series_marker(plot, series).colour,
                     before_last == 0 ? TML_LINE_DATA_PT : TML_LINE_THIN_PT, dashes[before_last][0],
                     dashes[before_last][1]};
}

static tml_fill series_fill(const tml_regression_plot *plot, size_t series)
{
    return (tml_fill){series_marker(plot, series).colour, series + 1 == plot->series_count ? 0.2 : 0.0};
}

static bool is_pair(const tml_regression_series *series, size_t i)
{
    static const tml_axis linear = {.low = 0.0, .high = 1.0};

    return tml_axis_can_show(&linear, series->truth[i]) && tml_axis_can_show(&linear, series->predicted[i]);
}

static double residual_of(const tml_regression_series *series, size_t i)
{
    return series->predicted[i] - series->truth[i];
}

/* The largest become a density until the others are few. */
static void choose_dense(drawing *picture)
{
    const tml_regression_plot *plot = picture->plot;
    size_t left = 0, most = POINTS_MAXIMUM;

    for (size_t s = 0; s < plot->series_count; ++s)
        left += plot->series[s].count;
    while (left > most) {
        size_t largest = TML_REGRESSION_SERIES;

        for (size_t s = 0; s < plot->series_count; ++s)
            if (!picture->is_dense[s] &&
                (largest == TML_REGRESSION_SERIES || plot->series[s].count > plot->series[largest].count))
                largest = s;
        picture->is_dense[largest] = true;
        left -= plot->series[largest].count;
        most = POINTS_ON_DENSITY;
    }
}

static size_t take_sample(const tml_regression_series *series, double *sample)
{
    size_t step = (series->count + TML_HISTOGRAM_SAMPLES - 1) / TML_HISTOGRAM_SAMPLES, taken = 0;

    for (size_t i = 0; i < series->count; i += step)
        if (is_pair(series, i))
            sample[taken++] = residual_of(series, i);
    return taken;
}

typedef struct extents {
    tml_axis truth, predicted, residual;
} extents;

static extents extent_of(const tml_regression_plot *plot)
{
    const tml_axis none = {.low = INFINITY, .high = -INFINITY};
    extents extent = {none, none, none};

    for (size_t s = 0; s < plot->series_count; ++s) {
        const tml_regression_series *series = &plot->series[s];

        for (size_t i = 0; i < series->count; ++i) {
            double residual = residual_of(series, i);

            if (!is_pair(series, i))
                continue;
            tml_axis_cover(&extent.truth, 1, &series->truth[i]);
            tml_axis_cover(&extent.predicted, 1, &series->predicted[i]);
            tml_axis_cover(&extent.residual, 1, &residual);
        }
    }
    return extent;
}

/* All residuals, unless a few lie far away from the others; and none at all. */
static tml_axis residual_axis(const tml_axis *all, size_t taken, const double *sorted, const char *label)
{
    tml_axis axis = {.low = all->low, .high = all->high, .label = label};
    double low = tml_sample_quantile(taken, sorted, TAIL),
           high = tml_sample_quantile(taken, sorted, 1.0 - TAIL);
    double room = TAIL_ROOM * (high - low);
    const double zero = 0.0;

    if (room > 0.0) {
        axis.low = fmax(axis.low, low - room);
        axis.high = fmin(axis.high, high + room);
    }
    tml_axis_cover(&axis, 1, &zero);
    tml_axis_pad(&axis, 0.05);
    return axis;
}

static void fit_axes(drawing *picture)
{
    const tml_regression_plot *plot = picture->plot;
    extents extent = extent_of(plot);
    tml_axes *scatter = &picture->axes[SCATTER], *residual = &picture->axes[RESIDUAL];
    tml_axes *histogram = &picture->axes[HISTOGRAM];
    double range;
    size_t taken = 0;

    for (size_t s = 0; s < plot->series_count; ++s)
        taken += take_sample(&plot->series[s], picture->sample + taken);
    tml_sample_sort(taken, picture->sample);
    scatter->x = extent.truth;
    scatter->x.label = picture->truth_label;
    scatter->y = extent.truth;
    scatter->y.label = picture->predicted_label;
    residual->y = residual_axis(&extent.residual, taken, picture->sample, picture->residual_label);
    extent.predicted.low = fmax(extent.predicted.low, extent.truth.low + residual->y.low);
    extent.predicted.high = fmin(extent.predicted.high, extent.truth.high + residual->y.high);
    tml_axis_cover(&scatter->y, 1, &extent.predicted.low);
    tml_axis_cover(&scatter->y, 1, &extent.predicted.high);
    tml_axis_pad(&scatter->x, 0.04);
    tml_axis_pad(&scatter->y, 0.04);
    residual->x = scatter->x;
    scatter->x.is_bare = true;
    histogram->x = residual->y;
    histogram->y = (tml_axis){.low = 0.0, .high = 0.0, .label = "Spectra [%]"};
    range = tml_sample_quantile(taken, picture->sample, 0.75) -
            tml_sample_quantile(taken, picture->sample, 0.25);
    for (size_t s = 0; s < plot->series_count; ++s)
        picture->histogram[s].bins = tml_bins_choose(histogram->x.low, histogram->x.high, range, taken);
}

static bool is_outside(const tml_axis *axis, double value)
{
    return value < axis->low || value > axis->high;
}

/* The histograms decide how wide the numbers beside the frames are, and the frames where the cells lie. */
static void count_residuals(drawing *picture)
{
    const tml_regression_plot *plot = picture->plot;
    const tml_axis *predicted = &picture->axes[SCATTER].y, *residuals = &picture->axes[RESIDUAL].y;
    double peak = 0.0;

    for (size_t s = 0; s < plot->series_count; ++s) {
        const tml_regression_series *series = &plot->series[s];

        for (size_t i = 0; i < series->count; ++i) {
            double residual = residual_of(series, i);

            if (!is_pair(series, i))
                continue;
            ++picture->shown;
            picture->beyond += is_outside(predicted, series->predicted[i]) || is_outside(residuals, residual);
            tml_histogram_add(&picture->histogram[s], residual);
        }
        peak = fmax(peak, tml_histogram_peak(&picture->histogram[s]));
    }
    picture->axes[HISTOGRAM].y.high = peak > 0.0 ? 1.08 * peak : 1.0;
}

static double height_of(const tml_regression_series *series, size_t i, int panel)
{
    return panel == SCATTER ? series->predicted[i] : residual_of(series, i);
}

static void count_cells(drawing *picture)
{
    const tml_regression_plot *plot = picture->plot;

    for (size_t s = 0; s < plot->series_count; ++s) {
        const tml_regression_series *series = &plot->series[s];

        for (size_t i = 0; i < series->count; ++i) {
            for (int p = SCATTER; p < HISTOGRAM && is_pair(series, i); ++p) {
                double y = height_of(series, i, p);

                tml_beyond_add(&picture->outside[p], &picture->axes[p], series->truth[i], y);
                if (picture->is_dense[s])
                    tml_density_add(&picture->density[p], &picture->axes[p], series->truth[i], y);
            }
        }
    }
    for (int p = SCATTER; p < HISTOGRAM; ++p)
        if (tml_density_peak(&picture->density[p]) > picture->peak)
            picture->peak = tml_density_peak(&picture->density[p]);
}

static void write_labels(drawing *picture)
{
    const tml_regression_plot *plot = picture->plot;
    char unit[LABEL_LENGTH / 2] = "";

    if (plot->unit[0] != '\0')
        snprintf(unit, sizeof unit, " [%s]", plot->unit);
    snprintf(picture->truth_label, LABEL_LENGTH, "True %s%s", plot->symbol, unit);
    snprintf(picture->predicted_label, LABEL_LENGTH, "Predicted %s%s", plot->symbol, unit);
    snprintf(picture->residual_label, LABEL_LENGTH, "Predicted − true%s", unit);
}

/* "test: R² = 0.987, RMSE = 31.2 K (60 spectra)" */
static void write_series_text(drawing *picture, size_t s)
{
    const tml_regression_plot *plot = picture->plot;
    const tml_regression_series *series = &plot->series[s];
    char r2[TML_TICK_TEXT + 16] = "", rmse[TML_TICK_TEXT + 64] = "", number[TML_TICK_TEXT];

    if (isfinite(series->r2)) {
        tml_ticks_number(series->r2, fabs(series->r2) < 1.0 ? 4 : 3, number);
        snprintf(r2, sizeof r2, "R² = %s, ", number);
    }
    if (isfinite(series->rmse)) {
        tml_ticks_number(series->rmse, 3, number);
        snprintf(rmse, sizeof rmse, "RMSE = %s%s%.24s, ", number, plot->unit[0] != '\0' ? " " : "",
                 plot->unit);
    }
    snprintf(picture->series_text[s], TEXT_LENGTH, "%.24s: %s%sn = %zu", series->name, r2, rmse,
             series->count);
}

static void fill_legend(drawing *picture)
{
    const tml_regression_plot *plot = picture->plot;
    tml_legend_entry entry;

    picture->heading.title = plot->title;
    for (size_t s = 0; s < plot->series_count; ++s) {
        entry = (tml_legend_entry){.text = picture->series_text[s],
                                   .pen = series_pen(plot, s),
                                   .fill = series_fill(plot, s),
                                   .marker = series_marker(plot, s)};
        entry.marker.radius_pt = picture->is_dense[s] ? 0.0 : 2.0;
        entry.marker.opacity = 1.0;
        write_series_text(picture, s);
        tml_heading_add(&picture->heading, &entry);
    }
    entry = (tml_legend_entry){.text = "1:1", .pen = one_to_one_pen};
    tml_heading_add(&picture->heading, &entry);
    entry = (tml_legend_entry){.text = picture->beyond_text,
                               .marker = {TML_SHAPE_TRIANGLE, TML_COLOUR_INK, 1.9, 1.0}};
    snprintf(picture->beyond_text, LABEL_LENGTH, "beyond a frame: %zu", picture->beyond);
    if (picture->beyond > 0)
        tml_heading_add(&picture->heading, &entry);
}

static bool has_density(const drawing *picture)
{
    return picture->is_dense[0] || picture->is_dense[1] || picture->is_dense[2];
}

static void lay_out(drawing *picture)
{
    static const double heights[PANELS] = {SCATTER_HEIGHT_PT, RESIDUAL_HEIGHT_PT, HISTOGRAM_HEIGHT_PT};
    double bottom = TML_MARGIN_BOTTOM_PT, margin = 0.0, width;

    for (int p = PANELS - 1; p >= 0; --p) {
        tml_axes *axes = &picture->axes[p];

        axes->frame.bottom = bottom;
        axes->frame.top = bottom + heights[p];
        bottom = axes->frame.top + PANEL_GAP_PT + (p == HISTOGRAM ? TML_MARGIN_BOTTOM_PT : 0.0);
        margin = fmax(margin, tml_axes_margin(axes));
    }
    for (int p = 0; p < PANELS; ++p) {
        picture->axes[p].margin_pt = picture->axes[p].frame.left = margin;
        picture->axes[p].frame.right = TML_FIGURE_WIDTH_PT - TML_MARGIN_RIGHT_PT;
    }
    width = TML_FIGURE_WIDTH_PT - TML_MARGIN_RIGHT_PT - margin;
    picture->height_pt = ceil(picture->axes[SCATTER].frame.top +
                              tml_heading_height(&picture->heading, width) +
                              (has_density(picture) ? SCALE_GAP_PT + tml_density_scale_height() : 0.0));
}

/* The one-to-one line, or the line of no residual; set off from dark cells. */
static void draw_ideal(const tml_canvas *canvas, const drawing *picture, int panel)
{
    const tml_axes *axes = &picture->axes[panel];
    const double ends[2] = {axes->x.low, axes->x.high}, zero[2] = {0.0, 0.0};
    const double *heights = panel == SCATTER ? ends : zero;

    if (has_density(picture))
        tml_marks_curve(canvas, axes, &halo_pen, 2, ends, heights);
    tml_marks_curve(canvas, axes, panel == SCATTER ? &one_to_one_pen : &zero_pen, 2, ends, heights);
}

static void draw_point(const tml_canvas *canvas, const tml_axes *axes, const tml_marker *marker, double x,
                       double y)
{
    if (!is_outside(&axes->y, y))
        tml_marker_draw(canvas, marker, tml_axes_x(axes, x), tml_axes_y(axes, y));
}

static void draw_points(const tml_canvas *canvas, const drawing *picture, int panel)
{
    const tml_regression_plot *plot = picture->plot;
    const tml_axes *axes = &picture->axes[panel];

    for (size_t s = 0; s < plot->series_count; ++s) {
        const tml_regression_series *series = &plot->series[s];
        const tml_marker marker = series_marker(plot, s);

        tml_pen_clip(canvas, &axes->frame);
        for (size_t i = 0; !picture->is_dense[s] && i < series->count; ++i)
            if (is_pair(series, i))
                draw_point(canvas, axes, &marker, series->truth[i], height_of(series, i, panel));
    }
}

static void draw_cloud(const tml_canvas *canvas, const drawing *picture, int panel)
{
    const tml_axes *axes = &picture->axes[panel];

    tml_axes_grid(canvas, axes);
    if (has_density(picture))
        tml_density_draw(canvas, axes, &picture->density[panel], picture->peak);
    draw_points(canvas, picture, panel);
    tml_beyond_draw(canvas, axes, &picture->outside[panel]);
    draw_ideal(canvas, picture, panel);
    if (picture->shown == 0)
        tml_marks_nothing(canvas, axes, "no finite value");
    tml_axes_frame(canvas, axes);
}

static void draw_residuals(const tml_canvas *canvas, const drawing *picture)
{
    const tml_axes *axes = &picture->axes[HISTOGRAM];
    const tml_regression_plot *plot = picture->plot;
    double zero = tml_axes_x(axes, 0.0);

    tml_axes_grid(canvas, axes);
    tml_pen_line(canvas, &zero_pen, zero, axes->frame.bottom, zero, axes->frame.top);
    for (size_t s = 0; s < plot->series_count; ++s) {
        const tml_fill fill = series_fill(plot, s);
        const tml_pen pen = series_pen(plot, s);

        if (picture->histogram[s].total > 0)
            tml_histogram_draw(canvas, axes, &picture->histogram[s], &fill, &pen);
    }
    if (picture->shown == 0)
        tml_marks_nothing(canvas, axes, "no finite value");
    tml_axes_frame(canvas, axes);
}

static void draw_regression_report(const tml_canvas *canvas, const void *data)
{
    const drawing *picture = data;
    const tml_box *top = &picture->axes[SCATTER].frame;
    double bottom = top->top;

    for (int p = SCATTER; p < HISTOGRAM; ++p)
        draw_cloud(canvas, picture, p);
    draw_residuals(canvas, picture);
    if (has_density(picture)) {
        const tml_box scale = {top->left, top->top + SCALE_GAP_PT, top->right, 0.0};

        tml_density_scale(canvas, &scale, picture->peak, "spectra per cell");
        bottom += SCALE_GAP_PT + tml_density_scale_height();
    }
    tml_heading_draw(canvas, &picture->heading, top->left, bottom, top->right - top->left);
}

tml_status tml_plot_regression_report(const tml_regression_plot *plot, const char *folder, const char *name,
                                      tml_error *error)
{
    drawing *picture = NULL;
    double *sample = NULL;
    tml_status status;

    if (plot->series_count == 0 || plot->series_count > TML_REGRESSION_SERIES)
        return TML_FAIL(error, TML_BAD_DATA, "%zu series of scores: a figure has 1 to %d", plot->series_count,
                        TML_REGRESSION_SERIES);
    status = tml_array_create(1, sizeof *picture, "figure", &picture, error);
    if (status == TML_OK)
        status = tml_array_create((size_t)TML_REGRESSION_SERIES * TML_HISTOGRAM_SAMPLES, sizeof *sample,
                                  "sample of residuals", &sample, error);
    if (status == TML_OK) {
        picture->plot = plot;
        picture->sample = sample;
        write_labels(picture);
        choose_dense(picture);
        fit_axes(picture);
        count_residuals(picture);
        fill_legend(picture);
        lay_out(picture);
        count_cells(picture);
        status = tml_canvas_write(folder, name, TML_FIGURE_WIDTH_PT, picture->height_pt,
                                  draw_regression_report, picture, error);
    }
    free(sample);
    free(picture);
    return status;
}
