#ifndef TML_STATISTICS_CHI_SQUARE_H
#define TML_STATISTICS_CHI_SQUARE_H

/** @file statistics/chi_square.h
 * How well a model spectrum meets an observation with known errors, up to a factor that is found in closed
 * form. Only the errors of the observation count, never the spread of predictions. Not collective. */

#include <stddef.h>

/** Upper tail of the chi-square distribution: the probability of a larger value by chance.
 * Right to 1e-12 for probabilities above 1e-10, and to 1e-10 down to the smallest double.
 * @return Q(dof / 2, chi2 / 2); NaN when dof is not above 0 or above 200,000, or chi2 is not a number of at
 * least 0
 */
double tml_chi_square_tail(double chi2, double dof);

/** Best factor on a model, minimising chi2 = sum ((observed - scale model) / error)^2. */
typedef struct tml_scale_fit {
    double scale; /* sum(o m / e^2) / sum(m^2 / e^2); NaN when no pixel is usable or the model is 0 in all */
    double sd;    /* 1 / sqrt(sum(m^2 / e^2)); NaN as the scale */
    double chi2;  /* at the best scale; NaN as the scale */
    size_t used;  /* pixels with finite observed, model and error above 0 */
} tml_scale_fit;

/** Fit the factor. Sums run in the order of the pixels.
 * @param observed, error, model  [count] borrowed; a pixel with a number that is not finite, or an error not
 * above 0, is left out
 */
tml_scale_fit tml_scale_fit_of(size_t count, const double *observed, const double *error,
                               const double *model);

/** chi2 at a given factor, over the same pixels. */
double tml_chi_square_at(size_t count, const double *observed, const double *error, const double *model,
                         double scale);

#endif
