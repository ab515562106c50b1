#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/memory.h"
#include "core/text.h"
#include "io/observation_fits_private.h"

enum { MOST_AXES = 9, MOST_LINES = 4 };

/* An image without its axes of length 1. */
typedef struct image_shape {
    int axes;
    LONGLONG length[MOST_AXES];
} image_shape;

static tml_status read_shape(const tml_fits_source *source, image_shape *shape, tml_error *error)
{
    LONGLONG length[MOST_AXES] = {0};
    int axes = 0;
    int code = 0;

    memset(shape, 0, sizeof *shape);
    fits_get_img_dim(source->file, &axes, &code);
    if (axes > MOST_AXES)
        axes = MOST_AXES;
    fits_get_img_sizell(source->file, MOST_AXES, length, &code);
    if (code != 0)
        return tml_fits_failure(source, "reading the header", code, error);
    for (int i = 0; i < axes; ++i)
        if (length[i] != 1)
            shape->length[shape->axes++] = length[i];
    return TML_OK;
}

static tml_status read_pixels(const tml_fits_source *source, LONGLONG count, double *values, tml_error *error)
{
    double missing = NAN;
    int any = 0;
    int code = 0;

    fits_read_img(source->file, TDOUBLE, 1, count, &missing, values, &any, &code);
    return code == 0 ? TML_OK : tml_fits_failure(source, "reading the image", code, error);
}

/* Whether the image at which the file stands is called an error and has the length of the spectrum. */
static bool is_error_image(const tml_fits_source *source, size_t count, char name[TML_OBJECT_NAME])
{
    const char *const *names = tml_fits_error_names();
    tml_error ignored;
    image_shape shape;
    int type = ANY_HDU;
    int code = 0;

    fits_get_hdu_type(source->file, &type, &code);
    if (code != 0 || type != IMAGE_HDU)
        return false;
    tml_fits_text(source, "EXTNAME", name, TML_OBJECT_NAME);
    for (size_t i = 0; names[i] != NULL; ++i)
        if (strcasecmp(name, names[i]) == 0)
            return read_shape(source, &shape, &ignored) == TML_OK && shape.axes == 1 &&
                   shape.length[0] == (LONGLONG)count;
    return false;
}

static tml_status take_error_image(const tml_fits_source *source, const char *name, tml_observation_raw *raw,
                                   tml_error *error)
{
    tml_observed_spectrum *pixels = &raw->pixels;
    tml_status status = read_pixels(source, (LONGLONG)pixels->count, pixels->error, error);

    if (status != TML_OK)
        return status;
    pixels->has_errors = true;
    if (tml_fits_is_inverse_variance(name))
        tml_fits_invert_variance(pixels->count, pixels->error);
    else
        tml_fits_text(source, "BUNIT", raw->unit_error, sizeof raw->unit_error);
    return TML_OK;
}

/* Look for the errors in the other HDUs and come back. */
static tml_status read_error_image(tml_fits_source *source, tml_observation_raw *raw, tml_error *error)
{
    const int home = source->hdu;
    bool there = true;
    tml_status status = TML_OK;

    for (int hdu = 1; status == TML_OK && there && !raw->pixels.has_errors; ++hdu) {
        char name[TML_OBJECT_NAME] = "";

        status = tml_fits_move_to(source, hdu, &there, error);
        if (status == TML_OK && there && hdu != home && is_error_image(source, raw->pixels.count, name))
            status = take_error_image(source, name, raw, error);
    }
    if (status == TML_OK)
        status = tml_fits_move_to(source, home, &there, error);
    return status;
}

static tml_status read_line(tml_fits_source *source, LONGLONG count, tml_observation_raw *raw, bool *found,
                            tml_error *error)
{
    tml_status status = tml_fits_create(source, count, raw, error);

    if (status != TML_OK)
        return status;
    *found = tml_fits_wavelength_axis(source, raw->pixels.count, raw->pixels.wavelength_um, raw);
    if (!*found) {
        tml_observed_spectrum_free(&raw->pixels);
        return TML_OK;
    }
    tml_fits_text(source, "BUNIT", raw->unit_flux, sizeof raw->unit_flux);
    status = read_pixels(source, count, raw->pixels.flux, error);
    if (status == TML_OK)
        status = read_error_image(source, raw, error);
    return status;
}

