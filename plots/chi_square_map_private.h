#ifndef TML_PLOTS_CHI_SQUARE_MAP_PRIVATE_H
#define TML_PLOTS_CHI_SQUARE_MAP_PRIVATE_H

/** @file plots/chi_square_map_private.h
 * What is worked out for maps of chi2 (chi_square_map.c) before they are drawn (chi_square_map_draw.c).
 * "Misfit" is what the colours show: chi2 / dof, or chi2 minus the smallest. Not collective. */

#include "plots/axes.h"
#include "plots/chi_square_map.h"
#include "plots/colour_bar.h"
#include "plots/heading.h"

enum { TML_CHI_SQUARE_CELLS = 40 };

/** One parameter with two values or more. */
typedef struct tml_chi_square_axis {
    size_t parameter; /* its number */
    size_t cells;
    double edge[TML_CHI_SQUARE_CELLS + 1]; /* [cells + 1] ascending */
    double misfit[TML_CHI_SQUARE_CELLS];   /* [cells] smallest; infinite without a row */
    tml_axis axis;
} tml_chi_square_axis;

typedef struct tml_chi_square_drawing {
    const tml_chi_square_map_plot *plot;
    double width_pt, height_pt;
    size_t axes; /* with two values or more */
    tml_chi_square_axis axis[TML_CHI_SQUARE_PARAMETERS];
    double *misfit; /* for each pair row > column: [cells of the row][cells of the column] */
    size_t first[TML_CHI_SQUARE_PARAMETERS][TML_CHI_SQUARE_PARAMETERS]; /* where a pair begins */
    tml_axes panel[TML_CHI_SQUARE_PARAMETERS * TML_CHI_SQUARE_PARAMETERS];
    tml_axes radius; /* of the panel below */
    bool has_radius;
    double radius_limit; /* misfit of its upper end */
    tml_axis scale;      /* of the misfit: logarithmic */
    tml_colour_bar bar;  /* low and high are exchanged, because what fits best is dark */
    tml_heading heading;
    tml_box legend; /* where legend and bar are; no area: above the frames */
} tml_chi_square_drawing;

/** The misfit that a chi2 is shown as; NaN of NaN. */
double tml_chi_square_misfit(const tml_chi_square_map_plot *plot, double chi2);

/** The cell of a value on an axis. */
size_t tml_chi_square_cell(const tml_chi_square_axis *axis, double value);

/** How things look, for drawing and legend. */
tml_marker tml_chi_square_best_marker(void);
tml_marker tml_chi_square_answer_marker(void);
tml_pen tml_chi_square_given_pen(void);
tml_fill tml_chi_square_given_fill(void);
tml_marker tml_chi_square_row_marker(void);

/** A tml_draw of a tml_chi_square_drawing. */
void tml_chi_square_draw(const tml_canvas *canvas, const void *data);

#endif
