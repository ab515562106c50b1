#include "plots/marker.h"

#include <math.h>

#include "plots/fill.h"

#define PI 3.14159265358979323846

enum { CORNERS_MAXIMUM = 24 };

typedef struct outline {
    size_t count;
    double x[CORNERS_MAXIMUM], y[CORNERS_MAXIMUM];
} outline;

/* Regular corners around the middle, the first in direction `turn` of a full turn. Shapes of few corners are
 * drawn larger: equal areas look equal. */
static void place_corners(const tml_marker *marker, double x_pt, double y_pt, outline *corners)
{
    static const struct {
        size_t count;
        double turn, size;
    } shapes[TML_SHAPES] = {
        [TML_SHAPE_SQUARE] = {4, 0.125, 1.25},
        [TML_SHAPE_TRIANGLE] = {3, 0.25, 1.4},
        [TML_SHAPE_DIAMOND] = {4, 0.0, 1.35},
        [TML_SHAPE_TRIANGLE_DOWN] = {3, 0.75, 1.4},
        [TML_SHAPE_CROSS] = {4, 0.125, 1.2},
        [TML_SHAPE_PLUS] = {4, 0.0, 1.2},
        [TML_SHAPE_RING] = {CORNERS_MAXIMUM, 0.0, 1.0},
    };
    double radius = shapes[marker->shape].size * marker->radius_pt;

    corners->count = shapes[marker->shape].count;
    for (size_t i = 0; i < corners->count; ++i) {
        double angle = 2.0 * PI * (shapes[marker->shape].turn + (double)i / (double)corners->count);

        corners->x[i] = x_pt + radius * cos(angle);
        corners->y[i] = y_pt + radius * sin(angle);
    }
}

static void draw_arms(const tml_canvas *canvas, const tml_pen *pen, const outline *corners)
{
    for (size_t i = 0; i < 2; ++i)
        tml_pen_line(canvas, pen, corners->x[i], corners->y[i], corners->x[i + 2], corners->y[i + 2]);
}

static void draw_ring(const tml_canvas *canvas, const tml_pen *pen, const outline *corners)
{
    tml_stroke stroke;

    tml_stroke_begin(&stroke, canvas, pen);
    for (size_t i = 0; i <= corners->count + 1; ++i) /* one corner too many closes the ring */
        tml_stroke_to(&stroke, corners->x[i % corners->count], corners->y[i % corners->count]);
    tml_stroke_end(&stroke);
}

void tml_marker_draw(const tml_canvas *canvas, const tml_marker *marker, double x_pt, double y_pt)
{
    const tml_pen pen = {.colour = marker->colour,
                         .width_pt = fmin(TML_LINE_DATA_PT, 0.6 * marker->radius_pt)};
    const tml_fill fill = {marker->colour, marker->opacity};
    outline corners;

    if (!isfinite(x_pt) || !isfinite(y_pt) || !(marker->radius_pt > 0.0))
        return;
    if (marker->shape == TML_SHAPE_DISC) {
        tml_fill_disc(canvas, &fill, x_pt, y_pt, marker->radius_pt);
        return;
    }
    place_corners(marker, x_pt, y_pt, &corners);
    if (marker->shape == TML_SHAPE_CROSS || marker->shape == TML_SHAPE_PLUS)
        draw_arms(canvas, &pen, &corners);
    else if (marker->shape == TML_SHAPE_RING)
        draw_ring(canvas, &pen, &corners);
    else
        tml_fill_polygon(canvas, &fill, corners.count, corners.x, corners.y);
}
