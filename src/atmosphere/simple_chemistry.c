#include "atmosphere/simple_chemistry.h"

#include <math.h>

/* Lodders (2010) through the Sonora tables: CH4 / H2 = 2 A_C, NH3 / H2 = 2 A_N, K / H2 = 2 A_K. */
static const double solar_carbon = 2.783e-4;
static const double solar_nitrogen = 8.21e-5;
static const double solar_potassium = 1.3e-7;

static const double bound_oxygen = 0.2;
static const double other_carbon = 1e-3;
static const double atm_per_bar = 1.0 / 1.01325;

/* Below this the other reaction partner is used up to the rounding of a double. */
static const double least_abundance = 1e-30;

tml_simple_elements tml_simple_elements_of(double c_o, double met)
{
    const double scale = pow(10.0, met);
    const double both = solar_carbon * (1.0 + 1.0 / TML_SIMPLE_SOLAR_C_O);
    const double ratio = c_o * TML_SIMPLE_SOLAR_C_O;
    tml_simple_elements elements;

    elements.carbon = scale * both * ratio / (1.0 + ratio);
    elements.oxygen = scale * both / (1.0 + ratio) * (1.0 - bound_oxygen);
    elements.nitrogen = scale * solar_nitrogen;
    elements.alkali = scale * solar_potassium;
    elements.metals = scale;
    return elements;
}

static double equilibrium(double t, double a, double b, double c, double d, double e)
{
    return exp((a / t + b + t * (c + t * (d + t * e))) / (1.9872036 * t));
}

/* The smaller root of x^2 - 2 half_sum x + product = 0 without the difference of two near numbers. */
static double smaller_root(double half_sum, double product)
{
    return product / (half_sum + sqrt(half_sum * half_sum - product));
}

tml_simple_abundances tml_simple_abundances_at(const tml_simple_elements *elements, double temperature_k,
                                               double pressure_bar)
{
    const double t = temperature_k;
    const double hydrogen = TML_SIMPLE_H2_FRACTION * pressure_bar * atm_per_bar;
    const double k1 = equilibrium(t, 1.106131e6, -5.6895e4, 62.565, -5.81396e-4, 2.346515e-8);
    const double k2 = equilibrium(t, 8.16413e5, -2.9109e4, 58.5878, -7.8284e-4, 4.729048e-8);
    const double c = elements->carbon;
    const double o = elements->oxygen;
    const double n = elements->nitrogen;
    const double s = c + o + hydrogen * hydrogen / (2.0 * k1) + other_carbon * (c + o);
    const double u = n + hydrogen * hydrogen / (8.0 * k2);
    const double co = smaller_root(s, 4.0 * c * o);
    const double n2 = smaller_root(u, n * n);
    const double gaseous = 0.5 * (1.0 + tanh((t - 1000.0) / 80.0));
    tml_simple_abundances x;

    x.co = TML_SIMPLE_H2_FRACTION * co;
    x.ch4 = TML_SIMPLE_H2_FRACTION * fmax(2.0 * c - co, least_abundance);
    x.h2o = TML_SIMPLE_H2_FRACTION * fmax(2.0 * o - co, least_abundance);
    x.nh3 = TML_SIMPLE_H2_FRACTION * fmax(2.0 * (n - n2), least_abundance);
    x.potassium = TML_SIMPLE_H2_FRACTION * 2.0 * elements->alkali * gaseous;
    return x;
}
