#include "plots/pca_scatter.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "plots/colour_bar.h"
#include "plots/heading.h"
#include "plots/marks.h"
#include "plots/panels.h"

#define ROOM_ABOVE_PT (TML_COLOUR_BAR_LYING_PT + 3.0)
#define BAR_GAP_PT 3.0
#define POINT_RADIUS_PT 1.0
#define CELL_PT 2.6
/* Neighbours overlap by this, or paper would shine through between them. */
#define OVERLAP_PT 0.15

enum {
    POINTS_MOST = 4000 /* of all panels */,
    CELLS_MOST = 90,
    TWO_COLUMNS_MOST = 4,
    WIDE_COLUMNS = 4,
    TEXT_LENGTH = 96
};

typedef struct cells {
    double sum[CELLS_MOST][CELLS_MOST];
    size_t number[CELLS_MOST][CELLS_MOST];
} cells;

typedef struct drawing {
    const tml_pca_scatter_plot *plot;
    cells *cells; /* [panels]; NULL: points */
    double width_pt, height_pt;
    size_t rows, columns; /* of cells */
    tml_heading heading;
    tml_axes axes[TML_SCATTER_PANELS];
    tml_colour_bar bar[TML_SCATTER_PANELS];
    char text[TEXT_LENGTH];
} drawing;

static void cover_at_stride(tml_axis *axis, const tml_pca_scatter_plot *plot, const double *values)
{
    for (size_t i = 0; i < plot->count; ++i)
        tml_axis_cover(axis, 1, values + i * plot->stride);
    tml_axis_pad(axis, 0.04);
}

static void lay_out(drawing *picture)
{
    const tml_pca_scatter_plot *plot = picture->plot;
    size_t count = plot->panels;
    bool is_wide = count > TWO_COLUMNS_MOST;
    size_t columns = count == 1 ? 1 : is_wide ? WIDE_COLUMNS : 2;
    const tml_panels panels = {.columns = columns,
                               .width_pt = is_wide ? TML_FIGURE_WIDE_PT : TML_FIGURE_WIDTH_PT,
                               .frame_pt = count == 1 ? 150.0 : 78.0,
                               .above_pt = ROOM_ABOVE_PT,
                               .has_one_x = true,
                               .has_one_y = true};
    tml_axes shared = {.x = {.low = INFINITY, .high = -INFINITY, .label = plot->x_label},
                       .y = {.low = INFINITY, .high = -INFINITY, .label = plot->y_label}};
    const tml_legend_entry entry = {.text = picture->text};
    double top;

    cover_at_stride(&shared.x, plot, plot->x);
    cover_at_stride(&shared.y, plot, plot->y);
    for (size_t p = 0; p < count; ++p) {
        picture->axes[p] = shared;
        picture->bar[p] = tml_colour_bar_start(plot->count, plot->panel[p].value, plot->stride,
                                               plot->panel[p].label);
    }
    top = tml_panels_place(&panels, count, picture->axes);
    picture->heading.title = plot->title;
    if (picture->cells != NULL)
        snprintf(picture->text, TEXT_LENGTH, "%zu spectra; colour: mean of those at a place", plot->count);
    else
        snprintf(picture->text, TEXT_LENGTH, "%zu spectr%s", plot->count, plot->count == 1 ? "um" : "a");
    tml_heading_add(&picture->heading, &entry);
    picture->width_pt = panels.width_pt;
    picture->height_pt = ceil(
        top + tml_heading_height(&picture->heading,
                                 panels.width_pt - picture->axes[0].frame.left - TML_MARGIN_RIGHT_PT));
}

/* ---- cells ---- */

static size_t cells_along(double length_pt)
{
    return (size_t)fmin(fmax(floor(length_pt / CELL_PT), 1.0), CELLS_MOST);
}

static void add_to_cell(const drawing *picture, size_t p, size_t spectrum)
{
    const tml_pca_scatter_plot *plot = picture->plot;
    const tml_axes *axes = &picture->axes[p];
    size_t at = spectrum * plot->stride;
    double value = plot->panel[p].value[at];
    double across = (plot->x[at] - axes->x.low) / (axes->x.high - axes->x.low) * (double)picture->columns;
    double up = (plot->y[at] - axes->y.low) / (axes->y.high - axes->y.low) * (double)picture->rows;

    if (!isfinite(value) || !(across >= 0.0 && across < (double)picture->columns) ||
        !(up >= 0.0 && up < (double)picture->rows))
        return;
    picture->cells[p].sum[(size_t)up][(size_t)across] += value;
    ++picture->cells[p].number[(size_t)up][(size_t)across];
}

