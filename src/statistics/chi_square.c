#include "statistics/chi_square.h"

#include <gsl/gsl_sf_gamma.h>
#include <gsl/gsl_sf_result.h>
#include <math.h>
#include <stdbool.h>

/* Far more pixels than a spectrum has. Below, the expansions that GSL chooses converge for every chi2, and it
 * never comes to its error handler, which would end the program. */
static const double most_dof = 2e5;

/* Beyond, the tail is far below the smallest double for all these. */
static const double certain_chi2 = 1e7;

double tml_chi_square_tail(double chi2, double dof)
{
    gsl_sf_result tail = {0.0, 0.0};

    if (!(dof > 0.0) || dof > most_dof || !(chi2 >= 0.0))
        return NAN;
    if (chi2 > certain_chi2)
        return 0.0;
    if (gsl_sf_gamma_inc_Q_e(0.5 * dof, 0.5 * chi2, &tail) != 0)
        return NAN;
    return tail.val;
}

static bool is_usable(double observed, double error, double model)
{
    return isfinite(observed) && isfinite(model) && isfinite(error) && error > 0.0;
}

tml_scale_fit tml_scale_fit_of(size_t count, const double *observed, const double *error, const double *model)
{
    tml_scale_fit fit = {NAN, NAN, NAN, 0};
    double product = 0.0;
    double square = 0.0;

    for (size_t i = 0; i < count; ++i)
        if (is_usable(observed[i], error[i], model[i])) {
            double m = model[i] / error[i];

            product += observed[i] / error[i] * m;
            square += m * m;
            ++fit.used;
        }
    if (!(square > 0.0))
        return fit;
    fit.scale = product / square;
    fit.sd = 1.0 / sqrt(square);
    fit.chi2 = tml_chi_square_at(count, observed, error, model, fit.scale);
    return fit;
}

double tml_chi_square_at(size_t count, const double *observed, const double *error, const double *model,
                         double scale)
{
    double chi2 = 0.0;

    for (size_t i = 0; i < count; ++i)
        if (is_usable(observed[i], error[i], model[i])) {
            double deviation = (observed[i] - scale * model[i]) / error[i];

            chi2 += deviation * deviation;
        }
    return chi2;
}
