#ifndef TML_STATISTICS_NOISE_MISFIT_H
#define TML_STATISTICS_NOISE_MISFIT_H

/** @file statistics/noise_misfit.h
 * The misfit of a model in units of the errors, sqrt(chi2 / dof): 1 is what noise alone makes of a right
 * model and right errors. Not collective. */

#include "statistics/interval.h"

/** @return sqrt(chi2 / dof); NaN unless chi2 is at least 0 and dof above 0 */
double tml_misfit(double chi2, double dof);

/** What noise alone makes in 95 of 100 cases, by the quantiles of chi-square. To 1e-9.
 * @return not known when dof is not above 0 or above 200,000
 */
tml_interval tml_noise_misfit(double dof);

#endif
