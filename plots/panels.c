#include "plots/panels.h"

#include <math.h>

#include "plots/theme.h"

#define GAP_PT 9.0
#define ROW_GAP_PT 8.0

static double widest_margin(size_t count, const tml_axes *axes)
{
    double margin = 0.0;

    for (size_t i = 0; i < count; ++i)
        margin = fmax(margin, tml_axes_margin(&axes[i]));
    return margin;
}

static void place_columns(const tml_panels *panels, size_t count, tml_axes *axes)
{
    double margin = widest_margin(count, axes);
    double between = panels->has_one_y ? GAP_PT : margin + TML_MARGIN_RIGHT_PT;
    double columns = (double)panels->columns;
    double frame = (panels->width_pt - margin - TML_MARGIN_RIGHT_PT - between * (columns - 1.0)) / columns;

    for (size_t i = 0; i < count; ++i) {
        size_t column = i % panels->columns;

        axes[i].margin_pt = margin;
        axes[i].frame.left = margin + (frame + between) * (double)column;
        axes[i].frame.right = axes[i].frame.left + frame;
        axes[i].x.is_bare = panels->has_one_x && i + panels->columns < count;
        axes[i].y.is_bare = panels->has_one_y && column > 0;
    }
}

double tml_panels_place(const tml_panels *panels, size_t count, tml_axes *axes)
{
    size_t rows = (count + panels->columns - 1) / panels->columns;
    double between = panels->has_one_x ? ROW_GAP_PT : TML_MARGIN_BOTTOM_PT + ROW_GAP_PT;
    double row = panels->frame_pt + panels->above_pt + between;

    for (size_t i = 0; i < count; ++i) {
        axes[i].frame.bottom = TML_MARGIN_BOTTOM_PT + panels->below_pt +
                               row * (double)(rows - 1 - i / panels->columns);
        axes[i].frame.top = axes[i].frame.bottom + panels->frame_pt;
    }
    place_columns(panels, count, axes);
    return TML_MARGIN_BOTTOM_PT + panels->below_pt + row * (double)rows - between;
}
