#include <string.h>

#include "core/fault.h"
#include "io/hdf5_private.h"

enum { CHUNK_BYTES = 1 << 20 };

typedef struct element {
    hid_t in_memory;
    hid_t in_file;
    H5T_class_t class;
    size_t bytes;
    const char *name;
} element;

static element element_of(tml_hdf5_type type)
{
    switch (type) {
    case TML_HDF5_FLOAT:
        return (element){H5T_NATIVE_FLOAT, H5T_IEEE_F32LE, H5T_FLOAT, 4, "32-bit floating point"};
    case TML_HDF5_DOUBLE:
        return (element){H5T_NATIVE_DOUBLE, H5T_IEEE_F64LE, H5T_FLOAT, 8, "64-bit floating point"};
    case TML_HDF5_INT64:
        break;
    }
    return (element){H5T_NATIVE_INT64, H5T_STD_I64LE, H5T_INTEGER, 8, "64-bit whole numbers"};
}

tml_status tml_hdf5_dataset_create(hid_t where, const char *name, hid_t file_type, int rank,
                                   const hsize_t *dims, const hsize_t *chunk, hid_t *dataset,
                                   tml_error *error)
{
    tml_hdf5_scope scope = {0};
    hid_t creation = tml_hdf5_keep(&scope, H5Pcreate(H5P_DATASET_CREATE));
    hid_t space = tml_hdf5_keep(&scope, H5Screate_simple(rank, dims, NULL));
    char full[TML_HDF5_NAME];

    *dataset = H5I_INVALID_HID;
    if (creation >= 0 && space >= 0 && H5Pset_chunk(creation, rank, chunk) >= 0 &&
        H5Pset_fletcher32(creation) >= 0 && tml_hdf5_common(creation) && !tml_fault("H5Dcreate"))
        *dataset = H5Dcreate2(where, name, file_type, space, H5P_DEFAULT, creation, H5P_DEFAULT);
    tml_hdf5_scope_close(&scope);
    if (*dataset >= 0)
        return TML_OK;
    tml_hdf5_name(where, name, full);
    return tml_hdf5_fail(error, TML_IO_ERROR, "%s: cannot create the dataset", full);
}

/* Chunks of about CHUNK_BYTES: the last dimensions whole while they fit, then a part of one, then 1. */
static void choose_chunk(int rank, const hsize_t *dims, size_t element_bytes, hsize_t *chunk)
{
    hsize_t room = CHUNK_BYTES / element_bytes;

    for (int i = rank - 1; i >= 0; --i) {
        chunk[i] = dims[i] < room ? dims[i] : room;
        room /= chunk[i];
        if (room == 0)
            room = 1;
    }
}

static tml_status write_values(hid_t dataset, const element *kind, const void *values, const char *units,
                               const char *long_name, tml_error *error)
{
    char full[TML_HDF5_NAME];
    tml_status status = TML_OK;

    if (tml_fault("H5Dwrite") ||
        H5Dwrite(dataset, kind->in_memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) < 0) {
        tml_hdf5_name(dataset, NULL, full);
        return tml_hdf5_fail(error, TML_IO_ERROR, "%s: cannot write its values", full);
    }
    if (units != NULL)
        status = tml_hdf5_set_text(dataset, "units", units, error);
    if (status == TML_OK && long_name != NULL)
        status = tml_hdf5_set_text(dataset, "long_name", long_name, error);
    return status;
}

