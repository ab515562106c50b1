#include "plots/pen.h"

#include <math.h>
#include <plplot.h>
#include <string.h>

#include "plots/type_width.h"

#define MM_PER_PT (25.4 / 72.0)

#define DRIVER_TYPE 0.75

/* Type that is made smaller stays readable. */
#define SMALLEST_TYPE 0.65

enum { LETTER_BYTES = 8, CUT_BYTES = 1024 };

void tml_pen_clip(const tml_canvas *canvas, const tml_box *box)
{
    tml_box page = {0.0, 0.0, canvas->width_pt, canvas->height_pt};
    const tml_box *area = box != NULL ? box : &page;

    plvpor(area->left / canvas->width_pt, area->right / canvas->width_pt, area->bottom / canvas->height_pt,
           area->top / canvas->height_pt);
    plwind(area->left, area->right, area->bottom, area->top);
}

static void select_pen(const tml_canvas *canvas, tml_colour colour, double width_pt)
{
    plcol0((PLINT)colour);
    plwidth(width_pt * canvas->scale);
}

static void flush_stroke(tml_stroke *stroke)
{
    if (stroke->count > 1)
        plline((PLINT)stroke->count, stroke->x, stroke->y);
    stroke->count = 0;
}

static void append_point(tml_stroke *stroke, double x, double y)
{
    if (stroke->count == TML_STROKE_POINTS) {
        flush_stroke(stroke);
        stroke->x[0] = stroke->x[TML_STROKE_POINTS - 1];
        stroke->y[0] = stroke->y[TML_STROKE_POINTS - 1];
        stroke->count = 1;
    }
    stroke->x[stroke->count] = x;
    stroke->y[stroke->count] = y;
    ++stroke->count;
}

void tml_stroke_begin(tml_stroke *stroke, const tml_canvas *canvas, const tml_pen *pen)
{
    stroke->pen = *pen;
    stroke->count = 0;
    stroke->is_drawing = true;
    stroke->left_pt = pen->dash_pt;
    select_pen(canvas, pen->colour, pen->width_pt);
}

/* PLplot's own dashes change their length with the device. The last point of the stroke is where the pen is,
 * also in a gap. */
static void dash_to(tml_stroke *stroke, double x, double y)
{
    double x0 = stroke->x[stroke->count - 1], y0 = stroke->y[stroke->count - 1];
    double length = hypot(x - x0, y - y0), done = 0.0;

    while (length - done > stroke->left_pt) {
        double cut_x, cut_y;

        done += stroke->left_pt;
        cut_x = x0 + (x - x0) * done / length;
        cut_y = y0 + (y - y0) * done / length;
        if (stroke->is_drawing) {
            append_point(stroke, cut_x, cut_y);
            flush_stroke(stroke);
        }
        stroke->is_drawing = !stroke->is_drawing;
        stroke->left_pt = stroke->is_drawing ? stroke->pen.dash_pt : stroke->pen.gap_pt;
        stroke->count = 0;
        append_point(stroke, cut_x, cut_y);
    }
    stroke->left_pt -= length - done;
    if (!stroke->is_drawing)
        stroke->count = 0;
    append_point(stroke, x, y);
}

void tml_stroke_to(tml_stroke *stroke, double x_pt, double y_pt)
{
    if (!isfinite(x_pt) || !isfinite(y_pt)) {
        tml_stroke_end(stroke);
        stroke->is_drawing = true;
        stroke->left_pt = stroke->pen.dash_pt;
        return;
    }
    if (stroke->count == 0 || !(stroke->pen.dash_pt > 0.0))
        append_point(stroke, x_pt, y_pt);
    else
        dash_to(stroke, x_pt, y_pt);
}

void tml_stroke_end(tml_stroke *stroke)
{
    if (stroke->is_drawing)
        flush_stroke(stroke);
    stroke->count = 0;
}

void tml_pen_line(const tml_canvas *canvas, const tml_pen *pen, double x0_pt, double y0_pt, double x1_pt,
                  double y1_pt)
{
    tml_stroke stroke;

    tml_stroke_begin(&stroke, canvas, pen);
    tml_stroke_to(&stroke, x0_pt, y0_pt);
    tml_stroke_to(&stroke, x1_pt, y1_pt);
    tml_stroke_end(&stroke);
}

/* The driver counts a type size as if a point were 1/96 inch, and puts the base line half of that below the
 * place. */
static void set_type(const tml_canvas *canvas, const tml_type *type)
{
    plcol0((PLINT)type->colour);
    plschr(DRIVER_TYPE * type->size_pt * MM_PER_PT * canvas->scale, 1.0);
}

/* What PLplot is given for a character: "#" begins its markup, and one malformed byte would cost the figure.
 */
static void write_letter(char letter[LETTER_BYTES], const char *text, size_t length)
{
    memset(letter, 0, LETTER_BYTES);
    if (*text == '#')
        memcpy(letter, "##", 2);
    else if (tml_type_is_malformed(text, length))
        memcpy(letter, "\xEF\xBF\xBD", 3);
    else
        memcpy(letter, text, length);
}

void tml_pen_text(const tml_canvas *canvas, const tml_type *type, double x_pt, double y_pt, const char *text)
{
    double rise = 0.5 * DRIVER_TYPE * type->size_pt;
    double along = -type->align * tml_type_width(text, type->size_pt), width;

    set_type(canvas, type);
    for (size_t length; (length = tml_type_character(text, &width)) > 0; text += length) {
        char letter[LETTER_BYTES];

        write_letter(letter, text, length);
        if (length > 1 || (unsigned char)*text > ' ') {
            if (type->is_vertical)
                plptex(x_pt - rise, y_pt + along, 0.0, 1.0, 0.0, letter);
            else
                plptex(x_pt + along, y_pt + rise, 1.0, 0.0, 0.0, letter);
        }
        along += width * type->size_pt;
    }
}

void tml_pen_text_within(const tml_canvas *canvas, const tml_type *type, double x_pt, double y_pt,
                         double length_pt, const char *text)
{
    static const char ellipsis[] = "…";
    tml_type fitted = *type;
    double natural = tml_type_width(text, type->size_pt), end, width;
    char cut[CUT_BYTES];
    size_t kept = 0;

    fitted.size_pt *= fmax(fmin(1.0, length_pt / fmax(natural, 1e-9)), SMALLEST_TYPE);
    if (natural * SMALLEST_TYPE <= length_pt) {
        tml_pen_text(canvas, &fitted, x_pt, y_pt, text);
        return;
    }
    end = tml_type_width(ellipsis, fitted.size_pt);
    for (size_t length; (length = tml_type_character(text + kept, &width)) > 0; kept += length) {
        end += width * fitted.size_pt;
        if (end > length_pt || kept + length + sizeof ellipsis > sizeof cut)
            break;
    }
    memcpy(cut, text, kept);
    memcpy(cut + kept, ellipsis, sizeof ellipsis);
    tml_pen_text(canvas, &fitted, x_pt, y_pt, cut);
}
