#ifndef TML_SPECTRA_PREPARATION_H
#define TML_SPECTRA_PREPARATION_H

/** @file spectra/preparation.h
 * From a spectrum to what the network sees, and between the parameters of an object and what the network
 * learns.
 *
 *   choice -> create -> fit (spectra/preparation_fit.h) or fill from a model file -> input, targets, inverse
 *
 * Spectrum: transform of each flux, then scaling by row or by column, then order. Features are numbers about
 * the whole row, taken of the transformed flux before its scaling. A column scaling is (x - offset) /
 * divisor. All arithmetic is in double, row by row, so the result does not depend on who computes it. Not
 * collective.
 */

#include <stdbool.h>
#include <stddef.h>

#include "core/status.h"

enum { TML_PREPARATION_FEATURES = 16, TML_PREPARATION_TARGETS = 16 };

/* The choices of each type as a configuration names them, in the order of the enumerators. */
#define TML_TRANSFORM_CHOICES "linear|log10|asinh"
#define TML_SCALER_CHOICES "row_standard|row_minmax|column_standard|column_minmax|none"
#define TML_COLUMN_SCALER_CHOICES "column_standard|column_minmax|none"
#define TML_ORDER_CHOICES "ascending|descending"
#define TML_FEATURE_CHOICES "min|max|mean|std|scale"

typedef enum tml_transform {
    TML_TRANSFORM_LINEAR,
    TML_TRANSFORM_LOG10,
    TML_TRANSFORM_ASINH /* asinh(flux / softening): linear below the softening, logarithmic above */
} tml_transform;

/** Standard: minus mean, by population standard deviation. Min-max: to [0, 1]. What does not vary is divided
 * by 1. */
typedef enum tml_scaler {
    TML_SCALER_ROW_STANDARD,
    TML_SCALER_ROW_MINMAX,
    TML_SCALER_COLUMN_STANDARD,
    TML_SCALER_COLUMN_MINMAX,
    TML_SCALER_NONE
} tml_scaler;

typedef enum tml_column_scaler { TML_COLUMN_STANDARD, TML_COLUMN_MINMAX, TML_COLUMN_NONE } tml_column_scaler;

typedef enum tml_order { TML_ORDER_ASCENDING, TML_ORDER_DESCENDING } tml_order;

typedef enum tml_feature {
    TML_FEATURE_MIN,
    TML_FEATURE_MAX,
    TML_FEATURE_MEAN,
    TML_FEATURE_STD,  /* population standard deviation */
    TML_FEATURE_SCALE /* log10 of the mean of the flux as it came: that of a transformed flux may be negative
                       */
} tml_feature;

/** What somebody decides. */
typedef struct tml_preparation_choice {
    size_t wavelengths;
    tml_transform transform;
    double softening; /* of asinh, in the unit of the flux; above 0. Not used by the others */
    tml_scaler spectrum_scaler;
    tml_order order; /* of wavelengths in the network's input; fluxes come in ascending */
    size_t feature_count;
    tml_feature features[TML_PREPARATION_FEATURES];
    tml_column_scaler feature_scaler;
    size_t target_count;
    bool target_log10[TML_PREPARATION_TARGETS];
    tml_column_scaler target_scaler;
} tml_preparation_choice;

/** What is known of the data: (x - offset) / divisor. */
typedef struct tml_column {
    double offset;
    double divisor;
} tml_column;

/** A choice and its scalings. The columns may be read and filled in directly, by a reader of model files say.
 */
typedef struct tml_preparation {
    tml_preparation_choice choice;
    tml_column features[TML_PREPARATION_FEATURES]; /* [choice.feature_count] */
    tml_column targets[TML_PREPARATION_TARGETS];   /* [choice.target_count] */
    tml_column *spectrum; /* [choice.wavelengths] ascending, owned; NULL unless it is scaled by column */
} tml_preparation;

/** Check a choice and make room for its scalings, which change nothing (offset 0, divisor 1) until fitted.
 * @param choice       copied
 * @param preparation  out, owned by the caller (tml_preparation_free); all zero on failure
 * @return TML_OK, TML_CONFIG or TML_INTERNAL (no memory)
 */
TML_NODISCARD tml_status tml_preparation_create(const tml_preparation_choice *choice,
                                                tml_preparation *preparation, tml_error *error);

/** Free what it owns and set all to zero; a zeroed one is fine. */
void tml_preparation_free(tml_preparation *preparation);

/** The network's input for one spectrum. Allocates nothing; any number of threads at a time.
 * @param flux      [wavelengths] ascending in wavelength, borrowed
 * @param spectrum  out: [wavelengths] in choice.order
 * @param features  out: [feature_count]; may be NULL if there are none
 * @return TML_OK, or TML_BAD_DATA naming the pixel (counted from 0 in ascending order) when a flux is not
 * finite or has no logarithm; the outputs are then undefined
 */
TML_NODISCARD tml_status tml_preparation_input(const tml_preparation *preparation, const float *flux,
                                               float *spectrum, float *features, tml_error *error);

/** What the network learns for one object.
 * @param targets  [target_count] in their units, borrowed
 * @param learned  out: [target_count]
 * @return TML_OK, or TML_BAD_DATA naming the target (counted from 0) when it is not finite or has no
 * logarithm
 */
TML_NODISCARD tml_status tml_preparation_targets(const tml_preparation *preparation, const double *targets,
                                                 float *learned, tml_error *error);

/** The way back: what the network says, in the targets' units.
 * @param learned  [target_count] borrowed
 * @param targets  out: [target_count]; not finite where the network's output is not, or is absurdly large
 */
void tml_preparation_inverse(const tml_preparation *preparation, const float *learned, double *targets);

/** Whether the network's input is the same for a spectrum times any factor above 0, so that it needs no
 * distance nor radius: the spectrum is scaled by row after no transform or log10, and the features, if any,
 * are standard deviations of logarithms. */
bool tml_preparation_is_scale_free(const tml_preparation_choice *choice);

/** Name of a feature, as in TML_FEATURE_CHOICES. */
const char *tml_feature_name(tml_feature feature);

/** The feature of a name; false, and feature untouched, when there is none. */
bool tml_feature_find(const char *name, tml_feature *feature);

/** Whether a variance is nothing but rounding: the bound that scikit-learn uses, so that what does not vary
 * is not blown up by a divisor of 1e-17. */
bool tml_variance_is_zero(double variance, double mean, double count);

#endif
