#include "plots/loss_history.h"

#include <math.h>
#include <stdio.h>

#include "plots/heading.h"
#include "plots/marks.h"
#include "plots/type_width.h"

enum { TEXT_LENGTH = 64 };

#define FRAME_HEIGHT_PT 132.0
#define NOTE_ROW_PT (1.1 * TML_TYPE_NOTE_PT)

static const tml_pen total_training = {TML_COLOUR_INK, TML_LINE_BOLD_PT, 0.0, 0.0};
static const tml_pen total_validation = {TML_COLOUR_INK, TML_LINE_DATA_PT, 2.6, 1.3};
static const tml_pen best_pen = {TML_COLOUR_MUTED, TML_LINE_THIN_PT, 0.0, 0.0};

typedef struct layout {
    tml_axes axes;
    double heading_bottom_pt;
    double height_pt;
    tml_heading heading;
} layout;

static size_t drawn_targets(const tml_loss_history *history)
{
    return history->targets < TML_LOSS_HISTORY_TARGETS ? history->targets : TML_LOSS_HISTORY_TARGETS;
}

static tml_pen target_pen(size_t target, bool is_training)
{
    tml_pen pen = {tml_theme_series(target), TML_LINE_DATA_PT, 0.0, 0.0};

    if (!is_training) {
        pen.width_pt = TML_LINE_THIN_PT;
        pen.dash_pt = 2.0;
        pen.gap_pt = 1.2;
    }
    return pen;
}

static void add_entry(layout *page, const char *text, tml_pen pen)
{
    const tml_legend_entry entry = {.text = text, .pen = pen};

    tml_heading_add(&page->heading, &entry);
}

static void fill_legend(const tml_loss_history *history, layout *page)
{
    const tml_pen no_line = {.colour = TML_COLOUR_INK};
    tml_pen dashed = total_validation;
    size_t drawn = drawn_targets(history);

    page->heading.title = history->title;
    if (drawn == 0) {
        add_entry(page, "training", total_training);
        if (history->total.validation != NULL)
            add_entry(page, "validation", total_validation);
        return;
    }
    add_entry(page, "total", total_training);
    for (size_t t = 0; t < drawn; ++t)
        add_entry(page, history->target[t].name, target_pen(t, true));
    if (history->targets > drawn)
        add_entry(page, "(others left out)", no_line);
    if (history->total.validation != NULL) {
        dashed.colour = TML_COLOUR_MUTED;
        add_entry(page, "dashed: validation", dashed);
    }
}

static void fit_axes(const tml_loss_history *history, tml_axes *axes)
{
    axes->x = (tml_axis){.low = INFINITY, .high = -INFINITY, .is_whole = true, .label = "Epoch"};
    axes->y = (tml_axis){
        .low = INFINITY, .high = -INFINITY, .is_log = !history->is_signed, .label = history->loss_name};
    tml_axis_cover(&axes->x, history->epochs, history->epoch);
    if (history->has_best)
        tml_axis_cover(&axes->x, 1, &history->best_epoch);
    tml_axis_cover(&axes->y, history->epochs, history->total.training);
    tml_axis_cover(&axes->y, history->epochs, history->total.validation);
    for (size_t t = 0; t < drawn_targets(history); ++t) {
        tml_axis_cover(&axes->y, history->epochs, history->target[t].training);
        tml_axis_cover(&axes->y, history->epochs, history->target[t].validation);
    }
    tml_axis_pad(&axes->x, 0.02);
    tml_axis_pad(&axes->y, 0.05);
}

static void draw_best(const tml_canvas *canvas, const tml_axes *axes, double best_epoch)
{
    const tml_type type = {TML_TYPE_NOTE_PT, TML_COLOUR_MUTED, 0.5, false};
    double x = tml_axes_x(axes, best_epoch), half, middle;
    char text[TEXT_LENGTH];

    snprintf(text, sizeof text, "best epoch: %.0f", best_epoch);
    half = 0.5 * tml_type_width(text, type.size_pt);
    middle = fmin(fmax(x, axes->frame.left + half), axes->frame.right - half);
    tml_pen_clip(canvas, NULL);
    tml_pen_line(canvas, &best_pen, x, axes->frame.bottom, x, axes->frame.top);
    tml_pen_text(canvas, &type, middle, axes->frame.top + 0.35 * type.size_pt, text);
}

static void draw_curve(const tml_canvas *canvas, const tml_axes *axes, const tml_loss_history *history,
                       tml_pen pen, const double *losses)
{
    if (losses != NULL)
        tml_marks_curve(canvas, axes, &pen, history->epochs, history->epoch, losses);
}

/* From the top: title, legend, note of the best epoch, frame; the frame keeps its size, the page grows. */
static layout lay_out(const tml_loss_history *history)
{
    layout page = {.axes.frame = {.left = TML_MARGIN_LEFT_PT,
                                  .bottom = TML_MARGIN_BOTTOM_PT,
                                  .right = TML_FIGURE_WIDTH_PT - TML_MARGIN_RIGHT_PT,
                                  .top = TML_MARGIN_BOTTOM_PT + FRAME_HEIGHT_PT}};
    double width = page.axes.frame.right - page.axes.frame.left;

    fill_legend(history, &page);
    fit_axes(history, &page.axes);
    page.heading_bottom_pt = page.axes.frame.top + (history->has_best ? NOTE_ROW_PT : 0.0);
    page.height_pt = ceil(page.heading_bottom_pt + tml_heading_height(&page.heading, width));
    return page;
}

static void draw_loss_history(const tml_canvas *canvas, const void *data)
{
    const tml_loss_history *history = data;
    const layout page = lay_out(history);
    const tml_axes *axes = &page.axes;

    tml_heading_draw(canvas, &page.heading, axes->frame.left, page.heading_bottom_pt,
                     axes->frame.right - axes->frame.left);
    tml_axes_grid(canvas, axes);
    if (history->has_best)
        draw_best(canvas, axes, history->best_epoch);
    for (size_t t = 0; t < drawn_targets(history); ++t) {
        draw_curve(canvas, axes, history, target_pen(t, true), history->target[t].training);
        draw_curve(canvas, axes, history, target_pen(t, false), history->target[t].validation);
    }
    draw_curve(canvas, axes, history, total_training, history->total.training);
    draw_curve(canvas, axes, history, total_validation, history->total.validation);
    tml_axes_frame(canvas, axes);
}

tml_status tml_plot_loss_history(const tml_loss_history *history, const char *folder, tml_error *error)
{
    if (history->epochs == 0)
        return TML_FAIL(error, TML_BAD_DATA, "the history has no epoch: nothing to draw");
    return tml_canvas_write(folder, "loss_history", TML_FIGURE_WIDTH_PT, lay_out(history).height_pt,
                            draw_loss_history, history, error);
}
