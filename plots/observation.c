#include "plots/observation.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "plots/flux_axis.h"
#include "plots/heading.h"
#include "plots/marks.h"

enum { TEXT_LENGTH = 96, COLUMNS_MAXIMUM = 4096 };

#define FRAME_HEIGHT_PT 138.0
#define MASKED_RADIUS_PT 1.7
#define LANE_PT 4.2
#define COLUMN_PT 0.25

static const tml_pen bar_pen = {.colour = TML_COLOUR_FAINT, .width_pt = TML_LINE_THIN_PT};
static const tml_pen flux_pen = {.colour = TML_COLOUR_SERIES, .width_pt = TML_LINE_THIN_PT};
static const tml_marker flux_marker = {TML_SHAPE_DISC, TML_COLOUR_SERIES, 0.8, 1.0};

/* Prepared before drawing starts. */
typedef struct drawing {
    const tml_observation_plot *plot;
    const double *used; /* [count] NaN where masked */
    bool is_empty;      /* no pixel has a flux */
    double width_pt, height_pt;
    tml_axes axes;
    tml_heading heading;
    size_t masked[TML_OBSERVATION_STATES]; /* of each state */
    size_t lane[TML_OBSERVATION_STATES];   /* at the lower edge, for those without a place in the frame */
    char text[TML_OBSERVATION_STATES + 1][TEXT_LENGTH];
} drawing;

static tml_marker masked_marker(size_t state)
{
    static const struct {
        tml_shape shape;
        size_t series;
    } looks[] = {{TML_SHAPE_TRIANGLE_DOWN, 1}, {TML_SHAPE_CROSS, 3}, {TML_SHAPE_SQUARE, 2},
                 {TML_SHAPE_PLUS, 5},          {TML_SHAPE_RING, 4},  {TML_SHAPE_DIAMOND, 6}};
    size_t look = (state - 1) % (sizeof looks / sizeof looks[0]);

    return (tml_marker){looks[look].shape, tml_theme_series(looks[look].series), MASKED_RADIUS_PT, 1.0};
}

/* Above the frame counts as having a place: at its upper edge. */
static bool has_place(const drawing *picture, size_t i)
{
    const tml_axis *axis = &picture->axes.y;
    double flux = picture->plot->flux[i];

    return tml_axis_can_show(axis, flux) && flux >= axis->low;
}

/* One lane at the lower edge for each reason that needs one. */
static void count_masked(drawing *picture)
{
    const tml_observation_plot *plot = picture->plot;
    bool needs_lane[TML_OBSERVATION_STATES] = {false};
    size_t lanes = 0;

    for (size_t i = 0; i < plot->count; ++i) {
        if (plot->state[i] != 0) {
            ++picture->masked[plot->state[i]];
            needs_lane[plot->state[i]] = needs_lane[plot->state[i]] || !has_place(picture, i);
        }
    }
    for (size_t s = 1; s < plot->states; ++s)
        picture->lane[s] = needs_lane[s] ? lanes++ : 0;
}

static void fill_legend(drawing *picture)
{
    const tml_observation_plot *plot = picture->plot;
    size_t used = plot->count,
           cut = tml_marks_count_cut(&picture->axes, plot->count, picture->used, plot->error);
    tml_legend_entry entry = {.text = picture->text[0], .pen = bar_pen, .marker = flux_marker};

    for (size_t s = 1; s < plot->states; ++s)
        used -= picture->masked[s];
    entry.marker.radius_pt *= 1.6;
    entry.is_upright = true;
    snprintf(picture->text[0], TEXT_LENGTH, "%s: %zu", plot->state_name[0], used);
    picture->heading.title = plot->title;
    tml_heading_add(&picture->heading, &entry);
    for (size_t s = 1; s < plot->states; ++s) {
        entry = (tml_legend_entry){.text = picture->text[s], .marker = masked_marker(s)};
        snprintf(picture->text[s], TEXT_LENGTH, "%s: %zu", plot->state_name[s], picture->masked[s]);
        if (picture->masked[s] > 0)
            tml_heading_add(&picture->heading, &entry);
    }
    entry = (tml_legend_entry){.text = picture->text[plot->states]};
    snprintf(picture->text[plot->states], TEXT_LENGTH, "%zu error bar%s at the frame", cut,
             cut == 1 ? " ends" : "s end");
    if (cut > 0)
        tml_heading_add(&picture->heading, &entry);
}

/* For the masked pixels alone where there are no others. */
static tml_axis flux_axis(drawing *picture)
{
    const tml_observation_plot *plot = picture->plot;
    tml_axis values = {.low = INFINITY, .high = -INFINITY};
    const double *flux = picture->used;

    tml_axis_cover(&values, plot->count, picture->used);
    if (values.low > values.high) {
        flux = plot->flux;
        tml_axis_cover(&values, plot->count, plot->flux);
    }
    picture->is_empty = values.low > values.high;
    return tml_flux_axis(plot->count, flux, plot->error, NULL, plot->flux_label);
}

