#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/fault.h"
#include "io/grid_file_private.h"
#include "mpi/agree.h"

tml_status tml_grid_file_begin(MPI_Comm comm, const char *path, tml_grid_file **file, tml_error *error)
{
    tml_grid_file *made = tml_fault("grid file") ? NULL : calloc(1, sizeof *made);
    tml_status status = TML_OK;

    *file = NULL;
    if (made != NULL) {
        made->comm = MPI_COMM_NULL;
        made->id = H5I_INVALID_HID;
        made->path = strdup(path);
    }
    if (made == NULL || made->path == NULL)
        status = TML_FAIL(error, TML_INTERNAL, "%s: no memory to open it", path);
    status = tml_agree(comm, status, error);
    if (status == TML_OK)
        status = tml_mpi_check(MPI_Comm_dup(comm, &made->comm), "copying a communicator for a file", error);
    if (status != TML_OK) {
        tml_grid_file_free(&made);
        return status;
    }
    MPI_Comm_rank(made->comm, &made->rank);
    MPI_Comm_size(made->comm, &made->size);
    tml_hdf5_quiet();
    *file = made;
    return TML_OK;
}

void tml_grid_file_free(tml_grid_file **file)
{
    tml_grid_file *old = *file;

    if (old == NULL)
        return;
    tml_hdf5_scope_close(&old->scope);
    tml_hdf5_close(old->id);
    if (old->comm != MPI_COMM_NULL)
        MPI_Comm_free(&old->comm);
    free(old->wavelength_um);
    free(old->partial);
    free(old->path);
    free(old);
    *file = NULL;
}

static void add_part(tml_grid_file *file, tml_grid_part_kind kind, const char *group, const char *name,
                     hid_t type, size_t width, size_t stride, size_t offset)
{
    tml_grid_part *part = &file->parts[file->part_count++];

    memset(part, 0, sizeof *part);
    part->kind = kind;
    part->dataset = H5I_INVALID_HID;
    part->type = type;
    part->rank = 1;
    part->width = width;
    part->stride = stride;
    part->offset = offset;
    snprintf(part->name, sizeof part->name, "%s%s", group, name);
}

static tml_status plan_metadata(tml_grid_file *file, tml_error *error)
{
    const tml_grid_shape *shape = &file->shape;
    size_t stride = 0;
    size_t offset = 0;

    for (size_t i = 0; i < shape->metadata_count; ++i)
        stride += shape->metadata[i].width;
    for (size_t i = 0; i < shape->metadata_count; ++i) {
        hid_t type = tml_hdf5_keep(&file->scope, H5Tcopy(H5T_C_S1));

        if (type < 0 || H5Tset_size(type, shape->metadata[i].width) < 0 ||
            H5Tset_strpad(type, H5T_STR_NULLPAD) < 0 || H5Tset_cset(type, H5T_CSET_UTF8) < 0)
            return tml_hdf5_fail(error, TML_INTERNAL, "%s: cannot describe the text column %s", file->path,
                                 shape->metadata[i].name);
        add_part(file, TML_GRID_PART_METADATA, "metadata/", shape->metadata[i].name, type,
                 shape->metadata[i].width, stride, offset);
        offset += shape->metadata[i].width;
    }
    return TML_OK;
}

tml_status tml_grid_file_plan_parts(tml_grid_file *file, tml_error *error)
{
    const tml_grid_shape *shape = &file->shape;
    size_t flux_bytes = shape->wavelengths * sizeof(float);

    file->part_count = 0;
    add_part(file, TML_GRID_PART_ROW, "", "row", H5T_NATIVE_INT64, sizeof(int64_t), sizeof(int64_t), 0);
    add_part(file, TML_GRID_PART_FLUX, "", "flux", H5T_NATIVE_FLOAT, flux_bytes, flux_bytes, 0);
    file->parts[1].rank = 2;
    for (size_t i = 0; i < shape->parameter_count; ++i)
        add_part(file, TML_GRID_PART_PARAMETER, "parameters/", shape->parameters[i].name, H5T_NATIVE_DOUBLE,
                 sizeof(double), shape->parameter_count * sizeof(double), i * sizeof(double));
    return plan_metadata(file, error);
}

static hid_t open_file(const tml_grid_file *file, const char *name, tml_io_mode mode, bool writable)
{
    hid_t access = tml_hdf5_access_list();
    hid_t id = H5I_INVALID_HID;

    if (access >= 0 && (mode == TML_IO_POSIX || H5Pset_fapl_mpio(access, file->comm, MPI_INFO_NULL) >= 0))
        id = H5Fopen(name, writable ? H5F_ACC_RDWR : H5F_ACC_RDONLY, access);
    tml_hdf5_close(access);
    return id;
}

