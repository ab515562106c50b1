#include "io/opacity_file.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/checked.h"
#include "core/memory.h"
#include "io/file_digest.h"
#include "io/hdf5_private.h"
#include "mpi/agree.h"

#define FORMAT "telescopeml-opacity"
enum { FORMAT_VERSION = 1, VALUES_PER_MESSAGE = 1 << 24 };

static const char *const collision_names[TML_COLLISION_COUNT] = {"H2-H2", "H2-He"};

static tml_status check_axis(hid_t where, const char *name, const double *values, size_t count,
                             tml_error *error)
{
    char full[TML_HDF5_NAME];

    tml_hdf5_name(where, name, full);
    for (size_t i = 0; i < count; ++i)
        if (!isfinite(values[i]) || !(values[i] > (i > 0 ? values[i - 1] : 0.0)))
            return TML_FAIL(error, TML_BAD_DATA,
                            "%s: value %zu of %zu is %g; they must be finite, positive and ascending", full,
                            i + 1, count, values[i]);
    return TML_OK;
}

/* An axis of at most `room` values. */
static tml_status read_axis(hid_t where, const char *name, size_t room, double *values, size_t *count,
                            tml_error *error)
{
    char full[TML_HDF5_NAME];
    tml_status status = tml_hdf5_array_shape(where, name, TML_HDF5_DOUBLE, 1, count, error);

    if (status != TML_OK)
        return status;
    tml_hdf5_name(where, name, full);
    if (*count > room)
        return TML_FAIL(error, TML_BAD_DATA, "%s: has %zu values where the program has room for %zu", full,
                        *count, room);
    status = tml_hdf5_read_array(where, name, TML_HDF5_DOUBLE, 1, count, values, error);
    return status == TML_OK ? check_axis(where, name, values, *count, error) : status;
}

static tml_status read_wavelengths(hid_t where, tml_opacity_file *file, tml_error *error)
{
    size_t *bins = &file->table.bins;
    tml_status status = tml_hdf5_array_shape(where, "wavelength", TML_HDF5_DOUBLE, 1, bins, error);

    if (status == TML_OK && *bins < 2)
        status = TML_FAIL(error, TML_BAD_DATA, "%s: an opacity table needs two wavelengths at least",
                          file->path);
    if (status == TML_OK)
        status = tml_array_create(*bins, sizeof(double), "wavelengths", &file->wavelength_um, error);
    if (status == TML_OK)
        status = read_axis(where, "wavelength", *bins, file->wavelength_um, bins, error);
    return status;
}

/* Logarithms below `limit`. A table of plain cross sections would have values of 0 and above. */
static tml_status read_logarithms(hid_t where, const char *name, int rank, const size_t *dims, double limit,
                                  float *values, tml_error *error)
{
    char full[TML_HDF5_NAME];
    size_t count = 1;
    tml_status status = tml_hdf5_read_array(where, name, TML_HDF5_FLOAT, rank, dims, values, error);

    tml_hdf5_name(where, name, full);
    for (int i = 0; i < rank; ++i)
        count *= dims[i];
    for (size_t i = 0; status == TML_OK && i < count; ++i)
        if (!isfinite(values[i]) || !((double)values[i] < limit))
            status = TML_FAIL(
                error, TML_BAD_DATA,
                "%s: value %zu of %zu, at wavelength %zu, is %g; logarithms that are finite and "
                "below %g are wanted",
                full, i + 1, count, i % dims[rank - 1] + 1, (double)values[i], limit);
    return status;
}

/* The species of the program that the file has, in the program's order. */
static tml_status find_species(hid_t molecules, tml_opacity_file *file, tml_error *error)
{
    tml_opacity_table *table = &file->table;
    H5G_info_t info;

    for (int s = 0; s < TML_SPECIES_COUNT; ++s)
        if (tml_hdf5_exists(molecules, tml_species_name((tml_species)s)))
            table->species[table->species_count++] = (tml_species)s;
    if (H5Gget_info(molecules, &info) < 0)
        return tml_hdf5_fail(error, TML_BAD_DATA, "%s:/molecules: cannot be read", file->path);
    if (table->species_count == 0 || info.nlinks != table->species_count)
        return TML_FAIL(
            error, TML_BAD_DATA,
            "%s:/molecules holds %llu groups, %zu of them under names that the program knows (H2O, "
            "CH4, CO, CO2, NH3, N2, H2S, PH3, Na, K, TiO, VO, FeH, CrH); all must be, and one at "
            "least",
            file->path, (unsigned long long)info.nlinks, table->species_count);
    return TML_OK;
}

