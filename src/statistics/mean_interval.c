#include "statistics/mean_interval.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <math.h>

double tml_student_quantile(double p, double dof)
{
    gsl_error_handler_t *before;
    double quantile;

    if (!(p > 0.0 && p < 1.0) || !(dof > 0.0 && isfinite(dof)))
        return NAN;
    /* GSL's own handler would end the program. */
    before = gsl_set_error_handler_off();
    quantile = gsl_cdf_tdist_Pinv(p, dof);
    gsl_set_error_handler(before);
    return quantile;
}

static tml_interval about(size_t count, double mean, double sd, double level, double variance)
{
    double reach;

    if (count < 2 || !(level > 0.0 && level < 1.0))
        return (tml_interval){NAN, NAN};
    reach = tml_student_quantile(0.5 + 0.5 * level, (double)(count - 1)) * sd * sqrt(variance);
    return (tml_interval){mean - reach, mean + reach};
}

tml_interval tml_mean_confidence(size_t count, double mean, double sd, double level)
{
    return about(count, mean, sd, level, 1.0 / (double)count);
}

tml_interval tml_mean_prediction(size_t count, double mean, double sd, double level)
{
    return about(count, mean, sd, level, 1.0 + 1.0 / (double)count);
}
