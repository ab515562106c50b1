#include "spectra/row_values.h"

#include <math.h>

double tml_transformed_flux(const tml_preparation_choice *choice, float flux)
{
    switch (choice->transform) {
    case TML_TRANSFORM_LOG10:
        return log10((double)flux);
    case TML_TRANSFORM_ASINH:
        return asinh((double)flux / choice->softening);
    case TML_TRANSFORM_LINEAR:
        break;
    }
    return (double)flux;
}

static tml_status check_flux(const tml_preparation_choice *choice, const float *flux, tml_error *error)
{
    for (size_t i = 0; i < choice->wavelengths; ++i) {
        if (!isfinite(flux[i]))
            return TML_FAIL(error, TML_BAD_DATA, "pixel %zu: the flux is %g, not a number that can be used",
                            i, (double)flux[i]);
        if (choice->transform == TML_TRANSFORM_LOG10 && flux[i] <= 0.0F)
            return TML_FAIL(
                error, TML_BAD_DATA,
                "pixel %zu: the flux is %g and has no logarithm; use input.transform asinh or linear, "
                "or leave this spectrum out",
                i, (double)flux[i]);
    }
    return TML_OK;
}

tml_status tml_row_facts_of(const tml_preparation_choice *choice, const float *flux, tml_row_facts *facts,
                            tml_error *error)
{
    double count = (double)choice->wavelengths;
    double sum = 0.0;
    double flux_sum = 0.0;
    double squares = 0.0;
    tml_status status = check_flux(choice, flux, error);

    if (status != TML_OK)
        return status;
    facts->minimum = INFINITY;
    facts->maximum = -INFINITY;
    for (size_t i = 0; i < choice->wavelengths; ++i) {
        double value = tml_transformed_flux(choice, flux[i]);

        facts->minimum = fmin(facts->minimum, value);
        facts->maximum = fmax(facts->maximum, value);
        sum += value;
        flux_sum += (double)flux[i];
    }
    facts->mean = sum / count;
    for (size_t i = 0; i < choice->wavelengths; ++i) {
        double deviation = tml_transformed_flux(choice, flux[i]) - facts->mean;

        squares += deviation * deviation;
    }
    facts->sd = tml_variance_is_zero(squares / count, facts->mean, count) ? 0.0 : sqrt(squares / count);
    facts->scale = flux_sum > 0.0 ? log10(flux_sum / count) : (double)NAN;
    return TML_OK;
}

static double feature_of(const tml_row_facts *facts, tml_feature feature)
{
    switch (feature) {
    case TML_FEATURE_MIN:
        return facts->minimum;
    case TML_FEATURE_MAX:
        return facts->maximum;
    case TML_FEATURE_MEAN:
        return facts->mean;
    case TML_FEATURE_STD:
        return facts->sd;
    case TML_FEATURE_SCALE:
        break;
    }
    return facts->scale;
}

tml_status tml_row_features(const tml_preparation_choice *choice, const tml_row_facts *facts, double *values,
                            tml_error *error)
{
    for (size_t i = 0; i < choice->feature_count; ++i) {
        values[i] = feature_of(facts, choice->features[i]);
        if (isnan(values[i]))
            return TML_FAIL(
                error, TML_BAD_DATA,
                "the mean flux of the spectrum is not above 0 and has no logarithm; take 'scale' out of "
                "input.features, or leave this spectrum out");
    }
    return TML_OK;
}

tml_status tml_row_targets(const tml_preparation_choice *choice, const double *targets, double *values,
                           tml_error *error)
{
    for (size_t i = 0; i < choice->target_count; ++i) {
        if (!isfinite(targets[i]))
            return TML_FAIL(error, TML_BAD_DATA, "target %zu is %g, not a number that can be learned", i,
                            targets[i]);
        if (choice->target_log10[i] && targets[i] <= 0.0)
            return TML_FAIL(
                error, TML_BAD_DATA,
                "target %zu is %g and has no logarithm; take it out of grid.log10, or leave the row out", i,
                targets[i]);
        values[i] = choice->target_log10[i] ? log10(targets[i]) : targets[i];
    }
    return TML_OK;
}
