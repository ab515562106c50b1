#ifndef TML_PLOTS_CORNER_PRIVATE_H
#define TML_PLOTS_CORNER_PRIVATE_H

/** @file plots/corner_private.h
 * What is worked out for a corner plot (corner.c) before it is drawn (corner_draw.c). Not collective. */

#include <stdbool.h>

#include "plots/contour.h"
#include "plots/corner.h"
#include "plots/draw_samples.h"
#include "plots/smoothing.h"

enum {
    TML_CORNER_NODES = TML_SMOOTH_SIDE * TML_SMOOTH_SIDE,
    TML_CORNER_POINTS = 3000, /* of more draws, those beyond the areas would be a crowd */
    TML_CORNER_TEXT = 64
};

/** The areas that hold 68 and 95 % of the draws. */
enum { TML_CORNER_INNER, TML_CORNER_OUTER, TML_CORNER_AREAS };

#define TML_CORNER_REFERENCE_PT 5.0 /* height of a row of what others found */

/** One parameter. */
typedef struct tml_corner_axis {
    tml_axis axis;
    tml_range range; /* of the axis */
    double spread;   /* 0: all equal */
    tml_histogram histogram;
    bool has_line;
    double node[TML_SMOOTH_LINE], line[TML_SMOOTH_LINE]; /* as shares of a bin [%] */
} tml_corner_axis;

/** Two parameters. */
typedef struct tml_corner_pair {
    bool is_smooth;
    double density[TML_CORNER_NODES];
    double level; /* of the outer area */
    tml_contour area[TML_CORNER_AREAS];
} tml_corner_pair;

typedef struct tml_corner_drawing {
    const tml_draw_histograms_plot *plot;
    double width_pt, height_pt;
    tml_corner_axis parameter[TML_DRAW_PANELS];
    tml_corner_pair *pair; /* [panels * (panels - 1) / 2] row after row */
    tml_axes panel[TML_DRAW_PANELS * TML_DRAW_PANELS];
    tml_draw_names names;
    tml_heading heading;
    bool is_legend_inside; /* in the empty half of the square */
    size_t far_references;
    char draws_text[TML_CORNER_TEXT], far_text[TML_CORNER_TEXT];
} tml_corner_drawing;

/** The pair of a panel below the diagonal. */
tml_corner_pair *tml_corner_pair_at(const tml_corner_drawing *picture, size_t row, size_t column);

/** The draws of a parameter. */
tml_strided tml_corner_values(const tml_draw_histograms_plot *plot, size_t p);

/** The upper right of the square, right of the diagonal and above its middle. */
tml_box tml_corner_free_box(const tml_corner_drawing *picture);

/** How things look, for drawing and legend. */
tml_fill tml_corner_area_fill(int area);
tml_pen tml_corner_area_pen(int area);
tml_fill tml_corner_bars_fill(void);
tml_marker tml_corner_point_marker(void);

/** A tml_draw of a tml_corner_drawing. */
void tml_corner_draw(const tml_canvas *canvas, const void *data);

#endif
