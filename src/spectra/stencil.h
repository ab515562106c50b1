#ifndef TML_SPECTRA_STENCIL_H
#define TML_SPECTRA_STENCIL_H

/** @file spectra/stencil.h
 * Interpolation between grid points as weights: value at a point = sum of weight_k value_k over a few grid
 * points. What is interpolated (logarithms of fluxes) is the caller's affair. Not collective. */

#include <stdbool.h>
#include <stddef.h>

#include "core/status.h"

enum { TML_STENCIL_AXES = 16, TML_STENCIL_POINTS = 256 };

/** One axis of a regular grid around a value: the nodes on both sides and the share of the upper one. */
typedef struct tml_bracket {
    size_t lower, upper; /* numbers of nodes; equal on a node, at an edge and beyond it */
    double upper_share;  /* 0 on the lower node, 1 on the upper */
    bool is_outside;     /* the value lies beyond the axis and was moved to its end */
} tml_bracket;

/** Find the nodes around a value. @param node [count] strictly ascending, count at least 1 */
tml_bracket tml_bracket_of(size_t count, const double *node, double value);

/** Weights of a multilinear interpolation: product of the shares, for every corner whose weight is not 0.
 * @param bracket  [axes]
 * @param corner   out: [points][axes] numbers of nodes of each corner; room for TML_STENCIL_POINTS
 * @param weight   out: [points]
 * @return number of points: 1 on a node, 2 to the power of the axes that lie between nodes; 0, and nothing
 * written, when these are more than TML_STENCIL_POINTS
 */
size_t tml_multilinear(size_t axes, const tml_bracket *bracket, size_t *corner, double *weight);

/** Weights of a local linear fit through scattered points: the value at `at` of the plane that fits the
 * points best with tricube weights of their distance (Cleveland 1979, doi:10.1080/01621459.1979.10481038).
 * The kernel ends just beyond the farthest point. Directions in which the points do not spread do not count.
 * Exact for values that are linear in the axes, if the points spread in all of them.
 * @param points  at least 1   @param x [points][axes] finite, scaled so that distances make sense
 * @param at      [axes] finite
 * @param weight  out: [points], sum 1; may be negative
 * @return TML_OK, or TML_INTERNAL without memory or when the fit does not converge
 */
TML_NODISCARD tml_status tml_local_linear(size_t axes, size_t points, const double *x, const double *at,
                                          double *weight, tml_error *error);

#endif
