#ifndef TML_PLOTS_MARKER_H
#define TML_PLOTS_MARKER_H

/** @file plots/marker.h
 * Symbols for single values, told apart by their shape as well as by their colour. */

#include "plots/pen.h"

typedef enum tml_shape {
    TML_SHAPE_DISC,
    TML_SHAPE_SQUARE,
    TML_SHAPE_TRIANGLE,
    TML_SHAPE_DIAMOND,
    TML_SHAPE_TRIANGLE_DOWN,
    TML_SHAPE_CROSS,
    TML_SHAPE_PLUS,
    TML_SHAPE_RING,
    TML_SHAPES
} tml_shape;

typedef struct tml_marker {
    tml_shape shape;
    tml_colour colour;
    double radius_pt; /* 0: no marker */
    double opacity;
} tml_marker;

/** Draw one with its middle at (x, y); none where that is not finite. Only inside a tml_draw. */
void tml_marker_draw(const tml_canvas *canvas, const tml_marker *marker, double x_pt, double y_pt);

#endif
