#include "statistics/description.h"

#include <float.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>

tml_description tml_describe(size_t count, const double *values)
{
    tml_description d = {count, NAN, NAN, NAN, NAN, NAN, NAN};

    if (count == 0)
        return d;
    d.mean = gsl_stats_mean(values, 1, count);
    d.sd_population = gsl_stats_sd_with_fixed_mean(values, 1, count, d.mean);
    if (count > 1) {
        d.sd_sample = gsl_stats_sd_m(values, 1, count, d.mean);
        d.standard_error = d.sd_sample / sqrt((double)count);
    }
    if (d.sd_population > DBL_EPSILON * fabs(d.mean)) {
        d.skewness = gsl_stats_skew_m_sd(values, 1, count, d.mean, d.sd_population);
        d.kurtosis = gsl_stats_kurtosis_m_sd(values, 1, count, d.mean, d.sd_population);
    }
    return d;
}
