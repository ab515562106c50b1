#ifndef TML_STATISTICS_NOT_A_KNOT_H
#define TML_STATISTICS_NOT_A_KNOT_H

/** @file statistics/not_a_knot.h
 * Slopes of the cubic spline whose second derivative is continuous and whose third is so at the second and
 * the last but one point too, which are therefore no knots (de Boor 1978, A Practical Guide to Splines, ch.
 * IV). As scipy.interpolate.CubicSpline and interp1d(kind="cubic"); GSL's spline has natural ends. It follows
 * noise and overshoots at steps: for measured errors and for anything that must not change sign use pchip.h.
 * Not collective. */

#include <stddef.h>

#include "core/status.h"

/** Slopes for tml_cubic_at. Two points make a line, three a parabola.
 * @param x, y   [count] finite, x ascending, two or more; borrowed
 * @param slope  [count] out; of no use on failure
 * @return TML_OK, TML_BAD_DATA (tml_cubic_check) or TML_INTERNAL (no memory)
 */
TML_NODISCARD tml_status tml_not_a_knot_slopes(size_t count, const double *x, const double *y, double *slope,
                                               tml_error *error);

#endif
