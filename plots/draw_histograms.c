#include "plots/draw_histograms.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "plots/box_strip.h"
#include "plots/draw_samples.h"
#include "plots/marks.h"
#include "plots/smoothing.h"

/* Fewer draws have no density that means anything. */
enum { TEXT_LENGTH = 96, DENSITY_DRAWS = 30 };

#define BARS_HEIGHT_PT 64.0
#define STRIP_PT 7.0
#define STRIP_GAP_PT 3.0
#define REFERENCE_ROW_PT 7.0
#define NOTE_ROW_PT (1.3 * TML_TYPE_NOTE_PT)
#define PANEL_GAP_PT 7.0

static const tml_fill draws_fill = {TML_COLOUR_SERIES + 4, 0.55};
static const tml_pen draws_pen = {.colour = TML_COLOUR_SERIES + 4, .width_pt = TML_LINE_THIN_PT};
static const tml_pen density_pen = {.colour = TML_COLOUR_SERIES, .width_pt = TML_LINE_DATA_PT};
static const tml_fill central_fill = {TML_COLOUR_FAINT, 0.4};

typedef struct answer_panel {
    tml_axes axes;
    tml_histogram histogram;
    tml_box_numbers box;
    bool has_density;
    double node[TML_SMOOTH_LINE], density[TML_SMOOTH_LINE]; /* as shares of a bin [%] */
    double bars_top; /* on the page [pt]; box and references stand above */
    char note[TEXT_LENGTH];
} answer_panel;

typedef struct drawing {
    const tml_draw_histograms_plot *plot;
    double height_pt, *sample; /* [TML_HISTOGRAM_SAMPLES] */
    tml_heading heading;
    tml_draw_names names;
    bool has_grid_edge, has_density;
    answer_panel panel[TML_DRAW_PANELS];
    char draws_text[TEXT_LENGTH];
} drawing;

static tml_axis value_axis(const tml_draw_panel *given, const tml_histogram *histogram)
{
    tml_axis axis = {.low = INFINITY, .high = -INFINITY, .label = given->label};
    const double marks[3] = {given->value, given->p16, given->p84};

    if (histogram->total > 0) {
        const double ends[2] = {histogram->bins.low, histogram->bins.high};

        tml_axis_cover(&axis, 2, ends);
    }
    tml_axis_cover(&axis, 3, marks);
    for (size_t r = 0; r < given->references; ++r) {
        double error = tml_draw_reference_error(given, r);
        const double ends[2] = {given->reference[r] - error, given->reference[r] + error};

        tml_axis_cover(&axis, 2, ends);
    }
    tml_axis_pad(&axis, 0.05);
    return axis;
}

/* @param sample  [sampled] of the draws, ascending */
static void fill_density(const tml_draw_panel *given, size_t draws, size_t sampled, double *sample,
                         answer_panel *panel)
{
    const tml_bins *bins = &panel->histogram.bins;
    const tml_range range = {bins->low, bins->high};
    double bin = (bins->high - bins->low) / (double)bins->count, spread;

    panel->box = tml_box_numbers_of(sampled, sample);
    spread = tml_smooth_spread((tml_strided){sampled, 1, sample}, range, sample);
    panel->has_density = sampled >= DENSITY_DRAWS && spread > 0.0;
    if (!panel->has_density)
        return;
    tml_smooth_line((tml_strided){draws, given->stride, given->draw}, range, spread, panel->density);
    for (size_t i = 0; i < TML_SMOOTH_LINE; ++i) {
        panel->node[i] = range.low + (range.high - range.low) * (double)i / (TML_SMOOTH_LINE - 1);
        panel->density[i] *= 100.0 * bin;
    }
}

static void fill_panel(drawing *picture, size_t p)
{
    const tml_draw_panel *given = &picture->plot->panel[p];
    size_t draws = picture->plot->draws, outside, lost, sampled;
    answer_panel *panel = &picture->panel[p];

    panel->histogram.bins = tml_draw_bins(given, draws, picture->sample, &sampled);
    fill_density(given, draws, sampled, picture->sample, panel);
    picture->has_density = picture->has_density || panel->has_density;
    for (size_t i = 0; i < draws; ++i)
        tml_histogram_add(&panel->histogram, given->draw[i * given->stride]);
    outside = panel->histogram.outside;
    lost = draws - panel->histogram.total;
    panel->axes.x = value_axis(given, &panel->histogram);
    if (draws == 0)
        snprintf(panel->note, TEXT_LENGTH, "no draws");
    else if (outside > 0 && lost > 0)
        snprintf(panel->note, TEXT_LENGTH, "%zu draws beyond, %zu not finite", outside, lost);
    else if (outside > 0)
        snprintf(panel->note, TEXT_LENGTH, "%zu draw%s beyond", outside, outside == 1 ? "" : "s");
    else if (lost > 0)
        snprintf(panel->note, TEXT_LENGTH, "%zu draw%s not finite", lost, lost == 1 ? "" : "s");
}

