#include "io/model_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "io/hdf5_private.h"

#define FORMAT "telescopeml-model"
enum { FORMAT_VERSION = 1 };

static tml_status write_columns(hid_t file, const char *name, const tml_model_columns *columns,
                                tml_error *error)
{
    size_t dims[1] = {columns->count};
    hid_t group = -1;
    tml_status status;

    if (columns->count == 0)
        return TML_OK;
    status = tml_hdf5_group_create(file, name, &group, error);
    if (status == TML_OK)
        status = tml_hdf5_write_array(group, "offset", TML_HDF5_DOUBLE, 1, dims, columns->offset, NULL,
                                      "subtracted first", error);
    if (status == TML_OK)
        status = tml_hdf5_write_array(group, "divisor", TML_HDF5_DOUBLE, 1, dims, columns->divisor, NULL,
                                      "divided by next", error);
    tml_hdf5_close(group);
    return status;
}

static tml_status write_scalings(hid_t file, const tml_model_contents *contents, tml_error *error)
{
    hid_t group = -1;
    tml_status status = tml_hdf5_group_create(file, "scalers", &group, error);

    if (status == TML_OK)
        status = write_columns(group, "spectrum", &contents->spectrum, error);
    if (status == TML_OK)
        status = write_columns(group, "features", &contents->features, error);
    if (status == TML_OK)
        status = write_columns(group, "targets", &contents->target_scaling, error);
    tml_hdf5_close(group);
    return status;
}

static tml_status write_targets(hid_t file, const tml_model_contents *contents, tml_error *error)
{
    hid_t group = -1;
    tml_status status = tml_hdf5_group_create(file, "targets", &group, error);

    if (status == TML_OK)
        status = tml_hdf5_set_integer(group, "count", (int64_t)contents->target_count, error);
    for (size_t t = 0; t < contents->target_count && status == TML_OK; ++t) {
        char name[32];

        snprintf(name, sizeof name, "name_%zu", t);
        status = tml_hdf5_set_text(group, name, contents->targets[t].name, error);
        snprintf(name, sizeof name, "unit_%zu", t);
        if (status == TML_OK)
            status = tml_hdf5_set_text(group, name, contents->targets[t].unit, error);
    }
    tml_hdf5_close(group);
    return status;
}

static tml_status write_weights(hid_t file, const tml_model_contents *contents, tml_error *error)
{
    hid_t weights = -1;
    tml_status status = tml_hdf5_group_create(file, "weights", &weights, error);

    for (size_t i = 0; i < contents->tensor_count && status == TML_OK; ++i) {
        const tml_model_tensor *tensor = &contents->tensors[i];
        hid_t layer = -1;

        status = tml_hdf5_exists(weights, tensor->layer)
                     ? tml_hdf5_group_open(weights, tensor->layer, &layer, error)
                     : tml_hdf5_group_create(weights, tensor->layer, &layer, error);
        if (status == TML_OK)
            status = tml_hdf5_write_array(layer, tensor->name, TML_HDF5_FLOAT, tensor->rank, tensor->size,
                                          contents->weights + tensor->offset, NULL, NULL, error);
        tml_hdf5_close(layer);
    }
    tml_hdf5_close(weights);
    return status;
}

static tml_status write_attributes(hid_t file, const tml_model_contents *contents, tml_error *error)
{
    tml_status status = tml_hdf5_set_format(file, FORMAT, FORMAT_VERSION, error);

    if (status == TML_OK)
        status = tml_hdf5_set_text(file, "configuration", contents->configuration, error);
    if (status == TML_OK)
        status = tml_hdf5_set_text(file, "grid_digest", contents->grid_digest, error);
    if (status == TML_OK)
        status = tml_hdf5_set_double(file, "solar_c_o", contents->solar_c_o, error);
    if (status == TML_OK)
        status = tml_hdf5_set_double(file, "best_loss", contents->best_loss, error);
    if (status == TML_OK)
        status = tml_hdf5_set_integer(file, "best_epoch", contents->best_epoch, error);
    if (status == TML_OK)
        status = tml_hdf5_set_integer(file, "epochs", contents->epochs, error);
    if (status == TML_OK)
        status = tml_hdf5_set_integer(file, "weight_count", (int64_t)contents->weight_count, error);
    return status;
}

