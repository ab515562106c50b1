#include "spectra/preparation_fit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/exact_moments.h"
#include "core/memory.h"
#include "spectra/row_values.h"

tml_status tml_preparation_fit_begin(const tml_preparation *preparation, tml_preparation_fit *fit,
                                     tml_error *error)
{
    const tml_preparation_choice *choice = &preparation->choice;
    tml_status status;

    memset(fit, 0, sizeof *fit);
    fit->pixels = preparation->spectrum != NULL ? choice->wavelengths : 0;
    fit->features = choice->feature_scaler != TML_COLUMN_NONE ? choice->feature_count : 0;
    fit->targets = choice->target_scaler != TML_COLUMN_NONE ? choice->target_count : 0;
    fit->columns = fit->pixels + fit->features + fit->targets;
    fit->sum_count = 1 + 2 * fit->columns;
    status = tml_array_create(fit->sum_count, sizeof *fit->sums, "the sums of the scalings", &fit->sums,
                              error);
    if (status == TML_OK)
        status = tml_array_create(fit->columns, sizeof *fit->minima, "the minima", &fit->minima, error);
    if (status == TML_OK)
        status = tml_array_create(fit->columns, sizeof *fit->maxima, "the maxima", &fit->maxima, error);
    if (status == TML_OK)
        status = tml_array_create(fit->columns, sizeof *fit->row, "one row", &fit->row, error);
    if (status != TML_OK) {
        tml_preparation_fit_free(fit);
        return status;
    }
    for (size_t i = 0; i < fit->columns; ++i) {
        fit->minima[i] = INFINITY;
        fit->maxima[i] = -INFINITY;
    }
    return TML_OK;
}

/* The values of the row in the order of the columns. */
static tml_status fill_row(const tml_preparation_choice *choice, tml_preparation_fit *fit, const float *flux,
                           const double *targets, tml_error *error)
{
    double features[TML_PREPARATION_FEATURES] = {0.0};
    double learned[TML_PREPARATION_TARGETS] = {0.0};
    tml_row_facts facts;
    tml_status status = tml_row_facts_of(choice, flux, &facts, error);

    if (status == TML_OK)
        status = tml_row_features(choice, &facts, features, error);
    if (status == TML_OK)
        status = tml_row_targets(choice, targets, learned, error);
    if (status != TML_OK)
        return status;
    for (size_t i = 0; i < fit->pixels; ++i)
        fit->row[i] = tml_transformed_flux(choice, flux[i]);
    memcpy(fit->row + fit->pixels, features, fit->features * sizeof *features);
    memcpy(fit->row + fit->pixels + fit->features, learned, fit->targets * sizeof *learned);
    for (size_t i = 0; i < fit->columns; ++i)
        if (!(fabs(fit->row[i]) <= TML_EXACT_MOMENTS_LIMIT))
            return TML_FAIL(error, TML_BAD_DATA, "a value of %g is too large to be scaled", fit->row[i]);
    return TML_OK;
}

tml_status tml_preparation_fit_add_row(const tml_preparation *preparation, tml_preparation_fit *fit,
                                       const float *flux, const double *targets, tml_error *error)
{
    tml_status status = fill_row(&preparation->choice, fit, flux, targets, error);

    if (status != TML_OK)
        return status;
    tml_exact_sum_add(&fit->sums[0], 1.0);
    for (size_t i = 0; i < fit->columns; ++i) {
        double value = fit->row[i];

        tml_exact_sum_add(&fit->sums[1 + 2 * i], value);
        tml_exact_sum_add_square(&fit->sums[2 + 2 * i], value);
        fit->minima[i] = fmin(fit->minima[i], value);
        fit->maxima[i] = fmax(fit->maxima[i], value);
    }
    return TML_OK;
}

static tml_column fitted_column(const tml_preparation_fit *fit, size_t at, bool is_standard)
{
    double count = tml_exact_sum_value(&fit->sums[0]);
    tml_column column = {fit->minima[at], fit->maxima[at] - fit->minima[at]};

    if (is_standard) {
        double mean = tml_exact_mean(count, &fit->sums[1 + 2 * at]);
        double variance = tml_exact_variance(count, &fit->sums[1 + 2 * at], &fit->sums[2 + 2 * at]);

        column.offset = mean;
        column.divisor = tml_variance_is_zero(variance, mean, count) ? 0.0 : sqrt(variance);
    }
    if (!(column.divisor > 0.0))
        column.divisor = 1.0;
    return column;
}

tml_status tml_preparation_fit_end(const tml_preparation_fit *fit, tml_preparation *preparation,
                                   tml_error *error)
{
    const tml_preparation_choice *choice = &preparation->choice;
    size_t at = 0;

    if (!(tml_exact_sum_value(&fit->sums[0]) > 0.0))
        return TML_FAIL(error, TML_BAD_DATA,
                        "there are no training rows to take the scaling from; check split");
    for (size_t i = 0; i < fit->pixels; ++i, ++at)
        preparation->spectrum[i] = fitted_column(fit, at,
                                                 choice->spectrum_scaler == TML_SCALER_COLUMN_STANDARD);
    for (size_t i = 0; i < fit->features; ++i, ++at)
        preparation->features[i] = fitted_column(fit, at, choice->feature_scaler == TML_COLUMN_STANDARD);
    for (size_t i = 0; i < fit->targets; ++i, ++at)
        preparation->targets[i] = fitted_column(fit, at, choice->target_scaler == TML_COLUMN_STANDARD);
    return TML_OK;
}

void tml_preparation_fit_free(tml_preparation_fit *fit)
{
    free(fit->sums);
    free(fit->minima);
    free(fit->maxima);
    free(fit->row);
    memset(fit, 0, sizeof *fit);
}
