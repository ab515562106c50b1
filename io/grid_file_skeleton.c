#include <math.h>
#include <string.h>

#include <hdf5_hl.h>

#include "io/grid_file_private.h"

enum { LONGEST_ROW_BYTES = 1 << 28 };

/* A name becomes the name of a link, where "/" and "." have a meaning. */
static tml_status check_name(const char *path, const char *name, const char *const *others, size_t count,
                             tml_error *error)
{
    if (memchr(name, '\0', TML_GRID_NAME) == NULL || name[0] == '\0' || strchr(name, '/') != NULL ||
        strcmp(name, ".") == 0)
        return TML_FAIL(
            error, TML_BAD_DATA,
            "%s: \"%.63s\" cannot name a column: 1 to %d bytes without \"/\" are needed; rename it", path,
            name, TML_GRID_NAME - 1);
    for (size_t i = 0; i < count; ++i)
        if (strcmp(name, others[i]) == 0)
            return TML_FAIL(error, TML_BAD_DATA, "%s: two columns are named %s; rename one", path, name);
    return TML_OK;
}

static tml_status check_names(const char *path, const tml_grid_shape *shape, tml_error *error)
{
    const char *parameters[TML_GRID_PARAMETERS];
    const char *metadata[TML_GRID_METADATA];
    tml_status status = TML_OK;

    for (size_t i = 0; status == TML_OK && i < shape->parameter_count; ++i) {
        parameters[i] = shape->parameters[i].name;
        status = check_name(path, parameters[i], parameters, i, error);
    }
    for (size_t i = 0; status == TML_OK && i < shape->metadata_count; ++i) {
        metadata[i] = shape->metadata[i].name;
        status = check_name(path, metadata[i], metadata, i, error);
        if (status == TML_OK && shape->metadata[i].width == 0)
            status = TML_FAIL(error, TML_INTERNAL, "%s: the text column %s has no width", path, metadata[i]);
    }
    return status;
}

tml_status tml_grid_shape_check(const char *path, const tml_grid_shape *shape, const double *wavelength_um,
                                tml_error *error)
{
    if (shape->rows == 0 || shape->wavelengths == 0)
        return TML_FAIL(error, TML_BAD_DATA, "%s: a grid of %llu rows and %zu wavelengths holds nothing",
                        path, (unsigned long long)shape->rows, shape->wavelengths);
    if (shape->wavelengths > LONGEST_ROW_BYTES / sizeof(float))
        return TML_FAIL(error, TML_BAD_DATA,
                        "%s: %zu wavelengths are more than %zu, the most that a grid holds", path,
                        shape->wavelengths, LONGEST_ROW_BYTES / sizeof(float));
    if (shape->parameter_count > TML_GRID_PARAMETERS || shape->metadata_count > TML_GRID_METADATA)
        return TML_FAIL(
            error, TML_BAD_DATA, "%s: %zu parameters and %zu text columns; at most %d and %d can be stored",
            path, shape->parameter_count, shape->metadata_count, TML_GRID_PARAMETERS, TML_GRID_METADATA);
    if (!isfinite(shape->solar_c_o) || shape->solar_c_o <= 0.0)
        return TML_FAIL(error, TML_BAD_DATA, "%s: solar_c_o is %g, a positive number is needed", path,
                        shape->solar_c_o);
    for (size_t i = 0; i < shape->wavelengths; ++i)
        if (!isfinite(wavelength_um[i]) || wavelength_um[i] <= (i == 0 ? 0.0 : wavelength_um[i - 1]))
            return TML_FAIL(error, TML_BAD_DATA,
                            "%s: wavelength %zu is %.9g micron after %.9g; they must be positive and ascend",
                            path, i, wavelength_um[i], i == 0 ? 0.0 : wavelength_um[i - 1]);
    return check_names(path, shape, error);
}

static tml_status write_root(const tml_grid_file *file, hid_t id, tml_error *error)
{
    tml_status status = tml_hdf5_set_text(id, "Conventions", "CF-1.8", error);

    if (status == TML_OK)
        status = tml_hdf5_set_text(id, "title", "Grid of synthetic spectra", error);
    if (status == TML_OK)
        status = tml_hdf5_set_format(id, TML_GRID_FORMAT, TML_GRID_FORMAT_VERSION, error);
    if (status == TML_OK)
        status = tml_hdf5_set_double(id, "solar_c_o", file->shape.solar_c_o, error);
    return status;
}

