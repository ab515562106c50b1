#include "plots/flux_boxplots.h"

#include <math.h>
#include <stdlib.h>

#include "core/memory.h"
#include "plots/fill.h"
#include "plots/heading.h"
#include "plots/marks.h"

#define FRAME_HEIGHT_PT 150.0
#define WIDE_FROM 40 /* wavelengths */
#define BOX_SHARE 0.66
#define BOX_MOST_PT 7.0
#define BOX_LEAST_PT 1.1
#define EXTREME_RADIUS_PT 0.55
#define COLUMN_PT 0.5
#define MOST_DECADES 300.0

enum { BAND_COLUMNS = 1200, EXTREMES = 4 /* in the legend */ };

static const tml_fill central_fill = {TML_COLOUR_SERIES + 4, 0.3};
static const tml_fill box_fill = {TML_COLOUR_SERIES, 0.75};
static const tml_pen whisker_pen = {.colour = TML_COLOUR_MUTED, .width_pt = TML_LINE_FRAME_PT};
static const tml_pen median_pen = {.colour = TML_COLOUR_SERIES + 1, .width_pt = TML_LINE_DATA_PT};
static const tml_pen extreme_pen = {.colour = TML_COLOUR_FAINT, .width_pt = TML_LINE_FRAME_PT};
static const tml_marker extreme_marker = {TML_SHAPE_DISC, TML_COLOUR_MUTED, EXTREME_RADIUS_PT, 1.0};

typedef struct drawing {
    const tml_flux_boxplots_plot *plot;
    double *value; /* [TML_BOX_EDGES][wavelengths] on the axis; NaN where an edge is missing */
    double width_pt, height_pt, box_pt;
    bool has_bands, is_empty;
    tml_axes axes;
    tml_heading heading;
} drawing;

static const double *edge_of(const drawing *picture, tml_box_edge edge)
{
    return picture->value + (size_t)edge * picture->plot->wavelengths;
}

static bool is_whole(const tml_flux_boxplots_plot *plot, size_t w)
{
    for (size_t e = 0; e < TML_BOX_EDGES; ++e) {
        double value = plot->edge[e][w];

        if (!isfinite(value) || (plot->is_log10 && fabs(value) > MOST_DECADES))
            return false;
    }
    return isfinite(plot->wavelength_um[w]);
}

static void take_values(drawing *picture)
{
    const tml_flux_boxplots_plot *plot = picture->plot;

    picture->is_empty = true;
    for (size_t w = 0; w < plot->wavelengths; ++w) {
        bool is_shown = is_whole(plot, w);

        picture->is_empty = picture->is_empty && !is_shown;
        for (size_t e = 0; e < TML_BOX_EDGES; ++e) {
            double value = plot->is_log10 ? pow(10.0, plot->edge[e][w]) : plot->edge[e][w];

            picture->value[e * plot->wavelengths + w] = is_shown ? value : (double)NAN;
        }
    }
}

/* If all were equally far from each other; those that are closer are narrower. */
static double choose_box_width(const drawing *picture)
{
    size_t count = picture->plot->wavelengths;
    double length = picture->axes.frame.right - picture->axes.frame.left;

    return fmin(BOX_SHARE * length / (double)count, BOX_MOST_PT);
}

static void fill_legend(drawing *picture)
{
    const tml_marker marker = {TML_SHAPE_DISC, TML_COLOUR_MUTED, 1.2, 1.0};
    tml_legend_entry entries[] = {
        {.text = "median", .pen = median_pen},
        {.text = "quartiles", .fill = box_fill},
        {.text = "within 1.5 IQR", .pen = whisker_pen, .is_upright = !picture->has_bands},
        {.text = "central 95 %", .fill = central_fill},
        {.text = "smallest and largest", .marker = marker}};

    if (picture->has_bands)
        entries[EXTREMES] = (tml_legend_entry){.text = entries[EXTREMES].text, .pen = extreme_pen};
    picture->heading.title = picture->plot->title;
    for (size_t i = 0; i < sizeof entries / sizeof entries[0]; ++i)
        tml_heading_add(&picture->heading, &entries[i]);
}