static void lay_out(drawing *picture)
{
    const tml_observation_plot *plot = picture->plot;
    tml_axes *axes = &picture->axes;
    double width;

    picture->width_pt = tml_flux_axis_page_width(plot->count);
    axes->y = flux_axis(picture);
    axes->x = (tml_axis){.low = INFINITY, .high = -INFINITY, .label = "Wavelength [μm]"};
    tml_axis_cover(&axes->x, plot->count, plot->wavelength_um);
    tml_axis_pad(&axes->x, 0.02);
    axes->frame.bottom = TML_MARGIN_BOTTOM_PT;
    axes->frame.top = TML_MARGIN_BOTTOM_PT + FRAME_HEIGHT_PT;
    axes->margin_pt = tml_axes_margin(axes);
    axes->frame.left = axes->margin_pt;
    axes->frame.right = picture->width_pt - TML_MARGIN_RIGHT_PT;
    count_masked(picture);
    fill_legend(picture);
    width = axes->frame.right - axes->frame.left;
    picture->height_pt = ceil(axes->frame.top + tml_heading_height(&picture->heading, width));
}

static void draw_masked(const tml_canvas *canvas, const drawing *picture, size_t state)
{
    const tml_observation_plot *plot = picture->plot;
    const tml_axes *axes = &picture->axes;
    const tml_marker marker = masked_marker(state);
    double room = 2.3 * MASKED_RADIUS_PT;
    bool is_taken[COLUMNS_MAXIMUM];

    memset(is_taken, 0, sizeof is_taken);
    tml_pen_clip(canvas, &axes->frame);
    for (size_t i = 0; i < plot->count; ++i) {
        double x = tml_axes_x(axes, plot->wavelength_um[i]), along = (x - axes->frame.left) / COLUMN_PT, y;

        if (plot->state[i] != state || !(along >= 0.0 && along < COLUMNS_MAXIMUM) || is_taken[(size_t)along])
            continue;
        is_taken[(size_t)along] = true;
        y = axes->frame.bottom + room + LANE_PT * (double)picture->lane[state];
        if (has_place(picture, i))
            y = fmin(fmax(tml_axes_y(axes, plot->flux[i]), axes->frame.bottom + room),
                     axes->frame.top - room);
        tml_marker_draw(canvas, &marker, x, y);
    }
}

static void draw_observation(const tml_canvas *canvas, const void *data)
{
    const drawing *picture = data;
    const tml_observation_plot *plot = picture->plot;
    const tml_axes *axes = &picture->axes;

    tml_heading_draw(canvas, &picture->heading, axes->frame.left, axes->frame.top,
                     axes->frame.right - axes->frame.left);
    tml_axes_grid(canvas, axes);
    tml_flux_axis_zero(canvas, axes);
    tml_marks_error_bars(canvas, axes, &bar_pen, plot->count, plot->wavelength_um, picture->used,
                         plot->error);
    tml_marks_steps(canvas, axes, &flux_pen, plot->count, plot->wavelength_um, picture->used);
    tml_marks_points(canvas, axes, &flux_marker, plot->count, plot->wavelength_um, picture->used);
    for (size_t s = 1; s < plot->states; ++s)
        draw_masked(canvas, picture, s);
    if (picture->is_empty)
        tml_marks_nothing(canvas, axes, "no pixel has a flux");
    tml_axes_frame(canvas, axes);
}

static tml_status check(const tml_observation_plot *plot, tml_error *error)
{
    if (plot->count == 0)
        return TML_FAIL(error, TML_BAD_DATA, "the observation has no pixel: nothing to draw");
    if (plot->states == 0 || plot->states > TML_OBSERVATION_STATES)
        return TML_FAIL(error, TML_BAD_DATA, "%zu states of pixels: a figure shows 1 to %d", plot->states,
                        TML_OBSERVATION_STATES);
    for (size_t i = 0; i < plot->count; ++i)
        if (plot->state[i] >= plot->states)
            return TML_FAIL(error, TML_BAD_DATA, "pixel %zu has state %u, and there are %zu", i,
                            plot->state[i], plot->states);
    return TML_OK;
}

tml_status tml_plot_observation(const tml_observation_plot *plot, const char *folder, const char *name,
                                tml_error *error)
{
    drawing *picture = NULL;
    double *used = NULL;
    tml_status status = check(plot, error);

    if (status == TML_OK)
        status = tml_array_create(1, sizeof *picture, "figure", &picture, error);
    if (status == TML_OK)
        status = tml_array_create(plot->count, sizeof *used, "fluxes of a figure", &used, error);
    if (status == TML_OK) {
        for (size_t i = 0; i < plot->count; ++i)
            used[i] = plot->state[i] == 0 ? plot->flux[i] : (double)NAN;
        picture->plot = plot;
        picture->used = used;
        lay_out(picture);
        status = tml_canvas_write(folder, name, picture->width_pt, picture->height_pt, draw_observation,
                                  picture, error);
    }
    free(used);
    free(picture);
    return status;
}
