#include "plots/density.h"

#include <math.h>

#include "plots/fill.h"
#include "plots/ticks.h"
#include "plots/type_width.h"

#define CELL_PT 2.2
/* Neighbours overlap by this, or paper would shine through between them. */
#define OVERLAP_PT 0.15
#define STRIP_PT 5.0
#define LABEL_GAP_PT 6.0

enum { STRIP_PARTS = 64 };

static size_t cells_along(double length_pt, size_t most)
{
    double wanted = floor(length_pt / CELL_PT);

    return wanted < 1.0 ? 1 : wanted > (double)most ? most : (size_t)wanted;
}

static size_t columns_of(const tml_axes *axes)
{
    return cells_along(axes->frame.right - axes->frame.left, TML_DENSITY_COLUMNS);
}

static size_t rows_of(const tml_axes *axes)
{
    return cells_along(axes->frame.top - axes->frame.bottom, TML_DENSITY_ROWS);
}

void tml_density_add(tml_density *density, const tml_axes *axes, double x, double y)
{
    double columns = (double)columns_of(axes), rows = (double)rows_of(axes);
    double column = (tml_axes_x(axes, x) - axes->frame.left) / (axes->frame.right - axes->frame.left) *
                    columns;
    double row = (tml_axes_y(axes, y) - axes->frame.bottom) / (axes->frame.top - axes->frame.bottom) * rows;

    if (column >= 0.0 && column < columns && row >= 0.0 && row < rows)
        ++density->cell[(size_t)row][(size_t)column];
}

uint32_t tml_density_peak(const tml_density *density)
{
    uint32_t peak = 0;

    for (size_t r = 0; r < TML_DENSITY_ROWS; ++r)
        for (size_t c = 0; c < TML_DENSITY_COLUMNS; ++c)
            peak = density->cell[r][c] > peak ? density->cell[r][c] : peak;
    return peak;
}

static double shade(uint32_t number, uint32_t peak)
{
    return peak > 1 ? log((double)number) / log((double)peak) : 1.0;
}

void tml_density_draw(const tml_canvas *canvas, const tml_axes *axes, const tml_density *density,
                      uint32_t peak)
{
    const tml_box *frame = &axes->frame;
    size_t columns = columns_of(axes), rows = rows_of(axes);
    double width = (frame->right - frame->left) / (double)columns;
    double height = (frame->top - frame->bottom) / (double)rows;

    tml_pen_clip(canvas, frame);
    for (size_t r = 0; r < rows; ++r) {
        for (size_t c = 0, end; c < columns; c = end) {
            uint32_t number = density->cell[r][c];
            tml_box box = {frame->left + width * (double)c, frame->bottom + height * (double)r, 0.0, 0.0};

            for (end = c + 1; end < columns && density->cell[r][end] == number;)
                ++end;
            box.right = frame->left + width * (double)end + OVERLAP_PT;
            box.top = box.bottom + height + OVERLAP_PT;
            if (number > 0)
                tml_fill_box_mapped(canvas, shade(number, peak), &box);
        }
    }
}

double tml_density_scale_height(void)
{
    return STRIP_PT + 1.5 * TML_TYPE_NOTE_PT;
}

static void draw_strip(const tml_canvas *canvas, const tml_box *strip)
{
    const tml_pen pen = {.colour = TML_COLOUR_INK, .width_pt = TML_LINE_GRID_PT};
    double part = (strip->right - strip->left) / STRIP_PARTS;
    tml_stroke rim;

    tml_pen_clip(canvas, strip);
    for (int i = 0; i < STRIP_PARTS; ++i) {
        const tml_box box = {strip->left + part * i, strip->bottom, strip->left + part * (i + 1) + OVERLAP_PT,
                             strip->top};

        tml_fill_box_mapped(canvas, (double)i / (STRIP_PARTS - 1), &box);
    }
    tml_pen_clip(canvas, NULL);
    tml_stroke_begin(&rim, canvas, &pen);
    tml_stroke_to(&rim, strip->left, strip->bottom);
    tml_stroke_to(&rim, strip->right, strip->bottom);
    tml_stroke_to(&rim, strip->right, strip->top);
    tml_stroke_to(&rim, strip->left, strip->top);
    tml_stroke_to(&rim, strip->left, strip->bottom);
    tml_stroke_end(&rim);
}

void tml_density_scale(const tml_canvas *canvas, const tml_box *box, uint32_t peak, const char *label)
{
    const tml_type words = {TML_TYPE_LEGEND_PT, TML_COLOUR_INK, 0.0, false};
    const tml_type number = {TML_TYPE_NOTE_PT, TML_COLOUR_INK, 0.5, false};
    const tml_pen pen = {.colour = TML_COLOUR_INK, .width_pt = TML_LINE_FRAME_PT};
    tml_box strip = {box->left + tml_type_width(label, words.size_pt) + LABEL_GAP_PT, box->bottom, box->right,
                     box->bottom + STRIP_PT};
    tml_axes scale = {.frame = strip, .x = {.low = 1.0, .high = fmax(2.0, peak), .is_log = true}};
    tml_ticks ticks;

    tml_pen_clip(canvas, NULL);
    tml_pen_text(canvas, &words, box->left, box->bottom, label);
    draw_strip(canvas, &strip);
    tml_ticks_log(scale.x.low, scale.x.high, &ticks);
    for (size_t i = 0; i < ticks.count; ++i) {
        double x = tml_axes_x(&scale, ticks.tick[i].value);

        tml_pen_line(canvas, &pen, x, strip.top, x, strip.top + (ticks.tick[i].is_major ? 1.8 : 1.0));
        tml_pen_text(canvas, &number, x, strip.top + 0.4 * TML_TYPE_NOTE_PT, ticks.tick[i].text);
    }
}
