#include "plots/legend.h"

#include "plots/type_width.h"

#define SAMPLE_PT 15.0
#define SAMPLE_GAP_PT 3.5
#define ENTRY_GAP_PT 9.0
#define ROW_PT (1.45 * TML_TYPE_LEGEND_PT)

static double entry_width(const tml_legend_entry *entry)
{
    return tml_type_width(entry->text, TML_TYPE_LEGEND_PT) +
           (entry->pen.width_pt > 0.0 ? SAMPLE_PT + SAMPLE_GAP_PT : 0.0);
}

/* Place of the next entry: beside the last one, or in a new row when the width is used up. */
static void place_entry(double entry_pt, double width_pt, double *end_pt, size_t *row, double *start_pt)
{
    if (*end_pt > 0.0 && *end_pt + ENTRY_GAP_PT + entry_pt > width_pt) {
        ++*row;
        *end_pt = 0.0;
    }
    *start_pt = *end_pt > 0.0 ? *end_pt + ENTRY_GAP_PT : 0.0;
    *end_pt = *start_pt + entry_pt;
}

double tml_legend_height(size_t count, const tml_legend_entry *entries, double width_pt)
{
    double end = 0.0, start;
    size_t row = 0;

    for (size_t i = 0; i < count; ++i)
        place_entry(entry_width(&entries[i]), width_pt, &end, &row, &start);
    return count > 0 ? (double)(row + 1) * ROW_PT : 0.0;
}

void tml_legend_draw(const tml_canvas *canvas, size_t count, const tml_legend_entry *entries, double left_pt,
                     double top_pt, double width_pt)
{
    const tml_type type = {TML_TYPE_LEGEND_PT, TML_COLOUR_INK, 0.0, false};
    double end = 0.0, start;
    size_t row = 0;

    tml_pen_clip(canvas, NULL);
    for (size_t i = 0; i < count; ++i) {
        double x, base_line;

        place_entry(entry_width(&entries[i]), width_pt, &end, &row, &start);
        x = left_pt + start;
        base_line = top_pt - (double)row * ROW_PT - TML_TYPE_LEGEND_PT;
        if (entries[i].pen.width_pt > 0.0) {
            double y = base_line + 0.3 * TML_TYPE_LEGEND_PT;

            tml_pen_line(canvas, &entries[i].pen, x, y, x + SAMPLE_PT, y);
            x += SAMPLE_PT + SAMPLE_GAP_PT;
        }
        tml_pen_text(canvas, &type, x, base_line, entries[i].text);
    }
}
