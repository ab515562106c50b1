#include "plots/answer_comparison.h"

#include <math.h>
#include <stdlib.h>

#include "core/memory.h"
#include "plots/heading.h"
#include "plots/marks.h"
#include "plots/type_width.h"

enum { COLUMNS = 2 };

#define ROW_PT 11.0
#define PANEL_GAP_PT 8.0
#define LABEL_GAP_PT 5.0
#define LABEL_MOST_PT 84.0
#define CAP_PT 1.6
#define RADIUS_PT 2.2

static const tml_pen answer_pen = {.colour = TML_COLOUR_SERIES, .width_pt = TML_LINE_DATA_PT};
static const tml_pen reference_pen = {.colour = TML_COLOUR_MUTED, .width_pt = TML_LINE_DATA_PT};
static const tml_marker answer_marker = {TML_SHAPE_DISC, TML_COLOUR_SERIES, RADIUS_PT, 1.0};
static const tml_marker reference_marker = {TML_SHAPE_DIAMOND, TML_COLOUR_MUTED, RADIUS_PT, 1.0};
static const tml_type label_type = {TML_TYPE_NOTE_PT, TML_COLOUR_INK, 1.0, false};

typedef struct drawing {
    const tml_answer_comparison_plot *plot;
    double height_pt, label_pt;
    tml_heading heading;
    tml_axes axes[TML_ANSWER_PANELS];
} drawing;

static double error_of(const tml_answer_row *row, size_t panel)
{
    return row->sd[panel] > 0.0 && isfinite(row->sd[panel]) ? row->sd[panel] : 0.0;
}

static tml_axis value_axis(const tml_answer_comparison_plot *plot, size_t panel)
{
    tml_axis axis = {.low = INFINITY, .high = -INFINITY, .label = plot->label[panel]};

    for (size_t r = 0; r < plot->rows; ++r) {
        double error = error_of(&plot->row[r], panel);
        const double ends[2] = {plot->row[r].value[panel] - error, plot->row[r].value[panel] + error};

        tml_axis_cover(&axis, 2, ends);
    }
    tml_axis_pad(&axis, 0.08);
    return axis;
}

/* Only where both kinds are there does a reader need to be told. */
static void fill_legend(drawing *picture)
{
    const tml_legend_entry answer = {.text = "answer", .marker = answer_marker};
    const tml_legend_entry reference = {.text = "literature", .marker = reference_marker};
    size_t references = 0;

    picture->heading.title = picture->plot->title;
    for (size_t r = 0; r < picture->plot->rows; ++r)
        references += picture->plot->row[r].is_reference;
    if (references == 0 || references == picture->plot->rows)
        return;
    tml_heading_add(&picture->heading, &answer);
    tml_heading_add(&picture->heading, &reference);
}

static double widest_label(const tml_answer_comparison_plot *plot)
{
    double widest = 0.0;

    for (size_t r = 0; r < plot->rows; ++r)
        widest = fmax(widest, tml_type_width(plot->row[r].label, label_type.size_pt));
    return fmin(widest, LABEL_MOST_PT);
}

/* Labels to the left of the first column; frames from the last row upwards. */
static void lay_out(drawing *picture)
{
    const tml_answer_comparison_plot *plot = picture->plot;
    size_t columns = plot->panels < COLUMNS ? plot->panels : COLUMNS,
           rows = (plot->panels + columns - 1) / columns;
    double left, width, height = ROW_PT * (double)plot->rows;

    picture->label_pt = widest_label(plot);
    left = picture->label_pt + 2.0 * LABEL_GAP_PT;
    width = (TML_FIGURE_WIDTH_PT - left - TML_MARGIN_RIGHT_PT - PANEL_GAP_PT * (double)(columns - 1)) /
            (double)columns;
    for (size_t p = 0; p < plot->panels; ++p) {
        tml_axes *axes = &picture->axes[p];

        axes->x = value_axis(plot, p);
        axes->y = (tml_axis){.high = (double)plot->rows, .ticks_end = -1.0, .is_bare = true, .label = ""};
        axes->frame.left = left + (double)(p % columns) * (width + PANEL_GAP_PT);
        axes->frame.right = axes->frame.left + width;
        axes->frame.bottom = TML_MARGIN_BOTTOM_PT + (double)(rows - 1 - p / columns) *
                                                        (height + TML_MARGIN_BOTTOM_PT + PANEL_GAP_PT);
        axes->frame.top = axes->frame.bottom + height;
    }
    picture->height_pt = ceil(
        picture->axes[0].frame.top +
        tml_heading_height(&picture->heading, TML_FIGURE_WIDTH_PT - LABEL_GAP_PT - TML_MARGIN_RIGHT_PT));
}

