#include <math.h>

#include "plots/chi_square_map_private.h"
#include "plots/draw_samples.h"
#include "plots/marks.h"

/* Colours of cells are this many, so that neighbours may be drawn as one. */
enum { LEVELS = 48, PLACES_ACROSS = 500, PLACES_UP = 60 };

#define PLACE_PT 1.7
#define ROW_RADIUS_PT 0.75
#define MARKER_RADIUS_PT 1.8
#define HALO_PT 0.7
#define BAR_WIDTH_PT 110.0
#define LEGEND_GAP_PT 5.0
/* Neighbours overlap by this, or paper would shine through between them. */
#define OVERLAP_PT 0.15

static const tml_pen profile_pen = {.colour = TML_COLOUR_MUTED, .width_pt = TML_LINE_THIN_PT};

tml_marker tml_chi_square_best_marker(void)
{
    return (tml_marker){TML_SHAPE_DIAMOND, TML_COLOUR_SERIES + 3, MARKER_RADIUS_PT, 1.0};
}

tml_marker tml_chi_square_answer_marker(void)
{
    return (tml_marker){TML_SHAPE_SQUARE, tml_draw_answer_pen().colour, 0.9 * MARKER_RADIUS_PT, 1.0};
}

tml_pen tml_chi_square_given_pen(void)
{
    return (tml_pen){TML_COLOUR_INK, TML_LINE_THIN_PT, 2.2, 1.6};
}

tml_fill tml_chi_square_given_fill(void)
{
    return (tml_fill){TML_COLOUR_FAINT, 0.4};
}

tml_marker tml_chi_square_row_marker(void)
{
    return (tml_marker){TML_SHAPE_DISC, TML_COLOUR_SERIES, 1.3 * ROW_RADIUS_PT, 1.0};
}

/* ---- marks ---- */

/* Set off from dark cells. */
static void draw_mark(const tml_canvas *canvas, tml_marker marker, double x_pt, double y_pt)
{
    tml_marker halo = marker;

    halo.colour = TML_COLOUR_PAPER;
    halo.radius_pt += HALO_PT;
    tml_marker_draw(canvas, &halo, x_pt, y_pt);
    tml_marker_draw(canvas, &marker, x_pt, y_pt);
}

static double best_of(const tml_chi_square_drawing *picture, size_t axis)
{
    return picture->plot->parameter[picture->axis[axis].parameter];
}

/* ---- maps ---- */

/* Level of a cell's colour; negative without a row. */
static int level_of(const tml_chi_square_drawing *picture, size_t row, size_t column, size_t up,
                    size_t across)
{
    double misfit = picture->misfit[picture->first[row][column] + up * picture->axis[column].cells + across];

    if (!isfinite(misfit))
        return -1;
    return (int)(tml_colour_bar_place(&picture->bar, fmax(misfit, picture->scale.low)) * (LEVELS - 1) + 0.5);
}

/* One column of cells; those of one colour are one box. */
static void draw_cells(const tml_canvas *canvas, const tml_chi_square_drawing *picture, const tml_axes *axes,
                       size_t row, size_t column, size_t across)
{
    const tml_chi_square_axis *x = &picture->axis[column], *y = &picture->axis[row];

    for (size_t up = 0, end; up < y->cells; up = end) {
        int level = level_of(picture, row, column, up, across);
        const tml_fill fill = {tml_theme_mapped((double)level / (LEVELS - 1)), 1.0};
        tml_box box;

        for (end = up + 1; end < y->cells && level_of(picture, row, column, end, across) == level;)
            ++end;
        box = (tml_box){tml_axes_x(axes, x->edge[across]), tml_axes_y(axes, y->edge[up]),
                        tml_axes_x(axes, x->edge[across + 1]) + OVERLAP_PT,
                        tml_axes_y(axes, y->edge[end]) + OVERLAP_PT};
        if (level >= 0)
            tml_fill_box(canvas, &fill, &box);
    }
}

