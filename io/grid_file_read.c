#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/checked.h"
#include "core/fault.h"
#include "core/memory.h"
#include "io/file_digest.h"
#include "io/grid_file_private.h"
#include "mpi/agree.h"
#include "mpi/watchdog.h"

/* Rank 0 looks first, so that the common mistakes never reach a collective call. */
static tml_status look(tml_grid_file *file, tml_file_head *head, tml_error *error)
{
    tml_status status = TML_OK;

    if (file->rank == 0) {
        status = tml_file_head_read(file->path, head, error);
        if (status == TML_OK && !head->is_hdf5 && !head->has_digest)
            status = TML_FAIL(
                error, TML_BAD_DATA,
                "%s: not an HDF5 file; a CSV file is turned into a grid by: telescopeml grid import",
                file->path);
    }
    status = tml_agree(file->comm, status, error);
    if (status != TML_OK)
        return status;
    return tml_mpi_check(MPI_Bcast(head, (int)sizeof *head, MPI_BYTE, 0, file->comm),
                         "sharing the head of a file", error);
}

static tml_status check_digest(tml_grid_file *file, const tml_file_head *head, bool verify, tml_error *error)
{
    tml_file_digest_state state = TML_FILE_DIGEST_OK;
    tml_status status = TML_OK;

    if (!head->has_digest) {
        tml_file_digest_warn(file->path);
        return TML_OK;
    }
    if (head->is_damaged)
        return tml_file_digest_refuse(file->path, error);
    file->has_digest = true;
    file->digest = head->digest;
    if (!verify && head->bytes > TML_GRID_VERIFY_BYTES)
        return TML_OK;
    status = tml_file_digest_verify_all(file->comm, file->path, &state, error);
    if (status == TML_OK && state != TML_FILE_DIGEST_OK)
        status = tml_file_digest_refuse(file->path, error);
    return status;
}

static tml_status share_header(tml_grid_file *file, tml_error *error)
{
    int count = 0;
    tml_status status = TML_OK;

    if (file->rank == 0)
        status = tml_grid_file_read_header(file, error);
    status = tml_agree(file->comm, status, error);
    if (status == TML_OK)
        status = tml_mpi_check(MPI_Bcast(&file->shape, (int)sizeof file->shape, MPI_BYTE, 0, file->comm),
                               "sharing the shape of a grid", error);
    if (status == TML_OK)
        status = tml_mpi_check(MPI_Bcast(&file->chunk_rows, 1, MPI_UINT64_T, 0, file->comm),
                               "sharing the size of a chunk", error);
    if (status != TML_OK)
        return status;
    if (!tml_int_from_size(file->shape.wavelengths, &count))
        status = TML_FAIL(error, TML_INTERNAL, "%s: too many wavelengths", file->path);
    else if (file->rank != 0)
        status = tml_array_create(file->shape.wavelengths, sizeof *file->wavelength_um, "wavelengths",
                                  &file->wavelength_um, error);
    if (status == TML_OK)
        status = tml_grid_file_plan_parts(file, error);
    status = tml_agree(file->comm, status, error);
    if (status == TML_OK)
        status = tml_mpi_check(MPI_Bcast(file->wavelength_um, count, MPI_DOUBLE, 0, file->comm),
                               "sharing the wavelengths", error);
    return status;
}

tml_status tml_grid_file_open(MPI_Comm comm, const char *path, tml_io_mode mode, bool verify,
                              tml_grid_file **file, tml_error *error)
{
    tml_file_head head = {0, false, false, false, {{0}}};
    tml_grid_file *made = NULL;
    tml_status status = tml_grid_file_begin(comm, path, &made, error);

    *file = NULL;
    if (status != TML_OK)
        return status;
    status = look(made, &head, error);
    if (status == TML_OK)
        status = check_digest(made, &head, verify, error);
    if (status == TML_OK)
        status = share_header(made, error);
    if (status == TML_OK)
        status = tml_agree(made->comm, tml_grid_file_open_parts(made, path, mode, false, error), error);
    if (status != TML_OK) {
        tml_grid_file_free(&made);
        return status;
    }
    *file = made;
    return TML_OK;
}

