#include "statistics/kernel_density.h"

#include <assert.h>
#include <gsl/gsl_math.h>
#include <math.h>

#include "statistics/description.h"

double tml_scott_bandwidth(size_t count, const double *values)
{
    double sd = tml_describe(count, values).sd_sample;

    return sd > 0.0 ? sd * pow((double)count, -0.2) : (double)NAN;
}

void tml_kernel_density(size_t count, const double *values, double bandwidth, size_t points, const double *x,
                        double *density)
{
    double height = 0.5 * M_SQRT1_2 * M_2_SQRTPI / (bandwidth * (double)count);

    assert(count > 0 && bandwidth > 0.0);
    for (size_t p = 0; p < points; ++p) {
        double sum = 0.0;

        for (size_t i = 0; i < count; ++i) {
            double distance = (x[p] - values[i]) / bandwidth;

            sum += exp(-0.5 * distance * distance);
        }
        density[p] = height * sum;
    }
}
