#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "core/text.h"
#include "io/hdf5_private.h"
#include "io/results_grid.h"
#include "io/results_layout.h"
#include "spectra/pixel_state.h"

/* Flags that a later program adds are passed over. */
enum { INDEXED_NAME = 32, LINK_NAME = 1024, KNOWN_FLAGS = (1 << TML_FLAG_COUNT) - 1 };

/* "FILE:/objects/NAME: what is wrong". */
static tml_status damaged(hid_t where, tml_error *error, const char *format, ...) TML_PRINTF(3, 4);

static tml_status damaged(hid_t where, tml_error *error, const char *format, ...)
{
    char full[TML_HDF5_NAME];
    char text[256];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    tml_hdf5_name(where, NULL, full);
    return TML_FAIL(error, TML_BAD_DATA, "%s: %s; predict again", full, text);
}

static tml_status get_short_text(hid_t where, const char *name, size_t room, char *text, tml_error *error)
{
    char *read = NULL;
    tml_status status = tml_hdf5_get_text(where, name, &read, error);

    if (status == TML_OK && !tml_text_copy(text, room, read))
        status = damaged(where, error, "the attribute %s is longer than %zu bytes", name, room - 1);
    free(read);
    return status;
}

static tml_status get_indexed_text(hid_t where, const char *stem, size_t index, size_t room, char *text,
                                   tml_error *error)
{
    char name[INDEXED_NAME];

    snprintf(name, sizeof name, "%s_%zu", stem, index);
    return get_short_text(where, name, room, text, error);
}

static tml_status get_indexed_number(hid_t where, const char *stem, size_t index, double *value,
                                     tml_error *error)
{
    char name[INDEXED_NAME];

    snprintf(name, sizeof name, "%s_%zu", stem, index);
    return tml_hdf5_get_double(where, name, value, error);
}

/* A whole number between two others. */
static tml_status get_bounded(hid_t where, const char *name, int64_t lowest, int64_t highest, int64_t *value,
                              tml_error *error)
{
    tml_status status = tml_hdf5_get_integer(where, name, value, error);

    if (status == TML_OK && (*value < lowest || *value > highest))
        status = damaged(where, error, "the attribute %s is %lld", name, (long long)*value);
    return status;
}

/* ---- one object ---- */

static tml_status read_attributes(hid_t group, tml_object_result *object, tml_error *error)
{
    tml_results_text texts[TML_RESULTS_TEXTS];
    tml_results_number numbers[TML_RESULTS_NUMBERS];
    char density[32];
    int64_t is_relative = 0;
    int64_t is_at_surface = 0;
    int64_t flags = 0;
    tml_status status = get_short_text(group, "density", sizeof density, density, error);

    tml_results_texts(object, texts);
    for (size_t i = 0; i < TML_RESULTS_TEXTS && status == TML_OK; ++i)
        status = get_short_text(group, texts[i].name, texts[i].room, texts[i].text, error);
    tml_results_numbers(object, numbers);
    for (size_t i = 0; i < TML_RESULTS_NUMBERS && status == TML_OK; ++i)
        status = tml_hdf5_get_double(group, numbers[i].name, numbers[i].value, error);
    if (status == TML_OK)
        status = get_bounded(group, "is_relative", 0, 1, &is_relative, error);
    if (status == TML_OK)
        status = get_bounded(group, "is_at_surface", 0, 1, &is_at_surface, error);
    if (status == TML_OK)
        status = get_bounded(group, "flags", 0, UINT32_MAX, &flags, error);
    if (status == TML_OK)
        status = get_bounded(group, "grid_point_row", -1, INT64_MAX, &object->grid_point.row, error);
    if (status == TML_OK && strcmp(density, "per frequency") != 0 && strcmp(density, "per wavelength") != 0)
        status = damaged(group, error, "the attribute density is '%s'", density);
    if (status != TML_OK)
        return status;
    object->density = strcmp(density, "per frequency") == 0 ? TML_FLUX_PER_FREQUENCY
                                                            : TML_FLUX_PER_WAVELENGTH;
    object->is_relative = is_relative == 1;
    object->is_at_surface = is_at_surface == 1;
    object->flags = (uint32_t)flags & KNOWN_FLAGS;
    return TML_OK;
}