tml_status tml_model_file_write(const char *path, const tml_model_contents *contents, tml_error *error)
{
    size_t dims[1] = {contents->wavelengths};
    tml_hdf5_file file;
    tml_status status = tml_hdf5_file_create(path, &file, error);

    if (status != TML_OK)
        return status;
    status = write_attributes(file.id, contents, error);
    if (status == TML_OK)
        status = tml_hdf5_write_array(file.id, "wavelength", TML_HDF5_DOUBLE, 1, dims,
                                      contents->wavelength_um, "micron", "vacuum wavelength", error);
    if (status == TML_OK)
        status = write_targets(file.id, contents, error);
    if (status == TML_OK)
        status = write_scalings(file.id, contents, error);
    if (status == TML_OK)
        status = write_weights(file.id, contents, error);
    if (status == TML_OK)
        status = tml_hdf5_write_lines(file.id, "provenance", contents->provenance, error);
    if (status == TML_OK)
        return tml_hdf5_file_finish(&file, error);
    tml_hdf5_file_abandon(&file);
    return status;
}

static tml_status read_columns(hid_t scalers, const char *name, tml_model_columns *columns, tml_error *error)
{
    hid_t group = -1;
    tml_status status;

    if (!tml_hdf5_exists(scalers, name))
        return TML_OK;
    status = tml_hdf5_group_open(scalers, name, &group, error);
    if (status == TML_OK)
        status = tml_hdf5_array_shape(group, "offset", TML_HDF5_DOUBLE, 1, &columns->count, error);
    if (status == TML_OK)
        status = tml_array_create(columns->count, sizeof(double), "scalers", &columns->offset, error);
    if (status == TML_OK)
        status = tml_array_create(columns->count, sizeof(double), "scalers", &columns->divisor, error);
    if (status == TML_OK)
        status = tml_hdf5_read_array(group, "offset", TML_HDF5_DOUBLE, 1, &columns->count, columns->offset,
                                     error);
    if (status == TML_OK)
        status = tml_hdf5_read_array(group, "divisor", TML_HDF5_DOUBLE, 1, &columns->count, columns->divisor,
                                     error);
    tml_hdf5_close(group);
    return status;
}

static tml_status read_scalings(hid_t file, tml_model_contents *contents, tml_error *error)
{
    hid_t group = -1;
    tml_status status = tml_hdf5_group_open(file, "scalers", &group, error);

    if (status == TML_OK)
        status = read_columns(group, "spectrum", &contents->spectrum, error);
    if (status == TML_OK)
        status = read_columns(group, "features", &contents->features, error);
    if (status == TML_OK)
        status = read_columns(group, "targets", &contents->target_scaling, error);
    tml_hdf5_close(group);
    return status;
}

static tml_status read_short_text(hid_t where, const char *name, size_t room, char *text, tml_error *error)
{
    char *read = NULL;
    tml_status status = tml_hdf5_get_text(where, name, &read, error);

    if (status == TML_OK)
        snprintf(text, room, "%s", read);
    free(read);
    return status;
}

static tml_status read_targets(hid_t file, tml_model_contents *contents, tml_error *error)
{
    hid_t group = -1;
    int64_t count = 0;
    tml_status status = tml_hdf5_group_open(file, "targets", &group, error);

    if (status == TML_OK)
        status = tml_hdf5_get_integer(group, "count", &count, error);
    if (status == TML_OK && (count < 1 || count > 1024))
        status = TML_FAIL(error, TML_BAD_DATA, "a model with %lld targets cannot be used", (long long)count);
    if (status == TML_OK)
        status = tml_array_create((size_t)count, sizeof *contents->targets, "targets", &contents->targets,
                                  error);
    for (size_t t = 0; status == TML_OK && t < (size_t)count; ++t) {
        char name[32];

        snprintf(name, sizeof name, "name_%zu", t);
        status = read_short_text(group, name, TML_MODEL_NAME, contents->targets[t].name, error);
        snprintf(name, sizeof name, "unit_%zu", t);
        if (status == TML_OK)
            status = read_short_text(group, name, TML_MODEL_NAME, contents->targets[t].unit, error);
    }
    contents->target_count = (size_t)count;
    tml_hdf5_close(group);
    return status;
}