static tml_status read_molecules(hid_t where, tml_opacity_file *file, tml_error *error)
{
    tml_opacity_table *table = &file->table;
    const size_t dims[3] = {table->temperatures, table->pressures, table->bins};
    hid_t molecules = -1;
    size_t stride = 0;
    tml_status status = tml_hdf5_group_open(where, "molecules", &molecules, error);

    if (status == TML_OK)
        status = find_species(molecules, file, error);
    if (status == TML_OK && !tml_size_multiply(dims[0] * dims[1], dims[2], &stride))
        status = TML_FAIL(error, TML_BAD_DATA, "%s: too many values", file->path);
    if (status == TML_OK)
        status = tml_array_create(table->species_count * stride, sizeof(float), "opacities", &file->ln_mean,
                                  error);
    if (status == TML_OK)
        status = tml_array_create(table->species_count * stride, sizeof(float), "opacities",
                                  &file->ln_contrast, error);
    for (size_t s = 0; s < table->species_count && status == TML_OK; ++s) {
        hid_t group = -1;

        status = tml_hdf5_group_open(molecules, tml_species_name(table->species[s]), &group, error);
        if (status == TML_OK)
            status = read_logarithms(group, "ln_mean", 3, dims, 0.0, file->ln_mean + s * stride, error);
        if (status == TML_OK)
            status = read_logarithms(group, "ln_contrast", 3, dims, 40.0, file->ln_contrast + s * stride,
                                     error);
        tml_hdf5_close(group);
    }
    tml_hdf5_close(molecules);
    return status;
}

static tml_status read_collisions(hid_t where, tml_opacity_file *file, tml_error *error)
{
    tml_opacity_table *table = &file->table;
    size_t dims[2] = {0, table->bins};
    hid_t group = -1;
    tml_status status = tml_hdf5_group_open(where, "collisions", &group, error);

    if (status == TML_OK)
        status = read_axis(group, "temperature", TML_COLLISION_TEMPERATURES, table->collision_temperature_k,
                           &table->collision_temperatures, error);
    dims[0] = table->collision_temperatures;
    if (status == TML_OK)
        status = tml_array_create(TML_COLLISION_COUNT * dims[0] * dims[1], sizeof(float), "opacities",
                                  &file->log10_collision, error);
    for (size_t pair = 0; pair < TML_COLLISION_COUNT && status == TML_OK; ++pair)
        status = read_logarithms(group, collision_names[pair], 2, dims, 0.0,
                                 file->log10_collision + pair * dims[0] * dims[1], error);
    tml_hdf5_close(group);
    return status;
}

static tml_status read_digest(tml_opacity_file *file, tml_error *error)
{
    tml_file_head head;
    tml_status status = tml_file_head_read(file->path, &head, error);

    if (status == TML_OK && head.has_digest)
        file->digest = head.digest;
    else if (status == TML_OK)
        status = tml_file_digest_compute(file->path, &file->digest, error);
    return status;
}

static tml_status read_file(const char *folder, tml_opacity_file *file, tml_error *error)
{
    tml_opacity_table *table = &file->table;
    tml_hdf5_file open;
    tml_status status = tml_opacity_file_find(folder, file->path, error);

    if (status == TML_OK)
        status = tml_hdf5_file_open(file->path, &open, error);
    if (status != TML_OK)
        return status;
    status = tml_hdf5_check_format(open.id, FORMAT, FORMAT_VERSION, error);
    if (status == TML_OK)
        status = read_wavelengths(open.id, file, error);
    if (status == TML_OK)
        status = read_axis(open.id, "temperature", TML_OPACITY_TEMPERATURES, table->temperature_k,
                           &table->temperatures, error);
    if (status == TML_OK)
        status = read_axis(open.id, "pressure", TML_OPACITY_PRESSURES, table->pressure_bar, &table->pressures,
                           error);
    if (status == TML_OK)
        status = read_molecules(open.id, file, error);
    if (status == TML_OK)
        status = read_collisions(open.id, file, error);
    tml_hdf5_file_close(&open);
    return status == TML_OK ? read_digest(file, error) : status;
}

