#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "core/log.h"
#include "core/memory.h"
#include "core/text.h"
#include "io/atomic_file.h"
#include "io/file_digest.h"
#include "io/grid_file_private.h"
#include "mpi/agree.h"

/* What HDF5 will need at most: every dataset in whole chunks, each with its checksum and its entry in the
 * index. */
static uint64_t bytes_needed(const tml_grid_file *file)
{
    const uint64_t per_chunk = 64;
    const uint64_t per_part = 16384;
    uint64_t chunks = (file->shape.rows + file->chunk_rows - 1) / file->chunk_rows;
    uint64_t bytes = file->shape.wavelengths * sizeof(double);

    for (size_t i = 0; i < file->part_count; ++i)
        bytes += chunks * (file->chunk_rows * file->parts[i].width + per_chunk) + per_part;
    return bytes;
}

static tml_status check_room(const tml_grid_file *file, double needed, tml_error *error)
{
    double room = -1.0;
    struct statvfs disk;
    struct rlimit limit;
    char needed_text[32];
    char room_text[32];

    if (statvfs(file->partial, &disk) == 0 && disk.f_blocks > 0)
        room = (double)disk.f_bavail * (double)disk.f_frsize;
    if (getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY &&
        (room < 0.0 || (double)limit.rlim_cur < room))
        room = (double)limit.rlim_cur;
    if (room < 0.0 || needed <= room)
        return TML_OK;
    tml_text_bytes(needed, needed_text);
    tml_text_bytes(room, room_text);
    return TML_FAIL(error, TML_IO_ERROR,
                    "%s: needs %s where only %s can be written; free space or write elsewhere", file->path,
                    needed_text, room_text);
}

/* A disk that fills up during parallel writing leaves ranks waiting for each other inside MPI-IO, out of
 * reach of any agreement. So the space is taken before that; what is left over is cut off when HDF5 closes
 * the file. */
static tml_status reserve_room(const tml_grid_file *file, tml_error *error)
{
    uint64_t needed = bytes_needed(file);
    tml_status status = check_room(file, (double)needed, error);
    struct stat about;
    int descriptor;
    int failure;

    if (status != TML_OK)
        return status;
    descriptor = open(file->partial, O_RDWR | O_CLOEXEC);
    if (descriptor < 0 || fstat(descriptor, &about) != 0)
        failure = errno;
    else
        failure = posix_fallocate(descriptor, about.st_size, (off_t)needed);
    if (descriptor >= 0)
        close(descriptor);
    if (failure != 0 && failure != EOPNOTSUPP && failure != EINVAL) /* the file system may not know how to */
        return TML_FAIL(error, TML_IO_ERROR,
                        "%s: cannot reserve %llu bytes for it: %s; free space or write elsewhere", file->path,
                        (unsigned long long)needed, strerror(failure));
    return TML_OK;
}

static tml_status check_target(const char *path, bool replace, tml_error *error)
{
    struct stat about;

    if (stat(path, &about) != 0)
        return TML_OK;
    if (S_ISDIR(about.st_mode))
        return TML_FAIL(error, TML_CANNOT_CREATE, "%s: is a folder; name a file", path);
    if (!replace)
        return TML_FAIL(error, TML_CANNOT_CREATE,
                        "%s: is there already; choose another name or ask to replace it", path);
    return TML_OK;
}

/* What every rank prepares for itself. */
static tml_status prepare(tml_grid_file *file, const tml_grid_shape *shape, const double *wavelength_um,
                          size_t chunk_bytes, tml_error *error)
{
    tml_status status = tml_grid_shape_check(file->path, shape, wavelength_um, error);

    if (status != TML_OK)
        return status;
    file->shape = *shape;
    file->chunk_rows = chunk_bytes / (shape->wavelengths * sizeof(float));
    if (file->chunk_rows == 0)
        file->chunk_rows = 1;
    if (file->chunk_rows > shape->rows)
        file->chunk_rows = shape->rows;
    file->partial = tml_atomic_partial_path(file->path);
    if (file->partial == NULL)
        return TML_FAIL(error, TML_INTERNAL, "%s: no memory for its name", file->path);
    status = tml_array_create(shape->wavelengths, sizeof *file->wavelength_um, "wavelengths",
                              &file->wavelength_um, error);
    if (status != TML_OK)
        return status;
    memcpy(file->wavelength_um, wavelength_um, shape->wavelengths * sizeof *wavelength_um);
    return tml_grid_file_plan_parts(file, error);
}

static tml_status make_partial(const tml_grid_file *file, bool replace, const char *provenance,
                               tml_error *error)
{
    tml_status status = check_target(file->path, replace, error);

    if (status != TML_OK)
        return status;
    status = tml_grid_file_make_skeleton(file, provenance, error);
    if (status != TML_OK)
        return status;
    status = reserve_room(file, error);
    if (status != TML_OK)
        unlink(file->partial);
    return status;
}

