#ifndef TML_ATMOSPHERE_OPACITY_QUANTILES_H
#define TML_ATMOSPHERE_OPACITY_QUANTILES_H

/** @file atmosphere/opacity_quantiles.h
 * Correlated-k for opacities that are distributed log-normally within a bin.
 *
 * With mean m and contrast c = variance / m^2, s^2 = ln(1 + c), the opacity at the quantile u is
 * m exp(s z(u) - s^2 / 2), z the inverse of the normal distribution (Aitchison and Brown 1957, The Lognormal
 * Distribution, chapter 2). The mean over a bin becomes a sum over the points of Gauss-Legendre in u. The
 * same quantile is taken in all layers (correlated-k; Goody et al. 1989, JQSRT 42, 539). Not collective. */

#include <stddef.h>

#include "core/status.h"

enum { TML_QUANTILES = 8 };

typedef struct tml_quantiles {
    double deviate[TML_QUANTILES]; /* z(u_j), ascending */
    double weight[TML_QUANTILES];  /* their sum is 1 */
} tml_quantiles;

/** The points of the rule. @return TML_OK or TML_INTERNAL (no memory) */
TML_NODISCARD tml_status tml_quantiles_make(tml_quantiles *quantiles, tml_error *error);

/** Optical depths of a layer at one quantile: column (m exp(s z - s^2 / 2) + continuum).
 * @param mean       [bins] cm2 g-1   @param spread [bins] s   @param continuum [bins] cm2 g-1
 * @param column     g cm-2
 * @param depth      out: [bins], not overlapping the others
 */
void tml_quantile_depth(size_t bins, const double *mean, const double *spread, const double *continuum,
                        double deviate, double column, double *depth);

#endif
