#include "plots/axes.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "plots/ticks.h"
#include "plots/type_width.h"

#define LARGEST 1e300
#define SMALLEST 1e-300

#define NUMBER_GAP_PT 3.0
#define DESCENDER 0.24 /* of the type size */

/* Room for one number, and how much of its frame a label may fill. */
#define X_NUMBER_PT 34.0
#define Y_NUMBER_PT 24.0
#define LABEL_SHARE 1.03

enum {
    LABELS_LEAST = 2,
    X_LABELS_TRIED = 4,
    X_LABELS_MOST = 12,
    Y_LABELS_MOST = 8,
    LONGEST_WHOLE = 6,
    LONGEST_DECIMAL = 4,
    DECADES_LABELLED = 3,
    LABEL_BYTES = 256
};

static const tml_pen grid_pen = {.colour = TML_COLOUR_GRID, .width_pt = TML_LINE_GRID_PT};
static const tml_pen frame_pen = {.colour = TML_COLOUR_INK, .width_pt = TML_LINE_FRAME_PT};

bool tml_axis_can_show(const tml_axis *axis, double value)
{
    return fabs(value) <= LARGEST && (!axis->is_log || value >= SMALLEST);
}

void tml_axis_cover(tml_axis *axis, size_t count, const double *values)
{
    for (size_t i = 0; values != NULL && i < count; ++i) {
        if (tml_axis_can_show(axis, values[i])) {
            axis->low = fmin(axis->low, values[i]);
            axis->high = fmax(axis->high, values[i]);
        }
    }
}

/* Around a single value. */
static double lone_margin(const tml_axis *axis)
{
    double share = 0.01 * fabs(axis->high);

    return axis->is_whole ? fmax(0.5, share) : share > SMALLEST ? share : 0.5;
}

void tml_axis_pad(tml_axis *axis, double fraction)
{
    if (axis->low > axis->high) {
        axis->low = axis->is_log ? 0.1 : 0.0;
        axis->high = 1.0;
    } else if (axis->is_log) {
        double factor = pow(axis->high / axis->low, fraction);

        if (axis->high / axis->low < 1.0 + 1e-6)
            factor = 2.0;
        axis->low /= factor;
        axis->high *= factor;
    } else {
        double margin = fraction * (axis->high - axis->low);

        if (!(margin > 1e-9 * fmax(fabs(axis->low), fabs(axis->high))))
            margin = lone_margin(axis);
        axis->low -= margin;
        axis->high += margin;
    }
}

static double position(const tml_axis *axis, double start_pt, double end_pt, double value)
{
    double fraction;

    if (!tml_axis_can_show(axis, value))
        return NAN;
    fraction = axis->is_log ? log(value / axis->low) / log(axis->high / axis->low)
                            : (value - axis->low) / (axis->high - axis->low);
    return start_pt + fraction * (end_pt - start_pt);
}

double tml_axes_x(const tml_axes *axes, double value)
{
    return position(&axes->x, axes->frame.left, axes->frame.right, value);
}

double tml_axes_y(const tml_axes *axes, double value)
{
    return position(&axes->y, axes->frame.bottom, axes->frame.top, value);
}

/* Power of ten that all numbers of an axis share, so that they stay short; it stands in the label. A long
 * logarithmic axis has powers as its numbers. */
static int shared_power(const tml_axis *axis)
{
    double largest = fmax(fabs(axis->low), fabs(axis->high));
    int exponent = largest > 0.0 ? (int)floor(log10(largest) + 1e-9) : 0;
    int smallest = exponent;

    if (axis->power != 0 && !axis->is_log)
        return axis->power;
    if (axis->is_log) {
        if (floor(log10(axis->high) + 1e-9) - ceil(log10(axis->low) - 1e-9) + 1.0 >= DECADES_LABELLED)
            return 0;
        smallest = (int)floor(log10(axis->low) + 1e-9) + 1;
    }
    return exponent >= LONGEST_WHOLE || smallest <= -LONGEST_DECIMAL ? exponent : 0;
}

static void drop_ticks(double end, tml_ticks *ticks)
{
    size_t kept = 0;

    for (size_t i = 0; i < ticks->count; ++i)
        if (ticks->tick[i].value <= end)
            ticks->tick[kept++] = ticks->tick[i];
    ticks->count = kept;
}

static void place_ticks(const tml_axis *axis, size_t wanted, tml_ticks *ticks)
{
    double unit = pow(10.0, shared_power(axis));

    if (axis->is_log)
        tml_ticks_log(axis->low / unit, axis->high / unit, ticks);
    else
        tml_ticks_linear(axis->low / unit, axis->high / unit, wanted, axis->is_whole, ticks);
    for (size_t i = 0; i < ticks->count; ++i)
        ticks->tick[i].value *= unit;
    if (axis->ticks_end > 0.0 || axis->ticks_end < 0.0)
        drop_ticks(axis->ticks_end, ticks);
}

