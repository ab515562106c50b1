#ifndef TML_PLOTS_PANELS_H
#define TML_PLOTS_PANELS_H

/** @file plots/panels.h
 * Frames of equal size in rows and columns, the first at the upper left. Pure arithmetic. Not collective. */

#include "plots/axes.h"

typedef struct tml_panels {
    size_t columns;  /* at least 1 */
    double width_pt; /* of the page */
    double frame_pt; /* height of a frame */
    double above_pt; /* room above each frame for what belongs to it */
    double below_pt; /* the same below the labels of the lowest row */
    bool has_one_x;  /* all have the same x axis: numbers stand below the lowest frame of a column alone */
    bool has_one_y;  /* the same for y, left of the first column */
} tml_panels;

/** Place frames; sets frame, margin_pt and is_bare of each.
 * @param axes  [count] with both axes as they are to be
 * @return top of the room above the first row [pt]
 */
double tml_panels_place(const tml_panels *panels, size_t count, tml_axes *axes);

#endif