static tml_status make_arrays(tml_opacity_file *file, size_t lines, size_t collisions, tml_error *error)
{
    tml_status status = tml_array_create(file->table.bins, sizeof(double), "wavelengths",
                                         &file->wavelength_um, error);

    if (status == TML_OK)
        status = tml_array_create(lines, sizeof(float), "opacities", &file->ln_mean, error);
    if (status == TML_OK)
        status = tml_array_create(lines, sizeof(float), "opacities", &file->ln_contrast, error);
    if (status == TML_OK)
        status = tml_array_create(collisions, sizeof(float), "opacities", &file->log10_collision, error);
    return status;
}

static tml_status share_floats(MPI_Comm comm, float *values, size_t count, tml_error *error)
{
    tml_status status = TML_OK;

    for (size_t at = 0; at < count && status == TML_OK; at += VALUES_PER_MESSAGE) {
        const size_t left = count - at;

        status = tml_mpi_check(MPI_Bcast(values + at,
                                         (int)(left < VALUES_PER_MESSAGE ? left : VALUES_PER_MESSAGE),
                                         MPI_FLOAT, 0, comm),
                               "sharing the opacity table", error);
    }
    return status;
}

/* Sizes and axes first; their arrays follow when every rank has room. */
static tml_status share(MPI_Comm comm, int rank, tml_opacity_file *file, tml_error *error)
{
    tml_opacity_table *table = &file->table;
    size_t lines, collisions;
    tml_status status = tml_mpi_check(MPI_Bcast(table, (int)sizeof *table, MPI_BYTE, 0, comm),
                                      "sharing the opacity table", error);

    if (status == TML_OK)
        status = tml_mpi_check(MPI_Bcast(&file->digest, (int)sizeof file->digest, MPI_BYTE, 0, comm),
                               "sharing the digest of the opacity table", error);
    if (status == TML_OK)
        status = tml_mpi_check(MPI_Bcast(file->path, (int)sizeof file->path, MPI_CHAR, 0, comm),
                               "sharing the name of the opacity table", error);
    if (status != TML_OK)
        return status;
    lines = table->species_count * table->temperatures * table->pressures * table->bins;
    collisions = TML_COLLISION_COUNT * table->collision_temperatures * table->bins;
    if (rank != 0)
        status = make_arrays(file, lines, collisions, error);
    status = tml_agree(comm, status, error);
    if (status == TML_OK)
        status = tml_mpi_check(MPI_Bcast(file->wavelength_um, (int)table->bins, MPI_DOUBLE, 0, comm),
                               "sharing the wavelengths of the opacity table", error);
    if (status == TML_OK)
        status = share_floats(comm, file->ln_mean, lines, error);
    if (status == TML_OK)
        status = share_floats(comm, file->ln_contrast, lines, error);
    if (status == TML_OK)
        status = share_floats(comm, file->log10_collision, collisions, error);
    return status;
}

tml_status tml_opacity_file_read(MPI_Comm comm, const char *folder, tml_opacity_file *file, tml_error *error)
{
    int rank = 0;
    tml_status status = tml_mpi_check(MPI_Comm_rank(comm, &rank), "asking for the rank", error);

    memset(file, 0, sizeof *file);
    if (status == TML_OK && rank == 0)
        status = read_file(folder, file, error);
    status = tml_agree(comm, status, error);
    if (status == TML_OK)
        status = share(comm, rank, file, error);
    if (status != TML_OK) {
        tml_opacity_file_free(file);
        return status;
    }
    file->table.wavelength_um = file->wavelength_um;
    file->table.ln_mean = file->ln_mean;
    file->table.ln_contrast = file->ln_contrast;
    file->table.log10_collision = file->log10_collision;
    return TML_OK;
}

void tml_opacity_file_free(tml_opacity_file *file)
{
    free(file->wavelength_um);
    free(file->ln_mean);
    free(file->ln_contrast);
    free(file->log10_collision);
    memset(file, 0, sizeof *file);
}