static size_t labels_for(double length_pt, double number_pt, size_t most)
{
    double room = length_pt / number_pt;

    return room < (double)LABELS_LEAST ? LABELS_LEAST : room > (double)most ? most : (size_t)room;
}

static double widest_number(const tml_ticks *ticks)
{
    double widest = 0.0;

    for (size_t i = 0; i < ticks->count; ++i)
        widest = fmax(widest, tml_type_width(ticks->tick[i].text, TML_TYPE_TICK_PT));
    return widest;
}

/* The first ticks of a linear axis are those with numbers, in ascending order. */
static bool numbers_fit(const tml_axes *axes, const tml_ticks *ticks)
{
    if (axes->x.is_log || ticks->count < 2 || !ticks->tick[1].is_major)
        return true;
    return tml_axes_x(axes, ticks->tick[1].value) - tml_axes_x(axes, ticks->tick[0].value) >=
           widest_number(ticks) + 2.0 * NUMBER_GAP_PT;
}

/* Two stay: an axis with one number has no scale. */
static void drop_every_second_number(tml_ticks *ticks)
{
    if (ticks->count < 3 || !ticks->tick[2].is_major)
        return;
    for (size_t i = 1; i < ticks->count && ticks->tick[i].is_major; i += 2)
        ticks->tick[i].text[0] = '\0';
}

/* On a logarithmic axis what would touch the number before it is left out; ticks with numbers ascend. */
static void drop_crowded_numbers(const tml_axes *axes, tml_ticks *ticks)
{
    double end = -INFINITY;

    for (size_t i = 0; i < ticks->count; ++i) {
        double half = 0.5 * tml_type_width(ticks->tick[i].text, TML_TYPE_TICK_PT);
        double x = tml_axes_x(axes, ticks->tick[i].value);

        if (ticks->tick[i].text[0] == '\0')
            continue;
        if (x - half < end + 0.5 * NUMBER_GAP_PT)
            ticks->tick[i].text[0] = '\0';
        else
            end = x + half;
    }
}

static void place_x_ticks(const tml_axes *axes, tml_ticks *ticks)
{
    size_t wanted = labels_for(axes->frame.right - axes->frame.left, X_NUMBER_PT, X_LABELS_MOST);

    wanted = wanted > X_LABELS_TRIED ? wanted : X_LABELS_TRIED; /* short numbers may need less room */
    place_ticks(&axes->x, wanted, ticks);
    while (--wanted >= LABELS_LEAST && !numbers_fit(axes, ticks))
        place_ticks(&axes->x, wanted, ticks);
    if (!numbers_fit(axes, ticks))
        drop_every_second_number(ticks);
    if (axes->x.is_log)
        drop_crowded_numbers(axes, ticks);
}

static void place_y_ticks(const tml_axes *axes, tml_ticks *ticks)
{
    size_t wanted = labels_for(axes->frame.top - axes->frame.bottom, Y_NUMBER_PT, Y_LABELS_MOST);

    place_ticks(&axes->y, wanted, ticks);
    while (++wanted <= Y_LABELS_MOST && !axes->y.is_log && (ticks->count < 2 || !ticks->tick[1].is_major))
        place_ticks(&axes->y, wanted, ticks);
}

/* "Flux [unit]" or "C/O" with the power that the numbers share. */
static void write_label(const tml_axis *axis, char label[LABEL_BYTES])
{
    const char *bracket = strrchr(axis->label, '[');
    size_t length = strlen(axis->label);
    int exponent = shared_power(axis);
    char power[TML_TICK_TEXT];

    tml_ticks_power(exponent, power);
    if (exponent == 0)
        snprintf(label, LABEL_BYTES, "%s", axis->label);
    else if (bracket != NULL && axis->label[length - 1] == ']')
        snprintf(label, LABEL_BYTES, "%.*s%s %s", (int)(bracket + 1 - axis->label), axis->label, power,
                 bracket + 1);
    else
        snprintf(label, LABEL_BYTES, "%s [%s]", axis->label, power);
}

double tml_axes_margin(const tml_axes *axes)
{
    tml_ticks ticks;

    place_y_ticks(axes, &ticks);
    return NUMBER_GAP_PT + widest_number(&ticks) + NUMBER_GAP_PT + (DESCENDER + 1.3) * TML_TYPE_LABEL_PT;
}

