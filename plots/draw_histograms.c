#include "plots/draw_histograms.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "plots/heading.h"
#include "plots/histogram.h"

enum { NAMES_MAXIMUM = TML_DRAW_PANELS * TML_DRAW_REFERENCES, TEXT_LENGTH = 96 };

#define BARS_HEIGHT_PT 64.0
#define REFERENCE_ROW_PT 7.0
#define REFERENCE_ROOM_PT 6.0
#define NOTE_ROW_PT (1.3 * TML_TYPE_NOTE_PT)
#define PANEL_GAP_PT 7.0
#define REFERENCE_RADIUS_PT 2.0
#define RANGE_FACTOR 5.0 /* interquartile ranges beyond the quartiles that the bins reach */

static const tml_fill draws_fill = {TML_COLOUR_SERIES + 4, 0.55};
static const tml_pen draws_pen = {.colour = TML_COLOUR_SERIES, .width_pt = TML_LINE_THIN_PT};
static const tml_fill central_fill = {TML_COLOUR_FAINT, 0.4};
static const tml_fill beyond_fill = {TML_COLOUR_GRID, 0.7};
static const tml_pen answer_pen = {.colour = TML_COLOUR_SERIES + 1, .width_pt = TML_LINE_BOLD_PT};
static const tml_pen edge_pen = {TML_COLOUR_INK, TML_LINE_THIN_PT, 2.2, 1.6};

typedef struct answer_panel {
    tml_axes axes;
    tml_histogram histogram;
    double bars_top; /* on the page [pt]; the references stand above */
    char note[TEXT_LENGTH];
} answer_panel;

typedef struct drawing {
    const tml_draw_histograms_plot *plot;
    double height_pt, *sample; /* [TML_HISTOGRAM_SAMPLES] */
    tml_heading heading;
    size_t names;
    const char *name[NAMES_MAXIMUM]; /* of the references, each once */
    bool has_grid_edge;
    answer_panel panel[TML_DRAW_PANELS];
    char draws_text[TEXT_LENGTH];
} drawing;

static bool can_show(const tml_draw_panel *given, size_t draw)
{
    static const tml_axis linear = {.low = 0.0, .high = 1.0};

    return tml_axis_can_show(&linear, given->draw[draw * given->stride]);
}

/* Bins over all draws unless a few lie far away from the others. */
static tml_bins choose_bins(const tml_draw_panel *given, size_t draws, double *sample)
{
    size_t step = (draws + TML_HISTOGRAM_SAMPLES - 1) / TML_HISTOGRAM_SAMPLES, taken = 0, total = 0;
    double low = INFINITY, high = -INFINITY, quartile[2], room;

    for (size_t i = 0; i < draws; ++i) {
        if (!can_show(given, i))
            continue;
        low = fmin(low, given->draw[i * given->stride]);
        high = fmax(high, given->draw[i * given->stride]);
        ++total;
        if (i % step == 0)
            sample[taken++] = given->draw[i * given->stride];
    }
    tml_sample_sort(taken, sample);
    quartile[0] = tml_sample_quantile(taken, sample, 0.25);
    quartile[1] = tml_sample_quantile(taken, sample, 0.75);
    room = RANGE_FACTOR * (quartile[1] - quartile[0]);
    if (room > 0.0) {
        low = fmax(low, quartile[0] - room);
        high = fmin(high, quartile[1] + room);
    }
    if (!(high - low > 1e-9 * fmax(fabs(low), fabs(high)))) {
        tml_axis lone = {.low = low, .high = high};

        tml_axis_pad(&lone, 0.0); /* an odd number of bins has the value in the middle of one */
        return (tml_bins){TML_HISTOGRAM_LEAST + 1, lone.low, lone.high};
    }
    return tml_bins_choose(low, high, quartile[1] - quartile[0], total);
}

static bool has_reference(const tml_draw_panel *given, size_t reference)
{
    return isfinite(given->reference[reference]);
}

