#include "plots/beyond.h"

#include "plots/marker.h"

#define PLACE_PT 0.5
#define RADIUS_PT 1.9

void tml_beyond_add(tml_beyond *beyond, const tml_axes *axes, double x, double y)
{
    bool is_above = y > axes->y.high;
    double place = (tml_axes_x(axes, x) - axes->frame.left) / PLACE_PT;

    if (!tml_axis_can_show(&axes->y, y) || !(is_above || y < axes->y.low) || !(place >= 0.0) ||
        place >= TML_BEYOND_PLACES)
        return;
    ++beyond->count;
    beyond->is_taken[is_above][(size_t)place] = true;
}

void tml_beyond_draw(const tml_canvas *canvas, const tml_axes *axes, const tml_beyond *beyond)
{
    const tml_marker markers[2] = {{TML_SHAPE_TRIANGLE_DOWN, TML_COLOUR_INK, RADIUS_PT, 1.0},
                                   {TML_SHAPE_TRIANGLE, TML_COLOUR_INK, RADIUS_PT, 1.0}};
    const double heights[2] = {axes->frame.bottom + 1.4 * RADIUS_PT, axes->frame.top - 1.4 * RADIUS_PT};

    tml_pen_clip(canvas, &axes->frame);
    for (size_t side = 0; side < 2; ++side)
        for (size_t place = 0; place < TML_BEYOND_PLACES; ++place)
            if (beyond->is_taken[side][place])
                tml_marker_draw(canvas, &markers[side], axes->frame.left + PLACE_PT * ((double)place + 0.5),
                                heights[side]);
}
