#include "bench/io_bench.h"

#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/foreign_load.h"
#include "bench/step_bench.h"
#include "core/checked.h"
#include "core/clock.h"
#include "core/memory.h"
#include "io/grid_file.h"
#include "io/path.h"
#include "mpi/agree.h"
#include "mpi/share.h"

#define FILE_NAME "telescopeml-bench-io.h5"

enum { PARAMETERS = 4, MODES = 3 };

static const char *const mode_names[MODES] = {
    [TML_IO_INDEPENDENT] = "independent", [TML_IO_COLLECTIVE] = "collective", [TML_IO_POSIX] = "posix"};

/* A rank's part of the file, in memory. */
typedef struct io_room {
    const tml_io_request *request;
    char path[TML_PATH_LENGTH];
    tml_grid_shape shape;
    tml_share share;
    double *wavelength_um;
    tml_grid_rows rows;
    double megabytes; /* of all rows */
} io_room;

static tml_status make_room(const tml_world *world, const tml_io_request *request, io_room *room,
                            tml_error *error)
{
    static const char *const names[PARAMETERS] = {"teff", "logg", "c_o", "met"};
    tml_status status;
    size_t count;

    memset(room, 0, sizeof *room);
    room->request = request;
    room->shape.rows = request->rows;
    room->shape.wavelengths = request->wavelengths;
    room->shape.parameter_count = PARAMETERS;
    room->shape.solar_c_o = 0.458;
    for (int p = 0; p < PARAMETERS; ++p) {
        snprintf(room->shape.parameters[p].name, TML_GRID_NAME, "%s", names[p]);
        snprintf(room->shape.parameters[p].unit, TML_GRID_NAME, "1");
        snprintf(room->shape.parameters[p].long_name, TML_GRID_NAME, "made for a benchmark");
    }
    room->megabytes =
        (double)request->rows *
        (double)(request->wavelengths * sizeof(float) + PARAMETERS * sizeof(double) + sizeof(int64_t)) * 1e-6;
    room->share = tml_share_of(request->rows, world->rank, world->size);
    count = (size_t)room->share.count + 1;
    if (!tml_path_join(room->path, sizeof room->path, request->folder, FILE_NAME))
        return TML_FAIL(error, TML_CANNOT_CREATE, "%s: the name is too long", request->folder);
    status = tml_array_create(request->wavelengths, sizeof(double), "wavelengths", &room->wavelength_um,
                              error);
    if (status == TML_OK)
        status = tml_array_create(count, sizeof(int64_t), "rows", &room->rows.row, error);
    if (status == TML_OK)
        status = tml_array_create(count * request->wavelengths, sizeof(float), "spectra", &room->rows.flux,
                                  error);
    if (status == TML_OK)
        status = tml_array_create(count * PARAMETERS, sizeof(double), "parameters", &room->rows.parameters,
                                  error);
    for (size_t w = 0; status == TML_OK && w < request->wavelengths; ++w)
        room->wavelength_um[w] = 1.0 + (double)w * 1e-3;
    return status;
}

static void free_room(io_room *room)
{
    free(room->wavelength_um);
    free(room->rows.row);
    free(room->rows.flux);
    free(room->rows.parameters);
}

/* Rows [first, first + count), which are not those of the rank's share: whole chunks are written. */
static void fill_rows(const io_room *room, uint64_t first, uint64_t count, tml_grid_rows *rows)
{
    size_t wavelengths = room->shape.wavelengths;

    for (uint64_t i = 0; i < count; ++i) {
        rows->row[i] = (int64_t)(first + i);
        for (size_t w = 0; w < wavelengths; ++w)
            rows->flux[i * wavelengths + w] = (float)((first + i) % 1009U * 31U + w * 17U + 1U) * 1e-9F;
        for (size_t p = 0; p < PARAMETERS; ++p)
            rows->parameters[i * PARAMETERS + p] = (double)((first + i) % 997U + p);
    }
}

static tml_status write_rows(const tml_world *world, const io_room *room, tml_grid_file *file,
                             tml_error *error)
{
    uint64_t chunk = tml_grid_file_chunk_rows(file);
    tml_share mine = tml_share_of_blocks(room->shape.rows, chunk, world->rank, world->size);
    uint64_t rounds = tml_share_of(tml_divide_up(room->shape.rows, chunk), 0, world->size).count;
    tml_grid_rows rows = {0};
    tml_status status = tml_array_create((size_t)chunk, sizeof(int64_t), "rows", &rows.row, error);

    if (status == TML_OK)
        status = tml_array_create((size_t)chunk * room->shape.wavelengths, sizeof(float), "spectra",
                                  &rows.flux, error);
    if (status == TML_OK)
        status = tml_array_create((size_t)chunk * PARAMETERS, sizeof(double), "parameters", &rows.parameters,
                                  error);
    status = tml_agree(world->comm, status, error);
    for (uint64_t round = 0; round < rounds && status == TML_OK; ++round) {
        uint64_t done = round * chunk < mine.count ? round * chunk : mine.count;
        uint64_t count = mine.count - done < chunk ? mine.count - done : chunk;

        fill_rows(room, mine.first + done, count, &rows);
        status = tml_grid_file_write_rows(file, TML_OK, mine.first + done, count, &rows, error);
    }
    free(rows.row);
    free(rows.flux);
    free(rows.parameters);
    return status;
}

