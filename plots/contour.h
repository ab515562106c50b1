#ifndef TML_PLOTS_CONTOUR_H
#define TML_PLOTS_CONTOUR_H

/** @file plots/contour.h
 * Lines of equal value in a rectangle of nodes: marching squares with linear interpolation; where a cell can
 * be cut in two ways, the mean of its corners decides. Not collective. */

#include <stddef.h>

#include "core/status.h"

/** Closed lines one after the other, each ending where it began and followed by NaN. What is above the level
 * lies to their left. */
typedef struct tml_contour {
    size_t count;
    double *x, *y; /* [count] owned; in columns and rows from 0 */
} tml_contour;

/** Find the lines of a level. All values along the border must be below it, or lines would have ends.
 * @param values   [rows][columns] finite; both at least 2
 * @param contour  out, owned by the caller (tml_contour_free); all zero on failure
 * @return TML_OK or TML_INTERNAL (no memory)
 */
TML_NODISCARD tml_status tml_contour_trace(size_t columns, size_t rows, const double *values, double level,
                                           tml_contour *contour, tml_error *error);

/** Free what it owns and zero it; a zeroed one is fine. */
void tml_contour_free(tml_contour *contour);

#endif