static void draw_map(const tml_canvas *canvas, const tml_chi_square_drawing *picture, size_t row,
                     size_t column)
{
    const tml_chi_square_map_plot *plot = picture->plot;
    const tml_axes *axes = &picture->panel[row * picture->axes + column];
    double answer_x = tml_axes_x(axes, plot->answer[picture->axis[column].parameter]);
    double answer_y = tml_axes_y(axes, plot->answer[picture->axis[row].parameter]);

    tml_pen_clip(canvas, &axes->frame);
    for (size_t across = 0; across < picture->axis[column].cells; ++across)
        draw_cells(canvas, picture, axes, row, column, across);
    draw_mark(canvas, tml_chi_square_answer_marker(), answer_x, answer_y);
    draw_mark(canvas, tml_chi_square_best_marker(), tml_axes_x(axes, best_of(picture, column)),
              tml_axes_y(axes, best_of(picture, row)));
    tml_axes_frame(canvas, axes);
}

/* ---- one parameter ---- */

static double on_scale(const tml_chi_square_drawing *picture, double misfit)
{
    return fmin(fmax(misfit, picture->scale.low), picture->scale.high);
}

static void draw_profile(const tml_canvas *canvas, const tml_chi_square_drawing *picture, size_t a)
{
    const tml_chi_square_axis *axis = &picture->axis[a];
    const tml_axes *axes = &picture->panel[a * picture->axes + a];
    const tml_pen answer_pen = {.colour = tml_draw_answer_pen().colour, .width_pt = TML_LINE_DATA_PT};
    double answer = tml_axes_x(axes, picture->plot->answer[axis->parameter]);
    double x[TML_CHI_SQUARE_CELLS], y[TML_CHI_SQUARE_CELLS];

    tml_axes_grid(canvas, axes);
    for (size_t i = 0; i < axis->cells; ++i) {
        x[i] = 0.5 * (axis->edge[i] + axis->edge[i + 1]);
        y[i] = isfinite(axis->misfit[i]) ? on_scale(picture, axis->misfit[i]) : (double)NAN;
    }
    tml_marks_curve(canvas, axes, &profile_pen, axis->cells, x, y);
    for (size_t i = 0; i < axis->cells; ++i) {
        const tml_marker marker = {TML_SHAPE_DISC, tml_colour_bar_colour(&picture->bar, y[i]), 1.2, 1.0};

        tml_marker_draw(canvas, &marker, tml_axes_x(axes, x[i]), tml_axes_y(axes, y[i]));
    }
    tml_pen_clip(canvas, &axes->frame);
    if (isfinite(answer))
        tml_pen_line(canvas, &answer_pen, answer, axes->frame.bottom, answer, axes->frame.top);
    draw_mark(canvas, tml_chi_square_best_marker(), tml_axes_x(axes, best_of(picture, a)),
              tml_axes_y(axes, picture->scale.low));
    tml_axes_frame(canvas, axes);
}

/* ---- radius ---- */

/* Points at the same place once. */
static void draw_rows(const tml_canvas *canvas, const tml_chi_square_drawing *picture)
{
    const tml_chi_square_map_plot *plot = picture->plot;
    const tml_axes *axes = &picture->radius;
    const tml_fill fill = {tml_chi_square_row_marker().colour, 1.0};
    bool is_taken[PLACES_UP][PLACES_ACROSS] = {{false}};

    for (size_t i = 0; i < plot->rows; ++i) {
        double misfit = tml_chi_square_misfit(plot, plot->chi2[i]);
        double x = tml_axes_x(axes, plot->radius[i]);
        double y = tml_axes_y(axes, fmax(misfit, picture->scale.low));
        double across = (x - axes->frame.left) / PLACE_PT, up = (y - axes->frame.bottom) / PLACE_PT;

        if (!(misfit <= picture->radius_limit && x <= axes->frame.right && across >= 0.0 && up >= 0.0 &&
              across < PLACES_ACROSS && up < PLACES_UP) ||
            is_taken[(size_t)up][(size_t)across])
            continue;
        tml_fill_disc(canvas, &fill, x, y, ROW_RADIUS_PT);
        is_taken[(size_t)up][(size_t)across] = true;
    }
}

