#include "statistics/regression.h"

#include <math.h>
#include <stddef.h>

#include "core/exact_moments.h"

enum {
    COUNT,
    UNUSABLE,
    TRUTH,
    TRUTH_SQUARED,
    RESIDUAL,
    RESIDUAL_SQUARED,
    RESIDUAL_CUBED,
    RESIDUAL_ABSOLUTE,
    SUMS_USED
};

_Static_assert((int)SUMS_USED == (int)TML_REGRESSION_SUMS, "one accumulator for every sum");

void tml_regression_clear(tml_regression *regression)
{
    for (size_t i = 0; i < TML_REGRESSION_SUMS; ++i)
        tml_exact_sum_clear(&regression->sums[i]);
}

static int is_usable(double value)
{
    return fabs(value) <=
           0.5 * TML_EXACT_MOMENTS_LIMIT; /* false for NaN too; the half is for the difference */
}

void tml_regression_add(tml_regression *regression, double truth, double prediction)
{
    tml_exact_sum *sums = regression->sums;
    double residual = prediction - truth;

    if (!is_usable(truth) || !is_usable(prediction)) {
        tml_exact_sum_add(&sums[UNUSABLE], 1.0);
        return;
    }
    tml_exact_sum_add(&sums[COUNT], 1.0);
    tml_exact_sum_add(&sums[TRUTH], truth);
    tml_exact_sum_add_square(&sums[TRUTH_SQUARED], truth);
    tml_exact_sum_add(&sums[RESIDUAL], residual);
    tml_exact_sum_add_square(&sums[RESIDUAL_SQUARED], residual);
    tml_exact_sum_add_cube(&sums[RESIDUAL_CUBED], residual);
    tml_exact_sum_add(&sums[RESIDUAL_ABSOLUTE], fabs(residual));
}

void tml_regression_merge(tml_regression *regression, const tml_regression *other)
{
    for (size_t i = 0; i < TML_REGRESSION_SUMS; ++i)
        for (size_t limb = 0; limb < TML_EXACT_SUM_LIMBS; ++limb)
            regression->sums[i].limb[limb] += other->sums[i].limb[limb];
}

tml_regression_result tml_regression_get(const tml_regression *regression)
{
    const tml_exact_sum *sums = regression->sums;
    double count = tml_exact_sum_value(&sums[COUNT]);
    double unusable = tml_exact_sum_value(&sums[UNUSABLE]);
    tml_regression_result result = {
        (uint64_t)count, (uint64_t)unusable, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN};
    double mean_square = tml_exact_mean(count, &sums[RESIDUAL_SQUARED]);
    double variance = tml_exact_variance(count, &sums[RESIDUAL], &sums[RESIDUAL_SQUARED]);
    double truth_variance = tml_exact_variance(count, &sums[TRUTH], &sums[TRUTH_SQUARED]);

    /* A score of the remaining rows would look like a score of all. */
    if (unusable > 0.0)
        return result;
    result.truth_mean = tml_exact_mean(count, &sums[TRUTH]);
    result.truth_sd = sqrt(truth_variance);
    result.rmse = sqrt(mean_square);
    result.mae = tml_exact_mean(count, &sums[RESIDUAL_ABSOLUTE]);
    result.bias = tml_exact_mean(count, &sums[RESIDUAL]);
    result.sd = sqrt(variance);
    if (truth_variance > 0.0)
        result.r2 = 1.0 - mean_square / truth_variance;
    if (variance > 0.0)
        result.skewness = tml_exact_third_moment(count, &sums[RESIDUAL], &sums[RESIDUAL_SQUARED],
                                                 &sums[RESIDUAL_CUBED]) /
                          (variance * sqrt(variance));
    return result;
}