static void fill_cells(drawing *picture)
{
    const tml_box *frame = &picture->axes[0].frame;

    picture->columns = cells_along(frame->right - frame->left);
    picture->rows = cells_along(frame->top - frame->bottom);
    for (size_t p = 0; p < picture->plot->panels; ++p)
        for (size_t i = 0; i < picture->plot->count; ++i)
            add_to_cell(picture, p, i);
}

static tml_colour cell_colour(const drawing *picture, size_t p, size_t row, size_t column)
{
    size_t number = picture->cells[p].number[row][column];

    return number > 0
               ? tml_colour_bar_colour(&picture->bar[p], picture->cells[p].sum[row][column] / (double)number)
               : TML_COLOUR_PAPER;
}

static void draw_cells(const tml_canvas *canvas, const drawing *picture, size_t p)
{
    const tml_box *frame = &picture->axes[p].frame;
    double width = (frame->right - frame->left) / (double)picture->columns;
    double height = (frame->top - frame->bottom) / (double)picture->rows;

    for (size_t row = 0; row < picture->rows; ++row) {
        for (size_t column = 0, end; column < picture->columns; column = end) {
            const tml_fill fill = {cell_colour(picture, p, row, column), 1.0};
            tml_box box = {.left = frame->left + width * (double)column,
                           .bottom = frame->bottom + height * (double)row};

            for (end = column + 1;
                 end < picture->columns && cell_colour(picture, p, row, end) == fill.colour;)
                ++end;
            box.right = frame->left + width * (double)end + OVERLAP_PT;
            box.top = box.bottom + height + OVERLAP_PT;
            if (fill.colour != TML_COLOUR_PAPER)
                tml_fill_box(canvas, &fill, &box);
        }
    }
}

/* ---- points ---- */

static void draw_points(const tml_canvas *canvas, const drawing *picture, size_t p)
{
    const tml_pca_scatter_plot *plot = picture->plot;
    const tml_axes *axes = &picture->axes[p];

    for (size_t i = 0; i < plot->count; ++i) {
        size_t at = i * plot->stride;
        const tml_marker marker = {TML_SHAPE_DISC,
                                   tml_colour_bar_colour(&picture->bar[p], plot->panel[p].value[at]),
                                   POINT_RADIUS_PT, 1.0};

        tml_marker_draw(canvas, &marker, tml_axes_x(axes, plot->x[at]), tml_axes_y(axes, plot->y[at]));
    }
}

static void draw_scatter(const tml_canvas *canvas, const void *data)
{
    const drawing *picture = data;
    const tml_box *first = &picture->axes[0].frame;

    for (size_t p = 0; p < picture->plot->panels; ++p) {
        const tml_axes *axes = &picture->axes[p];
        const tml_box bar = {axes->frame.left, axes->frame.top + BAR_GAP_PT, axes->frame.right,
                             axes->frame.top + ROOM_ABOVE_PT};

        tml_axes_grid(canvas, axes);
        tml_pen_clip(canvas, &axes->frame);
        if (picture->cells != NULL)
            draw_cells(canvas, picture, p);
        else
            draw_points(canvas, picture, p);
        tml_axes_frame(canvas, axes);
        tml_colour_bar_draw_lying(canvas, &picture->bar[p], &bar);
    }
    tml_heading_draw(canvas, &picture->heading, first->left, first->top + ROOM_ABOVE_PT,
                     picture->width_pt - first->left - TML_MARGIN_RIGHT_PT);
}

tml_status tml_plot_pca_scatter(const tml_pca_scatter_plot *plot, const char *folder, const char *name,
                                tml_error *error)
{
    drawing *picture = NULL;
    cells *counted = NULL;
    tml_status status;

    if (plot->count == 0 || plot->panels == 0 || plot->panels > TML_SCATTER_PANELS)
        return TML_FAIL(error, TML_BAD_DATA,
                        "%zu spectra and %zu parameters: a figure has 1 to %d parameters and at least one "
                        "spectrum",
                        plot->count, plot->panels, TML_SCATTER_PANELS);
    status = tml_array_create(1, sizeof *picture, "figure", &picture, error);
    if (status == TML_OK && plot->count > POINTS_MOST / plot->panels)
        status = tml_array_create(plot->panels, sizeof *counted, "cells of a figure", &counted, error);
    if (status == TML_OK) {
        picture->plot = plot;
        picture->cells = counted;
        lay_out(picture);
        if (counted != NULL)
            fill_cells(picture);
        status = tml_canvas_write(folder, name, picture->width_pt, picture->height_pt, draw_scatter, picture,
                                  error);
    }
    free(counted);
    free(picture);
    return status;
}
