#ifndef TML_STATISTICS_PRINCIPAL_COMPONENTS_H
#define TML_STATISTICS_PRINCIPAL_COMPONENTS_H

/** @file statistics/principal_components.h
 * The directions in which many features vary most: eigenvectors of their covariance matrix (Jolliffe 2002,
 * Principal Component Analysis, ch. 1), which the caller has accumulated, over ranks where there are several.
 * Not collective; the same matrix gives the same bits.
 *
 *   create -> { scores, error } ... -> free
 */

#include <stddef.h>

#include "core/status.h"

typedef struct tml_principal_components {
    size_t features;
    size_t kept;       /* at most `features` */
    double *variance;  /* [features] along every component, descending; at least 0 */
    double *share;     /* [features] of the total variance; all NaN when nothing varies */
    double *component; /* [kept][features] of length 1, orthogonal; the entry of largest magnitude (of equal
                          ones the first) is positive */
} tml_principal_components;

/** Decompose a covariance matrix. Takes about 10 features^3 operations.
 * @param covariance  [features][features] borrowed; the upper triangle is not looked at
 * @param kept        components to keep; more than `features` is as many as these
 * @param pca         out, owned by the caller (tml_principal_components_free); all zero on failure
 * @return TML_OK, TML_BAD_DATA (no features; an entry that is not finite) or TML_INTERNAL (no memory)
 */
TML_NODISCARD tml_status tml_principal_components_create(size_t features, const double *covariance,
                                                         size_t kept, tml_principal_components *pca,
                                                         tml_error *error);

/** Free what it owns and zero it; a zeroed one is fine. */
void tml_principal_components_free(tml_principal_components *pca);

/** Coordinates of a row along the kept components.
 * @param mean, row  [features] borrowed
 * @param scores     [kept] out
 */
void tml_principal_scores(const tml_principal_components *pca, const double *mean, const double *row,
                          double *scores);

/** What the kept components leave of a row: root of the mean squared difference between the row and
 * mean + sum of scores times components.
 * @param scores  [kept] of that row
 */
double tml_principal_error(const tml_principal_components *pca, const double *mean, const double *row,
                           const double *scores);

#endif