tml_status tml_grid_file_create_chunked(MPI_Comm comm, const char *path, bool replace,
                                        const tml_grid_shape *shape, const double *wavelength_um,
                                        const char *provenance, size_t chunk_bytes, tml_grid_file **file,
                                        tml_error *error)
{
    tml_grid_file *made = NULL;
    tml_status status = tml_grid_file_begin(comm, path, &made, error);

    *file = NULL;
    if (status != TML_OK)
        return status;
    status = tml_agree(made->comm, prepare(made, shape, wavelength_um, chunk_bytes, error), error);
    if (status == TML_OK) {
        if (made->rank == 0)
            status = make_partial(made, replace, provenance, error);
        status = tml_agree(made->comm, status, error);
    }
    if (status != TML_OK) {
        tml_grid_file_free(&made);
        return status;
    }
    /* HDF5 1.10 fills all chunks of a dataset that is opened empty in parallel, so each is written twice. Its
     * collective writing of chunks with checksums relies on their being there: without them it hangs. */
    status = tml_grid_file_open_parts(made, made->partial, TML_IO_COLLECTIVE, true, error);
    status = tml_agree(made->comm, status, error);
    if (status != TML_OK) {
        made->is_torn = true;
        tml_grid_file_abandon(&made);
        return status;
    }
    *file = made;
    return TML_OK;
}

tml_status tml_grid_file_create(MPI_Comm comm, const char *path, bool replace, const tml_grid_shape *shape,
                                const double *wavelength_um, const char *provenance, tml_grid_file **file,
                                tml_error *error)
{
    return tml_grid_file_create_chunked(comm, path, replace, shape, wavelength_um, provenance,
                                        TML_GRID_CHUNK_BYTES, file, error);
}

static tml_status check_rows(const tml_grid_file *file, uint64_t first, uint64_t count,
                             const tml_grid_rows *rows, tml_error *error)
{
    if (count == 0)
        return TML_OK;
    if (first % file->chunk_rows != 0 || first >= file->shape.rows || count > file->shape.rows - first ||
        (count % file->chunk_rows != 0 && first + count != file->shape.rows))
        return TML_FAIL(error, TML_INTERNAL, "%s: rows %llu + %llu of %llu are not whole chunks of %llu rows",
                        file->path, (unsigned long long)first, (unsigned long long)count,
                        (unsigned long long)file->shape.rows, (unsigned long long)file->chunk_rows);
    for (size_t i = 0; i < file->part_count; ++i)
        if (tml_grid_part_values(&file->parts[i], rows) == NULL)
            return TML_FAIL(error, TML_INTERNAL, "%s: no values for %s", file->path, file->parts[i].name);
    return TML_OK;
}

static void gather(const tml_grid_part *part, const char *values, uint64_t count, char *packed)
{
    for (uint64_t i = 0; i < count; ++i)
        memcpy(packed + i * part->width, values + i * part->stride, part->width);
}

/* Always enters the collective write, with nothing to contribute if something has failed before. */
static tml_status write_part(const tml_grid_file *file, const tml_grid_part *part, uint64_t first,
                             uint64_t count, const char *values, char *packed, tml_error *error)
{
    static const char NOTHING[1] = {0};
    tml_hdf5_scope scope = {0};
    const char *source = count == 0 ? NOTHING : values;
    hid_t in_file;
    hid_t in_memory;
    tml_status status = TML_OK;

    if (count > 0 && part->stride != part->width) {
        gather(part, values, count, packed);
        source = packed;
    }
    if (!tml_grid_part_select(part, first, count, &scope, &in_file, &in_memory) ||
        H5Dwrite(part->dataset, part->type, in_memory, in_file, file->transfer, source) < 0)
        status = tml_hdf5_fail(error, TML_IO_ERROR, "%s: cannot write rows %llu to %llu of %s", file->path,
                               (unsigned long long)first, (unsigned long long)(first + count), part->name);
    tml_hdf5_scope_close(&scope);
    return status;
}

static tml_status write_round(const tml_grid_file *file, uint64_t first, uint64_t done, uint64_t count,
                              const tml_grid_rows *rows, char *packed, tml_error *error)
{
    tml_status status = TML_OK;

    for (size_t i = 0; i < file->part_count; ++i) {
        const tml_grid_part *part = &file->parts[i];
        const char *values = count == 0 ? NULL : tml_grid_part_values(part, rows) + done * part->stride;
        tml_error here = {0, ""};
        tml_status now = write_part(file, part, first + done, count, values, packed, &here);

        if (now != TML_OK && status == TML_OK) { /* the first failure is the cause */
            status = now;
            *error = here;
        }
    }
    return status;
}

