#ifndef TML_PLOTS_COVERAGE_MAP_H
#define TML_PLOTS_COVERAGE_MAP_H

/** @file plots/coverage_map.h
 * The figure of what a grid covers: for each pair of its axes how many spectra there are at each node, as
 * cells that reach half-way to the neighbours. Where there is no spectrum there is no cell: a gap is paper.
 */

#include <stddef.h>

#include "core/status.h"

enum { TML_COVERAGE_AXES = 8 };

typedef struct tml_coverage_cell {
    size_t x_axis, y_axis; /* number of the axis; which of them is across does not matter */
    double x, y;           /* of the node, on these axes */
    double number;         /* of spectra; 0 is a gap */
} tml_coverage_cell;

typedef struct tml_coverage_map_plot {
    const char *title;                    /* NULL: none */
    size_t axes;                          /* 2 to TML_COVERAGE_AXES */
    const char *label[TML_COVERAGE_AXES]; /* "Teff [K]" */
    size_t cells;
    const tml_coverage_cell *cell; /* [cells] in any order */
} tml_coverage_map_plot;

/** Draw FOLDER/NAME.pdf, .svg and .png; as tml_plot_observation. TML_BAD_DATA: the number of axes, or a cell
 * of an axis that is none. */
TML_NODISCARD tml_status tml_plot_coverage_map(const tml_coverage_map_plot *plot, const char *folder,
                                               const char *name, tml_error *error);

#endif
