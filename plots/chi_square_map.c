#include "plots/chi_square_map.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/memory.h"
#include "plots/chi_square_map_private.h"
#include "plots/draw_samples.h"
#include "plots/panels.h"

enum { BINS = 16, ONE_COLUMN = 4 /* parameters on the width of a column */ };

#define FRAME_PT 46.0
#define GAP_PT 9.0
#define RADIUS_HEIGHT_PT 78.0
#define RADIUS_GAP_PT 5.0
#define LEGEND_GAP_PT 5.0
#define MOST_FACTOR 1000.0 /* of the smallest misfit; what is worse has the lightest colour */
#define ANSWER_REACH 0.5   /* how much of its range an axis may grow by for the answer */
#define LOG_RADIUS 8.0     /* range of radii from which on their axis is logarithmic */
#define RADIUS_FACTOR 30.0 /* of the smallest misfit, as far as radii are shown */
#define LONG_NUMBERS 1000.0
#define TICKS_MARGIN 0.08 /* of an axis; the number at its end would touch that of the next frame */

double tml_chi_square_misfit(const tml_chi_square_map_plot *plot, double chi2)
{
    return plot->dof > 0.0 ? chi2 / plot->dof : chi2 - plot->chi2[0];
}

size_t tml_chi_square_cell(const tml_chi_square_axis *axis, double value)
{
    size_t cell = 0;

    while (cell + 1 < axis->cells && value >= axis->edge[cell + 1])
        ++cell;
    return cell;
}

/* ---- what is on an axis ---- */

static size_t find_values(const tml_chi_square_map_plot *plot, size_t parameter, double *value)
{
    size_t kept = 0;

    for (size_t i = 0; i < plot->rows; ++i)
        value[i] = plot->parameter[i * plot->parameters + parameter];
    tml_sample_sort(plot->rows, value);
    for (size_t i = 0; i < plot->rows; ++i)
        if (kept == 0 || value[i] > value[kept - 1])
            value[kept++] = value[i];
    return kept;
}

/* Grid points that the panel of radii shows at least. */
enum { RADIUS_ROWS = 30 };

/* Half-way between the nodes, and as far beyond the last ones; or bins of equal width. */
static void find_edges(size_t count, const double *value, tml_chi_square_axis *axis)
{
    if (count > TML_CHI_SQUARE_CELLS) {
        axis->cells = BINS;
        for (size_t i = 0; i <= BINS; ++i)
            axis->edge[i] = value[0] + (value[count - 1] - value[0]) * (double)i / BINS;
        return;
    }
    axis->cells = count;
    for (size_t i = 1; i < count; ++i)
        axis->edge[i] = 0.5 * (value[i - 1] + value[i]);
    axis->edge[0] = value[0] - (axis->edge[1] - value[0]);
    axis->edge[count] = value[count - 1] + (value[count - 1] - axis->edge[count - 1]);
}

static void fit_axis(const tml_chi_square_map_plot *plot, tml_chi_square_axis *axis)
{
    double low = axis->edge[0], high = axis->edge[axis->cells], reach = ANSWER_REACH * (high - low);
    double answer = plot->answer[axis->parameter];

    axis->axis = (tml_axis){.low = low, .high = high, .label = plot->label[axis->parameter]};
    if (answer > low - reach && answer < high + reach)
        tml_axis_cover(&axis->axis, 1, &answer);
    tml_axis_pad(&axis->axis, 0.05);
    /* On a small frame two numbers of four digits are too many. */
    if (fmax(fabs(low), fabs(high)) >= LONG_NUMBERS && high - low >= LONG_NUMBERS)
        axis->axis.power = 3;
}

static void find_axes(tml_chi_square_drawing *picture, double *scratch)
{
    const tml_chi_square_map_plot *plot = picture->plot;

    for (size_t p = 0; p < plot->parameters; ++p) {
        tml_chi_square_axis *axis = &picture->axis[picture->axes];
        size_t count = find_values(plot, p, scratch);

        if (count < 2)
            continue;
        axis->parameter = p;
        find_edges(count, scratch, axis);
        fit_axis(plot, axis);
        ++picture->axes;
    }
}

/* ---- the smallest misfits ---- */

static void take_row(tml_chi_square_drawing *picture, size_t i)
{
    const tml_chi_square_map_plot *plot = picture->plot;
    double misfit = tml_chi_square_misfit(plot, plot->chi2[i]);
    size_t cell[TML_CHI_SQUARE_PARAMETERS];

    for (size_t a = 0; a < picture->axes; ++a) {
        tml_chi_square_axis *axis = &picture->axis[a];

        cell[a] = tml_chi_square_cell(axis, plot->parameter[i * plot->parameters + axis->parameter]);
        axis->misfit[cell[a]] = fmin(axis->misfit[cell[a]], misfit);
        for (size_t c = 0; c < a; ++c) {
            double *known =
                &picture->misfit[picture->first[a][c] + cell[a] * picture->axis[c].cells + cell[c]];

            *known = fmin(*known, misfit);
        }
    }
}