tml_status tml_grid_file_write_rows(tml_grid_file *file, tml_status local, uint64_t first, uint64_t count,
                                    const tml_grid_rows *rows, tml_error *error)
{
    uint64_t round_rows = tml_grid_file_round_rows(file);
    uint64_t most = count < round_rows ? count : round_rows;
    uint64_t rounds = 0;
    char *packed = NULL;
    tml_error unused = {0, ""};

    if (error == NULL)
        error = &unused;
    if (local == TML_OK)
        local = check_rows(file, first, count, rows, error);
    if (local == TML_OK)
        local = tml_array_create((size_t)most, tml_grid_file_packed_width(file), "rows to be written",
                                 &packed, error);
    local = tml_agree(file->comm, local, error);
    if (local == TML_OK)
        local = tml_grid_file_agree_rounds(file, count, &rounds, error);
    for (uint64_t i = 0; local == TML_OK && i < rounds; ++i) {
        uint64_t done = i * round_rows < count ? i * round_rows : count;
        uint64_t now = count - done < round_rows ? count - done : round_rows;

        local = tml_agree(file->comm, write_round(file, first, done, now, rows, packed, error), error);
        file->is_torn = local != TML_OK;
    }
    if (local == TML_OK)
        file->rows_written += count;
    free(packed);
    return local;
}

void tml_grid_file_abandon(tml_grid_file **file)
{
    tml_grid_file *old = *file;
    tml_error ignored;
    tml_status status;

    if (old == NULL)
        return;
    /* HDF5 must be able to close the file, or it crashes when the program ends: emptying it frees the space
     * that a full disk lacks. */
    if (old->is_torn && old->rank == 0 && truncate(old->partial, 0) != 0)
        tml_log(TML_LOG_DETAIL, "%s: cannot be emptied", old->partial);
    status = tml_agree(old->comm, TML_OK, &ignored);
    tml_hdf5_scope_close(&old->scope);
    tml_hdf5_close(old->id);
    old->id = H5I_INVALID_HID;
    if (status == TML_OK)
        status = tml_agree(old->comm, TML_OK, &ignored); /* closed everywhere */
    if (old->rank == 0)
        unlink(old->partial);
    if (status == TML_OK)
        status = tml_agree(old->comm, TML_OK, &ignored); /* gone for everybody */
    if (status != TML_OK)
        tml_log(TML_LOG_DETAIL, "%s: %s", old->partial, ignored.message);
    tml_grid_file_free(file);
}

static tml_status check_complete(tml_grid_file *file, tml_error *error)
{
    uint64_t written = file->rows_written;
    tml_status status = tml_mpi_check(
        MPI_Allreduce(MPI_IN_PLACE, &written, 1, MPI_UINT64_T, MPI_SUM, file->comm),
        "counting the rows of a file", error);

    if (status == TML_OK && written != file->shape.rows)
        status = TML_FAIL(error, TML_INTERNAL, "%s: %llu rows were written where %llu were announced",
                          file->path, (unsigned long long)written, (unsigned long long)file->shape.rows);
    return status;
}

static tml_status flush(tml_grid_file *file, tml_error *error)
{
    tml_status status = TML_OK;

    if (H5Fflush(file->id, H5F_SCOPE_GLOBAL) < 0)
        status = tml_hdf5_fail(error, TML_IO_ERROR, "%s: cannot be written to disk; is it full?", file->path);
    status = tml_agree(file->comm, status, error);
    file->is_torn = status != TML_OK;
    return status;
}

/* On a full disk HDF5 may close a file without complaint and leave it short: only opening it again tells. */
static tml_status reopen(const tml_grid_file *file, tml_error *error)
{
    hid_t access = tml_hdf5_access_list();
    hid_t again = access < 0 ? H5I_INVALID_HID : H5Fopen(file->partial, H5F_ACC_RDONLY, access);
    tml_status status = TML_OK;

    if (again < 0)
        status = tml_hdf5_fail(error, TML_IO_ERROR, "%s: was not written completely; is the disk full?",
                               file->path);
    tml_hdf5_close(again);
    tml_hdf5_close(access);
    return status;
}

static tml_status close_written(tml_grid_file *file, tml_error *error)
{
    tml_status status = TML_OK;

    tml_hdf5_scope_close(&file->scope);
    if (!tml_hdf5_close(file->id))
        status = tml_hdf5_fail(error, TML_IO_ERROR, "%s: cannot be closed", file->path);
    file->id = H5I_INVALID_HID;
    status = tml_agree(file->comm, status, error);
    if (status == TML_OK && file->rank == 0)
        status = reopen(file, error);
    return tml_agree(file->comm, status, error);
}

static tml_status seal(const tml_grid_file *file, tml_error *error)
{
    tml_digest digest;
    tml_status status = tml_file_digest_compute_all(file->comm, file->partial, &digest, error);

    if (status != TML_OK)
        return status;
    if (file->rank == 0) {
        status = tml_file_digest_seal(file->partial, &digest, error);
        if (status == TML_OK)
            status = tml_atomic_publish(file->partial, file->path, error);
    }
    return tml_agree(file->comm, status, error);
}

tml_status tml_grid_file_finish(tml_grid_file **file, tml_error *error)
{
    tml_error unused = {0, ""};
    tml_status status;

    if (error == NULL)
        error = &unused;
    status = check_complete(*file, error);
    if (status == TML_OK)
        status = flush(*file, error);
    if (status == TML_OK)
        status = close_written(*file, error);
    if (status == TML_OK)
        status = seal(*file, error);
    if (status == TML_OK)
        tml_grid_file_free(file);
    else
        tml_grid_file_abandon(file);
    return status;
}
