#ifndef TML_STATISTICS_CORRELATION_H
#define TML_STATISTICS_CORRELATION_H

/** @file statistics/correlation.h
 * Whether two quantities go together: along a line (Pearson) or in order (Spearman). Not collective. */

#include <stddef.h>

#include "core/status.h"

typedef struct tml_correlation {
    double r; /* -1 to 1; NaN with fewer than two pairs or when one of the two does not vary */
    double p; /* two-sided: of a larger |r| by chance without any correlation; NaN as r */
} tml_correlation;

/** Two-sided probability of a correlation of at least |r| among n pairs of independent Gaussian numbers:
 * I_{1 - r^2}(n / 2 - 1, 1 / 2), that of Student's t = r sqrt((n - 2) / (1 - r^2)). For Spearman's it is an
 * approximation, good from about n = 20 on. Right to 1e-10 for n up to 1e6, down to 1e-290.
 * @return 1 for two pairs, which always lie on a line; NaN below, or when |r| is not at most 1
 */
double tml_correlation_p(double r, size_t count);

/** Pearson's correlation. @param x, y  [count] finite; borrowed */
tml_correlation tml_pearson(size_t count, const double *x, const double *y);

/** Spearman's correlation: Pearson's of the ranks, equal values sharing the mean of their ranks.
 * @param x, y         [count] finite; borrowed
 * @param correlation  out; NaN on failure
 * @return TML_OK or TML_INTERNAL (no memory)
 */
TML_NODISCARD tml_status tml_spearman(size_t count, const double *x, const double *y,
                                      tml_correlation *correlation, tml_error *error);

#endif
