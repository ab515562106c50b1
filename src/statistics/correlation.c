#include "statistics/correlation.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "core/memory.h"

double tml_correlation_p(double r, size_t count)
{
    if (count < 2 || !(fabs(r) <= 1.0))
        return NAN;
    if (count == 2)
        return 1.0;
    return gsl_cdf_beta_P((1.0 - r) * (1.0 + r), 0.5 * (double)count - 1.0, 0.5);
}

static bool varies(size_t count, const double *values)
{
    for (size_t i = 1; i < count; ++i)
        if (values[i] < values[0] || values[i] > values[0])
            return true;
    return false;
}

static tml_correlation with_p(double r, size_t count)
{
    double bounded = fmax(-1.0, fmin(r, 1.0)); /* roundings may lead beyond */

    return (tml_correlation){bounded, tml_correlation_p(bounded, count)};
}

tml_correlation tml_pearson(size_t count, const double *x, const double *y)
{
    if (!varies(count, x) || !varies(count, y))
        return (tml_correlation){NAN, NAN};
    return with_p(gsl_stats_correlation(x, 1, y, 1, count), count);
}

tml_status tml_spearman(size_t count, const double *x, const double *y, tml_correlation *correlation,
                        tml_error *error)
{
    double *ranks = NULL;
    tml_status status;

    *correlation = (tml_correlation){NAN, NAN};
    if (!varies(count, x) || !varies(count, y))
        return TML_OK;
    status = tml_array_create(count, 2 * sizeof *ranks, "ranks", &ranks, error);
    if (status == TML_OK)
        *correlation = with_p(gsl_stats_spearman(x, 1, y, 1, count, ranks), count);
    free(ranks);
    return status;
}
