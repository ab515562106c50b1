#include "plots/coverage_map.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/memory.h"
#include "plots/colour_bar.h"
#include "plots/fill.h"
#include "plots/heading.h"
#include "plots/histogram.h"
#include "plots/panels.h"

#define BAR_WIDTH_PT 150.0
#define BAR_GAP_PT 4.0
#define LOG_FROM 30.0
#define SEAM_PT 0.5 /* of paper between cells, where they are large enough */
#define SEAM_SHARE 0.12

enum { PANELS_MOST = (TML_COVERAGE_AXES - 1) * (TML_COVERAGE_AXES - 1), WIDE_FROM = 5 };

/* Values of one axis in ascending order. */
typedef struct nodes {
    size_t count;
    double *value;
} nodes;

typedef struct drawing {
    const tml_coverage_map_plot *plot;
    nodes axis[TML_COVERAGE_AXES];
    double width_pt, height_pt;
    tml_heading heading;
    tml_colour_bar bar;
    tml_axes panel[PANELS_MOST]; /* row r: axis r + 1 upwards; column c: axis c across; r < c is empty */
} drawing;

/* ---- nodes ---- */

static void take_node(nodes *axis, double value)
{
    if (isfinite(value))
        axis->value[axis->count++] = value;
}

static void drop_doubles(nodes *axis)
{
    size_t kept = 0;

    tml_sample_sort(axis->count, axis->value);
    for (size_t i = 0; i < axis->count; ++i)
        if (kept == 0 || axis->value[i] > axis->value[kept - 1])
            axis->value[kept++] = axis->value[i];
    axis->count = kept;
}

/* @param room  2 * cells doubles, shared by all axes */
static void collect_nodes(drawing *picture, double *room)
{
    const tml_coverage_map_plot *plot = picture->plot;

    for (size_t a = 0; a < plot->axes; ++a) {
        picture->axis[a].value = room;
        for (size_t i = 0; i < plot->cells; ++i) {
            if (plot->cell[i].x_axis == a)
                take_node(&picture->axis[a], plot->cell[i].x);
            if (plot->cell[i].y_axis == a)
                take_node(&picture->axis[a], plot->cell[i].y);
        }
        room += picture->axis[a].count;
        drop_doubles(&picture->axis[a]);
    }
}

/* Half-way to the next node below or above; as far on the other side at the ends. */
static void find_edges(const nodes *axis, double value, double *low, double *high)
{
    size_t i = 0, end = axis->count > 0 ? axis->count - 1 : 0;
    double before, after;

    while (i < end) {
        size_t middle = i + (end - i) / 2;

        if (axis->value[middle] < value)
            i = middle + 1;
        else
            end = middle;
    }
    before = i > 0 ? value - axis->value[i - 1] : 0.0;
    after = i + 1 < axis->count ? axis->value[i + 1] - value : 0.0;
    if (!(before > 0.0))
        before = after > 0.0 ? after : fmax(1e-3 * fabs(value), 0.5);
    if (!(after > 0.0))
        after = before;
    *low = value - 0.5 * before;
    *high = value + 0.5 * after;
}

static tml_axis axis_of(const drawing *picture, size_t a)
{
    const nodes *given = &picture->axis[a];
    tml_axis axis = {.low = INFINITY, .high = -INFINITY, .label = picture->plot->label[a]};
    double ends[2];

    if (given->count > 0) {
        find_edges(given, given->value[0], &ends[0], &ends[1]);
        tml_axis_cover(&axis, 2, ends);
        find_edges(given, given->value[given->count - 1], &ends[0], &ends[1]);
        tml_axis_cover(&axis, 2, ends);
    }
    tml_axis_pad(&axis, 0.03);
    return axis;
}

/* ---- layout ---- */

static tml_colour_bar number_bar(const tml_coverage_map_plot *plot)
{
    tml_axis range = {.low = 1e-9, .high = -INFINITY, .is_log = true};
    tml_colour_bar bar = {.label = "spectra per cell", .low = INFINITY, .high = -INFINITY};

    for (size_t i = 0; i < plot->cells; ++i) {
        if (plot->cell[i].number > 0.0 && tml_axis_can_show(&range, plot->cell[i].number)) {
            bar.low = fmin(bar.low, plot->cell[i].number);
            bar.high = fmax(bar.high, plot->cell[i].number);
        }
    }
    if (!(bar.high > bar.low))
        bar = (tml_colour_bar){bar.label, 0.0, fmax(bar.high, 1.0), false};
    if (bar.low > 0.0 && bar.high > LOG_FROM * bar.low) {
        bar.is_log = true;
        bar.label = "spectra per cell, log scale";
    }
    return bar;
}

