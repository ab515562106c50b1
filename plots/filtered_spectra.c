#include "plots/filtered_spectra.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/digest.h"
#include "core/memory.h"
#include "plots/colour_bar.h"
#include "plots/heading.h"
#include "plots/marks.h"

#define FRAME_HEIGHT_PT 150.0
#define BAR_GAP_PT 17.0
#define MARK_PT 3.0
#define LANE_PT 3.2
#define ARM_PT 2.0
#define APART_PT 0.3 /* marks that are closer look like one */
#define LARGEST 1e300

enum { TEXT_LENGTH = 160, CURVES_MOST = 64, POINTS_MOST = 600, BRACKET_LANES = 3 };

static const tml_pen mark_pen = {.colour = TML_COLOUR_INK, .width_pt = TML_LINE_THIN_PT};

/* Spectra in ascending order of their values, and which of them are the same. */
typedef struct ranked {
    size_t spectrum;
    double value;
    uint64_t digest;
} ranked;

typedef struct drawing {
    const tml_filtered_spectra_plot *plot;
    ranked *order;     /* [plot->count] by value; the first `valued` have one */
    ranked *by_digest; /* [plot->count] */
    size_t valued, different, curves;
    size_t points, share; /* of a curve; wavelengths of which a point is the mean */
    double *um;           /* [points] */
    double *flux;         /* [curves][points] in ascending order of the value */
    double height_pt;
    tml_axes axes;
    tml_colour_bar bar;
    tml_box strip;
    tml_heading heading;
    char text[3][TEXT_LENGTH];
} drawing;

static int compare_numbers(double a, double b)
{
    return (a > b) - (a < b);
}

static int compare_places(size_t a, size_t b)
{
    return (a > b) - (a < b);
}

/* Those without a value come last. */
static int by_value(const void *a, const void *b)
{
    const ranked *left = a, *right = b;
    int known = !isfinite(left->value) - !isfinite(right->value);
    int result = known != 0 || !isfinite(left->value) ? known : compare_numbers(left->value, right->value);

    return result != 0 ? result : compare_places(left->spectrum, right->spectrum);
}

static int by_digest(const void *a, const void *b)
{
    const ranked *left = a, *right = b;
    int result = (left->digest > right->digest) - (left->digest < right->digest);

    return result != 0 ? result : by_value(a, b);
}

static void rank_spectra(drawing *picture)
{
    const tml_filtered_spectra_plot *plot = picture->plot;

    for (size_t i = 0; i < plot->count; ++i) {
        uint64_t digest = tml_digest_64(plot->flux[i], plot->wavelengths * sizeof **plot->flux);

        picture->order[i] = (ranked){i, plot->value[i], digest};
        picture->valued += isfinite(plot->value[i]) != 0;
    }
    memcpy(picture->by_digest, picture->order, plot->count * sizeof *picture->order);
    qsort(picture->order, plot->count, sizeof *picture->order, by_value);
    qsort(picture->by_digest, plot->count, sizeof *picture->by_digest, by_digest);
    for (size_t i = 0; i < plot->count; ++i)
        picture->different += i == 0 || picture->by_digest[i].digest != picture->by_digest[i - 1].digest;
}

/* The spectrum of a curve. */
static const ranked *ranked_curve(const drawing *picture, size_t curve)
{
    size_t gaps = picture->curves > 1 ? picture->curves - 1 : 1;

    return &picture->order[curve * (picture->plot->count - 1) / gaps];
}

static double mean_of(size_t count, const double *values)
{
    double sum = 0.0;
    size_t known = 0;

    for (size_t i = 0; i < count; ++i) {
        if (fabs(values[i]) <= LARGEST) {
            sum += values[i] / (double)count;
            ++known;
        }
    }
    return known > 0 ? sum * (double)count / (double)known : (double)NAN;
}

static void take_curves(drawing *picture)
{
    const tml_filtered_spectra_plot *plot = picture->plot;

    for (size_t p = 0; p < picture->points; ++p) {
        size_t first = p * picture->share, left = plot->wavelengths - first;
        size_t count = left < picture->share ? left : picture->share;

        picture->um[p] = mean_of(count, plot->wavelength_um + first);
        for (size_t c = 0; c < picture->curves; ++c)
            picture->flux[c * picture->points + p] = mean_of(
                count, plot->flux[ranked_curve(picture, c)->spectrum] + first);
    }
}