static tml_status read_columns(hid_t group, tml_object_result *object, tml_error *error)
{
    tml_results_number columns[TML_RESULTS_COLUMNS];
    double values[TML_RESULT_TARGETS] = {0};
    int64_t flags[TML_RESULT_TARGETS] = {0};
    tml_status status = TML_OK;

    for (size_t c = 0; c < TML_RESULTS_COLUMNS && status == TML_OK; ++c) {
        tml_results_columns(object, 0, columns);
        status = tml_hdf5_read_array(group, columns[c].name, TML_HDF5_DOUBLE, 1, &object->parameters, values,
                                     error);
        for (size_t p = 0; p < object->parameters && status == TML_OK; ++p) {
            tml_results_columns(object, p, columns);
            *columns[c].value = values[p];
        }
    }
    if (status == TML_OK)
        status = tml_hdf5_read_array(group, "flags", TML_HDF5_INT64, 1, &object->parameters, flags, error);
    for (size_t p = 0; p < object->parameters && status == TML_OK; ++p) {
        if (flags[p] < 0 || flags[p] > UINT32_MAX)
            status = damaged(group, error, "the flags of parameter %zu are %lld", p, (long long)flags[p]);
        object->parameter[p].flags = (uint32_t)flags[p] & KNOWN_FLAGS;
    }
    return status;
}

static tml_status read_parameters(hid_t where, tml_object_result *object, tml_error *error)
{
    hid_t group = H5I_INVALID_HID;
    int64_t count = 0;
    tml_status status = tml_hdf5_group_open(where, "parameters", &group, error);

    if (status == TML_OK)
        status = get_bounded(group, "count", 1, TML_RESULT_TARGETS, &count, error);
    if (status == TML_OK)
        object->parameters = (size_t)count;
    for (size_t p = 0; p < (size_t)count && status == TML_OK; ++p) {
        tml_parameter_result *parameter = &object->parameter[p];

        status = get_indexed_text(group, "name", p, sizeof parameter->name, parameter->name, error);
        if (status == TML_OK)
            status = get_indexed_text(group, "unit", p, sizeof parameter->unit, parameter->unit, error);
    }
    if (status == TML_OK)
        status = read_columns(group, object, error);
    tml_hdf5_close(group);
    return status;
}

/* Number of wavelengths of a spectrum; 0 when it is not there. */
static tml_status measure_spectrum(hid_t where, const char *name, size_t *count, tml_error *error)
{
    hid_t group = H5I_INVALID_HID;
    tml_status status;

    *count = 0;
    if (!tml_hdf5_exists(where, name))
        return TML_OK;
    status = tml_hdf5_group_open(where, name, &group, error);
    if (status == TML_OK)
        status = tml_hdf5_array_shape(group, "wavelength", TML_HDF5_DOUBLE, 1, count, error);
    tml_hdf5_close(group);
    return status;
}

static tml_status measure_draws(hid_t where, tml_object_result *object, tml_error *error)
{
    size_t shape[2] = {0, 0};
    tml_status status = TML_OK;

    if (tml_hdf5_exists(where, "draws"))
        status = tml_hdf5_array_shape(where, "draws", TML_HDF5_DOUBLE, 2, shape, error);
    if (status == TML_OK && shape[0] > 0 && shape[1] != object->parameters)
        status = damaged(where, error, "draws of %zu parameters where there are %zu", shape[1],
                         object->parameters);
    object->draws = shape[0];
    return status;
}

static tml_status read_state(hid_t group, size_t count, uint8_t *state, tml_error *error)
{
    int64_t *wide = NULL;
    tml_status status = tml_array_create(count, sizeof *wide, "states of pixels", &wide, error);

    if (status == TML_OK)
        status = tml_hdf5_read_array(group, "state", TML_HDF5_INT64, 1, &count, wide, error);
    for (size_t i = 0; i < count && status == TML_OK; ++i) {
        if (wide[i] < 0 || wide[i] >= TML_PIXEL_STATES)
            status = damaged(group, error, "the state of pixel %zu is %lld", i, (long long)wide[i]);
        state[i] = (uint8_t)wide[i];
    }
    free(wide);
    return status;
}

static tml_status check_wavelengths(hid_t group, size_t count, const double *um, tml_error *error)
{
    for (size_t i = 0; i < count; ++i)
        if (!isfinite(um[i]) || um[i] <= (i > 0 ? um[i - 1] : 0.0))
            return damaged(group, error, "wavelength %zu (%g micron) is not above the one before", i, um[i]);
    return TML_OK;
}