static void lay_out(drawing *picture)
{
    const tml_coverage_map_plot *plot = picture->plot;
    size_t columns = plot->axes - 1;
    bool is_wide = plot->axes >= WIDE_FROM;
    const tml_panels panels = {.columns = columns,
                               .width_pt = is_wide ? TML_FIGURE_WIDE_PT : TML_FIGURE_WIDTH_PT,
                               .frame_pt = columns == 1   ? 130.0
                                           : columns == 2 ? 80.0
                                                          : 56.0,
                               .has_one_x = true,
                               .has_one_y = true};
    double top;

    for (size_t r = 0; r < columns; ++r) {
        for (size_t c = 0; c < columns; ++c) {
            picture->panel[r * columns + c].x = axis_of(picture, c);
            picture->panel[r * columns + c].y = axis_of(picture, r + 1);
        }
    }
    top = tml_panels_place(&panels, columns * columns, picture->panel);
    picture->bar = number_bar(plot);
    picture->heading.title = plot->title;
    picture->width_pt = panels.width_pt;
    picture->height_pt = ceil(top + BAR_GAP_PT + TML_COLOUR_BAR_LYING_PT +
                              tml_heading_height(&picture->heading, panels.width_pt));
}

/* ---- drawing ---- */

static void shrink(double *low, double *high)
{
    double seam = fmin(SEAM_PT, SEAM_SHARE * (*high - *low));

    *low += 0.5 * seam;
    *high -= 0.5 * seam;
}

static void draw_cell(const tml_canvas *canvas, const drawing *picture, const tml_coverage_cell *cell)
{
    bool is_turned = cell->x_axis > cell->y_axis;
    size_t across = is_turned ? cell->y_axis : cell->x_axis, up = is_turned ? cell->x_axis : cell->y_axis;
    const tml_axes *axes = &picture->panel[(up - 1) * (picture->plot->axes - 1) + across];
    const tml_fill fill = {tml_colour_bar_colour(&picture->bar, cell->number), 1.0};
    double low, high;
    tml_box box;

    find_edges(&picture->axis[across], is_turned ? cell->y : cell->x, &low, &high);
    box.left = tml_axes_x(axes, low);
    box.right = tml_axes_x(axes, high);
    find_edges(&picture->axis[up], is_turned ? cell->x : cell->y, &low, &high);
    box.bottom = tml_axes_y(axes, low);
    box.top = tml_axes_y(axes, high);
    shrink(&box.left, &box.right);
    shrink(&box.bottom, &box.top);
    if (isfinite(box.left) && isfinite(box.right) && isfinite(box.bottom) && isfinite(box.top))
        tml_fill_box(canvas, &fill, &box);
}

static void draw_map(const tml_canvas *canvas, const void *data)
{
    const drawing *picture = data;
    const tml_coverage_map_plot *plot = picture->plot;
    size_t columns = plot->axes - 1;
    const tml_box *first = &picture->panel[0].frame;
    const tml_box bar = {first->left, first->top + BAR_GAP_PT, first->left + BAR_WIDTH_PT,
                         first->top + BAR_GAP_PT + TML_COLOUR_BAR_LYING_PT};

    tml_pen_clip(canvas, NULL);
    for (size_t i = 0; i < plot->cells; ++i)
        if (plot->cell[i].number > 0.0 && isfinite(plot->cell[i].x) && isfinite(plot->cell[i].y))
            draw_cell(canvas, picture, &plot->cell[i]);
    for (size_t r = 0; r < columns; ++r)
        for (size_t c = 0; c <= r; ++c)
            tml_axes_frame(canvas, &picture->panel[r * columns + c]);
    tml_colour_bar_draw_lying(canvas, &picture->bar, &bar);
    tml_heading_draw(canvas, &picture->heading, first->left, bar.top,
                     picture->width_pt - first->left - TML_MARGIN_RIGHT_PT);
}

static tml_status check(const tml_coverage_map_plot *plot, tml_error *error)
{
    if (plot->axes < 2 || plot->axes > TML_COVERAGE_AXES)
        return TML_FAIL(error, TML_BAD_DATA, "a map of %zu axes: a figure has 2 to %d", plot->axes,
                        TML_COVERAGE_AXES);
    for (size_t i = 0; i < plot->cells; ++i)
        if (plot->cell[i].x_axis >= plot->axes || plot->cell[i].y_axis >= plot->axes ||
            plot->cell[i].x_axis == plot->cell[i].y_axis)
            return TML_FAIL(error, TML_BAD_DATA, "node %zu of a map lies on axes %zu and %zu of %zu", i,
                            plot->cell[i].x_axis, plot->cell[i].y_axis, plot->axes);
    return TML_OK;
}

tml_status tml_plot_coverage_map(const tml_coverage_map_plot *plot, const char *folder, const char *name,
                                 tml_error *error)
{
    drawing *picture = NULL;
    double *room = NULL;
    tml_status status = check(plot, error);

    if (status == TML_OK)
        status = tml_array_create(1, sizeof *picture, "figure", &picture, error);
    if (status == TML_OK)
        status = tml_array_create(2 * plot->cells, sizeof *room, "nodes of a figure", &room, error);
    if (status == TML_OK) {
        picture->plot = plot;
        collect_nodes(picture, room);
        lay_out(picture);
        status = tml_canvas_write(folder, name, picture->width_pt, picture->height_pt, draw_map, picture,
                                  error);
    }
    free(room);
    free(picture);
    return status;
}
