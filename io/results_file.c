#include "io/results_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/checked.h"
#include "core/memory.h"
#include "io/hdf5_private.h"
#include "io/results_grid.h"
#include "io/results_layout.h"

enum { INDEXED_NAME = 32, LINK_NAME = 128 };

const char *tml_result_flag_name(int i)
{
    static const char *const names[TML_FLAG_COUNT] = {"outside_grid",    "many_masked",      "poor_fit",
                                                      "worse_than_grid", "radius_disagrees", "shape_only",
                                                      "no_grid"};

    return i >= 0 && i < TML_FLAG_COUNT ? names[i] : "unknown";
}

/* ---- memory ---- */

static tml_status allocate_numbers(size_t count, double **values, tml_error *error)
{
    return tml_array_create(count, sizeof **values, "the results of an object", values, error);
}

tml_status tml_object_result_allocate(tml_object_result *object, tml_error *error)
{
    double **const of_pixels[] = {&object->pixel_um, &object->pixel_flux, &object->pixel_error};
    double **const of_bins[] = {&object->bin_um,      &object->bin_flux,    &object->bin_error,
                                &object->bin_filled,  &object->bin_model,   &object->bin_band[0],
                                &object->bin_band[1], &object->bin_band[2], &object->bin_band[3],
                                &object->bin_band[4]};
    double **const of_rows[] = {&object->grid_chi2, &object->grid_scale};
    size_t draws = 0;
    size_t values = 0;
    tml_status status = TML_OK;

    if (!tml_size_multiply(object->draws, object->parameters, &draws) ||
        !tml_size_multiply(object->grid_rows, object->parameters, &values))
        return TML_FAIL(error, TML_INTERNAL, "%zu draws of %zu parameters are too many", object->draws,
                        object->parameters);
    for (size_t i = 0; i < sizeof of_pixels / sizeof of_pixels[0] && status == TML_OK; ++i)
        status = allocate_numbers(object->pixels, of_pixels[i], error);
    for (size_t i = 0; i < sizeof of_bins / sizeof of_bins[0] && status == TML_OK; ++i)
        status = allocate_numbers(object->bins, of_bins[i], error);
    if (status == TML_OK)
        status = tml_array_create(object->pixels, 1, "the results of an object", &object->pixel_state, error);
    if (status == TML_OK)
        status = tml_array_create(object->bins, 1, "the results of an object", &object->bin_state, error);
    if (status == TML_OK)
        status = allocate_numbers(draws, &object->draw, error);
    if (status == TML_OK)
        status = tml_array_create(object->grid_rows, sizeof *object->grid_row, "the results of an object",
                                  &object->grid_row, error);
    for (size_t i = 0; i < sizeof of_rows / sizeof of_rows[0] && status == TML_OK; ++i)
        status = allocate_numbers(object->grid_rows, of_rows[i], error);
    if (status == TML_OK)
        status = allocate_numbers(values, &object->grid_parameter, error);
    if (status != TML_OK)
        tml_object_result_free(object);
    return status;
}

void tml_object_result_free(tml_object_result *object)
{
    free(object->pixel_um);
    free(object->pixel_flux);
    free(object->pixel_error);
    free(object->pixel_state);
    free(object->bin_um);
    free(object->bin_flux);
    free(object->bin_error);
    free(object->bin_state);
    free(object->bin_filled);
    free(object->bin_model);
    for (int i = 0; i < TML_RESULT_BANDS; ++i)
        free(object->bin_band[i]);
    free(object->draw);
    free(object->grid_row);
    free(object->grid_chi2);
    free(object->grid_scale);
    free(object->grid_parameter);
    memset(object, 0, sizeof *object);
}

void tml_results_free(tml_results *results)
{
    for (size_t i = 0; i < results->count; ++i)
        tml_object_result_free(&results->object[i]);
    free(results->object);
    free(results->provenance);
    free(results->warnings);
    memset(results, 0, sizeof *results);
}

/* ---- writing ---- */

static tml_status write_state(hid_t group, size_t count, const uint8_t *state, tml_error *error)
{
    int64_t *wide = NULL;
    tml_status status = tml_array_create(count, sizeof *wide, "states of pixels", &wide, error);

    for (size_t i = 0; i < count && status == TML_OK; ++i)
        wide[i] = state[i];
    if (status == TML_OK)
        status = tml_hdf5_write_array(group, "state", TML_HDF5_INT64, 1, &count, wide, "1",
                                      "0 used, 1 missing, 2 no_error, 3 zero, 4 negative, 5 outside", error);
    free(wide);
    return status;
}

static tml_status write_spectrum(hid_t where, const char *name, size_t count, const tml_results_array *arrays,
                                 size_t array_count, const uint8_t *state, tml_error *error)
{
    hid_t group = H5I_INVALID_HID;
    tml_status status;

    if (count == 0)
        return TML_OK;
    status = tml_hdf5_group_create(where, name, &group, error);
    for (size_t i = 0; i < array_count && status == TML_OK; ++i)
        status = tml_hdf5_write_array(group, arrays[i].name, TML_HDF5_DOUBLE, 1, &count, arrays[i].values,
                                      arrays[i].units, arrays[i].long_name, error);
    if (status == TML_OK)
        status = write_state(group, count, state, error);
    tml_hdf5_close(group);
    return status;
}