static void lay_out(drawing *picture)
{
    const tml_flux_boxplots_plot *plot = picture->plot;
    tml_axes *axes = &picture->axes;

    picture->width_pt = plot->wavelengths > WIDE_FROM ? TML_FIGURE_WIDE_PT : TML_FIGURE_WIDTH_PT;
    axes->x = (tml_axis){.low = INFINITY, .high = -INFINITY, .label = "Wavelength [μm]"};
    tml_axis_cover(&axes->x, plot->wavelengths, plot->wavelength_um);
    tml_axis_pad(&axes->x, 0.02);
    axes->y = (tml_axis){.low = INFINITY, .high = -INFINITY, .is_log = plot->is_log10, .label = plot->label};
    tml_axis_cover(&axes->y, plot->wavelengths, edge_of(picture, TML_EDGE_MINIMUM));
    tml_axis_cover(&axes->y, plot->wavelengths, edge_of(picture, TML_EDGE_MAXIMUM));
    tml_axis_pad(&axes->y, 0.04);
    axes->frame.bottom = TML_MARGIN_BOTTOM_PT;
    axes->frame.top = TML_MARGIN_BOTTOM_PT + FRAME_HEIGHT_PT;
    axes->margin_pt = tml_axes_margin(axes);
    axes->frame.left = axes->margin_pt;
    axes->frame.right = picture->width_pt - TML_MARGIN_RIGHT_PT;
    picture->box_pt = choose_box_width(picture);
    picture->has_bands = picture->box_pt < BOX_LEAST_PT;
    fill_legend(picture);
    picture->height_pt = ceil(axes->frame.top +
                              tml_heading_height(&picture->heading, axes->frame.right - axes->frame.left));
}

/* ---- boxes ---- */

/* The part of the room to the neighbours that is a box's own. */
static double half_room(const drawing *picture, size_t w)
{
    const double *um = picture->plot->wavelength_um;
    double half = 0.5 * picture->box_pt / BOX_SHARE, at = tml_axes_x(&picture->axes, um[w]);

    if (w > 0)
        half = fmin(half, 0.5 * fabs(at - tml_axes_x(&picture->axes, um[w - 1])));
    if (w + 1 < picture->plot->wavelengths)
        half = fmin(half, 0.5 * fabs(tml_axes_x(&picture->axes, um[w + 1]) - at));
    return half;
}

static void draw_box(const tml_canvas *canvas, const drawing *picture, size_t w)
{
    const tml_axes *axes = &picture->axes;
    double at = tml_axes_x(axes, picture->plot->wavelength_um[w]), half = half_room(picture, w);
    double y[TML_BOX_EDGES];
    tml_box box;

    for (size_t e = 0; e < TML_BOX_EDGES; ++e)
        y[e] = tml_axes_y(axes, edge_of(picture, (tml_box_edge)e)[w]);
    if (!isfinite(at) || !isfinite(y[TML_EDGE_MEDIAN]))
        return;
    box = (tml_box){at - half, y[TML_EDGE_P2_5], at + half, y[TML_EDGE_P97_5]};
    tml_fill_box(canvas, &central_fill, &box);
    tml_pen_line(canvas, &whisker_pen, at, y[TML_EDGE_WHISKER_LOW], at, y[TML_EDGE_Q1]);
    tml_pen_line(canvas, &whisker_pen, at, y[TML_EDGE_Q3], at, y[TML_EDGE_WHISKER_HIGH]);
    half *= BOX_SHARE;
    box = (tml_box){at - half, y[TML_EDGE_Q1], at + half, y[TML_EDGE_Q3]};
    tml_fill_box(canvas, &box_fill, &box);
    tml_pen_line(canvas, &median_pen, at - half, y[TML_EDGE_MEDIAN], at + half, y[TML_EDGE_MEDIAN]);
}

/* ---- bands ---- */

/* The range of two edges in columns of the page, as long as no wavelength lacks its boxes. */
typedef struct band {
    size_t count;
    double x[BAND_COLUMNS], low[BAND_COLUMNS], high[BAND_COLUMNS];
} band;

static void add_to_band(band *open, double x, double low, double high)
{
    size_t last = open->count - 1;

    if (open->count > 0 && (x < open->x[last] + COLUMN_PT || open->count == BAND_COLUMNS)) {
        open->low[last] = fmin(open->low[last], low);
        open->high[last] = fmax(open->high[last], high);
        return;
    }
    open->x[open->count] = x;
    open->low[open->count] = low;
    open->high[open->count] = high;
    ++open->count;
}

