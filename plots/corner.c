#include "plots/corner.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/memory.h"
#include "plots/corner_private.h"
#include "plots/panels.h"

enum {
    DENSITY_DRAWS = 50 /* fewer are points alone */,
    ONE_COLUMN = 4 /* parameters on the width of a column */
};

#define FRAME_PT 46.0
#define GAP_PT 9.0
#define TICKS_MARGIN 0.08   /* of an axis; the number at its end would touch that of the next frame */
#define REFERENCE_SHARE 0.5 /* of a frame at most for what others found */
#define REFERENCE_REACH 0.6 /* how much of the range of the draws an axis may grow by */

static const double area_share[TML_CORNER_AREAS] = {0.6827, 0.9545};

tml_corner_pair *tml_corner_pair_at(const tml_corner_drawing *picture, size_t row, size_t column)
{
    return &picture->pair[row * (row - 1) / 2 + column];
}

tml_strided tml_corner_values(const tml_draw_histograms_plot *plot, size_t p)
{
    return (tml_strided){plot->draws, plot->panel[p].stride, plot->panel[p].draw};
}

/* ---- one parameter ---- */

/* What others found is shown unless the draws would shrink too much for it. */
static void cover_references(const tml_draw_panel *given, tml_axis *axis)
{
    double reach = REFERENCE_REACH * (axis->high - axis->low);
    const double low = axis->low - reach, high = axis->high + reach;

    for (size_t r = 0; r < given->references; ++r)
        if (given->reference[r] >= low && given->reference[r] <= high)
            tml_axis_cover(axis, 1, &given->reference[r]);
}

static void fill_line(const tml_draw_histograms_plot *plot, size_t p, tml_corner_axis *parameter)
{
    const tml_bins *bins = &parameter->histogram.bins;
    double bin = (bins->high - bins->low) / (double)bins->count;

    parameter->has_line = plot->draws >= DENSITY_DRAWS && parameter->spread > 0.0;
    if (!parameter->has_line)
        return;
    tml_smooth_line(tml_corner_values(plot, p), parameter->range, parameter->spread, parameter->line);
    for (size_t i = 0; i < TML_SMOOTH_LINE; ++i) {
        parameter->node[i] = parameter->range.low + (parameter->range.high - parameter->range.low) *
                                                        (double)i / (TML_SMOOTH_LINE - 1);
        parameter->line[i] *= 100.0 * bin;
    }
}

static void fill_parameter(tml_corner_drawing *picture, size_t p, double *sample)
{
    const tml_draw_histograms_plot *plot = picture->plot;
    const tml_draw_panel *given = &plot->panel[p];
    tml_corner_axis *parameter = &picture->parameter[p];
    tml_axis *axis = &parameter->axis;
    size_t sampled;

    parameter->histogram.bins = tml_draw_bins(given, plot->draws, sample, &sampled);
    for (size_t i = 0; i < plot->draws; ++i)
        tml_histogram_add(&parameter->histogram, given->draw[i * given->stride]);
    *axis = (tml_axis){.low = INFINITY, .high = -INFINITY, .label = given->label};
    if (parameter->histogram.total > 0) {
        const double ends[2] = {parameter->histogram.bins.low, parameter->histogram.bins.high};

        tml_axis_cover(axis, 2, ends);
    }
    tml_axis_cover(axis, 1, &given->value);
    cover_references(given, axis);
    tml_axis_pad(axis, 0.06);
    parameter->range = (tml_range){axis->low, axis->high};
    parameter->spread = tml_smooth_spread((tml_strided){sampled, 1, sample}, parameter->range, sample);
    fill_line(plot, p, parameter);
    for (size_t r = 0; r < given->references; ++r)
        picture->far_references += tml_draw_has_reference(given, r) &&
                                   !tml_draw_is_on_axis(axis, given->reference[r]);
    tml_draw_names_add(&picture->names, given);
}

/* ---- two parameters ---- */