tml_status tml_hdf5_write_array(hid_t where, const char *name, tml_hdf5_type type, int rank,
                                const size_t *dims, const void *values, const char *units,
                                const char *long_name, tml_error *error)
{
    element kind = element_of(type);
    hsize_t extent[TML_HDF5_RANK] = {0};
    hsize_t chunk[TML_HDF5_RANK] = {0};
    hid_t dataset;
    tml_status status;

    if (rank < 1 || rank > TML_HDF5_RANK)
        return TML_FAIL(error, TML_INTERNAL, "%s: an array of %d dimensions cannot be stored", name, rank);
    for (int i = 0; i < rank; ++i) {
        if (dims[i] == 0)
            return TML_FAIL(error, TML_INTERNAL, "%s: an array without elements cannot be stored", name);
        extent[i] = dims[i];
    }
    choose_chunk(rank, extent, kind.bytes, chunk);
    status = tml_hdf5_dataset_create(where, name, kind.in_file, rank, extent, chunk, &dataset, error);
    if (status != TML_OK)
        return status;
    status = write_values(dataset, &kind, values, units, long_name, error);
    if (!tml_hdf5_close(dataset) && status == TML_OK)
        status = tml_hdf5_fail(error, TML_IO_ERROR, "%s: cannot be closed", name);
    return status;
}

static tml_status open_array(hid_t where, const char *name, tml_hdf5_type type, int rank, hid_t *dataset,
                             size_t *dims, tml_error *error)
{
    element kind = element_of(type);
    tml_hdf5_scope scope = {0};
    char full[TML_HDF5_NAME];
    hsize_t extent[TML_HDF5_RANK] = {0};
    hid_t file_type;
    hid_t space;
    tml_status status = TML_OK;

    tml_hdf5_name(where, name, full);
    *dataset = tml_hdf5_exists(where, name) && !tml_fault("H5Dopen") ? H5Dopen2(where, name, H5P_DEFAULT)
                                                                     : H5I_INVALID_HID;
    if (*dataset < 0)
        return TML_FAIL(error, TML_BAD_DATA, "%s: the dataset is not there", full);
    file_type = tml_hdf5_keep(&scope, H5Dget_type(*dataset));
    space = tml_hdf5_keep(&scope, H5Dget_space(*dataset));
    if (file_type < 0 || space < 0)
        status = tml_hdf5_fail(error, TML_BAD_DATA, "%s: cannot be read", full);
    else if (H5Tget_class(file_type) != kind.class || H5Tget_size(file_type) != kind.bytes)
        status = TML_FAIL(error, TML_BAD_DATA, "%s: does not hold %s", full, kind.name);
    else if (H5Sget_simple_extent_ndims(space) != rank ||
             H5Sget_simple_extent_dims(space, extent, NULL) != rank)
        status = TML_FAIL(error, TML_BAD_DATA, "%s: has %d dimensions where %d are needed", full,
                          H5Sget_simple_extent_ndims(space), rank);
    for (int i = 0; status == TML_OK && i < rank; ++i)
        dims[i] = (size_t)extent[i];
    tml_hdf5_scope_close(&scope);
    if (status != TML_OK) {
        tml_hdf5_close(*dataset);
        *dataset = H5I_INVALID_HID;
    }
    return status;
}

tml_status tml_hdf5_array_shape(hid_t where, const char *name, tml_hdf5_type type, int rank, size_t *dims,
                                tml_error *error)
{
    hid_t dataset;
    tml_status status = open_array(where, name, type, rank, &dataset, dims, error);

    tml_hdf5_close(dataset);
    return status;
}

tml_status tml_hdf5_read_array(hid_t where, const char *name, tml_hdf5_type type, int rank,
                               const size_t *dims, void *values, tml_error *error)
{
    size_t found[TML_HDF5_RANK] = {0};
    char full[TML_HDF5_NAME];
    hid_t dataset;
    tml_status status = open_array(where, name, type, rank, &dataset, found, error);

    tml_hdf5_name(where, name, full);
    for (int i = 0; status == TML_OK && i < rank; ++i)
        if (found[i] != dims[i])
            status = TML_FAIL(error, TML_BAD_DATA, "%s: dimension %d is %zu where %zu is needed", full, i + 1,
                              found[i], dims[i]);
    if (status == TML_OK && (tml_fault("H5Dread") || H5Dread(dataset, element_of(type).in_memory, H5S_ALL,
                                                             H5S_ALL, H5P_DEFAULT, values) < 0))
        status = tml_hdf5_fail(error, TML_BAD_DATA, "%s: cannot be read; make or copy the file again", full);
    tml_hdf5_close(dataset);
    return status;
}
