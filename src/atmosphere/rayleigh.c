#include "atmosphere/rayleigh.h"

static const double angstrom_per_um = 1e4;

double tml_rayleigh_h2(double wavelength_um)
{
    const double angstrom = angstrom_per_um * wavelength_um;
    const double inverse = 1.0 / (angstrom * angstrom);

    return inverse * inverse * (8.14e-13 + inverse * (1.28e-6 + inverse * 1.61));
}

double tml_rayleigh_he(double wavelength_um)
{
    const double angstrom = angstrom_per_um * wavelength_um;
    const double inverse = 1.0 / (angstrom * angstrom);

    return inverse * inverse * 5.484e-14 * (1.0 + 2.44e5 * inverse);
}