static tml_status fill_pair(tml_corner_drawing *picture, size_t row, size_t column, double *scratch,
                            tml_error *error)
{
    const tml_draw_histograms_plot *plot = picture->plot;
    const tml_corner_axis *x = &picture->parameter[column], *y = &picture->parameter[row];
    tml_corner_pair *pair = tml_corner_pair_at(picture, row, column);
    tml_status status = TML_OK;

    if (plot->draws < DENSITY_DRAWS || !(x->spread > 0.0) || !(y->spread > 0.0))
        return TML_OK;
    tml_smooth_map(tml_corner_values(plot, column), tml_corner_values(plot, row), x->range, y->range,
                   x->spread, y->spread, pair->density);
    for (int a = 0; a < TML_CORNER_AREAS && status == TML_OK; ++a) {
        pair->level = tml_smooth_level(TML_CORNER_NODES, pair->density, area_share[a], scratch);
        if (!(pair->level > 0.0))
            return TML_OK;
        status = tml_contour_trace(TML_SMOOTH_SIDE, TML_SMOOTH_SIDE, pair->density, pair->level,
                                   &pair->area[a], error);
    }
    pair->is_smooth = status == TML_OK;
    return status;
}

static tml_status fill_pairs(tml_corner_drawing *picture, double *scratch, tml_error *error)
{
    tml_status status = TML_OK;

    for (size_t row = 1; row < picture->plot->panels; ++row)
        for (size_t column = 0; column < row && status == TML_OK; ++column)
            status = fill_pair(picture, row, column, scratch, error);
    return status;
}

static bool is_any(const tml_corner_drawing *picture, bool is_smooth)
{
    size_t panels = picture->plot->panels;

    for (size_t i = 0; i < panels * (panels - 1) / 2; ++i)
        if (picture->pair[i].is_smooth == is_smooth)
            return true;
    return false;
}

/* ---- layout ---- */

static tml_axis diagonal_axis(const tml_corner_axis *parameter, size_t references)
{
    double peak = tml_histogram_peak(&parameter->histogram);
    double above = fmin((double)references * TML_CORNER_REFERENCE_PT / FRAME_PT, REFERENCE_SHARE);

    for (size_t i = 0; i < TML_SMOOTH_LINE && parameter->has_line; ++i)
        peak = fmax(peak, parameter->line[i]);
    return (tml_axis){.low = 0.0,
                      .high = peak > 0.0 ? 1.08 * peak / (1.0 - above) : 1.0,
                      .ticks_end = -1.0, /* none */
                      .label = ""};
}

static void fill_legend(tml_corner_drawing *picture)
{
    const tml_draw_histograms_plot *plot = picture->plot;
    tml_legend_entry entry = {.text = picture->draws_text,
                              .pen = tml_corner_area_pen(TML_CORNER_INNER),
                              .fill = tml_corner_bars_fill()};
    bool has_points = plot->draws <= TML_CORNER_POINTS || is_any(picture, false);

    snprintf(picture->draws_text, TML_CORNER_TEXT, "%zu draw%s", plot->draws, plot->draws == 1 ? "" : "s");
    tml_heading_add(&picture->heading, &entry);
    if (plot->panels > 1 && is_any(picture, true)) {
        entry = (tml_legend_entry){.text = "68 % of them",
                                   .pen = tml_corner_area_pen(TML_CORNER_INNER),
                                   .fill = tml_corner_area_fill(TML_CORNER_INNER)};
        tml_heading_add(&picture->heading, &entry);
        entry = (tml_legend_entry){.text = "95 %",
                                   .pen = tml_corner_area_pen(TML_CORNER_OUTER),
                                   .fill = tml_corner_area_fill(TML_CORNER_OUTER)};
        tml_heading_add(&picture->heading, &entry);
    }
    entry = (tml_legend_entry){.text = is_any(picture, true) ? "the others" : "one draw",
                               .marker = tml_corner_point_marker()};
    if (plot->panels > 1 && has_points)
        tml_heading_add(&picture->heading, &entry);
    entry = (tml_legend_entry){.text = "answer", .pen = tml_draw_answer_pen(), .is_upright = true};
    tml_heading_add(&picture->heading, &entry);
    entry = tml_draw_grid_edge_entry();
    for (size_t p = 0; p < plot->panels; ++p) {
        const tml_axis *axis = &picture->parameter[p].axis;

        if (!tml_draw_is_on_axis(axis, plot->panel[p].grid_low) &&
            !tml_draw_is_on_axis(axis, plot->panel[p].grid_high))
            continue;
        tml_heading_add(&picture->heading, &entry);
        break;
    }
    tml_draw_names_heading(&picture->names, &picture->heading);
    entry = (tml_legend_entry){.text = picture->far_text};
    snprintf(picture->far_text, TML_CORNER_TEXT, "beyond the frames: %zu", picture->far_references);
    if (picture->far_references > 0)
        tml_heading_add(&picture->heading, &entry);
}