static void fill_legend(drawing *picture)
{
    size_t count = picture->plot->count, different = picture->different;
    tml_legend_entry entry = {.text = picture->text[0]};

    picture->heading.title = picture->plot->title;
    if (different < count)
        snprintf(picture->text[0], TEXT_LENGTH,
                 "%zu spectra, %zu different: a bracket joins values whose spectra are identical", count,
                 different);
    else
        snprintf(picture->text[0], TEXT_LENGTH, "%zu spectr%s", count,
                 count == 1 ? "um" : "a, all different");
    tml_heading_add(&picture->heading, &entry);
    if (picture->curves < count) {
        entry.text = picture->text[1];
        snprintf(picture->text[1], TEXT_LENGTH, "%zu of them drawn", picture->curves);
        tml_heading_add(&picture->heading, &entry);
    }
    if (picture->share > 1) {
        entry.text = picture->text[2];
        snprintf(picture->text[2], TEXT_LENGTH, "drawn as means of %zu wavelengths", picture->share);
        tml_heading_add(&picture->heading, &entry);
    }
}

static void lay_out(drawing *picture)
{
    const tml_filtered_spectra_plot *plot = picture->plot;
    tml_axes *axes = &picture->axes;

    picture->bar = tml_colour_bar_start(plot->count, plot->value, 1, plot->value_label);
    axes->x = (tml_axis){.low = INFINITY, .high = -INFINITY, .label = "Wavelength [μm]"};
    tml_axis_cover(&axes->x, plot->wavelengths, plot->wavelength_um);
    tml_axis_pad(&axes->x, 0.02);
    axes->y = (tml_axis){.low = INFINITY, .high = -INFINITY, .is_log = true, .label = plot->flux_label};
    tml_axis_cover(&axes->y, picture->curves * picture->points, picture->flux);
    tml_axis_pad(&axes->y, 0.03);
    axes->frame.bottom = TML_MARGIN_BOTTOM_PT;
    axes->frame.top = TML_MARGIN_BOTTOM_PT + FRAME_HEIGHT_PT;
    axes->margin_pt = tml_axes_margin(axes);
    axes->frame.left = axes->margin_pt;
    axes->frame.right = TML_FIGURE_WIDE_PT - tml_colour_bar_margin(&picture->bar, FRAME_HEIGHT_PT) -
                        TML_COLOUR_BAR_STRIP_PT - BAR_GAP_PT;
    picture->strip = (tml_box){axes->frame.right + BAR_GAP_PT, axes->frame.bottom,
                               axes->frame.right + BAR_GAP_PT + TML_COLOUR_BAR_STRIP_PT, axes->frame.top};
    fill_legend(picture);
    picture->height_pt = ceil(axes->frame.top +
                              tml_heading_height(&picture->heading, axes->frame.right - axes->frame.left));
}

static double mark_height(const drawing *picture, double value)
{
    const tml_box *strip = &picture->strip;

    return strip->bottom + (strip->top - strip->bottom) * tml_colour_bar_place(&picture->bar, value);
}

/* With an arm for each value: another group may lie between two of them. */
static void draw_bracket(const tml_canvas *canvas, const drawing *picture, size_t count,
                         const ranked *members, double x)
{
    double low = mark_height(picture, members[0].value),
           high = mark_height(picture, members[count - 1].value), last = -INFINITY;

    tml_pen_line(canvas, &mark_pen, x, low, x, high);
    for (size_t i = 0; i < count; ++i) {
        double y = mark_height(picture, members[i].value);

        if (y >= last + APART_PT) {
            tml_pen_line(canvas, &mark_pen, x, y, x + ARM_PT, y);
            last = y;
        }
    }
}

/* The first lane that no bracket between these values has taken; all alike when there are too many. */
static size_t choose_lane(tml_axis lanes[BRACKET_LANES], double low, double high)
{
    for (size_t lane = 0; lane < BRACKET_LANES; ++lane) {
        if (lanes[lane].high < low || lanes[lane].low > high) {
            lanes[lane].low = fmin(lanes[lane].low, low);
            lanes[lane].high = fmax(lanes[lane].high, high);
            return lane;
        }
    }
    return BRACKET_LANES - 1;
}

