#include <stdlib.h>
#include <string.h>

#include "core/fault.h"
#include "core/memory.h"
#include "core/text.h"
#include "io/grid_file_private.h"

static tml_status check_unit(const tml_grid_file *file, const char *name, const char *needed,
                             tml_error *error)
{
    hid_t dataset = H5Dopen2(file->id, name, H5P_DEFAULT);
    char *unit = NULL;
    tml_status status = tml_hdf5_get_text(dataset, "units", &unit, error);

    tml_hdf5_close(dataset);
    if (status == TML_OK && strcmp(unit, needed) != 0)
        status = TML_FAIL(error, TML_BAD_DATA, "%s:/%s: its units are \"%s\", \"%s\" is needed; convert it",
                          file->path, name, unit, needed);
    free(unit);
    return status;
}

static tml_status read_wavelength(tml_grid_file *file, tml_error *error)
{
    size_t dims[1] = {0};
    tml_status status = tml_hdf5_array_shape(file->id, "wavelength", TML_HDF5_DOUBLE, 1, dims, error);

    if (status == TML_OK)
        status = check_unit(file, "wavelength", TML_GRID_WAVELENGTH_UNIT, error);
    if (status != TML_OK)
        return status;
    file->shape.wavelengths = dims[0];
    status = tml_array_create(dims[0], sizeof *file->wavelength_um, "wavelengths", &file->wavelength_um,
                              error);
    if (status == TML_OK)
        status = tml_hdf5_read_array(file->id, "wavelength", TML_HDF5_DOUBLE, 1, dims, file->wavelength_um,
                                     error);
    return status;
}

static tml_status read_flux_shape(tml_grid_file *file, tml_error *error)
{
    size_t rows[1] = {0};
    size_t dims[2] = {0, 0};
    tml_status status = tml_hdf5_array_shape(file->id, "row", TML_HDF5_INT64, 1, rows, error);

    if (status == TML_OK)
        status = tml_hdf5_array_shape(file->id, "flux", TML_HDF5_FLOAT, 2, dims, error);
    if (status == TML_OK && (dims[0] != rows[0] || dims[1] != file->shape.wavelengths))
        status = TML_FAIL(error, TML_BAD_DATA,
                          "%s:/flux: has the shape %zu x %zu, /row and /wavelength say %zu x %zu", file->path,
                          dims[0], dims[1], rows[0], file->shape.wavelengths);
    if (status == TML_OK)
        status = check_unit(file, "flux", TML_GRID_FLUX_UNIT, error);
    file->shape.rows = rows[0];
    return status;
}

/* A grid from elsewhere may not be chunked; then one row is as good a unit as another. */
static void read_chunk_rows(tml_grid_file *file)
{
    hid_t dataset = H5Dopen2(file->id, "flux", H5P_DEFAULT);
    hid_t creation = dataset < 0 ? H5I_INVALID_HID : H5Dget_create_plist(dataset);
    hsize_t chunk[2] = {1, 1};

    if (creation < 0 || H5Pget_layout(creation) != H5D_CHUNKED || H5Pget_chunk(creation, 2, chunk) != 2 ||
        chunk[0] == 0)
        chunk[0] = 1;
    file->chunk_rows = chunk[0];
    tml_hdf5_close(creation);
    tml_hdf5_close(dataset);
}

typedef tml_status read_member(tml_grid_file *file, hid_t group, const char *name, size_t index,
                               tml_error *error);

/* The order in which the members were made, if the file has kept it. */
static H5_index_t member_order(hid_t group)
{
    hid_t creation = H5Gget_create_plist(group);
    unsigned flags = 0;

    if (creation >= 0)
        H5Pget_link_creation_order(creation, &flags);
    tml_hdf5_close(creation);
    return (flags & H5P_CRT_ORDER_TRACKED) != 0 ? H5_INDEX_CRT_ORDER : H5_INDEX_NAME;
}

static tml_status read_members(tml_grid_file *file, const char *group_name, size_t limit, size_t *count,
                               read_member *read, tml_error *error)
{
    hid_t group;
    H5G_info_t about = {0};
    H5_index_t order;
    tml_status status = tml_hdf5_group_open(file->id, group_name, &group, error);

    if (status != TML_OK)
        return status;
    order = member_order(group);
    if (H5Gget_info(group, &about) < 0 || about.nlinks > limit)
        status = TML_FAIL(error, TML_BAD_DATA, "%s:/%s: has %llu members, at most %zu can be read",
                          file->path, group_name, (unsigned long long)about.nlinks, limit);
    for (hsize_t i = 0; status == TML_OK && i < about.nlinks; ++i) {
        char name[TML_GRID_NAME + 1] = "";
        ssize_t length = H5Lget_name_by_idx(group, ".", order, H5_ITER_INC, i, name, sizeof name,
                                            H5P_DEFAULT);

        if (length <= 0 || length >= TML_GRID_NAME)
            status = TML_FAIL(error, TML_BAD_DATA,
                              "%s:/%s: the name of member %llu is empty or longer than %d bytes", file->path,
                              group_name, (unsigned long long)i, TML_GRID_NAME - 1);
        else
            status = read(file, group, name, (size_t)i, error);
    }
    *count = (size_t)about.nlinks;
    tml_hdf5_close(group);
    return status;
}