static void collect_names(drawing *picture)
{
    for (size_t p = 0; p < picture->plot->panels; ++p) {
        const tml_draw_panel *given = &picture->plot->panel[p];
        const tml_axis *axis = &picture->panel[p].axes.x;

        tml_draw_names_add(&picture->names, given);
        picture->has_grid_edge = picture->has_grid_edge || tml_draw_is_on_axis(axis, given->grid_low) ||
                                 tml_draw_is_on_axis(axis, given->grid_high);
    }
}

static void fill_legend(drawing *picture)
{
    tml_legend_entry entry = {.text = picture->draws_text, .fill = draws_fill};

    picture->heading.title = picture->plot->title;
    snprintf(picture->draws_text, TEXT_LENGTH, "%zu draw%s", picture->plot->draws,
             picture->plot->draws == 1 ? "" : "s");
    tml_heading_add(&picture->heading, &entry);
    entry = (tml_legend_entry){.text = "answer", .pen = tml_draw_answer_pen(), .is_upright = true};
    tml_heading_add(&picture->heading, &entry);
    entry = (tml_legend_entry){.text = "central 68 %", .fill = central_fill};
    tml_heading_add(&picture->heading, &entry);
    entry = (tml_legend_entry){.text = "smoothed", .pen = density_pen};
    if (picture->has_density)
        tml_heading_add(&picture->heading, &entry);
    entry = tml_draw_grid_edge_entry();
    if (picture->has_grid_edge)
        tml_heading_add(&picture->heading, &entry);
    tml_draw_names_heading(&picture->names, &picture->heading);
}

/* Of the bars and the line over them. */
static double peak_of(const answer_panel *panel)
{
    double peak = tml_histogram_peak(&panel->histogram);

    for (size_t i = 0; i < TML_SMOOTH_LINE && panel->has_density; ++i)
        peak = fmax(peak, panel->density[i]);
    return peak;
}

static size_t count_references(const tml_draw_panel *given)
{
    size_t count = 0;

    for (size_t r = 0; r < given->references; ++r)
        count += tml_draw_has_reference(given, r);
    return count;
}

/* Frames from the last row upwards; all have room for the references of the fullest. */
static void lay_out(drawing *picture)
{
    size_t panels = picture->plot->panels, columns = panels > 1 ? 2 : 1,
           rows = (panels + columns - 1) / columns;
    double column = TML_FIGURE_WIDTH_PT / (double)columns, margin = 0.0, above = 0.0, note = 0.0, row;

    for (size_t p = 0; p < panels; ++p) {
        double peak = peak_of(&picture->panel[p]);
        size_t references = count_references(&picture->plot->panel[p]);

        picture->panel[p].axes.y = (tml_axis){
            .low = 0.0, .high = peak > 0.0 ? peak : 1.0, .label = "Draws [%]"};
        above = fmax(above, STRIP_PT + 2.0 * STRIP_GAP_PT +
                                (references > 0 ? (double)references * REFERENCE_ROW_PT : 0.0));
        note = picture->panel[p].note[0] != '\0' ? NOTE_ROW_PT : note;
    }
    row = BARS_HEIGHT_PT + above + TML_MARGIN_BOTTOM_PT + note + PANEL_GAP_PT;
    for (size_t p = 0; p < panels; ++p) {
        tml_axes *axes = &picture->panel[p].axes;

        axes->frame.bottom = TML_MARGIN_BOTTOM_PT + row * (double)(rows - 1 - p / columns);
        axes->frame.top = axes->frame.bottom + BARS_HEIGHT_PT + above;
        axes->y.ticks_end = 1.06 * axes->y.high;
        axes->y.high *= 1.06 * (BARS_HEIGHT_PT + above) / BARS_HEIGHT_PT;
        picture->panel[p].bars_top = axes->frame.bottom + BARS_HEIGHT_PT;
        margin = fmax(margin, tml_axes_margin(axes));
    }
    for (size_t p = 0; p < panels; ++p) {
        tml_axes *axes = &picture->panel[p].axes;

        axes->margin_pt = margin;
        axes->frame.left = column * (double)(p % columns) + margin;
        axes->frame.right = column * (double)(p % columns + 1) - TML_MARGIN_RIGHT_PT;
    }
    picture->height_pt = ceil(
        picture->panel[0].axes.frame.top + note +
        tml_heading_height(&picture->heading, TML_FIGURE_WIDTH_PT - margin - TML_MARGIN_RIGHT_PT));
}

