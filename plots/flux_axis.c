#include "plots/flux_axis.h"

#include <math.h>

#define LOG_FROM 30.0
#define LOG_ROOM 3.0
#define LINEAR_ROOM 0.5
#define ERROR_ROOM 2.0
#define PAD 0.04

/* On one column a pixel would be narrower than two thirds of a point. */
enum { PIXELS_ON_ONE_COLUMN = 300 };

static bool has_bar(const tml_axis *axis, double flux, double error)
{
    return tml_axis_can_show(axis, flux) && error > 0.0 && isfinite(error);
}

/* The geometric mean does not follow a few errors that are far larger than the others. */
static double typical_error(const tml_axis *axis, size_t count, const double *flux, const double *error)
{
    double sum = 0.0;
    size_t bars = 0;

    for (size_t i = 0; i < count; ++i) {
        if (has_bar(axis, flux[i], error[i])) {
            sum += log(error[i]);
            ++bars;
        }
    }
    return bars > 0 ? exp(sum / (double)bars) : 0.0;
}

static void cover_error_bars(tml_axis *axis, size_t count, const double *flux, const double *error)
{
    double room = fmax(LINEAR_ROOM * (axis->high - axis->low),
                       ERROR_ROOM * typical_error(axis, count, flux, error));
    double low = axis->is_log ? axis->low / LOG_ROOM : axis->low - room;
    double high = axis->is_log ? axis->high * LOG_ROOM : axis->high + room;

    for (size_t i = 0; i < count; ++i) {
        const double ends[2] = {fmax(flux[i] - error[i], low), fmin(flux[i] + error[i], high)};

        if (has_bar(axis, flux[i], error[i]))
            tml_axis_cover(axis, 2, ends);
    }
}

tml_axis tml_flux_axis(size_t count, const double *flux, const double *error, const double *model,
                       const char *label)
{
    tml_axis axis = {.low = INFINITY, .high = -INFINITY, .label = label};

    tml_axis_cover(&axis, count, flux);
    tml_axis_cover(&axis, count, model);
    axis.is_log = axis.low > 0.0 && isfinite(axis.low) && axis.high > LOG_FROM * axis.low;
    cover_error_bars(&axis, count, flux, error);
    tml_axis_pad(&axis, PAD);
    return axis;
}

void tml_flux_axis_zero(const tml_canvas *canvas, const tml_axes *axes)
{
    const tml_pen pen = {.colour = TML_COLOUR_MUTED, .width_pt = TML_LINE_FRAME_PT};
    double y = tml_axes_y(axes, 0.0);

    tml_pen_clip(canvas, &axes->frame);
    if (axes->y.low < 0.0 && axes->y.high > 0.0 && isfinite(y))
        tml_pen_line(canvas, &pen, axes->frame.left, y, axes->frame.right, y);
}

double tml_flux_axis_page_width(size_t count)
{
    return count > PIXELS_ON_ONE_COLUMN ? TML_FIGURE_WIDE_PT : TML_FIGURE_WIDTH_PT;
}
