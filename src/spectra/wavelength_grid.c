#include "spectra/wavelength_grid.h"

#include <math.h>

void tml_wavelength_grid_published(double wavelength_um[TML_PUBLISHED_WAVELENGTHS])
{
    const double first = 0.8967795781943042;
    const double ratio = 201.0 / 199.0;

    /* A power for each, not a running product: no rounding error piles up. */
    for (size_t k = 0; k < TML_PUBLISHED_WAVELENGTHS; ++k)
        wavelength_um[k] = first * pow(ratio, (double)k);
}