static void draw_brackets(const tml_canvas *canvas, const drawing *picture, double right)
{
    const ranked *spectra = picture->by_digest;
    size_t count = picture->plot->count;
    tml_axis lanes[BRACKET_LANES];

    for (size_t lane = 0; lane < BRACKET_LANES; ++lane)
        lanes[lane] = (tml_axis){.low = INFINITY, .high = -INFINITY};
    for (size_t i = 0, end; i < count; i = end) {
        for (end = i + 1;
             end < count && spectra[end].digest == spectra[i].digest && isfinite(spectra[end].value);)
            ++end;
        if (end - i > 1)
            draw_bracket(
                canvas, picture, end - i, &spectra[i],
                right - LANE_PT * (double)(1 + choose_lane(lanes, spectra[i].value, spectra[end - 1].value)));
    }
}

/* Beside the bar: a mark for each value, and brackets in lanes, because groups may overlap. */
static void draw_values(const tml_canvas *canvas, const drawing *picture)
{
    double left = picture->strip.left - MARK_PT, last = -INFINITY;

    tml_pen_clip(canvas, NULL);
    for (size_t i = 0; i < picture->valued; ++i) {
        double y = mark_height(picture, picture->order[i].value);

        if (y >= last + APART_PT) {
            tml_pen_line(canvas, &mark_pen, left, y, picture->strip.left, y);
            last = y;
        }
    }
    draw_brackets(canvas, picture, left);
}

static void draw_spectra(const tml_canvas *canvas, const void *data)
{
    const drawing *picture = data;
    const tml_axes *axes = &picture->axes;

    tml_heading_draw(canvas, &picture->heading, axes->frame.left, axes->frame.top,
                     axes->frame.right - axes->frame.left);
    tml_axes_grid(canvas, axes);
    for (size_t c = 0; c < picture->curves; ++c) {
        const ranked *curve = ranked_curve(picture, c);
        const tml_pen pen = {.colour = tml_colour_bar_colour(&picture->bar, curve->value),
                             .width_pt = TML_LINE_DATA_PT};

        tml_marks_curve(canvas, axes, &pen, picture->points, picture->um,
                        picture->flux + c * picture->points);
    }
    tml_axes_frame(canvas, axes);
    tml_colour_bar_draw(canvas, &picture->bar, &picture->strip);
    draw_values(canvas, picture);
}

static tml_status create(const tml_filtered_spectra_plot *plot, drawing *picture, tml_error *error)
{
    size_t numbers;
    tml_status status = tml_array_create(2 * plot->count, sizeof *picture->order, "order of spectra",
                                         &picture->order, error);

    picture->plot = plot;
    picture->by_digest = picture->order + plot->count;
    picture->curves = plot->count < CURVES_MOST ? plot->count : CURVES_MOST;
    picture->share = (plot->wavelengths + POINTS_MOST - 1) / POINTS_MOST;
    picture->points = (plot->wavelengths + picture->share - 1) / picture->share;
    numbers = (picture->curves + 1) * picture->points;
    if (status == TML_OK)
        status = tml_array_create(numbers, sizeof *picture->um, "curves of a figure", &picture->um, error);
    if (status == TML_OK)
        picture->flux = picture->um + picture->points;
    return status;
}

tml_status tml_plot_filtered_spectra(const tml_filtered_spectra_plot *plot, const char *folder,
                                     const char *name, tml_error *error)
{
    drawing *picture = NULL;
    tml_status status;

    if (plot->count == 0 || plot->wavelengths == 0)
        return TML_FAIL(error, TML_BAD_DATA, "%zu spectra of %zu wavelengths: nothing to draw", plot->count,
                        plot->wavelengths);
    status = tml_array_create(1, sizeof *picture, "figure", &picture, error);
    if (status != TML_OK)
        return status;
    status = create(plot, picture, error);
    if (status == TML_OK) {
        rank_spectra(picture);
        take_curves(picture);
        lay_out(picture);
        status = tml_canvas_write(folder, name, TML_FIGURE_WIDE_PT, picture->height_pt, draw_spectra, picture,
                                  error);
    }
    free(picture->um);
    free(picture->order);
    free(picture);
    return status;
}
