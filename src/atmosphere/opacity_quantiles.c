#include "atmosphere/opacity_quantiles.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_integration.h>

#include "atmosphere/fast_math.h"
#include "core/wide.h"

tml_status tml_quantiles_make(tml_quantiles *quantiles, tml_error *error)
{
    gsl_integration_glfixed_table *rule = gsl_integration_glfixed_table_alloc(TML_QUANTILES);

    if (rule == NULL)
        return TML_FAIL(error, TML_INTERNAL, "no memory for a rule of %d quantiles", TML_QUANTILES);
    for (size_t j = 0; j < TML_QUANTILES; ++j) {
        double u = 0.0;

        gsl_integration_glfixed_point(0.0, 1.0, j, &u, &quantiles->weight[j], rule);
        quantiles->deviate[j] = gsl_cdf_ugaussian_Pinv(u);
    }
    gsl_integration_glfixed_table_free(rule);
    return TML_OK;
}

TML_WIDE void tml_quantile_depth(size_t bins, const double *restrict mean, const double *restrict spread,
                                 const double *restrict continuum, double deviate, double column,
                                 double *restrict depth)
{
    for (size_t b = 0; b < bins; ++b)
        depth[b] = column * (mean[b] * tml_fast_exp(spread[b] * (deviate - 0.5 * spread[b])) + continuum[b]);
}