static tml_status fill_cells(tml_chi_square_drawing *picture, tml_error *error)
{
    size_t total = 0;
    tml_status status;

    for (size_t a = 0; a < picture->axes; ++a) {
        for (size_t c = 0; c < a; ++c) {
            picture->first[a][c] = total;
            total += picture->axis[a].cells * picture->axis[c].cells;
        }
        for (size_t i = 0; i < picture->axis[a].cells; ++i)
            picture->axis[a].misfit[i] = INFINITY;
    }
    status = tml_array_create(total, sizeof *picture->misfit, "maps of chi2", &picture->misfit, error);
    for (size_t i = 0; i < total && status == TML_OK; ++i)
        picture->misfit[i] = INFINITY;
    for (size_t i = 0; i < picture->plot->rows && status == TML_OK; ++i)
        take_row(picture, i);
    return status;
}

/* From the best to the worst, or as far as colours can tell. */
static void fit_scale(tml_chi_square_drawing *picture)
{
    const tml_chi_square_map_plot *plot = picture->plot;
    double worst = tml_chi_square_misfit(plot, plot->chi2[plot->rows - 1]);
    double best = plot->dof > 0.0 ? tml_chi_square_misfit(plot, plot->chi2[0]) : 1.0;
    const char *label = plot->dof > 0.0 ? "χ²/dof" : "Δχ²";

    best = fmax(best, 1e-6);
    picture->scale = (tml_axis){.low = best,
                                .high = fmin(fmax(worst, 1.5 * best), MOST_FACTOR * best),
                                .is_log = true,
                                .label = label};
    picture->bar = (tml_colour_bar){
        .label = label, .low = picture->scale.high, .high = picture->scale.low, .is_log = true};
}

/* ---- layout ---- */

static void fill_legend(tml_chi_square_drawing *picture)
{
    const tml_chi_square_map_plot *plot = picture->plot;
    tml_legend_entry entry = {.text = "best grid point", .marker = tml_chi_square_best_marker()};

    tml_heading_add(&picture->heading, &entry);
    entry = (tml_legend_entry){.text = "answer", .marker = tml_chi_square_answer_marker()};
    tml_heading_add(&picture->heading, &entry);
    entry = (tml_legend_entry){.text = "grid point", .marker = tml_chi_square_row_marker()};
    if (picture->has_radius)
        tml_heading_add(&picture->heading, &entry);
    entry = (tml_legend_entry){
        .text = "radius given", .pen = tml_chi_square_given_pen(), .fill = tml_chi_square_given_fill()};
    if (picture->has_radius && isfinite(plot->given_radius))
        tml_heading_add(&picture->heading, &entry);
}

static tml_axis misfit_axis(const tml_chi_square_drawing *picture)
{
    tml_axis axis = picture->scale;

    tml_axis_pad(&axis, 0.06);
    return axis;
}

/* How far the panel of radii goes up. */
static double radius_limit(const tml_chi_square_drawing *picture)
{
    const tml_chi_square_map_plot *plot = picture->plot;
    size_t last = plot->rows < RADIUS_ROWS ? plot->rows - 1 : RADIUS_ROWS - 1;
    double limit = fmax(RADIUS_FACTOR * picture->scale.low, tml_chi_square_misfit(plot, plot->chi2[last]));

    return fmin(limit, picture->scale.high);
}

/* Of the rows that are not worse than its limit. */
static void fit_radius(tml_chi_square_drawing *picture)
{
    const tml_chi_square_map_plot *plot = picture->plot;
    const double marks[4] = {plot->answer_radius, plot->given_radius,
                             plot->given_radius - plot->given_radius_sd,
                             plot->given_radius + plot->given_radius_sd};
    tml_axis positive = {.low = 1e-3, .high = 1.0, .is_log = true};
    tml_axis *x = &picture->radius.x;

    picture->radius_limit = radius_limit(picture);
    *x = (tml_axis){.low = INFINITY, .high = -INFINITY, .label = "Implied radius [Jupiter radii]"};
    for (size_t i = 0; plot->radius != NULL && i < plot->rows; ++i)
        if (tml_axis_can_show(&positive, plot->radius[i]) &&
            tml_chi_square_misfit(plot, plot->chi2[i]) <= picture->radius_limit)
            tml_axis_cover(x, 1, &plot->radius[i]);
    picture->has_radius = x->low <= x->high;
    for (int i = 0; i < 4; ++i)
        if (tml_axis_can_show(&positive, marks[i]))
            tml_axis_cover(x, 1, &marks[i]);
    x->is_log = x->high > LOG_RADIUS * x->low;
    tml_axis_pad(x, 0.04);
    picture->radius.y = picture->scale;
    picture->radius.y.high = picture->radius_limit;
    tml_axis_pad(&picture->radius.y, 0.06);
}

