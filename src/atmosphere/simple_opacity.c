#include "atmosphere/simple_opacity.h"

#include <math.h>

#include "atmosphere/planck.h"

typedef struct band {
    tml_simple_absorber absorber;
    double centre; /* cm-1 */
    double width;  /* cm-1 */
    double height; /* cm2 per molecule; collisions: cm-1 amagat-2 */
} band;

static const band bands[] = {
    {TML_SIMPLE_H2O, 250.0, 85.0, 1e-19},           /* rotation */
    {TML_SIMPLE_H2O, 1600.0, 95.0, 1.6e-20},        /* 6.3 micron */
    {TML_SIMPLE_H2O, 3740.0, 80.0, 1.1e-20},        /* 2.7 */
    {TML_SIMPLE_H2O, 5330.0, 80.0, 1.6e-21},        /* 1.87 */
    {TML_SIMPLE_H2O, 6750.0, 80.0, 5e-23},          /* red side of 1.4 */
    {TML_SIMPLE_H2O, 7220.0, 85.0, 1.1e-21},        /* 1.38 */
    {TML_SIMPLE_H2O, 8780.0, 95.0, 7e-23},          /* 1.14 */
    {TML_SIMPLE_H2O, 10620.0, 120.0, 4e-23},        /* 0.94 */
    {TML_SIMPLE_H2O, 12150.0, 120.0, 1e-23},        /* 0.82 */
    {TML_SIMPLE_CH4, 1306.0, 40.0, 2e-20},          /* 7.7 */
    {TML_SIMPLE_CH4, 3020.0, 80.0, 2e-20},          /* 3.3 */
    {TML_SIMPLE_CH4, 4330.0, 80.0, 2e-21},          /* 2.3 */
    {TML_SIMPLE_CH4, 5600.0, 80.0, 8e-23},          /* red side of 1.66 */
    {TML_SIMPLE_CH4, 5920.0, 90.0, 2.4e-22},        /* 1.66 */
    {TML_SIMPLE_CH4, 7250.0, 120.0, 8e-23},         /* 1.38 */
    {TML_SIMPLE_CH4, 8640.0, 100.0, 5e-23},         /* 1.15 */
    {TML_SIMPLE_CH4, 10000.0, 140.0, 4e-24},        /* 1.0 */
    {TML_SIMPLE_CH4, 11300.0, 140.0, 4e-24},        /* 0.89 */
    {TML_SIMPLE_CO, 2140.0, 50.0, 3e-20},           /* 4.7 */
    {TML_SIMPLE_CO, 4230.0, 55.0, 4e-22},           /* 2.35 */
    {TML_SIMPLE_CO, 6320.0, 70.0, 4e-24},           /* 1.57 */
    {TML_SIMPLE_NH3, 950.0, 90.0, 2.5e-20},         /* 10.5 */
    {TML_SIMPLE_NH3, 1630.0, 90.0, 1.2e-20},        /* 6.1 */
    {TML_SIMPLE_NH3, 3340.0, 110.0, 4e-21},         /* 3.0 */
    {TML_SIMPLE_NH3, 4410.0, 85.0, 3e-21},          /* 2.25 */
    {TML_SIMPLE_NH3, 5010.0, 75.0, 2.4e-21},        /* 2.0 */
    {TML_SIMPLE_NH3, 6050.0, 110.0, 1.3e-22},       /* 1.65 */
    {TML_SIMPLE_NH3, 6630.0, 75.0, 1e-21},          /* 1.5 */
    {TML_SIMPLE_NH3, 7580.0, 90.0, 8e-23},          /* 1.32 */
    {TML_SIMPLE_NH3, 8140.0, 110.0, 8e-23},         /* 1.23 */
    {TML_SIMPLE_NH3, 9660.0, 120.0, 5e-23},         /* 1.04 */
    {TML_SIMPLE_COLLISIONS, 1000.0, 550.0, 6e-6},   /* rotation */
    {TML_SIMPLE_COLLISIONS, 4200.0, 500.0, 1.6e-5}, /* fundamental */
    {TML_SIMPLE_COLLISIONS, 8600.0, 420.0, 1e-7},   /* first overtone */
    {TML_SIMPLE_COLLISIONS, 12300.0, 450.0, 5e-9},  /* second overtone */
};

