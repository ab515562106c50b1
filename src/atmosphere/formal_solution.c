#include "atmosphere/formal_solution.h"

#include <assert.h>
#include <math.h>

#include <gsl/gsl_integration.h>

#include "atmosphere/fast_math.h"
#include "atmosphere/planck.h"
#include "core/wide.h"

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

tml_status tml_emission_angles_make(size_t count, tml_emission_angles *angles, tml_error *error)
{
    gsl_integration_glfixed_table *rule = gsl_integration_glfixed_table_alloc(count);

    assert(count >= 1 && count <= TML_EMISSION_ANGLES);
    if (rule == NULL)
        return TML_FAIL(error, TML_INTERNAL, "no memory for a rule of %zu angles", count);
    *angles = (tml_emission_angles){.count = count};
    for (size_t a = 0; a < count; ++a) {
        double cosine = 0.0;
        double weight = 0.0;

        gsl_integration_glfixed_point(0.0, 1.0, a, &cosine, &weight, rule);
        angles->inverse_cosine[a] = 1.0 / cosine;
        angles->weight[a] = 2.0 * weight * cosine;
    }
    gsl_integration_glfixed_table_free(rule);
    return TML_OK;
}

TML_WIDE void tml_emission_begin(const tml_emission_angles *angles, size_t columns,
                                 const double *restrict depth, const double *restrict source,
                                 double *restrict transmission, double *restrict flux)
{
    for (size_t a = 0; a < angles->count; ++a)
        for (size_t i = 0; i < columns; ++i)
            transmission[a * columns + i] = tml_fast_exp(-depth[i] * angles->inverse_cosine[a]);
    for (size_t i = 0; i < columns; ++i)
        flux[i] = source[i];
}

/* (1 - exp(-x)) / x; four terms of the series are good to 1e-13 where they are used. */
static inline double straight_share(double x, double passed)
{
    const double small = 0.01;
    const double series = 1.0 - x * (1.0 / 2.0 - x * (1.0 / 6.0 - x * (1.0 / 24.0 - x * (1.0 / 120.0))));

    return x < small ? series : (1.0 - passed) / (x < small ? 1.0 : x);
}

/* Integral of (1 - 2 y) exp(-x y) dy over [0, 1]; the terms of the series are (-1)^(k+1) k x^k / (k + 2)!. */
static inline double bend_share(double x, double passed, double straight)
{
    const double small = 0.2;
    const double divisor = x < small ? 1.0 : x * x;
    double series = 1.0 / 51840.0 - x * (1.0 / 453600.0);

    series = 1.0 / 1008.0 - x * (1.0 / 6720.0 - x * series);
    series = 1.0 / 6.0 - x * (1.0 / 12.0 - x * (1.0 / 40.0 - x * (1.0 / 180.0 - x * series)));
    return x < small ? x * series : straight - 2.0 * (1.0 - passed - x * passed) / divisor;
}

/* One angle. The source is the straight line between the levels and 4 y (1 - y) times what it has more than
 * that in the middle, y being the part of the depth that is passed. Beyond a bend of the difference of the
 * levels the parabola would leave their range, and even fall below zero where the source grows by decades. */
TML_WIDE static void cross_layer(double inverse_cosine, double weight, size_t columns,
                                 const double *restrict depth, const double *restrict above,
                                 const double *restrict middle, const double *restrict below,
                                 double *restrict transmission, double *restrict flux)
{
    for (size_t i = 0; i < columns; ++i) {
        const double x = depth[i] * inverse_cosine;
        const double passed = tml_fast_exp(-x);
        const double straight = straight_share(x, passed);
        const double wanted = 4.0 * middle[i] - 2.0 * (above[i] + below[i]);
        const double most = fabs(below[i] - above[i]);
        const double held = wanted < most ? wanted : most;
        const double bend = held > -most ? held : -most;

        flux[i] += weight * transmission[i] *
                   ((below[i] - above[i]) * straight + bend * bend_share(x, passed, straight));
        transmission[i] *= passed;
    }
}

TML_WIDE static double largest(size_t count, const double *values)
{
    double most = 0.0;

    for (size_t i = 0; i < count; ++i)
        most = values[i] > most ? values[i] : most;
    return most;
}

double tml_emission_layer(const tml_emission_angles *angles, size_t columns, const double *depth,
                          const double *above, const double *middle, const double *below,
                          double *transmission, double *flux)
{
    for (size_t a = 0; a < angles->count; ++a)
        cross_layer(angles->inverse_cosine[a], angles->weight[a], columns, depth, above, middle, below,
                    transmission + a * columns, flux);
    return largest(angles->count * columns, transmission);
}

TML_WIDE void tml_emission_end(const tml_emission_angles *angles, size_t columns,
                               const double *restrict source, const double *restrict intensity,
                               const double *restrict transmission, double *restrict flux)
{
    for (size_t a = 0; a < angles->count; ++a)
        for (size_t i = 0; i < columns; ++i)
            flux[i] += angles->weight[a] * transmission[a * columns + i] * (intensity[i] - source[i]);
    for (size_t i = 0; i < columns; ++i)
        flux[i] *= TML_PI;
}
