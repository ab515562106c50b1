#ifndef TML_STATISTICS_CUBIC_PIECES_H
#define TML_STATISTICS_CUBIC_PIECES_H

/** @file statistics/cubic_pieces.h
 * A smooth curve through points: between two of them the cubic that has the given values and slopes at both
 * (Hermite's form). The slopes make the curve: pchip.h, not_a_knot.h. Not collective.
 *
 *   tml_pchip_slopes or tml_not_a_knot_slopes -> tml_cubic_at ...
 */

#include <stddef.h>

#include "core/status.h"

/** A curve, all borrowed. */
typedef struct tml_cubic_pieces {
    size_t count;        /* at least 2 */
    const double *x;     /* [count] ascending */
    const double *y;     /* [count] */
    const double *slope; /* [count] dy / dx */
} tml_cubic_pieces;

/** Value of the curve, and its slope. Beyond its ends the outer cubics go on, as SciPy extrapolates: look
 * before you leap.
 * @param slope  out: derivative there; NULL: not wanted
 */
double tml_cubic_at(const tml_cubic_pieces *curve, double x, double *slope);

/** Whether points can be interpolated: at least two, finite, x ascending. @return TML_OK or TML_BAD_DATA */
TML_NODISCARD tml_status tml_cubic_check(size_t count, const double *x, const double *y, tml_error *error);

#endif