/* Attribute STEM_INDEX. */
static tml_status set_indexed_text(hid_t where, const char *stem, size_t index, const char *text,
                                   tml_error *error)
{
    char name[INDEXED_NAME];

    snprintf(name, sizeof name, "%s_%zu", stem, index);
    return tml_hdf5_set_text(where, name, text, error);
}

static tml_status set_indexed_number(hid_t where, const char *stem, size_t index, double value,
                                     tml_error *error)
{
    char name[INDEXED_NAME];

    snprintf(name, sizeof name, "%s_%zu", stem, index);
    return tml_hdf5_set_double(where, name, value, error);
}

static tml_status write_columns(hid_t group, tml_object_result *object, tml_error *error)
{
    tml_results_number columns[TML_RESULTS_COLUMNS];
    double values[TML_RESULT_TARGETS] = {0};
    int64_t flags[TML_RESULT_TARGETS] = {0};
    tml_status status = TML_OK;

    for (size_t c = 0; c < TML_RESULTS_COLUMNS && status == TML_OK; ++c) {
        for (size_t p = 0; p < object->parameters; ++p) {
            tml_results_columns(object, p, columns);
            values[p] = *columns[c].value;
        }
        status = tml_hdf5_write_array(group, columns[c].name, TML_HDF5_DOUBLE, 1, &object->parameters, values,
                                      NULL, NULL, error);
    }
    for (size_t p = 0; p < object->parameters; ++p)
        flags[p] = object->parameter[p].flags;
    if (status == TML_OK)
        status = tml_hdf5_write_array(group, "flags", TML_HDF5_INT64, 1, &object->parameters, flags, "1",
                                      "bits, as the flags of the object", error);
    return status;
}

static tml_status write_parameters(hid_t where, tml_object_result *object, tml_error *error)
{
    hid_t group = H5I_INVALID_HID;
    tml_status status;

    if (object->parameters < 1 || object->parameters > TML_RESULT_TARGETS)
        return TML_FAIL(error, TML_INTERNAL, "results of %zu parameters cannot be written",
                        object->parameters);
    status = tml_hdf5_group_create(where, "parameters", &group, error);
    if (status == TML_OK)
        status = tml_hdf5_set_integer(group, "count", (int64_t)object->parameters, error);
    for (size_t p = 0; p < object->parameters && status == TML_OK; ++p) {
        status = set_indexed_text(group, "name", p, object->parameter[p].name, error);
        if (status == TML_OK)
            status = set_indexed_text(group, "unit", p, object->parameter[p].unit, error);
    }
    if (status == TML_OK)
        status = write_columns(group, object, error);
    tml_hdf5_close(group);
    return status;
}

static tml_status write_source(hid_t where, size_t index, const tml_literature *source, tml_error *error)
{
    char name[INDEXED_NAME];
    hid_t group = H5I_INVALID_HID;
    tml_status status;

    snprintf(name, sizeof name, "%zu", index);
    status = tml_hdf5_group_create(where, name, &group, error);
    if (status == TML_OK)
        status = tml_hdf5_set_text(group, "source", source->source, error);
    if (status == TML_OK)
        status = tml_hdf5_set_integer(group, "count", (int64_t)source->count, error);
    for (size_t v = 0; v < source->count && status == TML_OK; ++v) {
        status = set_indexed_text(group, "name", v, source->name[v], error);
        if (status == TML_OK)
            status = set_indexed_number(group, "value", v, source->value[v].value, error);
        if (status == TML_OK)
            status = set_indexed_number(group, "sd", v, source->value[v].sd, error);
    }
    tml_hdf5_close(group);
    return status;
}

static tml_status write_literature(hid_t where, const tml_object_facts *facts, tml_error *error)
{
    hid_t group = H5I_INVALID_HID;
    tml_status status;

    if (facts->literature_count == 0)
        return TML_OK;
    status = tml_hdf5_group_create(where, "literature", &group, error);
    for (size_t i = 0; i < facts->literature_count && status == TML_OK; ++i)
        status = write_source(group, i, &facts->literature[i], error);
    tml_hdf5_close(group);
    return status;
}

/* The flags once more in words, for those who open the file elsewhere. */
static tml_status set_flag_words(hid_t group, uint32_t flags, tml_error *error)
{
    char words[256] = "";
    size_t length = 0;

    for (int i = 0; i < TML_FLAG_COUNT; ++i)
        if ((flags >> i & 1U) != 0)
            length += (size_t)snprintf(words + length, sizeof words - length, "%s%s", length > 0 ? "+" : "",
                                       tml_result_flag_name(i));
    return tml_hdf5_set_text(group, "flag_words", words, error);
}

