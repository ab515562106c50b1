#include "spectra/observed_spectrum.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/memory.h"

void tml_object_facts_clear(tml_object_facts *facts)
{
    const tml_measure unknown = {NAN, NAN};

    memset(facts, 0, sizeof *facts);
    facts->distance_pc = unknown;
    facts->radius_rjup = unknown;
    for (size_t i = 0; i < TML_OBJECT_LITERATURE; ++i)
        for (size_t v = 0; v < TML_OBJECT_VALUES; ++v)
            facts->literature[i].value[v] = unknown;
}

tml_status tml_observed_spectrum_create(size_t count, tml_observed_spectrum *spectrum, tml_error *error)
{
    double **const columns[] = {&spectrum->wavelength_um, &spectrum->flux, &spectrum->error};
    tml_status status = TML_OK;

    memset(spectrum, 0, sizeof *spectrum);
    for (size_t c = 0; c < 3 && status == TML_OK; ++c) {
        status = tml_array_create(count, sizeof(double), "an observed spectrum", columns[c], error);
        for (size_t i = 0; status == TML_OK && i < count; ++i)
            (*columns[c])[i] = NAN;
    }
    if (status != TML_OK) {
        tml_observed_spectrum_free(spectrum);
        return status;
    }
    spectrum->count = count;
    return TML_OK;
}

typedef struct pixel {
    double wavelength_um, flux, error;
    size_t place; /* as read */
} pixel;

/* Equal wavelengths stay in the order in which they were read, for the message. */
static int compare_pixels(const void *a, const void *b)
{
    const pixel *left = a;
    const pixel *right = b;

    if (left->wavelength_um < right->wavelength_um)
        return -1;
    if (left->wavelength_um > right->wavelength_um)
        return 1;
    return (left->place > right->place) - (left->place < right->place);
}

static tml_status gather(const tml_observed_spectrum *spectrum, pixel *pixels, tml_error *error)
{
    for (size_t i = 0; i < spectrum->count; ++i) {
        const double wavelength_um = spectrum->wavelength_um[i];

        if (!isfinite(wavelength_um) || wavelength_um <= 0.0)
            return TML_FAIL(error, TML_BAD_DATA,
                            "pixel %zu: the wavelength is %g micron; it must be a number above 0", i + 1,
                            wavelength_um);
        pixels[i] = (pixel){wavelength_um, spectrum->flux[i], spectrum->error[i], i};
    }
    return TML_OK;
}

static tml_status check_distinct(const tml_observed_spectrum *spectrum, const pixel *pixels, tml_error *error)
{
    for (size_t i = 1; i < spectrum->count; ++i)
        if (pixels[i].wavelength_um <= pixels[i - 1].wavelength_um)
            return TML_FAIL(error, TML_BAD_DATA,
                            "pixels %zu and %zu have the same wavelength, %.10g micron; a spectrum has one "
                            "pixel for each: join or remove them",
                            pixels[i - 1].place + 1, pixels[i].place + 1, pixels[i].wavelength_um);
    return TML_OK;
}

tml_status tml_observed_spectrum_sort(tml_observed_spectrum *spectrum, tml_error *error)
{
    pixel *pixels = NULL;
    tml_status status = tml_array_create(spectrum->count, sizeof *pixels, "pixels to sort", &pixels, error);

    if (status == TML_OK)
        status = gather(spectrum, pixels, error);
    if (status == TML_OK) {
        qsort(pixels, spectrum->count, sizeof *pixels, compare_pixels);
        status = check_distinct(spectrum, pixels, error);
    }
    for (size_t i = 0; status == TML_OK && i < spectrum->count; ++i) {
        spectrum->wavelength_um[i] = pixels[i].wavelength_um;
        spectrum->flux[i] = pixels[i].flux;
        spectrum->error[i] = pixels[i].error;
    }
    free(pixels);
    return status;
}

void tml_observed_spectrum_free(tml_observed_spectrum *spectrum)
{
    free(spectrum->wavelength_um);
    free(spectrum->flux);
    free(spectrum->error);
    memset(spectrum, 0, sizeof *spectrum);
}
