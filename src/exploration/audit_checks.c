#include "exploration/audit_checks.h"

#include <math.h>
#include <string.h>

#include "core/digest.h"

static const double speed_of_light_um = 2.99792458e14; /* micron s-1 */
static const double stefan_boltzmann = 5.670374419e-5; /* erg s-1 cm-2 K-4 */

const char *tml_row_defect_name(size_t bit)
{
    static const char *const names[TML_ROW_DEFECTS] = {"not_finite", "negative", "zero", "energy", "jump"};

    return names[bit];
}

static unsigned defects_of(size_t count, const float *flux)
{
    unsigned defects = 0;

    for (size_t j = 0; j < count; ++j) {
        if (!isfinite(flux[j]))
            defects |= TML_DEFECT_NOT_FINITE;
        else if (flux[j] < 0.0F)
            defects |= TML_DEFECT_NEGATIVE;
        else if (!(flux[j] > 0.0F))
            defects |= TML_DEFECT_ZERO;
    }
    return defects;
}

static double in_band(size_t count, const float *flux, const double *wavelength_um)
{
    double sum = 0.0;

    for (size_t j = 1; j < count; ++j) {
        const double width = speed_of_light_um / wavelength_um[j - 1] - speed_of_light_um / wavelength_um[j];

        sum += 0.5 * ((double)flux[j - 1] + (double)flux[j]) * width;
    }
    return sum;
}

void tml_row_checks(const tml_explored_rows *rows, const double *wavelength_um, int teff,
                    tml_row_check *checks)
{
    const size_t width = rows->wavelengths;

    for (size_t i = 0; i < rows->count; ++i) {
        const float *flux = rows->flux + i * width;
        tml_row_check *check = &checks[i];

        memset(check, 0, sizeof *check);
        check->defects = defects_of(width, flux);
        check->spectrum = tml_digest_64(flux, width * sizeof *flux);
        check->energy = (double)NAN;
        if (teff >= 0 && (check->defects & TML_DEFECT_NOT_FINITE) == 0) {
            const double t = tml_parameter_value(rows, i, (size_t)teff);

            check->energy = in_band(width, flux, wavelength_um) / (stefan_boltzmann * t * t * t * t);
            if (check->energy > 1.0)
                check->defects |= TML_DEFECT_ENERGY;
        }
    }
}
