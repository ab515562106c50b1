#include "plots/colour_bar.h"

#include <math.h>

#include "plots/axes.h"
#include "plots/fill.h"
#include "plots/ticks.h"
#include "plots/type_width.h"

#define LOG_FROM 100.0
#define NUMBER_GAP_PT 3.0
#define NUMBER_ROOM_PT 20.0
#define LYING_STRIP_PT 3.5
#define LYING_GAP_PT 3.0
/* Neighbours overlap by this, or paper would shine through between them. */
#define OVERLAP_PT 0.15

enum { PARTS = 75, LABELS_LEAST = 2, LABELS_MOST = 8, END_DIGITS = 4 };

static const tml_pen rim_pen = {.colour = TML_COLOUR_INK, .width_pt = TML_LINE_GRID_PT};

tml_colour_bar tml_colour_bar_start(size_t count, const double *values, size_t stride, const char *label)
{
    tml_axis range = {.low = INFINITY, .high = -INFINITY};
    bool is_single;

    for (size_t i = 0; i < count; ++i)
        tml_axis_cover(&range, 1, values + i * stride);
    is_single = !(range.high - range.low > 1e-9 * fmax(fabs(range.low), fabs(range.high)));
    range.is_log = !is_single && range.low > 0.0 && range.high > LOG_FROM * range.low;
    if (is_single)
        tml_axis_pad(&range, 0.0);
    return (tml_colour_bar){label, range.low, range.high, range.is_log};
}

double tml_colour_bar_place(const tml_colour_bar *bar, double value)
{
    double place = bar->is_log ? log(value / bar->low) / log(bar->high / bar->low)
                               : (value - bar->low) / (bar->high - bar->low);

    return place > 0.0 ? fmin(place, 1.0) : 0.0;
}

tml_colour tml_colour_bar_colour(const tml_colour_bar *bar, double value)
{
    return isfinite(value) ? tml_theme_mapped(tml_colour_bar_place(bar, value)) : TML_COLOUR_FAINT;
}

static void place_ticks(const tml_colour_bar *bar, double length_pt, tml_ticks *ticks)
{
    double room = floor(length_pt / NUMBER_ROOM_PT);
    size_t wanted = (size_t)fmin(fmax(room, LABELS_LEAST), LABELS_MOST);

    if (bar->is_log)
        tml_ticks_log(bar->low, bar->high, ticks);
    else
        tml_ticks_linear(bar->low, bar->high, wanted, false, ticks);
}

static double widest_number(const tml_ticks *ticks)
{
    double widest = 0.0;

    for (size_t i = 0; i < ticks->count; ++i)
        widest = fmax(widest, tml_type_width(ticks->tick[i].text, TML_TYPE_TICK_PT));
    return widest;
}

double tml_colour_bar_margin(const tml_colour_bar *bar, double height_pt)
{
    tml_ticks ticks;

    place_ticks(bar, height_pt, &ticks);
    return 2.0 * NUMBER_GAP_PT + widest_number(&ticks) + 1.4 * TML_TYPE_LABEL_PT;
}

static void draw_rim(const tml_canvas *canvas, const tml_box *strip)
{
    tml_stroke rim;

    tml_stroke_begin(&rim, canvas, &rim_pen);
    tml_stroke_to(&rim, strip->left, strip->bottom);
    tml_stroke_to(&rim, strip->right, strip->bottom);
    tml_stroke_to(&rim, strip->right, strip->top);
    tml_stroke_to(&rim, strip->left, strip->top);
    tml_stroke_to(&rim, strip->left, strip->bottom);
    tml_stroke_to(&rim, strip->right, strip->bottom); /* once more, so that the first corner is closed */
    tml_stroke_end(&rim);
}

static void draw_strip(const tml_canvas *canvas, const tml_box *strip, bool is_upright)
{
    double width = strip->right - strip->left, height = strip->top - strip->bottom;

    tml_pen_clip(canvas, strip);
    for (int i = 0; i < PARTS; ++i) {
        const tml_fill fill = {tml_theme_mapped((double)i / (PARTS - 1)), 1.0};
        double start = (double)i / PARTS, end = (double)(i + 1) / PARTS;
        tml_box part = *strip;

        if (is_upright) {
            part.bottom = strip->bottom + start * height;
            part.top = strip->bottom + end * height + OVERLAP_PT;
        } else {
            part.left = strip->left + start * width;
            part.right = strip->left + end * width + OVERLAP_PT;
        }
        tml_fill_box(canvas, &fill, &part);
    }
    tml_pen_clip(canvas, NULL);
    draw_rim(canvas, strip);
}

void tml_colour_bar_draw(const tml_canvas *canvas, const tml_colour_bar *bar, const tml_box *strip)
{
    const tml_type number = {TML_TYPE_TICK_PT, TML_COLOUR_INK, 0.0, false};
    const tml_type label = {TML_TYPE_LABEL_PT, TML_COLOUR_INK, 0.5, true};
    double height = strip->top - strip->bottom;
    tml_ticks ticks;

    draw_strip(canvas, strip, true);
    place_ticks(bar, height, &ticks);
    for (size_t i = 0; i < ticks.count; ++i) {
        double y = strip->bottom + height * tml_colour_bar_place(bar, ticks.tick[i].value);

        tml_pen_line(canvas, &rim_pen, strip->right, y, strip->right + (ticks.tick[i].is_major ? 2.2 : 1.2),
                     y);
        tml_pen_text(canvas, &number, strip->right + NUMBER_GAP_PT, y - 0.36 * number.size_pt,
                     ticks.tick[i].text);
    }
    tml_pen_text_within(canvas, &label,
                        strip->right + 2.0 * NUMBER_GAP_PT + widest_number(&ticks) + 0.9 * label.size_pt,
                        0.5 * (strip->bottom + strip->top), height, bar->label);
}

/* The ends as they are, so that no tick is needed. */
static void write_end(double value, char text[TML_TICK_TEXT])
{
    int digits = 1;
    double size = fabs(value);

    while (digits < END_DIGITS && size > 0.0) {
        double unit = pow(10.0, floor(log10(size)) + 1.0 - digits);

        if (fabs(value - round(value / unit) * unit) < 1e-3 * unit)
            break;
        ++digits;
    }
    tml_ticks_number(value, digits, text);
}

void tml_colour_bar_draw_lying(const tml_canvas *canvas, const tml_colour_bar *bar, const tml_box *box)
{
    const tml_type first = {TML_TYPE_NOTE_PT, TML_COLOUR_INK, 0.0, false};
    const tml_type last = {TML_TYPE_NOTE_PT, TML_COLOUR_INK, 1.0, false};
    const tml_type label = {TML_TYPE_LEGEND_PT, TML_COLOUR_INK, 0.5, false};
    const tml_box strip = {box->left, box->bottom, box->right, box->bottom + LYING_STRIP_PT};
    double base_line = strip.top + 0.35 * TML_TYPE_NOTE_PT, ends, room;
    char low[TML_TICK_TEXT], high[TML_TICK_TEXT];

    write_end(bar->low, low);
    write_end(bar->high, high);
    draw_strip(canvas, &strip, false);
    tml_pen_text(canvas, &first, box->left, base_line, low);
    tml_pen_text(canvas, &last, box->right, base_line, high);
    ends = fmax(tml_type_width(low, first.size_pt), tml_type_width(high, last.size_pt));
    room = box->right - box->left - 2.0 * (ends + LYING_GAP_PT);
    if (room > 0.0)
        tml_pen_text_within(canvas, &label, 0.5 * (box->left + box->right), base_line, room, bar->label);
}