void tml_grid_file_close(tml_grid_file **file)
{
    tml_grid_file_free(file);
}

/* Number of a row in its source, for a message. Read alone and independently: only the rank with the bad
 * value asks. */
static long long source_row(const tml_grid_file *file, const tml_grid_rows *rows, uint64_t first, uint64_t at)
{
    const tml_grid_part *part = &file->parts[0];
    tml_hdf5_scope scope = {0};
    hid_t in_file;
    hid_t in_memory;
    int64_t number = -1;

    if (rows->row != NULL)
        return (long long)rows->row[at];
    if (!tml_grid_part_select(part, first + at, 1, &scope, &in_file, &in_memory) ||
        H5Dread(part->dataset, part->type, in_memory, in_file, H5P_DEFAULT, &number) < 0)
        number = -1;
    tml_hdf5_scope_close(&scope);
    return (long long)number;
}

/* All bits of the exponent set: infinite or not a number. Whole numbers, so that the loop is a few vector
 * instructions: all that is read passes through here. */
static bool has_bad_flux(const float *flux, size_t count)
{
    uint32_t bad = 0;

    for (size_t i = 0; i < count; ++i) {
        uint32_t bits;

        memcpy(&bits, &flux[i], sizeof bits);
        bad |= (uint32_t)((bits & UINT32_C(0x7f800000)) == UINT32_C(0x7f800000));
    }
    return bad != 0;
}

static tml_status check_flux(const tml_grid_file *file, const tml_grid_rows *rows, uint64_t first,
                             uint64_t from, uint64_t count, tml_error *error)
{
    size_t width = file->shape.wavelengths;

    for (uint64_t i = from; i < from + count; ++i) {
        const float *flux = rows->flux + i * width;

        if (!has_bad_flux(flux, width))
            continue;
        for (size_t j = 0; j < width; ++j)
            if (!isfinite(flux[j]))
                return TML_FAIL(
                    error, TML_BAD_DATA,
                    "%s: row %lld, wavelength %.9g micron: the flux is %g; remove or correct this row in "
                    "the source and make the grid again",
                    file->path, source_row(file, rows, first, i), file->wavelength_um[j], (double)flux[j]);
    }
    return TML_OK;
}

static tml_status check_parameters(const tml_grid_file *file, const tml_grid_rows *rows, uint64_t first,
                                   uint64_t from, uint64_t count, tml_error *error)
{
    size_t width = file->shape.parameter_count;

    for (uint64_t i = from; i < from + count; ++i)
        for (size_t j = 0; j < width; ++j)
            if (!isfinite(rows->parameters[i * width + j]))
                return TML_FAIL(
                    error, TML_BAD_DATA,
                    "%s: row %lld: the parameter %s is %g; remove or correct this row in the source and "
                    "make the grid again",
                    file->path, source_row(file, rows, first, i), file->shape.parameters[j].name,
                    rows->parameters[i * width + j]);
    return TML_OK;
}

static void scatter(const tml_grid_part *part, const char *packed, uint64_t count, char *values)
{
    for (uint64_t i = 0; i < count; ++i)
        memcpy(values + i * part->stride, packed + i * part->width, part->width);
}

/* Enters the read also with count 0: in the collective mode the peers count on it. */
static tml_status read_part(tml_grid_file *file, const tml_grid_part *part, uint64_t first, uint64_t count,
                            char *values, char *packed, tml_error *error)
{
    tml_hdf5_scope scope = {0};
    char nothing[1];
    bool is_direct = part->stride == part->width;
    char *target = count == 0 ? nothing : is_direct ? values : packed;
    hid_t in_file;
    hid_t in_memory;
    tml_status status = TML_OK;

    if (!tml_grid_part_select(part, first, count, &scope, &in_file, &in_memory) ||
        H5Dread(part->dataset, part->type, in_memory, in_file, file->transfer, target) < 0 ||
        tml_fault("H5Dread"))
        status = tml_hdf5_fail(
            error, TML_BAD_DATA,
            "%s: cannot read rows %llu to %llu of %s; make the file again or copy it again", file->path,
            (unsigned long long)first, (unsigned long long)(first + count), part->name);
    else if (count > 0 && !is_direct)
        scatter(part, packed, count, values);
    tml_hdf5_scope_close(&scope);
    if (status == TML_OK)
        file->bytes_read += count * part->width;
    return status;
}

