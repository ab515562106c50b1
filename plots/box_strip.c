#include "plots/box_strip.h"

#include <math.h>

#include "plots/fill.h"
#include "plots/histogram.h"
#include "plots/marker.h"

#define WHISKER 1.5
#define PLACE_PT 0.8
#define FLIER_RADIUS_PT 0.6
#define MEAN_RADIUS_PT 1.5

enum { PLACES = 1000 };

static const tml_pen box_pen = {.colour = TML_COLOUR_INK, .width_pt = TML_LINE_THIN_PT};
static const tml_pen median_pen = {.colour = TML_COLOUR_INK, .width_pt = TML_LINE_BOLD_PT};
static const tml_fill box_fill = {TML_COLOUR_SERIES + 4, 0.55};

tml_box_numbers tml_box_numbers_of(size_t count, const double *sorted)
{
    tml_box_numbers box = {NAN, NAN, NAN, NAN, NAN, NAN};
    double reach, offset = 0.0;

    if (count == 0)
        return box;
    box.q1 = tml_sample_quantile(count, sorted, 0.25);
    box.median = tml_sample_quantile(count, sorted, 0.5);
    box.q3 = tml_sample_quantile(count, sorted, 0.75);
    reach = WHISKER * (box.q3 - box.q1);
    box.whisker_low = box.q1;
    box.whisker_high = box.q3;
    for (size_t i = 0; i < count; ++i) {
        offset += (sorted[i] - sorted[0]) / (double)count;
        if (sorted[i] >= box.q1 - reach)
            box.whisker_low = fmin(box.whisker_low, sorted[i]);
        if (sorted[i] <= box.q3 + reach)
            box.whisker_high = fmax(box.whisker_high, sorted[i]);
    }
    box.mean = sorted[0] + offset;
    return box;
}

static void draw_outline(const tml_canvas *canvas, const tml_box *box)
{
    tml_stroke rim;

    tml_stroke_begin(&rim, canvas, &box_pen);
    tml_stroke_to(&rim, box->left, box->bottom);
    tml_stroke_to(&rim, box->right, box->bottom);
    tml_stroke_to(&rim, box->right, box->top);
    tml_stroke_to(&rim, box->left, box->top);
    tml_stroke_to(&rim, box->left, box->bottom);
    tml_stroke_to(&rim, box->right, box->bottom); /* once more, so that the first corner is closed */
    tml_stroke_end(&rim);
}

void tml_box_strip_draw(const tml_canvas *canvas, const tml_axes *axes, const tml_box_numbers *numbers,
                        double bottom_pt, double top_pt)
{
    const tml_marker mean = {TML_SHAPE_DIAMOND, TML_COLOUR_PAPER, MEAN_RADIUS_PT, 1.0};
    double middle = 0.5 * (bottom_pt + top_pt), quarter = 0.25 * (top_pt - bottom_pt);
    double low = tml_axes_x(axes, numbers->whisker_low), high = tml_axes_x(axes, numbers->whisker_high);
    double median = tml_axes_x(axes, numbers->median);
    const tml_box box = {tml_axes_x(axes, numbers->q1), bottom_pt, tml_axes_x(axes, numbers->q3), top_pt};

    if (!isfinite(box.left) || !isfinite(box.right))
        return;
    tml_pen_clip(canvas, &axes->frame);
    tml_pen_line(canvas, &box_pen, low, middle, box.left, middle);
    tml_pen_line(canvas, &box_pen, box.right, middle, high, middle);
    tml_pen_line(canvas, &box_pen, low, middle - quarter, low, middle + quarter);
    tml_pen_line(canvas, &box_pen, high, middle - quarter, high, middle + quarter);
    tml_fill_box(canvas, &box_fill, &box);
    draw_outline(canvas, &box);
    tml_pen_line(canvas, &median_pen, median, bottom_pt, median, top_pt);
    tml_marker_draw(canvas, &mean, tml_axes_x(axes, numbers->mean), middle);
}

void tml_box_strip_fliers(const tml_canvas *canvas, const tml_axes *axes, const tml_box_numbers *numbers,
                          double y_pt, size_t count, size_t stride, const double *values)
{
    const tml_fill dot = {TML_COLOUR_MUTED, 1.0};
    bool is_taken[PLACES] = {false};

    for (size_t i = 0; i < count; ++i) {
        double value = values[i * stride], place;

        if (!(value < numbers->whisker_low || value > numbers->whisker_high))
            continue;
        place = (tml_axes_x(axes, value) - axes->frame.left) / PLACE_PT;
        if (place >= 0.0 && place < PLACES)
            is_taken[(size_t)place] = true;
    }
    tml_pen_clip(canvas, &axes->frame);
    for (size_t i = 0; i < PLACES; ++i) {
        double x = axes->frame.left + PLACE_PT * ((double)i + 0.5);

        if (is_taken[i] && x < axes->frame.right)
            tml_fill_disc(canvas, &dot, x, y_pt, FLIER_RADIUS_PT);
    }
}
