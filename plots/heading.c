#include "plots/heading.h"

#include <assert.h>

#define LEGEND_GAP_PT 3.0
#define TITLE_ROW_PT (1.4 * TML_TYPE_TITLE_PT)

void tml_heading_add(tml_heading *heading, const tml_legend_entry *entry)
{
    assert(heading->entries < TML_HEADING_ENTRIES);
    heading->entry[heading->entries] = *entry;
    ++heading->entries;
}

static double legend_top(const tml_heading *heading, double width_pt)
{
    return LEGEND_GAP_PT + tml_legend_height(heading->entries, heading->entry, width_pt);
}

double tml_heading_height(const tml_heading *heading, double width_pt)
{
    return legend_top(heading, width_pt) + (heading->title != NULL ? TITLE_ROW_PT : 0.0) + TML_MARGIN_TOP_PT;
}

void tml_heading_draw(const tml_canvas *canvas, const tml_heading *heading, double left_pt, double bottom_pt,
                      double width_pt)
{
    const tml_type title = {TML_TYPE_TITLE_PT, TML_COLOUR_INK, 0.0, false};
    double top = bottom_pt + legend_top(heading, width_pt);

    tml_pen_clip(canvas, NULL);
    if (heading->title != NULL)
        tml_pen_text_within(canvas, &title, left_pt, top + 0.5 * TML_TYPE_TITLE_PT, width_pt, heading->title);
    tml_legend_draw(canvas, heading->entries, heading->entry, left_pt, top, width_pt);
}
