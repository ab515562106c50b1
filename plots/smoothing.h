#ifndef TML_PLOTS_SMOOTHING_H
#define TML_PLOTS_SMOOTHING_H

/** @file plots/smoothing.h
 * Kernel densities for figures: values are shared out to evenly spaced nodes, and these are smoothed with a
 * Gaussian, so that the costs hardly grow with the number of values. Pure arithmetic. Not collective. */

#include <stdbool.h>
#include <stddef.h>

enum { TML_SMOOTH_LINE = 128, TML_SMOOTH_SIDE = 42 };

/** Numbers of a sample, `stride` apart. */
typedef struct tml_strided {
    size_t count;
    size_t stride;
    const double *value; /* borrowed; those that are not finite, or not within the range, are passed over */
} tml_strided;

typedef struct tml_range {
    double low, high; /* low < high */
} tml_range;

/** How far values spread in a range: their standard deviation or, if that is smaller, their interquartile
 * range / 1.349, so that a few far ones do not count (Silverman 1986, section 3.4). 0 of fewer than two.
 * @param scratch  [values.count]
 */
double tml_smooth_spread(tml_strided values, tml_range range, double *scratch);

/** Density along the range, with the bandwidth 0.9 spread n^(-1/5).
 * @param spread   above 0
 * @param density  out: at TML_SMOOTH_LINE nodes from low to high; its sum times the distance of two nodes is
 *                 the share of all finite values that lie in the range
 */
void tml_smooth_line(tml_strided values, tml_range range, double spread, double density[TML_SMOOTH_LINE]);

/** Density of pairs in a rectangle, with the bandwidths spread n^(-1/6) of Scott (1992), times sqrt(1 - r^2)
 * of pairs with the correlation r, at least 1/4.
 * @param x, y     of equal count
 * @param density  out: rows from low to high y, each from low to high x; 0 along the border; any unit
 */
void tml_smooth_map(tml_strided x, tml_strided y, tml_range x_range, tml_range y_range, double x_spread,
                    double y_spread, double density[TML_SMOOTH_SIDE * TML_SMOOTH_SIDE]);

/** The density above which nodes hold this share of the whole; 0 of a density without anything.
 * @param scratch  [count]
 */
double tml_smooth_level(size_t count, const double *density, double share, double *scratch);

/** Density between the nodes of a map, linear in both directions. @param x, y 0 to 1 along the ranges */
double tml_smooth_at(const double density[TML_SMOOTH_SIDE * TML_SMOOTH_SIDE], double x, double y);

#endif