static void fill_band(const tml_canvas *canvas, const tml_fill *fill, band *done)
{
    double x[2 * BAND_COLUMNS], y[2 * BAND_COLUMNS];

    for (size_t i = 0; i < done->count; ++i) {
        size_t back = 2 * done->count - 1 - i;

        x[i] = x[back] = done->x[i];
        y[i] = done->low[i];
        y[back] = done->high[i];
    }
    if (done->count > 1)
        tml_fill_polygon(canvas, fill, 2 * done->count, x, y);
    done->count = 0;
}

static void draw_band(const tml_canvas *canvas, const drawing *picture, const tml_fill *fill,
                      tml_box_edge low_edge, tml_box_edge high_edge)
{
    const tml_axes *axes = &picture->axes;
    const double *low = edge_of(picture, low_edge), *high = edge_of(picture, high_edge);
    band open = {.count = 0};

    tml_pen_clip(canvas, &axes->frame);
    for (size_t w = 0; w < picture->plot->wavelengths; ++w) {
        double at = tml_axes_x(axes, picture->plot->wavelength_um[w]);
        double bottom = tml_axes_y(axes, low[w]), top = tml_axes_y(axes, high[w]);

        if (isfinite(at) && isfinite(bottom) && isfinite(top))
            add_to_band(&open, at, bottom, top);
        else
            fill_band(canvas, fill, &open);
    }
    fill_band(canvas, fill, &open);
}

static void draw_bands(const tml_canvas *canvas, const drawing *picture)
{
    const struct {
        tml_box_edge edge;
        const tml_pen *pen;
    } curves[] = {{TML_EDGE_MINIMUM, &extreme_pen},
                  {TML_EDGE_MAXIMUM, &extreme_pen},
                  {TML_EDGE_WHISKER_LOW, &whisker_pen},
                  {TML_EDGE_WHISKER_HIGH, &whisker_pen},
                  {TML_EDGE_MEDIAN, &median_pen}};

    draw_band(canvas, picture, &central_fill, TML_EDGE_P2_5, TML_EDGE_P97_5);
    draw_band(canvas, picture, &box_fill, TML_EDGE_Q1, TML_EDGE_Q3);
    for (size_t c = 0; c < sizeof curves / sizeof curves[0]; ++c)
        tml_marks_curve(canvas, &picture->axes, curves[c].pen, picture->plot->wavelengths,
                        picture->plot->wavelength_um, edge_of(picture, curves[c].edge));
}

static void draw_boxes(const tml_canvas *canvas, const drawing *picture)
{
    const double *um = picture->plot->wavelength_um;
    size_t count = picture->plot->wavelengths;

    tml_marks_points(canvas, &picture->axes, &extreme_marker, count, um, edge_of(picture, TML_EDGE_MINIMUM));
    tml_marks_points(canvas, &picture->axes, &extreme_marker, count, um, edge_of(picture, TML_EDGE_MAXIMUM));
    tml_pen_clip(canvas, &picture->axes.frame);
    for (size_t w = 0; w < count; ++w)
        draw_box(canvas, picture, w);
}

static void draw_boxplots(const tml_canvas *canvas, const void *data)
{
    const drawing *picture = data;
    const tml_axes *axes = &picture->axes;

    tml_heading_draw(canvas, &picture->heading, axes->frame.left, axes->frame.top,
                     axes->frame.right - axes->frame.left);
    tml_axes_grid(canvas, axes);
    if (picture->has_bands)
        draw_bands(canvas, picture);
    else
        draw_boxes(canvas, picture);
    if (picture->is_empty)
        tml_marks_nothing(canvas, axes, "no wavelength has values");
    tml_axes_frame(canvas, axes);
}

tml_status tml_plot_flux_boxplots(const tml_flux_boxplots_plot *plot, const char *folder, const char *name,
                                  tml_error *error)
{
    drawing *picture = NULL;
    double *value = NULL;
    tml_status status;

    if (plot->wavelengths == 0)
        return TML_FAIL(error, TML_BAD_DATA, "there are no wavelengths: nothing to draw");
    status = tml_array_create(1, sizeof *picture, "figure", &picture, error);
    if (status == TML_OK)
        status = tml_array_create(TML_BOX_EDGES * plot->wavelengths, sizeof *value, "boxes of a figure",
                                  &value, error);
    if (status == TML_OK) {
        picture->plot = plot;
        picture->value = value;
        take_values(picture);
        lay_out(picture);
        status = tml_canvas_write(folder, name, picture->width_pt, picture->height_pt, draw_boxplots, picture,
                                  error);
    }
    free(value);
    free(picture);
    return status;
}