static void draw_references(const tml_canvas *canvas, const drawing *picture, size_t p)
{
    const tml_draw_panel *given = &picture->plot->panel[p];
    const tml_axes *axes = &picture->panel[p].axes;
    double y = axes->frame.top - 0.8 * REFERENCE_ROW_PT;

    for (size_t r = 0; r < given->references; ++r) {
        double error = tml_draw_reference_error(given, r), value = given->reference[r];
        tml_marker marker;
        tml_pen bar = {.width_pt = TML_LINE_DATA_PT};

        if (!tml_draw_has_reference(given, r))
            continue;
        marker = tml_draw_reference_marker(tml_draw_names_find(&picture->names, given->reference_name[r]));
        bar.colour = marker.colour;
        if (error > 0.0)
            tml_pen_line(canvas, &bar, tml_axes_x(axes, value - error), y, tml_axes_x(axes, value + error),
                         y);
        tml_marker_draw(canvas, &marker, tml_axes_x(axes, value), y);
        y -= REFERENCE_ROW_PT;
    }
}

static void draw_panel(const tml_canvas *canvas, const drawing *picture, size_t p)
{
    const tml_type note = {TML_TYPE_NOTE_PT, TML_COLOUR_MUTED, 1.0, false};
    const tml_draw_panel *given = &picture->plot->panel[p];
    const answer_panel *panel = &picture->panel[p];
    const tml_axes *axes = &panel->axes;
    const tml_pen answer_pen = tml_draw_answer_pen();
    double answer = tml_axes_x(axes, given->value);
    tml_box central = {tml_axes_x(axes, given->p16), axes->frame.bottom, tml_axes_x(axes, given->p84),
                       panel->bars_top};

    tml_axes_grid(canvas, axes);
    tml_pen_clip(canvas, &axes->frame);
    tml_draw_grid_edges(canvas, axes, given, NULL);
    if (central.right > central.left)
        tml_fill_box(canvas, &central_fill, &central);
    if (panel->histogram.total > 0)
        tml_histogram_draw(canvas, axes, &panel->histogram, &draws_fill, &draws_pen);
    if (panel->has_density)
        tml_marks_curve(canvas, axes, &density_pen, TML_SMOOTH_LINE, panel->node, panel->density);
    tml_box_strip_draw(canvas, axes, &panel->box, panel->bars_top + STRIP_GAP_PT,
                       panel->bars_top + STRIP_GAP_PT + STRIP_PT);
    tml_box_strip_fliers(canvas, axes, &panel->box, panel->bars_top + STRIP_GAP_PT + 0.5 * STRIP_PT,
                         picture->plot->draws, given->stride, given->draw);
    tml_pen_clip(canvas, &axes->frame);
    if (isfinite(answer))
        tml_pen_line(canvas, &answer_pen, answer, axes->frame.bottom, answer, panel->bars_top);
    draw_references(canvas, picture, p);
    tml_axes_frame(canvas, axes);
    tml_pen_text_within(canvas, &note, axes->frame.right, axes->frame.top + 0.3 * note.size_pt,
                        axes->frame.right - axes->frame.left, panel->note);
}

static void draw_histograms(const tml_canvas *canvas, const void *data)
{
    const drawing *picture = data;
    const tml_box *first = &picture->panel[0].axes.frame;
    double bottom = first->top;

    for (size_t p = 0; p < picture->plot->panels; ++p) {
        draw_panel(canvas, picture, p);
        if (picture->panel[p].note[0] != '\0')
            bottom = first->top + NOTE_ROW_PT;
    }
    tml_heading_draw(canvas, &picture->heading, first->left, bottom,
                     TML_FIGURE_WIDTH_PT - first->left - TML_MARGIN_RIGHT_PT);
}

tml_status tml_plot_draw_histograms(const tml_draw_histograms_plot *plot, const char *folder,
                                    const char *name, tml_error *error)
{
    drawing *picture = NULL;
    double *sample = NULL;
    tml_status status = tml_draw_check(plot, error);

    if (status == TML_OK)
        status = tml_array_create(1, sizeof *picture, "figure", &picture, error);
    if (status == TML_OK)
        status = tml_array_create(TML_HISTOGRAM_SAMPLES, sizeof *sample, "sample of draws", &sample, error);
    if (status == TML_OK) {
        picture->plot = plot;
        picture->sample = sample;
        for (size_t p = 0; p < plot->panels; ++p)
            fill_panel(picture, p);
        collect_names(picture);
        fill_legend(picture);
        lay_out(picture);
        status = tml_canvas_write(folder, name, TML_FIGURE_WIDTH_PT, picture->height_pt, draw_histograms,
                                  picture, error);
    }
    free(sample);
    free(picture);
    return status;
}
