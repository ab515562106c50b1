#include "spectra/preparation.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "spectra/row_values.h"

static const char *const feature_names[] = {"min", "max", "mean", "std", "scale"};

const char *tml_feature_name(tml_feature feature)
{
    return feature_names[feature];
}

bool tml_feature_find(const char *name, tml_feature *feature)
{
    for (size_t i = 0; i < sizeof feature_names / sizeof feature_names[0]; ++i)
        if (strcmp(name, feature_names[i]) == 0) {
            *feature = (tml_feature)i;
            return true;
        }
    return false;
}

bool tml_variance_is_zero(double variance, double mean, double count)
{
    double rounding = count * mean * DBL_EPSILON;

    return variance <= count * DBL_EPSILON * variance + rounding * rounding;
}

static bool is_by_column(tml_scaler scaler)
{
    return scaler == TML_SCALER_COLUMN_STANDARD || scaler == TML_SCALER_COLUMN_MINMAX;
}

static tml_status check_choice(const tml_preparation_choice *choice, tml_error *error)
{
    if (choice->wavelengths == 0)
        return TML_FAIL(error, TML_CONFIG, "a spectrum without wavelengths cannot be prepared");
    if (choice->feature_count > TML_PREPARATION_FEATURES)
        return TML_FAIL(error, TML_CONFIG, "input.features has %zu entries; at most %d are possible",
                        choice->feature_count, TML_PREPARATION_FEATURES);
    if (choice->target_count > TML_PREPARATION_TARGETS)
        return TML_FAIL(error, TML_CONFIG, "grid.targets has %zu entries; at most %d are possible",
                        choice->target_count, TML_PREPARATION_TARGETS);
    if (choice->transform == TML_TRANSFORM_ASINH && !(choice->softening > 0.0 && isfinite(choice->softening)))
        return TML_FAIL(error, TML_CONFIG,
                        "the softening of the asinh transform is %g; it must be a flux above 0",
                        choice->softening);
    return TML_OK;
}

tml_status tml_preparation_create(const tml_preparation_choice *choice, tml_preparation *preparation,
                                  tml_error *error)
{
    const tml_column identity = {0.0, 1.0};
    tml_status status = check_choice(choice, error);

    memset(preparation, 0, sizeof *preparation);
    if (status != TML_OK)
        return status;
    if (is_by_column(choice->spectrum_scaler)) {
        status = tml_array_create(choice->wavelengths, sizeof *preparation->spectrum,
                                  "the scaling of the spectra", &preparation->spectrum, error);
        if (status != TML_OK)
            return status;
        for (size_t i = 0; i < choice->wavelengths; ++i)
            preparation->spectrum[i] = identity;
    }
    preparation->choice = *choice;
    for (size_t i = 0; i < TML_PREPARATION_FEATURES; ++i)
        preparation->features[i] = identity;
    for (size_t i = 0; i < TML_PREPARATION_TARGETS; ++i)
        preparation->targets[i] = identity;
    return TML_OK;
}

void tml_preparation_free(tml_preparation *preparation)
{
    free(preparation->spectrum);
    memset(preparation, 0, sizeof *preparation);
}

static double scaled(const tml_column *column, double value)
{
    return (value - column->offset) / column->divisor;
}

/* The one scaling of all pixels when it goes by row; the identity when there is none. */
static tml_column row_scaling(tml_scaler scaler, const tml_row_facts *facts)
{
    tml_column column = {0.0, 1.0};

    if (scaler == TML_SCALER_ROW_STANDARD) {
        column.offset = facts->mean;
        column.divisor = facts->sd > 0.0 ? facts->sd : 1.0;
    } else if (scaler == TML_SCALER_ROW_MINMAX) {
        column.offset = facts->minimum;
        column.divisor = facts->maximum > facts->minimum ? facts->maximum - facts->minimum : 1.0;
    }
    return column;
}

tml_status tml_preparation_input(const tml_preparation *preparation, const float *flux, float *spectrum,
                                 float *features, tml_error *error)
{
    const tml_preparation_choice *choice = &preparation->choice;
    size_t count = choice->wavelengths;
    double values[TML_PREPARATION_FEATURES];
    tml_row_facts facts;
    tml_column row;
    tml_status status = tml_row_facts_of(choice, flux, &facts, error);

    if (status == TML_OK)
        status = tml_row_features(choice, &facts, values, error);
    if (status != TML_OK)
        return status;
    row = row_scaling(choice->spectrum_scaler, &facts);
    for (size_t i = 0; i < count; ++i) {
        const tml_column *column = preparation->spectrum != NULL ? &preparation->spectrum[i] : &row;
        size_t place = choice->order == TML_ORDER_DESCENDING ? count - 1 - i : i;

        spectrum[place] = (float)scaled(column, tml_transformed_flux(choice, flux[i]));
    }
    for (size_t i = 0; i < choice->feature_count; ++i)
        features[i] = (float)scaled(&preparation->features[i], values[i]);
    return TML_OK;
}

tml_status tml_preparation_targets(const tml_preparation *preparation, const double *targets, float *learned,
                                   tml_error *error)
{
    double values[TML_PREPARATION_TARGETS];
    tml_status status = tml_row_targets(&preparation->choice, targets, values, error);

    if (status != TML_OK)
        return status;
    for (size_t i = 0; i < preparation->choice.target_count; ++i)
        learned[i] = (float)scaled(&preparation->targets[i], values[i]);
    return TML_OK;
}

void tml_preparation_inverse(const tml_preparation *preparation, const float *learned, double *targets)
{
    for (size_t i = 0; i < preparation->choice.target_count; ++i) {
        const tml_column *column = &preparation->targets[i];
        double value = (double)learned[i] * column->divisor + column->offset;

        targets[i] = preparation->choice.target_log10[i] ? pow(10.0, value) : value;
    }
}

bool tml_preparation_is_scale_free(const tml_preparation_choice *choice)
{
    /* A factor shifts logarithms, which leaves their standard deviation alone. The scale is taken of the flux
     * itself. */
    for (size_t i = 0; i < choice->feature_count; ++i)
        if (choice->transform != TML_TRANSFORM_LOG10 || choice->features[i] != TML_FEATURE_STD)
            return false;
    return choice->transform != TML_TRANSFORM_ASINH && (choice->spectrum_scaler == TML_SCALER_ROW_STANDARD ||
                                                        choice->spectrum_scaler == TML_SCALER_ROW_MINMAX);
}