tml_status tml_grid_file_open_parts(tml_grid_file *file, const char *name, tml_io_mode mode, bool writable,
                                    tml_error *error)
{
    file->id = open_file(file, name, mode, writable);
    if (file->id < 0)
        return tml_hdf5_fail(error, TML_IO_ERROR, "%s: cannot be opened on this rank", name);
    file->transfer = tml_hdf5_keep(&file->scope, H5Pcreate(H5P_DATASET_XFER));
    if (file->transfer < 0 || tml_fault("H5Pcreate") ||
        (mode == TML_IO_COLLECTIVE && H5Pset_dxpl_mpio(file->transfer, H5FD_MPIO_COLLECTIVE) < 0))
        return tml_hdf5_fail(error, TML_INTERNAL, "%s: cannot choose how to read and write", name);
    for (size_t i = 0; i < file->part_count; ++i) {
        tml_grid_part *part = &file->parts[i];

        part->dataset = tml_hdf5_keep(&file->scope, H5Dopen2(file->id, part->name, H5P_DEFAULT));
        if (part->dataset < 0 || tml_fault("H5Dopen"))
            return tml_hdf5_fail(error, TML_IO_ERROR, "%s:/%s: cannot be opened on this rank", name,
                                 part->name);
    }
    return TML_OK;
}

uint64_t tml_grid_file_round_rows(const tml_grid_file *file)
{
    uint64_t chunk_bytes = file->chunk_rows * file->shape.wavelengths * sizeof(float);
    uint64_t chunks = TML_GRID_ROUND_BYTES / chunk_bytes;

    return (chunks == 0 ? 1 : chunks) * file->chunk_rows;
}

tml_status tml_grid_file_agree_rounds(const tml_grid_file *file, uint64_t count, uint64_t *rounds,
                                      tml_error *error)
{
    uint64_t round_rows = tml_grid_file_round_rows(file);

    *rounds = count / round_rows + (count % round_rows != 0 ? 1 : 0);
    return tml_mpi_check(MPI_Allreduce(MPI_IN_PLACE, rounds, 1, MPI_UINT64_T, MPI_MAX, file->comm),
                         "agreeing on the number of transfers", error);
}

char *tml_grid_part_values(const tml_grid_part *part, const tml_grid_rows *rows)
{
    char *start = NULL;

    switch (part->kind) {
    case TML_GRID_PART_ROW:
        start = (char *)rows->row;
        break;
    case TML_GRID_PART_FLUX:
        start = (char *)rows->flux;
        break;
    case TML_GRID_PART_PARAMETER:
        start = (char *)rows->parameters;
        break;
    case TML_GRID_PART_METADATA:
        start = rows->metadata;
        break;
    }
    return start == NULL ? NULL : start + part->offset;
}

bool tml_grid_part_select(const tml_grid_part *part, uint64_t first, uint64_t count, tml_hdf5_scope *scope,
                          hid_t *in_file, hid_t *in_memory)
{
    hsize_t start[2] = {first, 0};
    hsize_t extent[2] = {count == 0 ? 1 : count, part->width / sizeof(float)};

    *in_file = tml_hdf5_keep(scope, H5Dget_space(part->dataset));
    *in_memory = tml_hdf5_keep(scope, H5Screate_simple(part->rank, extent, NULL));
    if (*in_file < 0 || *in_memory < 0)
        return false;
    if (count == 0)
        return H5Sselect_none(*in_file) >= 0 && H5Sselect_none(*in_memory) >= 0;
    return H5Sselect_hyperslab(*in_file, H5S_SELECT_SET, start, NULL, extent, NULL) >= 0;
}

size_t tml_grid_file_packed_width(const tml_grid_file *file)
{
    size_t widest = 1;

    for (size_t i = 0; i < file->part_count; ++i)
        if (file->parts[i].stride != file->parts[i].width && file->parts[i].width > widest)
            widest = file->parts[i].width;
    return widest;
}

uint64_t tml_grid_file_chunk_rows(const tml_grid_file *file)
{
    return file->chunk_rows;
}

const tml_grid_shape *tml_grid_file_shape(const tml_grid_file *file)
{
    return &file->shape;
}

const double *tml_grid_file_wavelength_um(const tml_grid_file *file)
{
    return file->wavelength_um;
}

int tml_grid_file_parameter(const tml_grid_file *file, const char *name)
{
    for (size_t i = 0; i < file->shape.parameter_count; ++i)
        if (strcmp(file->shape.parameters[i].name, name) == 0)
            return (int)i;
    return -1;
}

uint64_t tml_grid_file_bytes_read(const tml_grid_file *file)
{
    return file->bytes_read;
}

bool tml_grid_file_digest(const tml_grid_file *file, tml_digest *digest)
{
    if (file->has_digest)
        *digest = file->digest;
    return file->has_digest;
}
