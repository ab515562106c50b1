#include "plots/legend.h"

#include <math.h>

#include "plots/type_width.h"

#define SAMPLE_PT 15.0
#define NARROW_SAMPLE_PT 5.0
#define SAMPLE_GAP_PT 3.5
#define ENTRY_GAP_PT 9.0
#define ROW_PT (1.45 * TML_TYPE_LEGEND_PT)

/* A marker or an upright line needs less room. */
static double sample_width(const tml_legend_entry *entry)
{
    if (entry->fill.opacity > 0.0 || (entry->pen.width_pt > 0.0 && !entry->is_upright))
        return SAMPLE_PT;
    return entry->pen.width_pt > 0.0 || entry->marker.radius_pt > 0.0 ? NARROW_SAMPLE_PT : 0.0;
}

static double text_start(const tml_legend_entry *entry)
{
    double sample = sample_width(entry);

    return sample > 0.0 ? sample + SAMPLE_GAP_PT : 0.0;
}

static double entry_width(const tml_legend_entry *entry, double width_pt)
{
    return fmin(tml_type_width(entry->text, TML_TYPE_LEGEND_PT) + text_start(entry), width_pt);
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
        place_entry(entry_width(&entries[i], width_pt), width_pt, &end, &row, &start);
    return count > 0 ? (double)(row + 1) * ROW_PT : 0.0;
}

static void draw_sample(const tml_canvas *canvas, const tml_legend_entry *entry, double x, double base_line)
{
    double width = sample_width(entry), middle = base_line + 0.3 * TML_TYPE_LEGEND_PT;
    const tml_box area = {x, base_line - 0.05 * TML_TYPE_LEGEND_PT, x + width,
                          base_line + 0.7 * TML_TYPE_LEGEND_PT};

    tml_fill_box(canvas, &entry->fill, &area);
    if (entry->pen.width_pt > 0.0 && entry->is_upright)
        tml_pen_line(canvas, &entry->pen, x + 0.5 * width, base_line - 0.1 * TML_TYPE_LEGEND_PT,
                     x + 0.5 * width, base_line + 0.75 * TML_TYPE_LEGEND_PT);
    else if (entry->pen.width_pt > 0.0)
        tml_pen_line(canvas, &entry->pen, x, middle, x + width, middle);
    tml_marker_draw(canvas, &entry->marker, x + 0.5 * width, middle);
}

void tml_legend_draw(const tml_canvas *canvas, size_t count, const tml_legend_entry *entries, double left_pt,
                     double top_pt, double width_pt)
{
    const tml_type type = {TML_TYPE_LEGEND_PT, TML_COLOUR_INK, 0.0, false};
    double end = 0.0, start;
    size_t row = 0;

    tml_pen_clip(canvas, NULL);
    for (size_t i = 0; i < count; ++i) {
        double width = entry_width(&entries[i], width_pt), indent = text_start(&entries[i]), base_line;

        place_entry(width, width_pt, &end, &row, &start);
        base_line = top_pt - (double)row * ROW_PT - TML_TYPE_LEGEND_PT;
        draw_sample(canvas, &entries[i], left_pt + start, base_line);
        tml_pen_text_within(canvas, &type, left_pt + start + indent, base_line, width - indent + 0.01,
                            entries[i].text);
    }
}