tml_box tml_corner_free_box(const tml_corner_drawing *picture)
{
    size_t panels = picture->plot->panels, half = panels / 2;
    const tml_box *first = &picture->panel[panels - half].frame;
    const tml_box *last = &picture->panel[(half > 0 ? half - 1 : 0) * panels + panels - 1].frame;

    return (tml_box){first->left, last->bottom, last->right, first->top};
}

static void lay_out(tml_corner_drawing *picture)
{
    static const double one_column[ONE_COLUMN] = {130.0, 92.0, 60.0, 45.0};
    const tml_draw_histograms_plot *plot = picture->plot;
    size_t count = plot->panels;
    bool is_wide = count > ONE_COLUMN;
    double wide = TML_MARGIN_LEFT_PT + TML_MARGIN_RIGHT_PT + (FRAME_PT + GAP_PT) * (double)count - GAP_PT;
    const tml_panels panels = {.columns = count,
                               .width_pt = is_wide ? wide : TML_FIGURE_WIDTH_PT,
                               .frame_pt = is_wide ? FRAME_PT : one_column[count - 1],
                               .has_one_x = true,
                               .has_one_y = true};
    double top, width;
    tml_box free;

    for (size_t row = 0; row < count; ++row)
        for (size_t column = 0; column < count; ++column) {
            tml_axes *axes = &picture->panel[row * count + column];

            axes->x = picture->parameter[column].axis;
            axes->x.ticks_end = axes->x.high - TICKS_MARGIN * (axes->x.high - axes->x.low);
            axes->y = row == column ? diagonal_axis(&picture->parameter[row], plot->panel[row].references)
                                    : picture->parameter[row].axis;
        }
    top = tml_panels_place(&panels, count * count, picture->panel);
    picture->width_pt = panels.width_pt;
    fill_legend(picture);
    free = tml_corner_free_box(picture);
    picture->is_legend_inside = count > 1 &&
                                tml_legend_height(picture->heading.entries, picture->heading.entry,
                                                  free.right - free.left) <= free.top - free.bottom;
    width = picture->panel[count - 1].frame.right - picture->panel[0].frame.left;
    picture->heading.title = plot->title;
    picture->height_pt = ceil(top +
                              (picture->is_legend_inside
                                   ? TML_MARGIN_TOP_PT + (plot->title != NULL ? 1.9 * TML_TYPE_TITLE_PT : 0.0)
                                   : tml_heading_height(&picture->heading, width)));
}

/* ---- the whole ---- */

static tml_status prepare(tml_corner_drawing *picture, tml_error *error)
{
    size_t panels = picture->plot->panels;
    double *scratch = NULL;
    tml_status status = tml_array_create(TML_HISTOGRAM_SAMPLES, sizeof *scratch, "sample of draws", &scratch,
                                         error);

    if (status == TML_OK)
        status = tml_array_create(panels * (panels - 1) / 2, sizeof *picture->pair, "figure", &picture->pair,
                                  error);
    for (size_t p = 0; p < panels && status == TML_OK; ++p)
        fill_parameter(picture, p, scratch);
    if (status == TML_OK)
        status = fill_pairs(picture, scratch, error);
    free(scratch);
    if (status == TML_OK)
        lay_out(picture);
    return status;
}

static void free_drawing(tml_corner_drawing *picture)
{
    size_t panels = picture != NULL ? picture->plot->panels : 1;

    for (size_t i = 0; picture != NULL && picture->pair != NULL && i < panels * (panels - 1) / 2; ++i)
        for (int a = 0; a < TML_CORNER_AREAS; ++a)
            tml_contour_free(&picture->pair[i].area[a]);
    if (picture != NULL)
        free(picture->pair);
    free(picture);
}

tml_status tml_plot_corner(const tml_draw_histograms_plot *plot, const char *folder, const char *name,
                           tml_error *error)
{
    tml_corner_drawing *picture = NULL;
    tml_status status = tml_draw_check(plot, error);

    if (status == TML_OK)
        status = tml_array_create(1, sizeof *picture, "figure", &picture, error);
    if (status != TML_OK)
        return status;
    picture->plot = plot;
    status = prepare(picture, error);
    if (status == TML_OK)
        status = tml_canvas_write(folder, name, picture->width_pt, picture->height_pt, tml_corner_draw,
                                  picture, error);
    free_drawing(picture);
    return status;
}
