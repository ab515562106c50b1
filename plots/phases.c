#include "plots/phases.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/memory.h"
#include "plots/heading.h"
#include "plots/marks.h"
#include "plots/ticks.h"

#define FRAME_HEIGHT_PT 130.0
#define BAR_SHARE 0.78
#define BAR_MOST_PT 34.0
#define ROOM_ABOVE 1.07 /* for the mark of the slowest */
#define MARK_PT 2.0

enum { CHOSEN = 3, TEXT_LENGTH = 160 };

static const char *const phase_names[TML_PHASES] = {"computing", "communication", "input", "waiting"};
static const char *const chosen_names[CHOSEN] = {"busy least", "median", "busy most"};
static const tml_fill phase_fill[TML_PHASES] = {{TML_COLOUR_SERIES, 1.0},
                                                {TML_COLOUR_SERIES + 1, 1.0},
                                                {TML_COLOUR_SERIES + 2, 1.0},
                                                {TML_COLOUR_FAINT, 0.6}};
static const tml_marker slowest_marker = {TML_SHAPE_TRIANGLE_DOWN, TML_COLOUR_INK, MARK_PT, 1.0};

typedef struct drawing {
    const tml_phases_plot *plot;
    size_t bars;
    const tml_phase_bar *bar[TML_PHASE_BARS];
    double at[TML_PHASE_BARS]; /* on the x axis */
    bool is_chosen;            /* three of many */
    const tml_phase_bar *slowest;
    double height_pt;
    tml_axes axes;
    tml_heading heading;
    char slowest_text[TEXT_LENGTH], chosen_text[TEXT_LENGTH];
} drawing;

static double seconds_of(const tml_phase_bar *bar, size_t phase)
{
    double seconds = bar->seconds[phase];

    return isfinite(seconds) && seconds > 0.0 ? seconds : 0.0;
}

double tml_phase_busy(const tml_phase_bar *bar)
{
    double busy = 0.0;

    for (size_t p = 0; p < TML_PHASES; ++p)
        if (p != TML_PHASE_WAITING)
            busy += seconds_of(bar, p);
    return busy;
}

size_t tml_phase_slowest(size_t ranks, const tml_phase_bar *bar)
{
    size_t slowest = 0;

    for (size_t r = 1; r < ranks; ++r)
        if (tml_phase_busy(&bar[r]) > tml_phase_busy(&bar[slowest]))
            slowest = r;
    return slowest;
}

/* ---- which ranks ---- */

static int compare_busy(const void *a, const void *b)
{
    const tml_phase_bar *const *left = a, *const *right = b;
    double one = tml_phase_busy(*left), other = tml_phase_busy(*right);

    if (one < other || one > other)
        return one < other ? -1 : 1;
    return ((*left)->rank > (*right)->rank) - ((*left)->rank < (*right)->rank);
}

static tml_status choose_three(drawing *picture, tml_error *error)
{
    const tml_phases_plot *plot = picture->plot;
    const tml_phase_bar **order = NULL;
    tml_status status = tml_array_create(plot->ranks, sizeof *order, "ranks of a figure", &order, error);

    if (status != TML_OK)
        return status;
    for (size_t r = 0; r < plot->ranks; ++r)
        order[r] = &plot->bar[r];
    qsort(order, plot->ranks, sizeof *order, compare_busy);
    picture->bar[0] = order[0];
    picture->bar[1] = order[(plot->ranks - 1) / 2];
    picture->bar[2] = picture->slowest;
    picture->bars = CHOSEN;
    for (size_t b = 0; b < CHOSEN; ++b)
        picture->at[b] = (double)b;
    free(order);
    return TML_OK;
}

static tml_status choose_bars(drawing *picture, tml_error *error)
{
    const tml_phases_plot *plot = picture->plot;
    size_t first = plot->bar[0].rank, last = first;

    picture->slowest = &plot->bar[tml_phase_slowest(plot->ranks, plot->bar)];
    for (size_t r = 0; r < plot->ranks; ++r) {
        first = plot->bar[r].rank < first ? plot->bar[r].rank : first;
        last = plot->bar[r].rank > last ? plot->bar[r].rank : last;
    }
    picture->is_chosen = plot->ranks > TML_PHASE_BARS ||
                         (plot->ranks >= CHOSEN && last - first >= TML_PHASE_BARS);
    if (picture->is_chosen)
        return choose_three(picture, error);
    picture->bars = plot->ranks;
    for (size_t r = 0; r < plot->ranks; ++r) {
        picture->bar[r] = &plot->bar[r];
        picture->at[r] = (double)plot->bar[r].rank;
    }
    return TML_OK;
}

/* ---- layout ---- */

static void fill_legend(drawing *picture)
{
    const tml_phase_bar *slowest = picture->slowest;
    char number[TML_TICK_TEXT];

    picture->heading.title = picture->plot->title;
    for (size_t p = 0; p < TML_PHASES; ++p) {
        const tml_legend_entry entry = {.text = phase_names[p], .fill = phase_fill[p]};

        tml_heading_add(&picture->heading, &entry);
    }
    tml_ticks_number(tml_phase_busy(slowest), 3, number);
    snprintf(picture->slowest_text, TEXT_LENGTH, "slowest: rank %zu%s%.60s, busy %s s", slowest->rank,
             slowest->host[0] != '\0' ? " on " : "", slowest->host, number);
    tml_heading_add(&picture->heading,
                    &(tml_legend_entry){.text = picture->slowest_text, .marker = slowest_marker});
    if (!picture->is_chosen)
        return;
    snprintf(picture->chosen_text, TEXT_LENGTH, "3 of %zu ranks, by the time that they were busy",
             picture->plot->ranks);
    tml_heading_add(&picture->heading, &(tml_legend_entry){.text = picture->chosen_text});
}