static tml_status write_wavelength(const tml_grid_file *file, hid_t id, tml_hdf5_scope *scope,
                                   hid_t *wavelength, tml_error *error)
{
    size_t dims[1] = {file->shape.wavelengths};
    tml_status status = tml_hdf5_write_array(id, "wavelength", TML_HDF5_DOUBLE, 1, dims, file->wavelength_um,
                                             TML_GRID_WAVELENGTH_UNIT, "vacuum wavelength", error);

    if (status != TML_OK)
        return status;
    *wavelength = tml_hdf5_keep(scope, H5Dopen2(id, "wavelength", H5P_DEFAULT));
    if (*wavelength < 0 || H5DSset_scale(*wavelength, "wavelength") < 0)
        return tml_hdf5_fail(error, TML_INTERNAL, "%s: cannot make /wavelength a dimension scale",
                             file->path);
    return TML_OK;
}

typedef struct scales {
    hid_t row;
    hid_t wavelength;
} scales;

/* Text has no unit. */
static void describe(const tml_grid_file *file, const tml_grid_part *part, const char **units,
                     const char **long_name)
{
    const tml_grid_parameter *parameter = &file->shape.parameters[part->offset / sizeof(double)];

    switch (part->kind) {
    case TML_GRID_PART_ROW:
        *units = "1";
        *long_name = "number of the row in its source";
        break;
    case TML_GRID_PART_FLUX:
        *units = TML_GRID_FLUX_UNIT;
        *long_name = "flux density F_nu at the surface";
        break;
    case TML_GRID_PART_PARAMETER:
        *units = parameter->unit[0] == '\0' ? "1" : parameter->unit;
        *long_name = parameter->long_name[0] == '\0' ? parameter->name : parameter->long_name;
        break;
    case TML_GRID_PART_METADATA:
        *units = NULL;
        *long_name = strchr(part->name, '/') + 1;
        break;
    }
}

static tml_status attach_scales(const tml_grid_part *part, hid_t dataset, scales *known, tml_error *error)
{
    herr_t result;

    if (part->kind == TML_GRID_PART_ROW) {
        known->row = dataset;
        result = H5DSset_scale(dataset, "row");
    } else {
        result = H5DSattach_scale(dataset, known->row, 0);
        if (result >= 0 && part->kind == TML_GRID_PART_FLUX)
            result = H5DSattach_scale(dataset, known->wavelength, 1);
    }
    if (result < 0)
        return tml_hdf5_fail(error, TML_INTERNAL, "%s: cannot attach the dimension scales", part->name);
    return TML_OK;
}

static tml_status write_part(const tml_grid_file *file, const tml_grid_part *part, hid_t id,
                             tml_hdf5_scope *scope, scales *known, tml_error *error)
{
    hsize_t dims[2] = {file->shape.rows, file->shape.wavelengths};
    hsize_t chunk[2] = {file->chunk_rows, file->shape.wavelengths};
    const char *units = NULL;
    const char *long_name = NULL;
    hid_t dataset;
    tml_status status = tml_hdf5_dataset_create(id, part->name, part->type, part->rank, dims, chunk, &dataset,
                                                error);

    if (status != TML_OK)
        return status;
    tml_hdf5_keep(scope, dataset);
    describe(file, part, &units, &long_name);
    if (units != NULL)
        status = tml_hdf5_set_text(dataset, "units", units, error);
    if (status == TML_OK)
        status = tml_hdf5_set_text(dataset, "long_name", long_name, error);
    if (status == TML_OK)
        status = attach_scales(part, dataset, known, error);
    return status;
}

static tml_status write_skeleton(const tml_grid_file *file, hid_t id, const char *provenance,
                                 tml_hdf5_scope *scope, tml_error *error)
{
    scales known = {H5I_INVALID_HID, H5I_INVALID_HID};
    hid_t group;
    tml_status status = write_root(file, id, error);

    if (status == TML_OK)
        status = write_wavelength(file, id, scope, &known.wavelength, error);
    if (status == TML_OK) {
        status = tml_hdf5_group_create(id, "parameters", &group, error);
        tml_hdf5_keep(scope, group);
    }
    if (status == TML_OK && file->shape.metadata_count > 0) {
        status = tml_hdf5_group_create(id, "metadata", &group, error);
        tml_hdf5_keep(scope, group);
    }
    for (size_t i = 0; status == TML_OK && i < file->part_count; ++i)
        status = write_part(file, &file->parts[i], id, scope, &known, error);
    if (status == TML_OK)
        status = tml_hdf5_write_lines(id, "provenance", provenance, error);
    return status;
}

tml_status tml_grid_file_make_skeleton(const tml_grid_file *file, const char *provenance, tml_error *error)
{
    tml_hdf5_scope scope = {0};
    tml_hdf5_file skeleton;
    tml_status status = tml_hdf5_file_create(file->path, &skeleton, error);

    if (status != TML_OK)
        return status;
    status = write_skeleton(file, skeleton.id, provenance, &scope, error);
    tml_hdf5_scope_close(&scope);
    if (status == TML_OK)
        return tml_hdf5_file_leave_partial(&skeleton, error);
    tml_hdf5_file_abandon(&skeleton);
    return status;
}