/* Whether finite numbers above 0 only rise or only fall; gaps of NaN at most on half of the line. */
static bool is_monotonic(size_t count, const double *values)
{
    double last = NAN;
    size_t finite = 0;
    size_t rises = 0;
    size_t falls = 0;

    for (size_t i = 0; i < count; ++i) {
        if (!isfinite(values[i]))
            continue;
        if (values[i] <= 0.0)
            return false;
        finite += 1;
        rises += values[i] > last;
        falls += values[i] < last;
        last = values[i];
    }
    return finite > 1 && rises + falls + 1 == finite && (rises == 0 || falls == 0) && 2 * finite >= count;
}

/* Gather line k of a SpeX image: a row of an N x lines image, a column of a lines x N image. */
static void gather(const double *image, size_t lines, size_t count, bool is_rows, size_t k, double *line)
{
    for (size_t i = 0; i < count; ++i)
        line[i] = is_rows ? image[k * count + i] : image[i * lines + k];
}

/* Hand the lines out: the wavelength is the first that is monotonic, flux and error follow in their order. */
static bool assign(const double *image, size_t lines, bool is_rows, tml_observed_spectrum *pixels)
{
    double *const target[] = {pixels->flux, pixels->error};
    size_t wavelength = 0;
    size_t taken = 0;

    for (; wavelength < lines; ++wavelength) {
        gather(image, lines, pixels->count, is_rows, wavelength, pixels->wavelength_um);
        if (is_monotonic(pixels->count, pixels->wavelength_um))
            break;
    }
    if (wavelength == lines)
        return false;
    for (size_t k = 0; k < lines && taken < 2; ++k)
        if (k != wavelength)
            gather(image, lines, pixels->count, is_rows, k, target[taken++]);
    pixels->has_errors = taken == 2;
    return true;
}

static tml_status read_lines(tml_fits_source *source, const image_shape *shape, tml_observation_raw *raw,
                             bool *found, tml_error *error)
{
    const bool is_rows = shape->length[0] > shape->length[1];
    const LONGLONG lines = shape->length[is_rows ? 1 : 0];
    const LONGLONG count = shape->length[is_rows ? 0 : 1];
    double *image = NULL;
    tml_status status;

    if (lines > MOST_LINES || count <= MOST_LINES) {
        snprintf(source->reason, sizeof source->reason,
                 "an image of %lld x %lld pixels, which is no spectrum (one has two to four rows or columns)",
                 (long long)shape->length[0], (long long)shape->length[1]);
        return TML_OK;
    }
    status = tml_fits_create(source, count, raw, error);
    if (status == TML_OK)
        status = tml_array_create((size_t)count * (size_t)lines, sizeof *image, "an image", &image, error);
    if (status == TML_OK)
        status = read_pixels(source, count * lines, image, error);
    if (status == TML_OK)
        *found = assign(image, (size_t)lines, is_rows, &raw->pixels);
    free(image);
    if (status != TML_OK)
        return status;
    if (!*found) {
        tml_observed_spectrum_free(&raw->pixels);
        snprintf(source->reason, sizeof source->reason,
                 "an image of %lld x %lld pixels, none of whose %lld %s rises or falls throughout as "
                 "wavelengths do",
                 (long long)shape->length[0], (long long)shape->length[1], (long long)lines,
                 is_rows ? "rows" : "columns");
        return TML_OK;
    }
    tml_fits_text(source, "XUNITS", raw->unit_wavelength, sizeof raw->unit_wavelength);
    tml_fits_text(source, "YUNITS", raw->unit_flux, sizeof raw->unit_flux);
    return TML_OK;
}

tml_status tml_fits_read_image(tml_fits_source *source, tml_observation_raw *raw, bool *found,
                               tml_error *error)
{
    image_shape shape;
    tml_status status = read_shape(source, &shape, error);

    *found = false;
    if (status != TML_OK)
        return status;
    if (shape.axes == 0)
        (void)tml_text_copy(source->reason, sizeof source->reason, "a header without data");
    else if (shape.axes == 1)
        status = read_line(source, shape.length[0], raw, found, error);
    else if (shape.axes == 2)
        status = read_lines(source, &shape, raw, found, error);
    else
        snprintf(source->reason, sizeof source->reason, "an image with %d axes", shape.axes);
    return status;
}