static tml_status write_file(const tml_world *world, const io_room *room, double *seconds, tml_error *error)
{
    tml_grid_file *file = NULL;
    double from = tml_clock_now();
    tml_status status = tml_grid_file_create(world->comm, room->path, false, &room->shape,
                                             room->wavelength_um, "command=telescopeml bench io\n", &file,
                                             error);

    if (status != TML_OK)
        return status;
    status = write_rows(world, room, file, error);
    if (status == TML_OK)
        status = tml_grid_file_finish(&file, error);
    else
        tml_grid_file_abandon(&file);
    *seconds = tml_clock_now() - from;
    return status;
}

/* Let the system forget the file's pages. */
static void forget_pages(const char *path)
{
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);

    if (descriptor < 0)
        return;
    (void)posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED);
    close(descriptor);
}

/* Opening reads the whole file for its digest, so the pages are forgotten behind it and not before. */
static tml_status read_file(const tml_world *world, io_room *room, tml_io_mode mode, bool is_cold,
                            double *seconds, tml_error *error)
{
    tml_grid_file *file = NULL;
    double from;
    tml_status status = tml_grid_file_open(world->comm, room->path, mode, false, &file, error);

    if (status != TML_OK)
        return status;
    if (is_cold)
        forget_pages(room->path);
    status = tml_mpi_check(MPI_Barrier(world->comm), "starting a measurement", error);
    from = tml_clock_now();
    if (status == TML_OK)
        status = tml_grid_file_read_rows(file, room->share.first, room->share.count, &room->rows, error);
    *seconds = tml_clock_now() - from;
    tml_grid_file_close(&file);
    if (status != TML_OK)
        return status;
    return tml_mpi_check(MPI_Allreduce(MPI_IN_PLACE, seconds, 1, MPI_DOUBLE, MPI_MAX, world->comm),
                         "comparing times", error);
}

static tml_status measure_mode(const tml_world *world, io_room *room, tml_bench_setting *setting, int mode,
                               bool is_cold, tml_bench_figures *figures, tml_error *error)
{
    double rates[TML_BENCH_REPEATS];
    tml_foreign_load load;
    char name[TML_BENCH_NAME];
    tml_status status = TML_OK;

    tml_foreign_load_begin(&load);
    for (size_t r = 0; r < setting->repeats && status == TML_OK; ++r) {
        double seconds = 0.0;

        status = read_file(world, room, (tml_io_mode)mode, is_cold, &seconds, error);
        rates[r] = room->megabytes / fmax(seconds, 1e-9);
    }
    if (status == TML_OK)
        status = tml_foreign_load_end(world->comm, &load, &setting->foreign_load, error);
    if (status != TML_OK)
        return status;
    snprintf(name, sizeof name, "io.%s.%s", mode_names[mode], is_cold ? "cold" : "warm");
    tml_bench_add_series(figures, setting, name, "MB/s", rates, setting->repeats);
    return TML_OK;
}

static tml_status measure(const tml_world *world, io_room *room, tml_bench_figures *figures, tml_error *error)
{
    tml_bench_setting setting = {
        .ranks = world->size, .threads = 1, .repeats = room->request->repeats, .foreign_load = NAN};
    double seconds = 0.0;
    tml_status status = write_file(world, room, &seconds, error);

    if (status != TML_OK)
        return status;
    snprintf(setting.shape, sizeof setting.shape, "%llu x %zu", (unsigned long long)room->shape.rows,
             room->shape.wavelengths);
    tml_bench_add(figures, &setting, "io.write", "MB/s", room->megabytes / fmax(seconds, 1e-9));
    for (int mode = 0; mode < MODES && status == TML_OK; ++mode)
        for (int warm = 0; warm < 2 && status == TML_OK; ++warm)
            status = measure_mode(world, room, &setting, mode, warm == 0, figures, error);
    if (world->rank == 0)
        (void)unlink(room->path);
    return status;
}

tml_status tml_bench_io(const tml_world *world, const tml_io_request *request, tml_bench_figures *figures,
                        tml_error *error)
{
    io_room room;
    tml_status status = tml_agree(world->comm, make_room(world, request, &room, error), error);

    if (status == TML_OK)
        status = measure(world, &room, figures, error);
    free_room(&room);
    return status;
}
