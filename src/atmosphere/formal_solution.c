#include "atmosphere/formal_solution.h"

#include <assert.h>
#include <math.h>

#include "atmosphere/planck.h"

/* Gauss-Legendre on [0, 1]: mu = 1/2 -+ 1/(2 sqrt 3), both with weight 1/2. */
static const double cosine_low = 0.21132486540518711775;
static const double cosine_high = 0.78867513459481288225;

double tml_emergent_flux(const double *depth, const double *source, size_t levels)
{
    /* Weight 1/2 times 2 pi mu, over pi, times mu from dt = mu d(t / mu). */
    const double factor_low = cosine_low * cosine_low;
    const double factor_high = cosine_high * cosine_high;
    double above = factor_low * exp(-depth[0] / cosine_low) + factor_high * exp(-depth[0] / cosine_high);
    double slope = 0.0;
    double sum = source[0];

    assert(levels >= 2);
    for (size_t l = 1; l < levels; ++l) {
        const double step = depth[l] - depth[l - 1];
        const double here = factor_low * exp(-depth[l] / cosine_low) +
                            factor_high * exp(-depth[l] / cosine_high);

        assert(step > 0.0);
        slope = (source[l] - source[l - 1]) / step;
        sum += slope * (above - here);
        above = here;
    }
    return TML_PI * (sum + slope * above);
}
