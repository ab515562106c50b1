#include "plots/calibration_report.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/memory.h"
#include "plots/heading.h"
#include "plots/marks.h"
#include "plots/ticks.h"

enum { TEXT_LENGTH = 96 };

#define BARS_HEIGHT_PT 78.0
#define CURVE_HEIGHT_PT 130.0
#define PANEL_GAP_PT 6.0
#define NO_PROBABILITY 1e-4

static const tml_fill bars_fill = {TML_COLOUR_SERIES + 4, 0.55};
static const tml_pen bars_pen = {.colour = TML_COLOUR_SERIES, .width_pt = TML_LINE_THIN_PT};
static const tml_fill chance_fill = {TML_COLOUR_FAINT, 0.45};
static const tml_pen ideal_pen = {TML_COLOUR_INK, TML_LINE_DATA_PT, 3.0, 1.8};
static const tml_pen curve_pen = {.colour = TML_COLOUR_SERIES, .width_pt = TML_LINE_BOLD_PT};

typedef struct drawing {
    const tml_calibration_plot *plot;
    double height_pt;
    tml_axes bars, curve;
    tml_heading heading;
    char objects_text[TEXT_LENGTH], p_text[TEXT_LENGTH];
} drawing;

static void write_probability(double p, char text[TEXT_LENGTH])
{
    char number[TML_TICK_TEXT];

    tml_ticks_number(p < NO_PROBABILITY ? NO_PROBABILITY : p, p < NO_PROBABILITY ? 1 : 2, number);
    snprintf(text, TEXT_LENGTH, "Kolmogorov–Smirnov p %s %s", p < NO_PROBABILITY ? "<" : "=", number);
}

static void fill_legend(drawing *picture)
{
    const tml_calibration_plot *plot = picture->plot;
    tml_legend_entry entry = {.text = picture->objects_text, .pen = curve_pen, .fill = bars_fill};

    picture->heading.title = plot->title;
    snprintf(picture->objects_text, TEXT_LENGTH, "%zu label%s", plot->objects, plot->objects == 1 ? "" : "s");
    tml_heading_add(&picture->heading, &entry);
    entry = (tml_legend_entry){.text = "errors right", .pen = ideal_pen};
    tml_heading_add(&picture->heading, &entry);
    entry = (tml_legend_entry){.text = "95 % by chance", .fill = chance_fill};
    tml_heading_add(&picture->heading, &entry);
    entry = (tml_legend_entry){.text = picture->p_text};
    if (!isfinite(plot->p))
        return;
    write_probability(plot->p, picture->p_text);
    tml_heading_add(&picture->heading, &entry);
}

static void fit_axes(drawing *picture)
{
    const tml_calibration_plot *plot = picture->plot;
    double most = plot->high;

    for (size_t b = 0; b < plot->bins; ++b)
        most = fmax(most, plot->bin[b]);
    picture->bars.x = (tml_axis){.low = 0.0, .high = 1.0, .label = "Share of the draws below the label"};
    picture->bars.y = (tml_axis){
        .low = 0.0, .high = most > 0.0 ? 1.08 * most : 1.0, .is_whole = true, .label = "Labels"};
    picture->curve.x = (tml_axis){.low = 0.0, .high = 100.0, .label = "Central interval [%]"};
    picture->curve.y = (tml_axis){.low = 0.0, .high = 100.0, .label = "Labels inside [%]"};
}

static void lay_out(drawing *picture)
{
    tml_axes *axes[2] = {&picture->curve, &picture->bars};
    double margin, width;

    picture->curve.frame.bottom = TML_MARGIN_BOTTOM_PT;
    picture->curve.frame.top = TML_MARGIN_BOTTOM_PT + CURVE_HEIGHT_PT;
    picture->bars.frame.bottom = picture->curve.frame.top + PANEL_GAP_PT + TML_MARGIN_BOTTOM_PT;
    picture->bars.frame.top = picture->bars.frame.bottom + BARS_HEIGHT_PT;
    margin = fmax(tml_axes_margin(&picture->curve), tml_axes_margin(&picture->bars));
    for (int i = 0; i < 2; ++i) {
        axes[i]->margin_pt = axes[i]->frame.left = margin;
        axes[i]->frame.right = TML_FIGURE_WIDTH_PT - TML_MARGIN_RIGHT_PT;
    }
    width = picture->bars.frame.right - margin;
    picture->height_pt = ceil(picture->bars.frame.top + tml_heading_height(&picture->heading, width));
}

