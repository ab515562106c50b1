#include "statistics/noise_misfit.h"

#include <math.h>

#include "statistics/chi_square.h"

enum { HALVINGS = 60 };

double tml_misfit(double chi2, double dof)
{
    return chi2 >= 0.0 && dof > 0.0 ? sqrt(chi2 / dof) : (double)NAN;
}

/* Where the upper tail has this probability; it falls with chi2. */
static double misfit_at(double tail, double dof)
{
    double low = 0.0;
    double high = dof + 20.0 * sqrt(2.0 * dof) + 20.0;

    for (int i = 0; i < HALVINGS; ++i) {
        double middle = 0.5 * (low + high);

        if (tml_chi_square_tail(middle, dof) > tail)
            low = middle;
        else
            high = middle;
    }
    return tml_misfit(0.5 * (low + high), dof);
}

tml_interval tml_noise_misfit(double dof)
{
    tml_interval interval = {NAN, NAN};

    if (isnan(tml_chi_square_tail(1.0, dof)))
        return interval;
    interval.low = misfit_at(0.975, dof);
    interval.high = misfit_at(0.025, dof);
    return interval;
}