static tml_axes axes_of(const tml_chi_square_drawing *picture, size_t row, size_t column)
{
    tml_axes axes = {.x = picture->axis[column].axis, .y = picture->axis[row].axis};

    axes.x.ticks_end = axes.x.high - TICKS_MARGIN * (axes.x.high - axes.x.low);
    if (row == column) {
        axes.y = misfit_axis(picture);
        axes.y.ticks_end = row > 0 ? -1.0 : 0.0;
        axes.y.label = row > 0 ? "" : picture->scale.label;
    }
    return axes;
}

static double bar_room(void)
{
    return TML_COLOUR_BAR_LYING_PT + LEGEND_GAP_PT;
}

/* Legend and bar in the empty half of the square if they have room there, else above it.
 * @return height of the page */
static double place_legend(tml_chi_square_drawing *picture, double top)
{
    const tml_heading *heading = &picture->heading;
    size_t count = picture->axes, half = count / 2;
    const tml_box *first = &picture->panel[0].frame, *end = &picture->panel[count - 1].frame;
    double width = end->right - first->left;
    tml_box free;

    if (half == 0)
        return ceil(top + tml_heading_height(heading, width));
    free = (tml_box){picture->panel[count - half].frame.left, picture->panel[(half - 1) * count].frame.bottom,
                     end->right, first->top};
    if (tml_legend_height(heading->entries, heading->entry, free.right - free.left) + bar_room() >
        free.top - free.bottom)
        return ceil(top + bar_room() + tml_heading_height(heading, width));
    picture->legend = free;
    return ceil(top + TML_MARGIN_TOP_PT + 1.9 * TML_TYPE_TITLE_PT);
}

static void lay_out(tml_chi_square_drawing *picture)
{
    static const double one_column[ONE_COLUMN] = {90.0, 92.0, 60.0, 45.0};
    size_t count = picture->axes;
    bool is_wide = count > ONE_COLUMN;
    double wide = TML_MARGIN_LEFT_PT + TML_MARGIN_RIGHT_PT + (FRAME_PT + GAP_PT) * (double)count - GAP_PT;
    double below = TML_MARGIN_BOTTOM_PT + RADIUS_HEIGHT_PT + RADIUS_GAP_PT;
    const tml_panels panels = {.columns = count,
                               .width_pt = is_wide ? wide : TML_FIGURE_WIDTH_PT,
                               .frame_pt = is_wide ? FRAME_PT : one_column[count - 1],
                               .below_pt = picture->has_radius ? below : 0.0,
                               .has_one_x = true,
                               .has_one_y = true};
    tml_axes *radius = &picture->radius;
    double top;

    for (size_t row = 0; row < count; ++row)
        for (size_t column = 0; column < count; ++column)
            picture->panel[row * count + column] = axes_of(picture, row, column);
    top = tml_panels_place(&panels, count * count, picture->panel);
    radius->frame = picture->panel[0].frame;
    radius->frame.bottom = TML_MARGIN_BOTTOM_PT;
    radius->frame.top = TML_MARGIN_BOTTOM_PT + RADIUS_HEIGHT_PT;
    radius->frame.right = picture->panel[count - 1].frame.right;
    radius->margin_pt = picture->panel[0].margin_pt;
    picture->width_pt = panels.width_pt;
    picture->height_pt = place_legend(picture, top);
}

static tml_status check(const tml_chi_square_map_plot *plot, tml_error *error)
{
    if (plot->rows == 0 || plot->parameters == 0 || plot->parameters > TML_CHI_SQUARE_PARAMETERS)
        return TML_FAIL(
            error, TML_BAD_DATA,
            "a map of %zu grid points with %zu parameters: a figure wants one grid point or more, "
            "with 1 to %d parameters",
            plot->rows, plot->parameters, TML_CHI_SQUARE_PARAMETERS);
    return TML_OK;
}

static tml_status prepare(tml_chi_square_drawing *picture, tml_error *error)
{
    double *scratch = NULL;
    tml_status status = tml_array_create(picture->plot->rows, sizeof *scratch, "values of a parameter",
                                         &scratch, error);

    if (status == TML_OK)
        find_axes(picture, scratch);
    free(scratch);
    if (status == TML_OK && picture->axes == 0)
        status = TML_FAIL(error, TML_BAD_DATA,
                          "all grid points have the same parameters: there is nothing to map");
    if (status == TML_OK)
        status = fill_cells(picture, error);
    if (status != TML_OK)
        return status;
    fit_scale(picture);
    fit_radius(picture);
    picture->heading.title = picture->plot->title;
    fill_legend(picture);
    lay_out(picture);
    return TML_OK;
}

tml_status tml_plot_chi_square_map(const tml_chi_square_map_plot *plot, const char *folder, const char *name,
                                   tml_error *error)
{
    tml_chi_square_drawing *picture = NULL;
    tml_status status = check(plot, error);

    if (status == TML_OK)
        status = tml_array_create(1, sizeof *picture, "figure", &picture, error);
    if (status != TML_OK)
        return status;
    picture->plot = plot;
    status = prepare(picture, error);
    if (status == TML_OK)
        status = tml_canvas_write(folder, name, picture->width_pt, picture->height_pt, tml_chi_square_draw,
                                  picture, error);
    free(picture->misfit);
    free(picture);
    return status;
}
