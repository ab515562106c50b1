#include "io/observation_convert.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/log.h"
#include "core/memory.h"
#include "spectra/pixel_state.h"

/* Outside of this no spectrum is given in micron; one in Angstrom or nanometre is. */
static const double shortest_um = 0.05;
static const double longest_um = 1000.0;

/* Half of the pixels of a spectrum that is worth a look are not five errors away from their flux. */
static const double least_median = 0.2;

/* What somebody said about a unit, and who. */
typedef struct statement {
    const char *text; /* "": nobody did */
    const char *where;
    bool is_in_file;
} statement;

static statement first_said(const char *option, const char *option_name, const char *object, const char *file)
{
    if (option != NULL)
        return (statement){option, option_name, false};
    if (object[0] != '\0')
        return (statement){object, "OBJECT.yml", false};
    return (statement){file, "unit in the file", true};
}

/* Spectra are filled up at their ends with pixels that have neither wavelength nor flux. */
static void drop_padding(tml_observed_spectrum *pixels)
{
    size_t kept = 0;

    for (size_t i = 0; i < pixels->count; ++i) {
        if (!isfinite(pixels->wavelength_um[i]) && !isfinite(pixels->flux[i]))
            continue;
        pixels->wavelength_um[kept] = pixels->wavelength_um[i];
        pixels->flux[kept] = pixels->flux[i];
        pixels->error[kept] = pixels->error[i];
        ++kept;
    }
    pixels->count = kept;
}

static tml_status convert_wavelengths(const char *path, const statement *unit, tml_observed_spectrum *pixels,
                                      tml_error *error)
{
    const bool is_said = unit->text[0] != '\0';
    double micron = 1.0;
    tml_status status = is_said ? tml_wavelength_unit_parse(unit->text, &micron, error) : TML_OK;
    const double *wavelength_um = pixels->wavelength_um;

    if (status != TML_OK) {
        tml_error_prefix(error, "%s: %s%s: ", path, unit->where,
                         unit->is_in_file ? " (say another with --unit-wavelength)" : "");
        return status;
    }
    for (size_t i = 0; i < pixels->count; ++i)
        pixels->wavelength_um[i] *= micron;
    status = tml_observed_spectrum_sort(pixels, error);
    if (status != TML_OK) {
        tml_error_prefix(error, "%s: ", path);
        return status;
    }
    if (pixels->count > 0 &&
        (wavelength_um[0] < shortest_um || wavelength_um[pixels->count - 1] > longest_um))
        return TML_FAIL(error, TML_BAD_DATA,
                        "%s: the wavelengths go from %g to %g micron (%s%s), which is no spectrum (%g to %g "
                        "micron); say their unit with --unit-wavelength, such as micron, nm, Angstrom",
                        path, wavelength_um[0], wavelength_um[pixels->count - 1],
                        is_said ? "their unit is said to be " : "their unit is not stated, micron is taken",
                        unit->text, shortest_um, longest_um);
    return TML_OK;
}

static void to_vacuum(tml_observed_spectrum *pixels)
{
    for (size_t i = 0; i < pixels->count; ++i)
        pixels->wavelength_um[i] = tml_vacuum_wavelength_um(pixels->wavelength_um[i]);
}

static void scale(size_t count, double factor, double *values)
{
    for (size_t i = 0; i < count; ++i)
        values[i] = isfinite(values[i]) ? values[i] * factor : (double)NAN;
}

static tml_status parse_flux_unit(const char *path, const statement *said, tml_flux_unit *unit,
                                  tml_error *error)
{
    tml_status status = tml_flux_unit_parse(said->text, unit, error);

    if (status != TML_OK)
        tml_error_prefix(error, "%s: %s (%s--unit-flux relative for none): ", path, said->where,
                         said->is_in_file ? "say another with --unit-flux UNIT, " : "");
    return status;
}

/* @param own_error_unit  the unit of the errors where the file states one for them, or "" */
static tml_status convert_fluxes(const char *path, const statement *said, const char *own_error_unit,
                                 tml_observed_spectrum *pixels, tml_error *error)
{
    tml_flux_unit unit = {pixels->density, 1.0};
    tml_flux_unit error_unit;
    const statement of_errors = {own_error_unit, "unit of the errors in the file", true};
    const char *text = said->text;
    tml_status status = TML_OK;

    pixels->is_relative = text[0] == '\0' || strcasecmp(text, "relative") == 0;
    if (text[0] == '\0')
        tml_warn(
            "no_unit",
            "%s: the file states no unit of its flux, which is taken as relative: only its shape counts. "
            "Say the unit with --unit-flux, or 'unit_flux' in OBJECT.yml",
            path);
    if (!pixels->is_relative)
        status = parse_flux_unit(path, said, &unit, error);
    error_unit = unit;
    if (status == TML_OK && !pixels->is_relative && pixels->has_errors && own_error_unit[0] != '\0')
        status = parse_flux_unit(path, &of_errors, &error_unit, error);
    if (status == TML_OK && error_unit.density != unit.density)
        status = TML_FAIL(
            error, TML_BAD_DATA,
            "%s: the flux is in '%s' and its error in '%s': one is per wavelength, one per frequency; "
            "say the unit of both with --unit-flux",
            path, text, own_error_unit);
    if (status != TML_OK)
        return status;
    pixels->density = unit.density;
    scale(pixels->count, unit.factor, pixels->flux);
    scale(pixels->count, error_unit.factor, pixels->error);
    return TML_OK;
}

