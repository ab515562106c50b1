#include "atmosphere/structure.h"

#include <gsl/gsl_pow_int.h>
#include <math.h>

#include "atmosphere/structure_metals.h"
#include "atmosphere/structure_table.h"

static const double ln_10 = 2.30258509299404568402;

/* log g of the profiles behind the table, and the width of the bends at both ends [dex]. */
static const double lowest_logg = 3.0, highest_logg = 5.5, logg_bend = 0.1;

/* log10 of the pressure that no level exceeds [bar], and the width of the bend towards it [dex]. */
static const double deepest = 2.95, deepest_bend = 0.2;

static double soft_step(double excess)
{
    return excess > 0.0 ? excess + log1p(exp(-excess)) : log1p(exp(excess));
}

/* A value, held between two limits with a bend of that width at each. */
static double between(double value, double low, double high, double bend)
{
    return low + bend * (soft_step((value - low) / bend) - soft_step((value - high) / bend));
}

static double reduced_logg(double logg)
{
    return (logg - 4.25) / 1.25;
}

/* Chebyshev polynomials of ln Teff, which is mapped from 200 to 2400 K to -1 to 1. */
static void teff_polynomials(double teff, double value[PHOTOSPHERE_TERMS])
{
    const double u = 2.0 * log(teff / 200.0) / log(12.0) - 1.0;

    value[0] = 1.0;
    value[1] = u;
    for (size_t i = 2; i < PHOTOSPHERE_TERMS; ++i)
        value[i] = 2.0 * u * value[i - 1] - value[i - 2];
}

/* log10 of the pressure where T = Teff. */
static double photosphere_of(const double polynomial[PHOTOSPHERE_TERMS], double logg)
{
    const double g = reduced_logg(logg);
    double ln_pressure = 0.0;

    for (size_t i = 0; i < PHOTOSPHERE_TERMS; ++i)
        ln_pressure += polynomial[i] * (photosphere[i][0] + g * photosphere[i][1]);
    return ln_pressure / ln_10;
}

static void gradients_of(const double polynomial[PHOTOSPHERE_TERMS], double logg, double gradient[NODES])
{
    /* Beyond the profiles' range only the photosphere moves, the shape stays. */
    const double g = reduced_logg(between(logg, lowest_logg, highest_logg, logg_bend));

    for (size_t k = 0; k < NODES; ++k) {
        double sum = 0.0;

        for (size_t i = 0; i < TEFF_TERMS; ++i) {
            const double *term = ln_gradient[k][i];

            sum += polynomial[i] * (term[0] + g * (term[1] + g * term[2]));
        }
        gradient[k] = exp(sum);
    }
}

/* ln T at x against the first node: the gradient is linear between nodes and constant beyond. */
static double integral_to(const double gradient[NODES], double x)
{
    double sum = gradient[0] * fmin(x - node_x[0], 0.0);

    for (size_t k = 0; k + 1 < NODES && x > node_x[k]; ++k) {
        const double width = node_x[k + 1] - node_x[k];
        const double step = fmin(x - node_x[k], width);

        sum += step * (gradient[k] + 0.5 * (gradient[k + 1] - gradient[k]) * step / width);
    }
    return ln_10 * (sum + gradient[NODES - 1] * fmax(x - node_x[NODES - 1], 0.0));
}

/* The coldest level of the profiles has 74 K; above their top the gradient is not known. */
static double not_too_cold(double temperature)
{
    const double coldest = 75.0;

    return temperature * pow(1.0 + pow(coldest / temperature, 16.0), 1.0 / 16.0);
}

/* log10 f of structure.h; the solar atmosphere with the gravity g / f has the same T(P). */
static double gravity_shift(double teff, double logg, double c_o, double met)
{
    const double y = between(log(teff / 1200.0), -0.75, 0.75, 0.05);
    double shift = 0.0;

    for (size_t i = 0; i < TML_METALS_OUTER; ++i) {
        const int *outer = tml_metals_outer[i];
        double inner_sum = 0.0;

        for (size_t k = 0; k < TML_METALS_INNER; ++k) {
            const int *inner = tml_metals_inner[k];

            inner_sum += tml_metals_coefficient[i][k] * gsl_pow_int(met, inner[0]) *
                         gsl_pow_int(c_o - 1.0, inner[1]);
        }
        shift += gsl_pow_int(y, outer[0]) * gsl_pow_int(logg - 5.0, outer[1]) * inner_sum;
    }
    return shift;
}

void tml_structure_of(double teff, double logg, double c_o, double met, tml_structure *structure)
{
    const double reduced = logg - gravity_shift(teff, logg, c_o, met);
    double polynomial[PHOTOSPHERE_TERMS];
    double gradient[NODES];
    double centre;
    double top;
    double bottom;
    double at_centre;

    teff_polynomials(teff, polynomial);
    gradients_of(polynomial, reduced, gradient);
    centre = photosphere_of(polynomial, reduced);
    at_centre = integral_to(gradient, 0.0);
    top = -5.0 + 0.25 * centre;
    bottom = centre + 2.5 + 0.8 * (3.0 - log10(teff));
    bottom = deepest - deepest_bend * soft_step((deepest - bottom) / deepest_bend);
    structure->gravity = pow(10.0, logg);
    for (size_t l = 0; l < TML_STRUCTURE_LEVELS; ++l) {
        const double x = top + (bottom - top) * (double)l / (double)(TML_STRUCTURE_LEVELS - 1);

        structure->pressure_bar[l] = pow(10.0, x);
        structure->temperature_k[l] = not_too_cold(teff * exp(integral_to(gradient, x - centre) - at_centre));
    }
}
