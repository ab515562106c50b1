#ifndef TML_SPECTRA_ROW_VALUES_H
#define TML_SPECTRA_ROW_VALUES_H

/** @file spectra/row_values.h
 * The unscaled numbers of one row: transformed flux, features, targets. What the fit of the scalings and
 * their use have in common; for preparation.c and preparation_fit.c only. Not collective. */

#include <stddef.h>

#include "spectra/preparation.h"

/** Facts about one transformed row. */
typedef struct tml_row_facts {
    double minimum;
    double maximum;
    double mean;
    double sd;    /* population; exactly 0 when the row does not vary */
    double scale; /* log10 of the mean flux before the transform; NaN when that is not above 0 */
} tml_row_facts;

/** The transformed flux of one pixel that tml_row_facts_of has accepted. */
double tml_transformed_flux(const tml_preparation_choice *choice, float flux);

/** Check and describe a row.
 * @param flux  [choice.wavelengths] borrowed
 * @return TML_OK or TML_BAD_DATA with the pixel
 */
TML_NODISCARD tml_status tml_row_facts_of(const tml_preparation_choice *choice, const float *flux,
                                          tml_row_facts *facts, tml_error *error);

/** The unscaled features. @param values out: [feature_count]
 * @return TML_OK, or TML_BAD_DATA when `scale` is wanted of a row whose mean flux is not above 0
 */
TML_NODISCARD tml_status tml_row_features(const tml_preparation_choice *choice, const tml_row_facts *facts,
                                          double *values, tml_error *error);

/** The unscaled targets. @param values out: [target_count] @return TML_OK or TML_BAD_DATA with the target */
TML_NODISCARD tml_status tml_row_targets(const tml_preparation_choice *choice, const double *targets,
                                         double *values, tml_error *error);

#endif