static tml_status make_errors(const char *path, double snr, tml_observed_spectrum *pixels, tml_error *error)
{
    double sum = 0.0;
    size_t count = 0;

    for (size_t i = 0; i < pixels->count; ++i)
        if (isfinite(pixels->flux[i])) {
            sum += pixels->flux[i];
            ++count;
        }
    if (!(sum > 0.0))
        return TML_FAIL(
            error, TML_BAD_DATA,
            "%s: the mean flux is not above 0, so that --snr gives no errors; the file needs a column "
            "of them",
            path);
    for (size_t i = 0; i < pixels->count; ++i)
        pixels->error[i] = sum / (double)count / snr;
    pixels->has_errors = true;
    return TML_OK;
}

static int compare_doubles(const void *a, const void *b)
{
    const double *left = a;
    const double *right = b;

    return (*left > *right) - (*left < *right);
}

/* Some files have something else where others have errors. */
static tml_status check_errors(const char *path, const tml_observed_spectrum *pixels, tml_error *error)
{
    double *ratio = NULL;
    double median = INFINITY;
    size_t count = 0;
    tml_status status = tml_array_create(pixels->count, sizeof *ratio, "flux over error", &ratio, error);

    if (status != TML_OK)
        return status;
    for (size_t i = 0; i < pixels->count; ++i)
        if (isfinite(pixels->flux[i]) && isfinite(pixels->error[i]) && pixels->error[i] > 0.0)
            ratio[count++] = fabs(pixels->flux[i]) / pixels->error[i];
    if (count > 0) {
        qsort(ratio, count, sizeof *ratio, compare_doubles);
        median = count % 2 == 1 ? ratio[count / 2] : 0.5 * (ratio[count / 2 - 1] + ratio[count / 2]);
    }
    free(ratio);
    if (median < least_median)
        return TML_FAIL(
            error, TML_BAD_DATA,
            "%s: what stands in the place of errors cannot be errors: the median of |flux| / error is "
            "%.2g. With --snr X every pixel gets the error mean flux / X and the file's are not "
            "looked at",
            path, median);
    return TML_OK;
}

static tml_status check_usable(const char *path, const tml_observed_spectrum *pixels, tml_error *error)
{
    size_t counts[TML_PIXEL_STATES];
    uint8_t *state = NULL;
    tml_status status = tml_array_create(pixels->count, sizeof *state, "states of pixels", &state, error);

    if (status != TML_OK)
        return status;
    tml_pixel_classify(pixels->count, pixels->flux, pixels->error, true, state);
    tml_pixel_count(pixels->count, state, counts);
    free(state);
    if (counts[TML_PIXEL_USED] >= 2)
        return TML_OK;
    return TML_FAIL(
        error, TML_BAD_DATA,
        "%s: %zu of %zu pixels can be used, at least 2 are needed: %zu have no flux, %zu no error above "
        "0%s, %zu a flux of exactly 0",
        path, counts[TML_PIXEL_USED], pixels->count, counts[TML_PIXEL_MISSING], counts[TML_PIXEL_NO_ERROR],
        counts[TML_PIXEL_NO_ERROR] > 0 ? " (--snr X gives them one)" : "", counts[TML_PIXEL_ZERO]);
}

tml_status tml_observation_convert(const char *path, const tml_observation_options *options,
                                   const tml_object_file *object, tml_observation_raw *raw, tml_error *error)
{
    const statement unit_wavelength = first_said(options->unit_wavelength, "--unit-wavelength",
                                                 object->unit_wavelength, raw->unit_wavelength);
    const statement unit_flux = first_said(options->unit_flux, "--unit-flux", object->unit_flux,
                                           raw->unit_flux);
    const bool needs_errors = !(options->snr > 0.0);
    tml_observed_spectrum *pixels = &raw->pixels;
    tml_status status;

    if (needs_errors && !pixels->has_errors)
        return TML_FAIL(
            error, TML_BAD_DATA,
            "%s: there is no column of errors; with --snr X every pixel gets the error mean flux / X", path);
    pixels->has_errors = needs_errors;
    drop_padding(pixels);
    status = convert_wavelengths(path, &unit_wavelength, pixels, error);
    if (status == TML_OK && (options->is_air || (object->has_medium ? object->is_air : raw->is_air)))
        to_vacuum(pixels);
    if (status == TML_OK)
        status = convert_fluxes(path, &unit_flux, unit_flux.is_in_file ? raw->unit_error : "", pixels, error);
    if (status == TML_OK && !needs_errors)
        status = make_errors(path, options->snr, pixels, error);
    if (status == TML_OK && needs_errors)
        status = check_errors(path, pixels, error);
    if (status == TML_OK)
        status = check_usable(path, pixels, error);
    return status;
}