/* NaN where an older file does not have it. */
static tml_status read_numbers(hid_t group, const tml_results_array *array, size_t count, tml_error *error)
{
    if (!array->is_optional || tml_hdf5_exists(group, array->name))
        return tml_hdf5_read_array(group, array->name, TML_HDF5_DOUBLE, 1, &count, array->values, error);
    for (size_t i = 0; i < count; ++i)
        array->values[i] = NAN;
    return TML_OK;
}

static tml_status read_spectrum(hid_t where, const char *name, size_t count, const tml_results_array *arrays,
                                size_t array_count, uint8_t *state, tml_error *error)
{
    hid_t group = H5I_INVALID_HID;
    tml_status status;

    if (count == 0)
        return TML_OK;
    status = tml_hdf5_group_open(where, name, &group, error);
    for (size_t i = 0; i < array_count && status == TML_OK; ++i)
        status = read_numbers(group, &arrays[i], count, error);
    if (status == TML_OK)
        status = check_wavelengths(group, count, arrays[0].values, error);
    if (status == TML_OK)
        status = read_state(group, count, state, error);
    tml_hdf5_close(group);
    return status;
}

static tml_status read_arrays(hid_t where, tml_object_result *object, tml_error *error)
{
    tml_results_array pixel[TML_RESULTS_PIXEL_ARRAYS];
    tml_results_array bin[TML_RESULTS_BIN_ARRAYS];
    const size_t draws[2] = {object->draws, object->parameters};
    tml_status status = tml_object_result_allocate(object, error);

    if (status != TML_OK)
        return status;
    tml_results_pixel_arrays(object, pixel);
    status = read_spectrum(where, "pixel", object->pixels, pixel, TML_RESULTS_PIXEL_ARRAYS,
                           object->pixel_state, error);
    tml_results_bin_arrays(object, bin);
    if (status == TML_OK)
        status = read_spectrum(where, "bin", object->bins, bin, TML_RESULTS_BIN_ARRAYS, object->bin_state,
                               error);
    if (status == TML_OK && object->draws > 0)
        status = tml_hdf5_read_array(where, "draws", TML_HDF5_DOUBLE, 2, draws, object->draw, error);
    if (status == TML_OK)
        status = tml_results_grid_read(where, object, error);
    return status;
}

static tml_status read_source(hid_t where, const char *name, tml_literature *source, tml_error *error)
{
    hid_t group = H5I_INVALID_HID;
    int64_t count = 0;
    tml_status status = tml_hdf5_group_open(where, name, &group, error);

    if (status == TML_OK)
        status = get_short_text(group, "source", sizeof source->source, source->source, error);
    if (status == TML_OK)
        status = get_bounded(group, "count", 0, TML_OBJECT_VALUES, &count, error);
    for (size_t v = 0; v < (size_t)count && status == TML_OK; ++v) {
        status = get_indexed_text(group, "name", v, sizeof source->name[v], source->name[v], error);
        if (status == TML_OK)
            status = get_indexed_number(group, "value", v, &source->value[v].value, error);
        if (status == TML_OK)
            status = get_indexed_number(group, "sd", v, &source->value[v].sd, error);
    }
    source->count = (size_t)count;
    tml_hdf5_close(group);
    return status;
}

static tml_status read_literature(hid_t where, tml_object_facts *facts, tml_error *error)
{
    hid_t group = H5I_INVALID_HID;
    tml_status status;

    if (!tml_hdf5_exists(where, "literature"))
        return TML_OK;
    status = tml_hdf5_group_open(where, "literature", &group, error);
    for (size_t i = 0; i < TML_OBJECT_LITERATURE && status == TML_OK; ++i) {
        char name[INDEXED_NAME];

        snprintf(name, sizeof name, "%zu", i);
        if (!tml_hdf5_exists(group, name))
            break;
        status = read_source(group, name, &facts->literature[i], error);
        ++facts->literature_count;
    }
    tml_hdf5_close(group);
    return status;
}