static void draw_bars(const tml_canvas *canvas, const drawing *picture)
{
    const tml_calibration_plot *plot = picture->plot;
    const tml_axes *axes = &picture->bars;
    const tml_box chance = {axes->frame.left, tml_axes_y(axes, plot->low), axes->frame.right,
                            tml_axes_y(axes, plot->high)};
    double expected = tml_axes_y(axes, plot->expected);
    tml_stroke stroke;

    tml_axes_grid(canvas, axes);
    tml_pen_clip(canvas, &axes->frame);
    for (size_t b = 0; b < plot->bins; ++b) {
        const tml_box bar = {tml_axes_x(axes, (double)b / (double)plot->bins), axes->frame.bottom,
                             tml_axes_x(axes, (double)(b + 1) / (double)plot->bins),
                             tml_axes_y(axes, plot->bin[b])};

        if (plot->bin[b] > 0.0)
            tml_fill_box(canvas, &bars_fill, &bar);
    }
    tml_fill_box(canvas, &chance_fill, &chance);
    tml_pen_line(canvas, &ideal_pen, axes->frame.left, expected, axes->frame.right, expected);
    tml_stroke_begin(&stroke, canvas, &bars_pen);
    for (size_t b = 0; b < plot->bins; ++b) {
        double height = tml_axes_y(axes, plot->bin[b]);

        tml_stroke_to(&stroke, tml_axes_x(axes, (double)b / (double)plot->bins), height);
        tml_stroke_to(&stroke, tml_axes_x(axes, (double)(b + 1) / (double)plot->bins), height);
    }
    tml_stroke_end(&stroke);
    tml_axes_frame(canvas, axes);
}

/* Shares are shown in percent: the axes are told so. */
static void draw_curve(const tml_canvas *canvas, const drawing *picture)
{
    const tml_calibration_plot *plot = picture->plot;
    tml_axes shares = picture->curve;
    const double ends[2] = {0.0, 1.0};

    shares.x.high = shares.y.high = 1.0;
    tml_axes_grid(canvas, &picture->curve);
    tml_marks_band(canvas, &shares, &chance_fill, plot->levels, plot->nominal, plot->chance_low,
                   plot->chance_high);
    tml_marks_curve(canvas, &shares, &ideal_pen, 2, ends, ends);
    tml_marks_curve(canvas, &shares, &curve_pen, plot->levels, plot->nominal, plot->observed);
    tml_axes_frame(canvas, &picture->curve);
}

static void draw_calibration(const tml_canvas *canvas, const void *data)
{
    const drawing *picture = data;
    const tml_box *frame = &picture->bars.frame;

    tml_heading_draw(canvas, &picture->heading, frame->left, frame->top, frame->right - frame->left);
    draw_bars(canvas, picture);
    draw_curve(canvas, picture);
}

tml_status tml_plot_calibration_report(const tml_calibration_plot *plot, const char *folder, const char *name,
                                       tml_error *error)
{
    drawing *picture = NULL;
    tml_status status;

    if (plot->objects == 0 || plot->bins == 0 || plot->levels < 2)
        return TML_FAIL(error, TML_BAD_DATA, "a calibration of %zu labels in %zu bins and %zu intervals",
                        plot->objects, plot->bins, plot->levels);
    status = tml_array_create(1, sizeof *picture, "figure", &picture, error);
    if (status != TML_OK)
        return status;
    picture->plot = plot;
    fit_axes(picture);
    fill_legend(picture);
    lay_out(picture);
    status = tml_canvas_write(folder, name, TML_FIGURE_WIDTH_PT, picture->height_pt, draw_calibration,
                              picture, error);
    free(picture);
    return status;
}
