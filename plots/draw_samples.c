#include "plots/draw_samples.h"

#include <math.h>
#include <string.h>

#define REFERENCE_RADIUS_PT 2.0
#define RANGE_FACTOR 5.0 /* interquartile ranges beyond the quartiles that the bins reach */

static const tml_pen edge_pen = {TML_COLOUR_INK, TML_LINE_THIN_PT, 2.2, 1.6};
static const tml_fill beyond_fill = {TML_COLOUR_GRID, 0.7};

tml_pen tml_draw_answer_pen(void)
{
    return (tml_pen){.colour = TML_COLOUR_SERIES + 1, .width_pt = TML_LINE_BOLD_PT};
}

tml_legend_entry tml_draw_grid_edge_entry(void)
{
    return (tml_legend_entry){.text = "edge of the grid", .pen = edge_pen, .fill = beyond_fill};
}

bool tml_draw_can_show(const tml_draw_panel *panel, size_t draw)
{
    static const tml_axis linear = {.low = 0.0, .high = 1.0};

    return tml_axis_can_show(&linear, panel->draw[draw * panel->stride]);
}

tml_bins tml_draw_bins(const tml_draw_panel *panel, size_t draws, double *sample, size_t *sampled)
{
    size_t step = (draws + TML_HISTOGRAM_SAMPLES - 1) / TML_HISTOGRAM_SAMPLES, taken = 0, total = 0;
    double low = INFINITY, high = -INFINITY, quartile[2], room;

    for (size_t i = 0; i < draws; ++i) {
        if (!tml_draw_can_show(panel, i))
            continue;
        low = fmin(low, panel->draw[i * panel->stride]);
        high = fmax(high, panel->draw[i * panel->stride]);
        ++total;
        if (i % step == 0)
            sample[taken++] = panel->draw[i * panel->stride];
    }
    tml_sample_sort(taken, sample);
    *sampled = taken;
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

bool tml_draw_has_reference(const tml_draw_panel *panel, size_t reference)
{
    return isfinite(panel->reference[reference]);
}

double tml_draw_reference_error(const tml_draw_panel *panel, size_t reference)
{
    double sd = panel->reference_sd[reference];

    return sd > 0.0 && isfinite(sd) ? sd : 0.0;
}

size_t tml_draw_names_find(const tml_draw_names *names, const char *name)
{
    size_t index = 0;

    while (index < names->count && strcmp(names->name[index], name) != 0)
        ++index;
    return index;
}

void tml_draw_names_add(tml_draw_names *names, const tml_draw_panel *panel)
{
    for (size_t r = 0; r < panel->references; ++r)
        if (tml_draw_has_reference(panel, r) &&
            tml_draw_names_find(names, panel->reference_name[r]) == names->count)
            names->name[names->count++] = panel->reference_name[r];
}

tml_marker tml_draw_reference_marker(size_t name)
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

void tml_draw_names_heading(const tml_draw_names *names, tml_heading *heading)
{
    for (size_t n = 0; n < names->count; ++n) {
        const tml_legend_entry entry = {.text = names->name[n], .marker = tml_draw_reference_marker(n)};

        tml_heading_add(heading, &entry);
    }
}

bool tml_draw_is_on_axis(const tml_axis *axis, double value)
{
    return value >= axis->low && value <= axis->high;
}

/* @param is_across  of the axis that goes across */
static void draw_edges(const tml_canvas *canvas, const tml_axes *axes, const tml_draw_panel *panel,
                       bool is_across)
{
    const double edges[2] = {panel->grid_low, panel->grid_high};
    const tml_box *frame = &axes->frame;

    for (size_t e = 0; e < 2; ++e) {
        double at = is_across ? tml_axes_x(axes, edges[e]) : tml_axes_y(axes, edges[e]);
        tml_box beyond = *frame;

        if (!tml_draw_is_on_axis(is_across ? &axes->x : &axes->y, edges[e]))
            continue;
        if (is_across)
            *(e == 0 ? &beyond.right : &beyond.left) = at;
        else
            *(e == 0 ? &beyond.top : &beyond.bottom) = at;
        tml_fill_box(canvas, &beyond_fill, &beyond);
        if (is_across)
            tml_pen_line(canvas, &edge_pen, at, frame->bottom, at, frame->top);
        else
            tml_pen_line(canvas, &edge_pen, frame->left, at, frame->right, at);
    }
}

void tml_draw_grid_edges(const tml_canvas *canvas, const tml_axes *axes, const tml_draw_panel *across,
                         const tml_draw_panel *up)
{
    draw_edges(canvas, axes, across, true);
    if (up != NULL)
        draw_edges(canvas, axes, up, false);
}

tml_status tml_draw_check(const tml_draw_histograms_plot *plot, tml_error *error)
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