static tml_status read_round(tml_grid_file *file, unsigned wanted, uint64_t first, uint64_t done,
                             uint64_t count, const tml_grid_rows *rows, char *packed, tml_error *error)
{
    tml_status status = TML_OK;

    for (size_t i = 0; i < file->part_count; ++i) {
        const tml_grid_part *part = &file->parts[i];
        char *values = count == 0 ? NULL : tml_grid_part_values(part, rows) + done * part->stride;
        tml_error here = {0, ""};
        tml_status now;

        if ((wanted & 1U << part->kind) == 0)
            continue;
        now = read_part(file, part, first + done, count, values, packed, &here);
        if (now != TML_OK && status == TML_OK) {
            status = now;
            *error = here;
        }
    }
    if (status == TML_OK && count > 0 && rows->flux != NULL && !file->accepts_any_flux)
        status = check_flux(file, rows, first, done, count, error);
    if (status == TML_OK && count > 0 && rows->parameters != NULL)
        status = check_parameters(file, rows, first, done, count, error);
    return status;
}

/* The kinds of parts that any rank asks for, one bit each: a rank without rows need not have arrays. */
static tml_status agree_wanted(const tml_grid_file *file, uint64_t count, const tml_grid_rows *rows,
                               unsigned *wanted, tml_error *error)
{
    unsigned mine = 0;
    unsigned all = 0;
    tml_status status;

    for (size_t i = 0; i < file->part_count; ++i)
        if (tml_grid_part_values(&file->parts[i], rows) != NULL)
            mine |= 1U << file->parts[i].kind;
    status = tml_mpi_check(MPI_Allreduce(&mine, &all, 1, MPI_UNSIGNED, MPI_BOR, file->comm),
                           "agreeing on what to read", error);
    if (status == TML_OK && count > 0 && mine != all)
        status = TML_FAIL(error, TML_INTERNAL, "%s: not all ranks ask for the same columns", file->path);
    *wanted = all;
    return tml_agree(file->comm, status, error);
}

void tml_grid_file_accept_any_flux(tml_grid_file *file)
{
    file->accepts_any_flux = true;
}

tml_status tml_grid_file_read_rows(tml_grid_file *file, uint64_t first, uint64_t count, tml_grid_rows *rows,
                                   tml_error *error)
{
    uint64_t round_rows = tml_grid_file_round_rows(file);
    uint64_t most = count < round_rows ? count : round_rows;
    uint64_t rounds = 0;
    unsigned wanted = 0;
    char *packed = NULL;
    tml_error unused = {0, ""};
    tml_status status = TML_OK;

    if (error == NULL)
        error = &unused;
    if (count > 0 && (first >= file->shape.rows || count > file->shape.rows - first))
        status = TML_FAIL(error, TML_INTERNAL, "%s: rows %llu + %llu of %llu", file->path,
                          (unsigned long long)first, (unsigned long long)count,
                          (unsigned long long)file->shape.rows);
    if (status == TML_OK)
        status = tml_array_create((size_t)most, tml_grid_file_packed_width(file), "rows being read", &packed,
                                  error);
    status = tml_agree(file->comm, status, error);
    if (status == TML_OK)
        status = agree_wanted(file, count, rows, &wanted, error);
    if (status == TML_OK)
        status = tml_grid_file_agree_rounds(file, count, &rounds, error);
    for (uint64_t i = 0; status == TML_OK && i < rounds; ++i) {
        uint64_t done = i * round_rows < count ? i * round_rows : count;
        uint64_t now = count - done < round_rows ? count - done : round_rows;

        tml_watchdog_beat(TML_PHASE_READING);
        status = tml_agree(file->comm, read_round(file, wanted, first, done, now, rows, packed, error),
                           error);
    }
    free(packed);
    return status;
}
