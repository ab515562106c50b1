#ifndef TML_PLOTS_DRAW_SAMPLES_H
#define TML_PLOTS_DRAW_SAMPLES_H

/** @file plots/draw_samples.h
 * What the figures of Monte-Carlo draws share: which draws count, their bins, and the marks of what others
 * found. Not collective. */

#include <stdbool.h>

#include "plots/axes.h"
#include "plots/draw_histograms.h"
#include "plots/heading.h"
#include "plots/histogram.h"

/** How the answer is drawn, and for the legend the edge of the grid with what lies beyond it. */
tml_pen tml_draw_answer_pen(void);
tml_legend_entry tml_draw_grid_edge_entry(void);

/** Whether a draw can be shown. */
bool tml_draw_can_show(const tml_draw_panel *panel, size_t draw);

/** Bins over all draws unless a few lie far away from the others; around draws that are all equal; low above
 * high without any.
 * @param sample   out: [TML_HISTOGRAM_SAMPLES] of the draws, evenly chosen, ascending
 * @param sampled  out: how many these are */
tml_bins tml_draw_bins(const tml_draw_panel *panel, size_t draws, double *sample, size_t *sampled);

/** Whether a reference is known, and its error: 0 when it is not. */
bool tml_draw_has_reference(const tml_draw_panel *panel, size_t reference);
double tml_draw_reference_error(const tml_draw_panel *panel, size_t reference);

enum { TML_DRAW_NAMES = TML_DRAW_PANELS * TML_DRAW_REFERENCES };

/** Names of the references of a figure, each once; borrowed. Start with zeros. */
typedef struct tml_draw_names {
    size_t count;
    const char *name[TML_DRAW_NAMES];
} tml_draw_names;

void tml_draw_names_add(tml_draw_names *names, const tml_draw_panel *panel);

/** Number of a name that was added. */
size_t tml_draw_names_find(const tml_draw_names *names, const char *name);

/** The marker of a name: shapes and colours have different periods, so that no two of many are alike. */
tml_marker tml_draw_reference_marker(size_t name);

/** An entry for each name. */
void tml_draw_names_heading(const tml_draw_names *names, tml_heading *heading);

/** Whether a value lies on an axis. */
bool tml_draw_is_on_axis(const tml_axis *axis, double value);

/** Shade what lies beyond the grid, as far as it is known. Only inside a tml_draw.
 * @param across, up  parameters of the axes; up NULL: it is none */
void tml_draw_grid_edges(const tml_canvas *canvas, const tml_axes *axes, const tml_draw_panel *across,
                         const tml_draw_panel *up);

/** As far as both figures check what they are given. @return TML_OK or TML_BAD_DATA */
TML_NODISCARD tml_status tml_draw_check(const tml_draw_histograms_plot *plot, tml_error *error);

#endif