static tml_status write_attributes(hid_t group, tml_object_result *object, tml_error *error)
{
    const struct {
        const char *name;
        int64_t value;
    } whole[] = {{"is_relative", object->is_relative},
                 {"is_at_surface", object->is_at_surface},
                 {"flags", object->flags},
                 {"grid_point_row", object->grid_point.row}};
    tml_results_text texts[TML_RESULTS_TEXTS];
    tml_results_number numbers[TML_RESULTS_NUMBERS];
    tml_status status = TML_OK;

    tml_results_texts(object, texts);
    for (size_t i = 0; i < TML_RESULTS_TEXTS && status == TML_OK; ++i)
        status = tml_hdf5_set_text(group, texts[i].name, texts[i].text, error);
    if (status == TML_OK)
        status = tml_hdf5_set_text(
            group, "density", object->density == TML_FLUX_PER_FREQUENCY ? "per frequency" : "per wavelength",
            error);
    for (size_t i = 0; i < sizeof whole / sizeof whole[0] && status == TML_OK; ++i)
        status = tml_hdf5_set_integer(group, whole[i].name, whole[i].value, error);
    if (status == TML_OK)
        status = set_flag_words(group, object->flags, error);
    tml_results_numbers(object, numbers);
    for (size_t i = 0; i < TML_RESULTS_NUMBERS && status == TML_OK; ++i)
        status = tml_hdf5_set_double(group, numbers[i].name, *numbers[i].value, error);
    return status;
}

/* A name that HDF5 takes as one link and that is not there yet; the real one stands in the attribute. */
static void link_name(hid_t objects, const char *name, char link[LINK_NAME])
{
    char plain[TML_OBJECT_NAME];

    snprintf(plain, sizeof plain, "%s", name[0] == '\0' || strcmp(name, ".") == 0 ? "_" : name);
    for (char *at = plain; *at != '\0'; ++at)
        if (*at == '/')
            *at = '_';
    snprintf(link, LINK_NAME, "%s", plain);
    for (unsigned number = 2; tml_hdf5_exists(objects, link); ++number)
        snprintf(link, LINK_NAME, "%s_%u", plain, number);
}

static tml_status write_object(hid_t objects, const tml_object_result *object, tml_error *error)
{
    tml_object_result shown = *object; /* the lists of the layout point into what they describe */
    tml_results_array pixel[TML_RESULTS_PIXEL_ARRAYS];
    tml_results_array bin[TML_RESULTS_BIN_ARRAYS];
    const size_t draws[2] = {object->draws, object->parameters};
    char link[LINK_NAME];
    hid_t group = H5I_INVALID_HID;
    tml_status status;

    link_name(objects, object->facts.name, link);
    status = tml_hdf5_group_create(objects, link, &group, error);
    if (status == TML_OK)
        status = write_attributes(group, &shown, error);
    if (status == TML_OK)
        status = write_parameters(group, &shown, error);
    tml_results_pixel_arrays(object, pixel);
    if (status == TML_OK)
        status = write_spectrum(group, "pixel", object->pixels, pixel, TML_RESULTS_PIXEL_ARRAYS,
                                object->pixel_state, error);
    tml_results_bin_arrays(object, bin);
    if (status == TML_OK)
        status = write_spectrum(group, "bin", object->bins, bin, TML_RESULTS_BIN_ARRAYS, object->bin_state,
                                error);
    if (status == TML_OK && object->draws > 0)
        status = tml_hdf5_write_array(group, "draws", TML_HDF5_DOUBLE, 2, draws, object->draw, NULL,
                                      "Monte-Carlo draws, a column per parameter in its unit", error);
    if (status == TML_OK)
        status = tml_results_grid_write(group, object, error);
    if (status == TML_OK)
        status = write_literature(group, &object->facts, error);
    tml_hdf5_close(group);
    return status;
}

static tml_status write_contents(hid_t file, const tml_results *results, tml_error *error)
{
    hid_t objects = H5I_INVALID_HID;
    tml_status status = tml_hdf5_set_format(file, TML_RESULTS_FORMAT, TML_RESULTS_VERSION, error);

    if (status == TML_OK)
        status = tml_hdf5_set_text(file, "title", "Parameters of observed objects", error);
    if (status == TML_OK && results->warnings != NULL)
        status = tml_hdf5_set_text(file, "warnings", results->warnings, error);
    if (status == TML_OK)
        status = tml_hdf5_group_create(file, "objects", &objects, error);
    for (size_t i = 0; i < results->count && status == TML_OK; ++i)
        status = write_object(objects, &results->object[i], error);
    tml_hdf5_close(objects);
    if (status == TML_OK)
        status = tml_hdf5_write_lines(file, "provenance", results->provenance, error);
    return status;
}

tml_status tml_results_write(const char *path, const tml_results *results, tml_error *error)
{
    tml_hdf5_file file;
    tml_status status = tml_hdf5_file_create(path, &file, error);

    if (status != TML_OK)
        return status;
    status = write_contents(file.id, results, error);
    if (status == TML_OK)
        return tml_hdf5_file_finish(&file, error);
    tml_hdf5_file_abandon(&file);
    tml_error_prefix(error, "%s: ", path);
    return status;
}