static void draw_radius(const tml_canvas *canvas, const tml_chi_square_drawing *picture)
{
    const tml_chi_square_map_plot *plot = picture->plot;
    const tml_axes *axes = &picture->radius;
    const tml_fill given_fill = tml_chi_square_given_fill();
    const tml_pen given_pen = tml_chi_square_given_pen();
    double sd = plot->given_radius_sd > 0.0 && isfinite(plot->given_radius_sd) ? plot->given_radius_sd : 0.0;
    double given = tml_axes_x(axes, plot->given_radius), low = tml_axes_x(axes, plot->given_radius - sd);
    double misfit = tml_chi_square_misfit(plot, plot->answer_chi2);
    double answer_y = isfinite(misfit) ? tml_axes_y(axes, on_scale(picture, misfit)) : (double)NAN;
    tml_box band = axes->frame;

    tml_axes_grid(canvas, axes);
    tml_pen_clip(canvas, &axes->frame);
    band.left = isfinite(low) ? low : band.left;
    band.right = tml_axes_x(axes, plot->given_radius + sd);
    if (isfinite(given) && sd > 0.0)
        tml_fill_box(canvas, &given_fill, &band);
    if (isfinite(given))
        tml_pen_line(canvas, &given_pen, given, axes->frame.bottom, given, axes->frame.top);
    draw_rows(canvas, picture);
    draw_mark(canvas, tml_chi_square_answer_marker(), tml_axes_x(axes, plot->answer_radius), answer_y);
    draw_mark(canvas, tml_chi_square_best_marker(), tml_axes_x(axes, plot->radius[0]),
              tml_axes_y(axes, picture->scale.low));
    tml_axes_frame(canvas, axes);
}

/* ---- the whole ---- */

static void draw_heading(const tml_canvas *canvas, const tml_chi_square_drawing *picture)
{
    const tml_type title = {TML_TYPE_TITLE_PT, TML_COLOUR_INK, 0.0, false};
    const tml_box *first = &picture->panel[0].frame, *legend = &picture->legend;
    double width = picture->panel[picture->axes - 1].frame.right - first->left, below;
    tml_box bar = {first->left, first->top + LEGEND_GAP_PT, first->left + fmin(BAR_WIDTH_PT, width), 0.0};
    bool is_inside = legend->right > legend->left;

    if (is_inside) {
        below = legend->top - tml_legend_height(picture->heading.entries, picture->heading.entry,
                                                legend->right - legend->left);
        bar = (tml_box){legend->left, below - LEGEND_GAP_PT - TML_COLOUR_BAR_LYING_PT, legend->right, 0.0};
    }
    bar.top = bar.bottom + TML_COLOUR_BAR_LYING_PT;
    tml_pen_clip(canvas, NULL);
    if (picture->axes > 1)
        tml_colour_bar_draw_lying(canvas, &picture->bar, &bar);
    if (!is_inside) {
        tml_heading_draw(canvas, &picture->heading, first->left, picture->axes > 1 ? bar.top : first->top,
                         width);
        return;
    }
    tml_pen_clip(canvas, NULL);
    if (picture->plot->title != NULL)
        tml_pen_text_within(canvas, &title, first->left, first->top + 0.8 * title.size_pt, width,
                            picture->plot->title);
    tml_legend_draw(canvas, picture->heading.entries, picture->heading.entry, legend->left, legend->top,
                    legend->right - legend->left);
}

void tml_chi_square_draw(const tml_canvas *canvas, const void *data)
{
    const tml_chi_square_drawing *picture = data;

    draw_heading(canvas, picture);
    for (size_t row = 0; row < picture->axes; ++row) {
        for (size_t column = 0; column < row; ++column)
            draw_map(canvas, picture, row, column);
        draw_profile(canvas, picture, row);
    }
    if (picture->has_radius)
        draw_radius(canvas, picture);
}