static void draw_answer(const tml_canvas *canvas, const tml_axes *axes, const tml_answer_row *row,
                        size_t panel, double y)
{
    const tml_type none = {TML_TYPE_NOTE_PT, TML_COLOUR_MUTED, 0.5, false};
    const tml_pen *pen = row->is_reference ? &reference_pen : &answer_pen;
    double value = row->value[panel], error = error_of(row, panel);

    if (!tml_axis_can_show(&axes->x, value)) {
        tml_pen_text_within(canvas, &none, 0.5 * (axes->frame.left + axes->frame.right),
                            y - 0.36 * none.size_pt, axes->frame.right - axes->frame.left, "not known");
        return;
    }
    if (error > 0.0) {
        double low = tml_axes_x(axes, value - error), high = tml_axes_x(axes, value + error);

        tml_pen_line(canvas, pen, low, y, high, y);
        tml_pen_line(canvas, pen, low, y - CAP_PT, low, y + CAP_PT);
        tml_pen_line(canvas, pen, high, y - CAP_PT, high, y + CAP_PT);
    }
    tml_marker_draw(canvas, row->is_reference ? &reference_marker : &answer_marker, tml_axes_x(axes, value),
                    y);
}

static void draw_panel(const tml_canvas *canvas, const drawing *picture, size_t panel)
{
    const tml_axes *axes = &picture->axes[panel];
    size_t rows = picture->plot->rows;

    tml_axes_grid(canvas, axes);
    tml_pen_clip(canvas, NULL);
    for (size_t r = 0; r < rows; ++r) {
        double y = tml_axes_y(axes, (double)(rows - r) - 0.5);

        draw_answer(canvas, axes, &picture->plot->row[r], panel, y);
        if (panel % COLUMNS == 0)
            tml_pen_text_within(canvas, &label_type, axes->frame.left - LABEL_GAP_PT,
                                y - 0.36 * label_type.size_pt, picture->label_pt,
                                picture->plot->row[r].label);
    }
    tml_axes_frame(canvas, axes);
}

static void draw_answers(const tml_canvas *canvas, const void *data)
{
    const drawing *picture = data;

    for (size_t p = 0; p < picture->plot->panels; ++p)
        draw_panel(canvas, picture, p);
    tml_heading_draw(canvas, &picture->heading, LABEL_GAP_PT, picture->axes[0].frame.top,
                     TML_FIGURE_WIDTH_PT - LABEL_GAP_PT - TML_MARGIN_RIGHT_PT);
}

tml_status tml_plot_answer_comparison(const tml_answer_comparison_plot *plot, const char *folder,
                                      const char *name, tml_error *error)
{
    drawing *picture = NULL;
    tml_status status;

    if (plot->panels == 0 || plot->panels > TML_ANSWER_PANELS)
        return TML_FAIL(error, TML_BAD_DATA, "%zu parameters to compare: a figure has 1 to %d", plot->panels,
                        TML_ANSWER_PANELS);
    if (plot->rows == 0 || plot->rows > TML_ANSWER_ROWS)
        return TML_FAIL(error, TML_BAD_DATA, "%zu answers to compare: a figure has 1 to %d", plot->rows,
                        TML_ANSWER_ROWS);
    status = tml_array_create(1, sizeof *picture, "figure", &picture, error);
    if (status != TML_OK)
        return status;
    picture->plot = plot;
    fill_legend(picture);
    lay_out(picture);
    status = tml_canvas_write(folder, name, TML_FIGURE_WIDTH_PT, picture->height_pt, draw_answers, picture,
                              error);
    free(picture);
    return status;
}