void tml_axes_grid(const tml_canvas *canvas, const tml_axes *axes)
{
    const tml_box *frame = &axes->frame;
    tml_ticks ticks;

    tml_pen_clip(canvas, NULL);
    place_x_ticks(axes, &ticks);
    for (size_t i = 0; i < ticks.count; ++i) {
        double x = tml_axes_x(axes, ticks.tick[i].value);

        if (ticks.tick[i].text[0] != '\0')
            tml_pen_line(canvas, &grid_pen, x, frame->bottom, x, frame->top);
    }
    place_y_ticks(axes, &ticks);
    for (size_t i = 0; i < ticks.count; ++i) {
        double y = tml_axes_y(axes, ticks.tick[i].value);

        if (ticks.tick[i].text[0] != '\0')
            tml_pen_line(canvas, &grid_pen, frame->left, y, frame->right, y);
    }
}

static void draw_x_axis(const tml_canvas *canvas, const tml_axes *axes)
{
    const tml_type number = {TML_TYPE_TICK_PT, TML_COLOUR_INK, 0.5, false};
    const tml_type label = {TML_TYPE_LABEL_PT, TML_COLOUR_INK, 0.5, false};
    const tml_box *frame = &axes->frame;
    char text[LABEL_BYTES];
    tml_ticks ticks;

    place_x_ticks(axes, &ticks);
    for (size_t i = 0; i < ticks.count; ++i) {
        const tml_tick *tick = &ticks.tick[i];
        double x = tml_axes_x(axes, tick->value);
        double length = tick->is_major ? TML_TICK_MAJOR_PT : TML_TICK_MINOR_PT;
        double half = 0.5 * tml_type_width(tick->text, number.size_pt);

        tml_pen_line(canvas, &frame_pen, x, frame->bottom, x, frame->bottom + length);
        if (!axes->x.is_bare)
            tml_pen_text(canvas, &number, fmin(x, canvas->width_pt - half - 1.0),
                         frame->bottom - 1.35 * TML_TYPE_TICK_PT, tick->text);
    }
    write_label(&axes->x, text);
    if (!axes->x.is_bare)
        tml_pen_text_within(canvas, &label, 0.5 * (frame->left + frame->right),
                            frame->bottom - 1.35 * TML_TYPE_TICK_PT - 1.5 * TML_TYPE_LABEL_PT,
                            LABEL_SHARE * (frame->right - frame->left), text);
}

static void draw_y_axis(const tml_canvas *canvas, const tml_axes *axes)
{
    const tml_type number = {TML_TYPE_TICK_PT, TML_COLOUR_INK, 1.0, false};
    const tml_type label = {TML_TYPE_LABEL_PT, TML_COLOUR_INK, 0.5, true};
    const tml_box *frame = &axes->frame;
    double margin = axes->margin_pt > 0.0 ? axes->margin_pt : TML_MARGIN_LEFT_PT;
    char text[LABEL_BYTES];
    tml_ticks ticks;

    place_y_ticks(axes, &ticks);
    for (size_t i = 0; i < ticks.count; ++i) {
        const tml_tick *tick = &ticks.tick[i];
        double y = tml_axes_y(axes, tick->value);
        double length = tick->is_major ? TML_TICK_MAJOR_PT : TML_TICK_MINOR_PT;

        tml_pen_line(canvas, &frame_pen, frame->left, y, frame->left + length, y);
        if (!axes->y.is_bare)
            tml_pen_text(canvas, &number, frame->left - NUMBER_GAP_PT, y - 0.36 * TML_TYPE_TICK_PT,
                         tick->text);
    }
    write_label(&axes->y, text);
    if (!axes->y.is_bare)
        tml_pen_text_within(canvas, &label, frame->left - margin + 1.3 * TML_TYPE_LABEL_PT,
                            0.5 * (frame->bottom + frame->top), LABEL_SHARE * (frame->top - frame->bottom),
                            text);
}

void tml_axes_frame(const tml_canvas *canvas, const tml_axes *axes)
{
    const tml_box *frame = &axes->frame;
    tml_stroke stroke;

    tml_pen_clip(canvas, NULL);
    tml_stroke_begin(&stroke, canvas, &frame_pen);
    tml_stroke_to(&stroke, frame->left, frame->bottom);
    tml_stroke_to(&stroke, frame->right, frame->bottom);
    tml_stroke_to(&stroke, frame->right, frame->top);
    tml_stroke_to(&stroke, frame->left, frame->top);
    tml_stroke_to(&stroke, frame->left, frame->bottom);
    tml_stroke_to(&stroke, frame->right, frame->bottom); /* once more, so that the first corner is closed */
    tml_stroke_end(&stroke);
    draw_x_axis(canvas, axes);
    draw_y_axis(canvas, axes);
}