static tml_status check_row_count(const tml_grid_file *file, const char *group, const char *name, size_t rows,
                                  tml_error *error)
{
    if (rows == file->shape.rows)
        return TML_OK;
    return TML_FAIL(error, TML_BAD_DATA, "%s:/%s/%s: has %zu rows where /row has %llu", file->path, group,
                    name, rows, (unsigned long long)file->shape.rows);
}

/* Text of an attribute; absent and too long text is empty. */
static tml_status get_short_text(hid_t dataset, const char *name, char *text, size_t room, tml_error *error)
{
    char *found = NULL;
    tml_status status = TML_OK;

    text[0] = '\0';
    if (tml_hdf5_has_attribute(dataset, name))
        status = tml_hdf5_get_text(dataset, name, &found, error);
    if (found != NULL && !tml_text_copy(text, room, found))
        text[0] = '\0';
    free(found);
    return status;
}

static tml_status read_parameter(tml_grid_file *file, hid_t group, const char *name, size_t index,
                                 tml_error *error)
{
    tml_grid_parameter *parameter = &file->shape.parameters[index];
    size_t dims[1] = {0};
    hid_t dataset;
    tml_status status = tml_hdf5_array_shape(group, name, TML_HDF5_DOUBLE, 1, dims, error);

    if (status == TML_OK)
        status = check_row_count(file, "parameters", name, dims[0], error);
    if (status != TML_OK)
        return status;
    memcpy(parameter->name, name, strlen(name) + 1);
    dataset = H5Dopen2(group, name, H5P_DEFAULT);
    status = get_short_text(dataset, "units", parameter->unit, sizeof parameter->unit, error);
    if (status == TML_OK)
        status = get_short_text(dataset, "long_name", parameter->long_name, sizeof parameter->long_name,
                                error);
    tml_hdf5_close(dataset);
    if (status == TML_OK && parameter->unit[0] == '\0')
        return TML_FAIL(error, TML_BAD_DATA,
                        "%s:/parameters/%s: has no attribute units; add it (\"1\" for a number)", file->path,
                        name);
    return status;
}

static tml_status read_metadata(tml_grid_file *file, hid_t group, const char *name, size_t index,
                                tml_error *error)
{
    tml_hdf5_scope scope = {0};
    hid_t dataset = tml_hdf5_keep(&scope, H5Dopen2(group, name, H5P_DEFAULT));
    hid_t type = dataset < 0 ? dataset : tml_hdf5_keep(&scope, H5Dget_type(dataset));
    hid_t space = dataset < 0 ? dataset : tml_hdf5_keep(&scope, H5Dget_space(dataset));
    hsize_t rows = 0;
    tml_status status = TML_OK;

    if (type < 0 || H5Tget_class(type) != H5T_STRING || H5Tis_variable_str(type) != 0 || space < 0 ||
        H5Sget_simple_extent_ndims(space) != 1 || H5Sget_simple_extent_dims(space, &rows, NULL) != 1)
        status = TML_FAIL(error, TML_BAD_DATA, "%s:/metadata/%s: is not one column of text of fixed length",
                          file->path, name);
    else
        status = check_row_count(file, "metadata", name, (size_t)rows, error);
    if (status == TML_OK) {
        memcpy(file->shape.metadata[index].name, name, strlen(name) + 1);
        file->shape.metadata[index].width = H5Tget_size(type);
    }
    tml_hdf5_scope_close(&scope);
    return status;
}

static tml_status read_contents(tml_grid_file *file, tml_error *error)
{
    tml_grid_shape *shape = &file->shape;
    tml_status status = tml_hdf5_check_format(file->id, TML_GRID_FORMAT, TML_GRID_FORMAT_VERSION, error);

    if (status == TML_OK)
        status = tml_hdf5_get_double(file->id, "solar_c_o", &shape->solar_c_o, error);
    if (status == TML_OK)
        status = read_wavelength(file, error);
    if (status == TML_OK)
        status = read_flux_shape(file, error);
    if (status == TML_OK)
        status = read_members(file, "parameters", TML_GRID_PARAMETERS, &shape->parameter_count,
                              read_parameter, error);
    if (status == TML_OK && tml_hdf5_exists(file->id, "metadata"))
        status = read_members(file, "metadata", TML_GRID_METADATA, &shape->metadata_count, read_metadata,
                              error);
    if (status == TML_OK)
        status = tml_grid_shape_check(file->path, shape, file->wavelength_um, error);
    if (status == TML_OK)
        read_chunk_rows(file);
    return status;
}

tml_status tml_grid_file_read_header(tml_grid_file *file, tml_error *error)
{
    hid_t access = tml_hdf5_access_list();
    tml_status status;

    file->id = access < 0 || tml_fault("H5Fopen") ? H5I_INVALID_HID
                                                  : H5Fopen(file->path, H5F_ACC_RDONLY, access);
    tml_hdf5_close(access);
    if (file->id < 0)
        return tml_hdf5_fail(error, TML_BAD_DATA,
                             "%s: cannot be opened as an HDF5 file; make or copy it again", file->path);
    status = read_contents(file, error);
    tml_hdf5_close(file->id);
    file->id = H5I_INVALID_HID;
    return status;
}
