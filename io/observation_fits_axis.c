#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "core/text.h"
#include "io/observation_fits_private.h"

typedef enum axis_rule { LINEAR, FITS_LOG, IRAF_LOG } axis_rule;

/* Meaning of a CTYPE1. */
typedef struct axis_type {
    const char *name;
    axis_rule rule;
    bool is_air;
} axis_type;

static const axis_type types[] = {
    {"", LINEAR, false},           {"WAVE", LINEAR, false},      {"AWAV", LINEAR, true},
    {"LAMBDA", LINEAR, false},     {"LINEAR", LINEAR, false},    {"WAVELENGTH", LINEAR, false},
    {"WAVE-LOG", FITS_LOG, false}, {"AWAV-LOG", FITS_LOG, true},
};

static const axis_type *find_type(const char *name)
{
    for (size_t i = 0; i < sizeof types / sizeof types[0]; ++i)
        if (strcasecmp(types[i].name, name) == 0)
            return &types[i];
    return NULL;
}

/* IRAF keeps the unit in WAT1_001 = 'wtype=linear label=Wavelength units=angstroms'. */
static void read_unit(const tml_fits_source *source, tml_observation_raw *raw)
{
    char text[FLEN_VALUE];
    const char *unit;

    tml_fits_text(source, "CUNIT1", raw->unit_wavelength, sizeof raw->unit_wavelength);
    if (raw->unit_wavelength[0] != '\0')
        return;
    tml_fits_text(source, "WAT1_001", text, sizeof text);
    unit = strstr(text, "units=");
    if (unit == NULL)
        return;
    unit += strlen("units=");
    text[(size_t)(unit - text) + strcspn(unit, " ")] = '\0';
    tml_observation_copy_text(raw->unit_wavelength, sizeof raw->unit_wavelength, unit);
}

/* Linear: Greisen & Calabretta 2002; WAVE-LOG: Greisen et al. 2006 (paper III), S = S_r exp(w / S_r) with
 * w = CDELT (p - CRPIX); IRAF, DC-FLAG = 1: log10 of the wavelength is linear. */
static double wavelength_at(axis_rule rule, double value, double step)
{
    if (rule == FITS_LOG)
        return value * exp(step / value);
    return rule == IRAF_LOG ? pow(10.0, value + step) : value + step;
}

bool tml_fits_wavelength_axis(tml_fits_source *source, size_t count, double *wavelength,
                              tml_observation_raw *raw)
{
    char name[FLEN_VALUE];
    const axis_type *type;
    axis_rule rule;
    double value = 0.0;
    double pixel = 0.0;
    double step = 0.0;
    double flag = 0.0;

    tml_fits_text(source, "CTYPE1", name, sizeof name);
    type = find_type(name);
    if (type == NULL) {
        snprintf(
            source->reason, sizeof source->reason,
            "an image of %zu pixels whose axis is CTYPE1 = '%.20s', not a wavelength (WAVE, AWAV, LAMBDA, "
            "LINEAR, WAVE-LOG, AWAV-LOG); convert it first",
            count, name);
        return false;
    }
    if (!tml_fits_number(source, "CRVAL1", &value) || !tml_fits_number(source, "CRPIX1", &pixel) ||
        !(tml_fits_number(source, "CD1_1", &step) || tml_fits_number(source, "CDELT1", &step)) ||
        step == 0.0) {
        snprintf(source->reason, sizeof source->reason,
                 "an image of %zu pixels without an axis of wavelengths (CRVAL1, CRPIX1 and CDELT1 or CD1_1)",
                 count);
        return false;
    }
    rule = type->rule;
    if (rule == LINEAR && tml_fits_number(source, "DC-FLAG", &flag) && fabs(flag - 1.0) < 0.5)
        rule = IRAF_LOG;
    for (size_t i = 0; i < count; ++i)
        wavelength[i] = wavelength_at(rule, value, step * ((double)i + 1.0 - pixel));
    raw->is_air = type->is_air;
    read_unit(source, raw);
    return true;
}
