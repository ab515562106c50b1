#include "inference/same_wavelengths.h"

#include <float.h>
#include <math.h>

static double tolerance(const double *wavelength_um, size_t count, size_t i)
{
    double below = i > 0 ? wavelength_um[i] - wavelength_um[i - 1] : DBL_MAX;
    double above = i + 1 < count ? wavelength_um[i + 1] - wavelength_um[i] : DBL_MAX;
    double spacing = below < above ? below : above;

    return spacing < DBL_MAX ? 0.1 * spacing : 1e-3 * wavelength_um[i];
}

tml_status tml_same_wavelengths(const tml_model *model, size_t count, const double *wavelength_um,
                                const char *path, tml_error *error)
{
    if (count != model->preparation.choice.wavelengths)
        return TML_FAIL(error, TML_BAD_DATA, "%s has %zu wavelengths, the network was trained on %zu", path,
                        count, model->preparation.choice.wavelengths);
    for (size_t i = 0; i < count; ++i)
        if (fabs(wavelength_um[i] - model->wavelength_um[i]) > tolerance(model->wavelength_um, count, i))
            return TML_FAIL(
                error, TML_BAD_DATA,
                "%s: wavelength %zu is %.6g micron, the network was trained on %.6g; bring the spectra to "
                "the network's wavelengths",
                path, i, wavelength_um[i], model->wavelength_um[i]);
    return TML_OK;
}
