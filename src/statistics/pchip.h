#ifndef TML_STATISTICS_PCHIP_H
#define TML_STATISTICS_PCHIP_H

/** @file statistics/pchip.h
 * Slopes of a curve through points that never overshoots: between two points it stays between their values
 * (Fritsch & Carlson 1980, SIAM J. Numer. Anal. 17, 238). As scipy.interpolate.PchipInterpolator: inside, the
 * harmonic mean of both secants weighted by 2 h_right + h_left and h_right + 2 h_left (Fritsch & Butland
 * 1984, SIAM J. Sci. Stat. Comput. 5, 300), 0 where they differ in sign; at the ends the three-point formula,
 * limited (Moler 2004, Numerical Computing with MATLAB, section 3.6). GSL's Steffen is another curve. Not
 * collective. */

#include <stddef.h>

#include "core/status.h"

/** Slopes for tml_cubic_at. Two points make a line.
 * @param x, y   [count] finite, x ascending, two or more; borrowed
 * @param slope  [count] out; untouched on failure
 * @return TML_OK or TML_BAD_DATA (tml_cubic_check)
 */
TML_NODISCARD tml_status tml_pchip_slopes(size_t count, const double *x, const double *y, double *slope,
                                          tml_error *error);

#endif