static double reference_error(const tml_draw_panel *given, size_t reference)
{
    double sd = given->reference_sd[reference];

    return sd > 0.0 && isfinite(sd) ? sd : 0.0;
}

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
        double error = reference_error(given, r);
        const double ends[2] = {given->reference[r] - error, given->reference[r] + error};

        tml_axis_cover(&axis, 2, ends);
    }
    tml_axis_pad(&axis, 0.05);
    return axis;
}

static void fill_panel(drawing *picture, size_t p)
{
    const tml_draw_panel *given = &picture->plot->panel[p];
    size_t draws = picture->plot->draws, outside, lost;
    answer_panel *panel = &picture->panel[p];

    panel->histogram.bins = choose_bins(given, draws, picture->sample);
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

static bool is_on_axis(const tml_axis *axis, double value)
{
    return value >= axis->low && value <= axis->high;
}

static size_t name_index(const drawing *picture, const char *name)
{
    size_t index = 0;

    while (index < picture->names && strcmp(picture->name[index], name) != 0)
        ++index;
    return index;
}

static void collect_names(drawing *picture)
{
    for (size_t p = 0; p < picture->plot->panels; ++p) {
        const tml_draw_panel *given = &picture->plot->panel[p];
        const tml_axis *axis = &picture->panel[p].axes.x;

        for (size_t r = 0; r < given->references; ++r)
            if (has_reference(given, r) && name_index(picture, given->reference_name[r]) == picture->names)
                picture->name[picture->names++] = given->reference_name[r];
        picture->has_grid_edge = picture->has_grid_edge || is_on_axis(axis, given->grid_low) ||
                                 is_on_axis(axis, given->grid_high);
    }
}

/* Shapes and colours have different periods, so that no two of many are alike. */
static tml_marker reference_marker(size_t name)
{
    static const tml_shape shapes[] = {TML_SHAPE_SQUARE, TML_SHAPE_TRIANGLE, TML_SHAPE_DIAMOND,
                                       TML_SHAPE_DISC,   TML_SHAPE_CROSS,    TML_SHAPE_TRIANGLE_DOWN,
                                       TML_SHAPE_PLUS};
    static const tml_colour colours[] = {TML_COLOUR_INK, TML_COLOUR_SERIES + 2, TML_COLOUR_SERIES + 3,
                                         TML_COLOUR_SERIES + 5, TML_COLOUR_SERIES};
    size_t shape = name % (sizeof shapes / sizeof shapes[0]),
           colour = name % (sizeof colours / sizeof colours[0]);

    return (tml_marker){shapes[shape], colours[colour], REFERENCE_RADIUS_PT, 1.0};
}

static void fill_legend(drawing *picture)
{
    const tml_pen upright = answer_pen;
    tml_legend_entry entry = {.text = picture->draws_text, .fill = draws_fill};

    picture->heading.title = picture->plot->title;
    snprintf(picture->draws_text, TEXT_LENGTH, "%zu draw%s", picture->plot->draws,
             picture->plot->draws == 1 ? "" : "s");
    tml_heading_add(&picture->heading, &entry);
    entry = (tml_legend_entry){.text = "answer", .pen = upright, .is_upright = true};
    tml_heading_add(&picture->heading, &entry);
    entry = (tml_legend_entry){.text = "central 68 %", .fill = central_fill};
    tml_heading_add(&picture->heading, &entry);
    entry = (tml_legend_entry){.text = "edge of the grid", .pen = edge_pen, .fill = beyond_fill};
    if (picture->has_grid_edge)
        tml_heading_add(&picture->heading, &entry);
    for (size_t n = 0; n < picture->names; ++n) {
        entry = (tml_legend_entry){.text = picture->name[n], .marker = reference_marker(n)};
        tml_heading_add(&picture->heading, &entry);
    }
}

static size_t count_references(const tml_draw_panel *given)
{
    size_t count = 0;

    for (size_t r = 0; r < given->references; ++r)
        count += has_reference(given, r);
    return count;
}

/* Frames from the last row upwards; all have room for the references of the fullest. */
static void lay_out(drawing *picture)
{
    size_t panels = picture->plot->panels, columns = panels > 1 ? 2 : 1,
           rows = (panels + columns - 1) / columns;
    double column = TML_FIGURE_WIDTH_PT / (double)columns, margin = 0.0, above = 0.0, note = 0.0, row;

    for (size_t p = 0; p < panels; ++p) {
        double peak = tml_histogram_peak(&picture->panel[p].histogram);
        size_t references = count_references(&picture->plot->panel[p]);

        picture->panel[p].axes.y = (tml_axis){
            .low = 0.0, .high = peak > 0.0 ? peak : 1.0, .label = "Draws [%]"};
        above = fmax(above, references > 0 ? (double)references * REFERENCE_ROW_PT + REFERENCE_ROOM_PT : 0.0);
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

/* What the grid does not cover is shaded to the end of the axis. */
static void draw_grid_edges(const tml_canvas *canvas, const tml_axes *axes, const tml_draw_panel *given)
{
    const double edges[2] = {given->grid_low, given->grid_high};

    for (size_t e = 0; e < 2; ++e) {
        double x = tml_axes_x(axes, edges[e]);
        tml_box beyond = axes->frame;

        if (!is_on_axis(&axes->x, edges[e]))
            continue;
        beyond.left = e == 0 ? beyond.left : x;
        beyond.right = e == 0 ? x : beyond.right;
        tml_fill_box(canvas, &beyond_fill, &beyond);
        tml_pen_line(canvas, &edge_pen, x, axes->frame.bottom, x, axes->frame.top);
    }
}

static void draw_references(const tml_canvas *canvas, const drawing *picture, size_t p)
{
    const tml_draw_panel *given = &picture->plot->panel[p];
    const tml_axes *axes = &picture->panel[p].axes;
    double y = axes->frame.top - 0.8 * REFERENCE_ROW_PT;

    for (size_t r = 0; r < given->references; ++r) {
        double error = reference_error(given, r), value = given->reference[r];
        tml_marker marker;
        tml_pen bar = {.width_pt = TML_LINE_DATA_PT};

        if (!has_reference(given, r))
            continue;
        marker = reference_marker(name_index(picture, given->reference_name[r]));
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
    double answer = tml_axes_x(axes, given->value);
    tml_box central = {tml_axes_x(axes, given->p16), axes->frame.bottom, tml_axes_x(axes, given->p84),
                       panel->bars_top};

    tml_axes_grid(canvas, axes);
    tml_pen_clip(canvas, &axes->frame);
    draw_grid_edges(canvas, axes, given);
    if (central.right > central.left)
        tml_fill_box(canvas, &central_fill, &central);
    if (panel->histogram.total > 0)
        tml_histogram_draw(canvas, axes, &panel->histogram, &draws_fill, &draws_pen);
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

static tml_status check(const tml_draw_histograms_plot *plot, tml_error *error)
{
    if (plot->panels == 0 || plot->panels > TML_DRAW_PANELS)
        return TML_FAIL(error, TML_BAD_DATA, "%zu panels of draws: a figure has 1 to %d", plot->panels,
                        TML_DRAW_PANELS);
    for (size_t p = 0; p < plot->panels; ++p)
        if (plot->panel[p].references > TML_DRAW_REFERENCES)
            return TML_FAIL(error, TML_BAD_DATA,
                            "%s: %zu values from the literature: a panel shows at most %d",
                            plot->panel[p].label, plot->panel[p].references, TML_DRAW_REFERENCES);
    return TML_OK;
}

tml_status tml_plot_draw_histograms(const tml_draw_histograms_plot *plot, const char *folder,
                                    const char *name, tml_error *error)
{
    drawing *picture = NULL;
    double *sample = NULL;
    tml_status status = check(plot, error);

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