static tml_status read_object(hid_t objects, const char *link, tml_object_result *object, tml_error *error)
{
    hid_t group = H5I_INVALID_HID;
    tml_status status = tml_hdf5_group_open(objects, link, &group, error);

    if (status == TML_OK)
        status = read_attributes(group, object, error);
    if (status == TML_OK)
        status = read_parameters(group, object, error);
    if (status == TML_OK)
        status = measure_spectrum(group, "pixel", &object->pixels, error);
    if (status == TML_OK)
        status = measure_spectrum(group, "bin", &object->bins, error);
    if (status == TML_OK)
        status = measure_draws(group, object, error);
    if (status == TML_OK)
        status = tml_results_grid_measure(group, object, error);
    if (status == TML_OK)
        status = read_arrays(group, object, error);
    if (status == TML_OK)
        status = read_literature(group, &object->facts, error);
    tml_hdf5_close(group);
    return status;
}

/* ---- the file ---- */

/* In the order in which they were made, where the file has kept it. */
static H5_index_t order_of(hid_t group)
{
    unsigned order = 0;
    hid_t creation = H5Gget_create_plist(group);

    if (creation < 0 || H5Pget_link_creation_order(creation, &order) < 0)
        order = 0;
    tml_hdf5_close(creation);
    return (order & H5P_CRT_ORDER_TRACKED) != 0 ? H5_INDEX_CRT_ORDER : H5_INDEX_NAME;
}

static tml_status read_objects(hid_t file, tml_results *results, tml_error *error)
{
    hid_t objects = H5I_INVALID_HID;
    H5G_info_t info = {0};
    tml_status status = tml_hdf5_group_open(file, "objects", &objects, error);

    if (status == TML_OK && H5Gget_info(objects, &info) < 0)
        status = damaged(objects, error, "the group cannot be read");
    if (status == TML_OK)
        status = tml_array_create((size_t)info.nlinks, sizeof *results->object, "the objects of results",
                                  &results->object, error);
    for (hsize_t i = 0; i < info.nlinks && status == TML_OK; ++i) {
        char link[LINK_NAME];
        ssize_t length = H5Lget_name_by_idx(objects, ".", order_of(objects), H5_ITER_INC, i, link,
                                            sizeof link, H5P_DEFAULT);

        ++results->count;
        if (length < 0 || (size_t)length >= sizeof link)
            status = damaged(objects, error, "the name of object %llu cannot be read", (unsigned long long)i);
        else
            status = read_object(objects, link, &results->object[i], error);
    }
    tml_hdf5_close(objects);
    return status;
}

static herr_t print_line(hid_t group, const char *name, const H5A_info_t *info, void *out)
{
    char *text = NULL;
    tml_error error = {0, ""};

    (void)info;
    if (tml_hdf5_get_text(group, name, &text, &error) == TML_OK)
        fprintf(out, "%s=%s\n", name, text);
    free(text);
    return text != NULL ? 0 : -1;
}

static tml_status read_provenance(hid_t file, char **lines, tml_error *error)
{
    hid_t group = H5I_INVALID_HID;
    size_t length = 0;
    hsize_t at = 0;
    FILE *out = open_memstream(lines, &length);
    tml_status status;

    if (out == NULL)
        return TML_FAIL(error, TML_INTERNAL, "no memory for the provenance of results");
    status = tml_hdf5_group_open(file, "provenance", &group, error);
    if (status == TML_OK && H5Aiterate2(group, H5_INDEX_CRT_ORDER, H5_ITER_INC, &at, print_line, out) < 0 &&
        H5Aiterate2(group, H5_INDEX_NAME, H5_ITER_INC, &at, print_line, out) < 0)
        status = damaged(group, error, "its attributes cannot be read");
    tml_hdf5_close(group);
    if (fclose(out) != 0 && status == TML_OK)
        status = TML_FAIL(error, TML_INTERNAL, "no memory for the provenance of results");
    return status;
}

tml_status tml_results_read(const char *path, tml_results *results, tml_error *error)
{
    tml_hdf5_file file;
    tml_status status;

    memset(results, 0, sizeof *results);
    status = tml_hdf5_file_open(path, &file, error);
    if (status != TML_OK)
        return status;
    status = tml_hdf5_check_format(file.id, TML_RESULTS_FORMAT, TML_RESULTS_VERSION, error);
    if (status == TML_OK && tml_hdf5_has_attribute(file.id, "warnings"))
        status = tml_hdf5_get_text(file.id, "warnings", &results->warnings, error);
    if (status == TML_OK)
        status = read_provenance(file.id, &results->provenance, error);
    if (status == TML_OK)
        status = read_objects(file.id, results, error);
    tml_hdf5_file_close(&file);
    if (status != TML_OK)
        tml_results_free(results);
    return status;
}