static void fit_axes(drawing *picture)
{
    tml_axes *axes = &picture->axes;

    axes->x = (tml_axis){.low = INFINITY, .high = -INFINITY, .is_whole = true, .label = "Rank"};
    tml_axis_cover(&axes->x, picture->bars, picture->at);
    axes->x.low -= 0.6;
    axes->x.high += 0.6;
    if (picture->is_chosen) {
        axes->x.is_bare = true;
        axes->x.ticks_end = axes->x.low;
    }
    axes->y = (tml_axis){.label = "Time [s]"};
    for (size_t b = 0; b < picture->bars; ++b)
        axes->y.high = fmax(axes->y.high,
                            tml_phase_busy(picture->bar[b]) + seconds_of(picture->bar[b], TML_PHASE_WAITING));
    axes->y.high = axes->y.high > 0.0 ? ROOM_ABOVE * axes->y.high : 1.0;
}

static void lay_out(drawing *picture)
{
    tml_axes *axes = &picture->axes;

    fit_axes(picture);
    axes->frame.bottom = TML_MARGIN_BOTTOM_PT;
    axes->frame.top = TML_MARGIN_BOTTOM_PT + FRAME_HEIGHT_PT;
    axes->margin_pt = tml_axes_margin(axes);
    axes->frame.left = axes->margin_pt;
    axes->frame.right = TML_FIGURE_WIDTH_PT - TML_MARGIN_RIGHT_PT;
    fill_legend(picture);
    picture->height_pt = ceil(axes->frame.top +
                              tml_heading_height(&picture->heading, axes->frame.right - axes->frame.left));
}

/* ---- drawing ---- */

static void draw_bar(const tml_canvas *canvas, const drawing *picture, size_t number)
{
    const tml_axes *axes = &picture->axes;
    const tml_phase_bar *bar = picture->bar[number];
    double x = tml_axes_x(axes, picture->at[number]), total = 0.0;
    double room = tml_axes_x(axes, 1.0) - tml_axes_x(axes, 0.0);
    double half = 0.5 * fmin(BAR_SHARE * room, BAR_MOST_PT);

    for (size_t p = 0; p < TML_PHASES; ++p) {
        double below = total;
        tml_box box;

        total += seconds_of(bar, p);
        box = (tml_box){x - half, tml_axes_y(axes, below), x + half, tml_axes_y(axes, total)};
        if (total > below)
            tml_fill_box(canvas, &phase_fill[p], &box);
    }
    if (bar == picture->slowest)
        tml_marker_draw(canvas, &slowest_marker, x, tml_axes_y(axes, total) + 1.5 * MARK_PT);
}

static void draw_chosen_labels(const tml_canvas *canvas, const drawing *picture)
{
    const tml_axes *axes = &picture->axes;
    const tml_type type = {TML_TYPE_TICK_PT, TML_COLOUR_INK, 0.5, false};
    double room = (axes->frame.right - axes->frame.left) / CHOSEN;

    tml_pen_clip(canvas, NULL);
    for (size_t b = 0; b < CHOSEN; ++b) {
        double x = tml_axes_x(axes, picture->at[b]), y = axes->frame.bottom - 1.4 * type.size_pt;
        char text[TEXT_LENGTH];

        snprintf(text, sizeof text, "rank %zu", picture->bar[b]->rank);
        tml_pen_text_within(canvas, &type, x, y, room, chosen_names[b]);
        tml_pen_text_within(canvas, &type, x, y - 1.3 * type.size_pt, room, text);
    }
}

static void draw_phases(const tml_canvas *canvas, const void *data)
{
    const drawing *picture = data;
    const tml_axes *axes = &picture->axes;

    tml_heading_draw(canvas, &picture->heading, axes->frame.left, axes->frame.top,
                     axes->frame.right - axes->frame.left);
    tml_axes_grid(canvas, axes);
    tml_pen_clip(canvas, &axes->frame);
    for (size_t b = 0; b < picture->bars; ++b)
        draw_bar(canvas, picture, b);
    if (!(tml_phase_busy(picture->slowest) > 0.0))
        tml_marks_nothing(canvas, axes, "no rank was busy");
    tml_axes_frame(canvas, axes);
    if (picture->is_chosen)
        draw_chosen_labels(canvas, picture);
}

tml_status tml_plot_phases(const tml_phases_plot *plot, const char *folder, const char *name,
                           tml_error *error)
{
    drawing *picture = NULL;
    tml_status status;

    if (plot->ranks == 0)
        return TML_FAIL(error, TML_BAD_DATA, "the run has no rank: nothing to draw");
    status = tml_array_create(1, sizeof *picture, "figure", &picture, error);
    if (status == TML_OK) {
        picture->plot = plot;
        status = choose_bars(picture, error);
    }
    if (status == TML_OK) {
        lay_out(picture);
        status = tml_canvas_write(folder, name, TML_FIGURE_WIDTH_PT, picture->height_pt, draw_phases, picture,
                                  error);
    }
    free(picture);
    return status;
}