/* Far wing of a resonance line of strength 1 with a width of 1 cm-1 [cm2]. */
static double alkali_wing(double wavenumber, double centre)
{
    const double strength = 8.85e-13; /* pi e^2 / (m_e c^2) [cm] */
    const double core = 100.0;
    const double distance = sqrt((wavenumber - centre) * (wavenumber - centre) + core * core);

    return strength / TML_PI / (distance * distance) * exp(-distance / 2500.0);
}

/* All bands of one absorber, their widths stretched by a factor. */
static double band_sum(tml_simple_absorber absorber, double wavenumber, double stretch)
{
    double sum = 0.0;

    for (size_t b = 0; b < sizeof bands / sizeof bands[0]; ++b)
        if (bands[b].absorber == absorber)
            sum += bands[b].height / cosh((wavenumber - bands[b].centre) / (stretch * bands[b].width));
    return sum;
}

double tml_simple_shape(tml_simple_absorber absorber, double wavelength_um)
{
    const double wing_stretch = 2.2;
    const double wing_height = 0.05;
    const double sodium_per_potassium = 16.0;
    const double wavenumber = 1e4 / wavelength_um;

    switch (absorber) {
    case TML_SIMPLE_H2O_WINGS:
        return wing_height * band_sum(TML_SIMPLE_H2O, wavenumber, wing_stretch);
    case TML_SIMPLE_CH4_WINGS:
        return wing_height * band_sum(TML_SIMPLE_CH4, wavenumber, wing_stretch);
    case TML_SIMPLE_HOT_H2O:
        return 5.1e-19 * exp(-wavenumber / 1270.0);
    case TML_SIMPLE_ALKALI:
        return alkali_wing(wavenumber, 13010.0) + sodium_per_potassium * alkali_wing(wavenumber, 16970.0);
    case TML_SIMPLE_METALS:
        return 1.0 / (1.0 + exp((15000.0 - wavenumber) / 700.0));
    case TML_SIMPLE_GRAINS:
        return 0.002 * pow(1e-4 * wavenumber, 2.0);
    default:
        return band_sum(absorber, wavenumber, 1.0);
    }
}

void tml_simple_weights(const tml_simple_elements *elements, double temperature_k, double pressure_bar,
                        double weights[TML_SIMPLE_ABSORBERS])
{
    const tml_simple_abundances x = tml_simple_abundances_at(elements, temperature_k, pressure_bar);
    const double per_gram = 1.0 / (TML_SIMPLE_MEAN_WEIGHT * TML_ATOMIC_MASS);
    const double molecules = 1e6 * pressure_bar / (TML_BOLTZMANN_CONSTANT * temperature_k); /* cm-3 */
    const double amagat = TML_SIMPLE_H2_FRACTION / TML_LOSCHMIDT_NUMBER; /* of H2, per molecule in a cm3 */
    const double broadened = pow(pressure_bar, 0.3);
    const double half_width = 0.1 * pressure_bar * pow(296.0 / temperature_k, 0.7); /* cm-1 */

    weights[TML_SIMPLE_H2O] = x.h2o * per_gram;
    weights[TML_SIMPLE_CH4] = x.ch4 * per_gram;
    weights[TML_SIMPLE_CO] = x.co * per_gram;
    weights[TML_SIMPLE_NH3] = x.nh3 * per_gram;
    weights[TML_SIMPLE_H2O_WINGS] = x.h2o * per_gram * broadened;
    weights[TML_SIMPLE_CH4_WINGS] = x.ch4 * per_gram * broadened;
    weights[TML_SIMPLE_HOT_H2O] = x.h2o * per_gram * exp(-6000.0 / temperature_k);
    weights[TML_SIMPLE_ALKALI] = x.potassium * per_gram * half_width;
    weights[TML_SIMPLE_COLLISIONS] = amagat * amagat * molecules * per_gram;
    weights[TML_SIMPLE_METALS] = pow(elements->metals, 1.7) * sqrt(pressure_bar);
    weights[TML_SIMPLE_GRAINS] = pow(elements->metals, 1.3);
}

void tml_simple_opacities(const double weights[TML_SIMPLE_ABSORBERS], const double *shapes, size_t count,
                          double *restrict kappa)
{
    for (size_t i = 0; i < count; ++i) {
        double sum = 0.0;

        for (size_t a = 0; a < TML_SIMPLE_ABSORBERS; ++a)
            sum += weights[a] * shapes[a * count + i];
        kappa[i] = sum;
    }
}