static tml_status read_attributes(hid_t file, tml_model_contents *contents, tml_error *error)
{
    int64_t weight_count = 0;
    tml_status status = tml_hdf5_check_format(file, FORMAT, FORMAT_VERSION, error);

    if (status == TML_OK)
        status = tml_hdf5_get_text(file, "configuration", &contents->configuration, error);
    if (status == TML_OK)
        status = read_short_text(file, "grid_digest", sizeof contents->grid_digest, contents->grid_digest,
                                 error);
    if (status == TML_OK)
        status = tml_hdf5_get_double(file, "solar_c_o", &contents->solar_c_o, error);
    if (status == TML_OK)
        status = tml_hdf5_get_double(file, "best_loss", &contents->best_loss, error);
    if (status == TML_OK)
        status = tml_hdf5_get_integer(file, "best_epoch", &contents->best_epoch, error);
    if (status == TML_OK)
        status = tml_hdf5_get_integer(file, "epochs", &contents->epochs, error);
    if (status == TML_OK)
        status = tml_hdf5_get_integer(file, "weight_count", &weight_count, error);
    contents->weight_count = (size_t)weight_count;
    return status;
}

tml_status tml_model_file_read_header(const char *path, tml_model_contents *contents, tml_error *error)
{
    tml_hdf5_file file;
    tml_status status;

    memset(contents, 0, sizeof *contents);
    status = tml_hdf5_file_open(path, &file, error);
    if (status != TML_OK)
        return status;
    status = read_attributes(file.id, contents, error);
    if (status == TML_OK)
        status = tml_hdf5_array_shape(file.id, "wavelength", TML_HDF5_DOUBLE, 1, &contents->wavelengths,
                                      error);
    if (status == TML_OK)
        status = tml_array_create(contents->wavelengths, sizeof(double), "wavelengths",
                                  &contents->wavelength_um, error);
    if (status == TML_OK)
        status = tml_hdf5_read_array(file.id, "wavelength", TML_HDF5_DOUBLE, 1, &contents->wavelengths,
                                     contents->wavelength_um, error);
    if (status == TML_OK)
        status = read_targets(file.id, contents, error);
    if (status == TML_OK)
        status = read_scalings(file.id, contents, error);
    tml_hdf5_file_close(&file);
    if (status != TML_OK)
        tml_model_contents_free(contents);
    return status;
}

tml_status tml_model_file_read_weights(const char *path, const tml_model_tensor *tensors, size_t tensor_count,
                                       float *weights, tml_error *error)
{
    hid_t group = -1;
    tml_hdf5_file file;
    tml_status status = tml_hdf5_file_open(path, &file, error);

    if (status != TML_OK)
        return status;
    status = tml_hdf5_group_open(file.id, "weights", &group, error);
    for (size_t i = 0; i < tensor_count && status == TML_OK; ++i) {
        hid_t layer = -1;

        status = tml_hdf5_group_open(group, tensors[i].layer, &layer, error);
        if (status == TML_OK)
            status = tml_hdf5_read_array(layer, tensors[i].name, TML_HDF5_FLOAT, tensors[i].rank,
                                         tensors[i].size, weights + tensors[i].offset, error);
        tml_hdf5_close(layer);
    }
    tml_hdf5_close(group);
    tml_hdf5_file_close(&file);
    return status;
}

static void free_columns(tml_model_columns *columns)
{
    free(columns->offset);
    free(columns->divisor);
}

void tml_model_contents_free(tml_model_contents *contents)
{
    free(contents->configuration);
    free(contents->provenance);
    free(contents->wavelength_um);
    free(contents->targets);
    free_columns(&contents->spectrum);
    free_columns(&contents->features);
    free_columns(&contents->target_scaling);
    free(contents->tensors);
    free(contents->weights);
    memset(contents, 0, sizeof *contents);
}
