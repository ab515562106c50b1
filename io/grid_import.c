#include "io/grid_import.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/log.h"
#include "core/memory.h"
#include "core/random.h"
#include "core/text.h"
#include "io/atomic_file.h"
#include "io/grid_file.h"
#include "io/import_cursor.h"
#include "io/row_buckets.h"
#include "mpi/agree.h"
#include "mpi/share.h"

enum {
    BUCKET_BYTES = 8 << 20,   /* of the file on disk; in memory a bucket is of the same order */
    BUFFER_BYTES = 256 << 20, /* write buffers of rank 0, all buckets together */
    ROUND_BYTES = 64 << 20,   /* rows that a rank holds and writes at once */
    ROWS_PER_LOOK = 1024
};

static const double seconds_per_line = 15.0;

/* What rank 0 knows after the first pass and all ranks need for the second. */
typedef struct import_facts {
    tml_grid_shape shape;
    tml_grid_ranges ranges;
    unsigned bits;
} import_facts;

typedef struct import_state {
    MPI_Comm comm;
    int rank;
    int size;
    char *prefix; /* of the buckets */
    import_facts facts;
    double *wavelength_um; /* [wavelengths] */
    uint64_t *bucket_rows; /* [2^bits] */
} import_state;

static uint64_t order_key(uint64_t seed, int64_t row)
{
    return tml_random_at(seed, TML_RANDOM_ORDER, (uint64_t)row, 0, 0).word[0];
}

/* ---- first pass: rank 0 ---- */

static tml_status check_output(const tml_grid_import_job *job, tml_error *error)
{
    if (!job->replace && access(job->out, F_OK) == 0)
        return TML_FAIL(error, TML_CANNOT_CREATE, "%s exists already; --force replaces it", job->out);
    return TML_OK;
}

static unsigned choose_bits(const tml_grid_import_job *job)
{
    struct stat about;
    unsigned bits = job->bucket_bits;

    if (stat(job->files.csv, &about) != 0)
        return bits;
    /* A pipe does not say how much will come. */
    if (!S_ISREG(about.st_mode))
        return TML_ROW_BUCKETS_BITS;
    while (bits < TML_ROW_BUCKETS_BITS && about.st_size >> bits > BUCKET_BYTES)
        ++bits;
    return bits;
}

static void report_progress(const tml_grid_import_job *job, int64_t row, double *last)
{
    if (!job->progress || row % ROWS_PER_LOOK != 0 || tml_clock_now() - *last < seconds_per_line)
        return;
    *last = tml_clock_now();
    tml_log(TML_LOG_INFO, "%s: %lld rows read", job->files.csv, (long long)row);
}

/* Without buckets (dry run) the rows are only checked. */
static tml_status read_rows(const tml_grid_import_job *job, tml_grid_csv *csv, tml_row_buckets *buckets,
                            tml_error *error)
{
    double last = tml_clock_now();
    tml_status status = TML_OK;

    for (int64_t row = 0; status == TML_OK; ++row) {
        tml_bucket_row packed = {order_key(job->seed, row), row, NULL, 0};

        status = tml_grid_csv_next(csv, &packed.payload, &packed.bytes, error);
        if (status != TML_OK || packed.payload == NULL)
            break;
        if (buckets != NULL)
            status = tml_row_buckets_put(buckets, &packed, error);
        report_progress(job, row, &last);
    }
    return status;
}

static tml_status keep_facts(const tml_grid_csv *csv, import_state *state, tml_error *error)
{
    const tml_grid_shape *shape = tml_grid_csv_shape(csv);
    tml_status status = tml_array_create(shape->wavelengths, sizeof *state->wavelength_um, "wavelengths",
                                         &state->wavelength_um, error);

    if (status != TML_OK)
        return status;
    memcpy(state->wavelength_um, tml_grid_csv_wavelength_um(csv),
           shape->wavelengths * sizeof *state->wavelength_um);
    state->facts.shape = *shape;
    state->facts.ranges = *tml_grid_csv_ranges(csv);
    return TML_OK;
}

static tml_status fill_buckets(const tml_grid_import_job *job, tml_grid_csv *csv, import_state *state,
                               tml_error *error)
{
    tml_row_buckets *buckets = NULL;
    tml_status status = TML_OK;
    tml_status finished;

    if (job->dry_run)
        return read_rows(job, csv, NULL, error);
    state->facts.bits = choose_bits(job);
    status = tml_array_create((size_t)1 << state->facts.bits, sizeof *state->bucket_rows, "bucket sizes",
                              &state->bucket_rows, error);
    if (status == TML_OK)
        status = tml_row_buckets_create(state->prefix, state->facts.bits, BUFFER_BYTES, &buckets, error);
    if (status != TML_OK)
        return status;
    status = read_rows(job, csv, buckets, error);
    finished = tml_row_buckets_finish(&buckets, status == TML_OK ? state->bucket_rows : NULL, error);
    return status != TML_OK ? status : finished;
}

static tml_status first_pass(const tml_grid_import_job *job, import_state *state, tml_error *error)
{
    tml_grid_csv *csv = NULL;
    tml_status status = check_output(job, error);

    if (status == TML_OK)
        status = tml_grid_csv_open(&job->files, &csv, error);
    if (status == TML_OK)
        status = fill_buckets(job, csv, state, error);
    if (status == TML_OK)
        status = keep_facts(csv, state, error);
    tml_grid_csv_close(&csv);
    return status;
}

/* ---- between the passes ---- */

static tml_status share_facts(const tml_grid_import_job *job, import_state *state, tml_error *error)
{
    tml_status status = tml_mpi_check(
        MPI_Bcast(&state->facts, (int)sizeof state->facts, MPI_BYTE, 0, state->comm),
        "sharing what the CSV holds", error);
    const size_t buckets = (size_t)1 << state->facts.bits;
    const size_t wavelengths = state->facts.shape.wavelengths;

    if (status == TML_OK && state->rank != 0)
        status = tml_array_create(wavelengths, sizeof *state->wavelength_um, "wavelengths",
                                  &state->wavelength_um, error);
    if (status == TML_OK && state->rank != 0 && !job->dry_run)
        status = tml_array_create(buckets, sizeof *state->bucket_rows, "bucket sizes", &state->bucket_rows,
                                  error);
    status = tml_agree(state->comm, status, error);
    if (status != TML_OK)
        return status;
    /* A line is at most 64 MiB long, so that the number of its columns fits an int. */
    status = tml_mpi_check(MPI_Bcast(state->wavelength_um, (int)wavelengths, MPI_DOUBLE, 0, state->comm),
                           "sharing the wavelengths", error);
    if (status == TML_OK && !job->dry_run)
        status = tml_mpi_check(MPI_Bcast(state->bucket_rows, (int)buckets, MPI_UINT64_T, 0, state->comm),
                               "sharing the sizes of the buckets", error);
    return status;
}

static void log_facts(const tml_grid_import_job *job, const import_facts *facts, const double *wavelength_um)
{
    const tml_grid_shape *shape = &facts->shape;
    char names[TML_GRID_METADATA * (TML_GRID_NAME + 2) + 1];
    size_t used = 0;

    tml_log(TML_LOG_INFO, "%s: %llu rows, %zu wavelengths from %.7g to %.7g micron", job->files.csv,
            (unsigned long long)shape->rows, shape->wavelengths, wavelength_um[0],
            wavelength_um[shape->wavelengths - 1]);
    for (size_t i = 0; i < shape->parameter_count; ++i)
        tml_log(TML_LOG_INFO, "  %-8s %g to %g %s", shape->parameters[i].name, facts->ranges.minimum[i],
                facts->ranges.maximum[i], shape->parameters[i].unit);
    tml_log(TML_LOG_INFO, "  %-8s %.4g to %.4g erg s-1 cm-2 Hz-1", "flux", (double)facts->ranges.flux_minimum,
            (double)facts->ranges.flux_maximum);
    for (size_t i = 0; i < shape->metadata_count; ++i)
        used += (size_t)snprintf(names + used, sizeof names - used, "%s%s", i > 0 ? ", " : "",
                                 shape->metadata[i].name);
    if (used > 0)
        tml_log(TML_LOG_INFO, "  kept as text: %s", names);
}

/* ---- second pass: all ranks ---- */

static tml_status create_rows(const tml_grid_shape *shape, size_t count, tml_grid_rows *rows,
                              tml_error *error)
{
    const char *what = "rows to write";
    tml_status status = tml_array_create(count, sizeof *rows->row, what, &rows->row, error);

    if (status == TML_OK)
        status = tml_array_create(count, shape->wavelengths * sizeof *rows->flux, what, &rows->flux, error);
    if (status == TML_OK)
        status = tml_array_create(count, shape->parameter_count * sizeof *rows->parameters, what,
                                  &rows->parameters, error);
    if (status == TML_OK)
        status = tml_array_create(count, tml_import_metadata_bytes(shape), what, &rows->metadata, error);
    return status;
}

static void free_rows(tml_grid_rows *rows)
{
    free(rows->row);
    free(rows->flux);
    free(rows->parameters);
    free(rows->metadata);
}

/* Whole chunks, at most as many as the largest share has. */
static uint64_t rows_of_a_round(const tml_grid_shape *shape, uint64_t chunk, uint64_t largest_share)
{
    const size_t row_bytes = sizeof(int64_t) + shape->wavelengths * sizeof(float) +
                             shape->parameter_count * sizeof(double) + tml_import_metadata_bytes(shape);
    uint64_t rows = ROUND_BYTES / row_bytes / chunk * chunk;

    if (rows > largest_share)
        rows = (largest_share + chunk - 1) / chunk * chunk;
    return rows > 0 ? rows : chunk;
}

static tml_status write_rows(const import_state *state, tml_grid_file *file, tml_error *error)
{
    const tml_grid_shape *shape = &state->facts.shape;
    const uint64_t chunk = tml_grid_file_chunk_rows(file);
    const tml_share share = tml_share_of_blocks(shape->rows, chunk, state->rank, state->size);
    const tml_share largest = tml_share_of_blocks(shape->rows, chunk, 0, state->size);
    const uint64_t round = rows_of_a_round(shape, chunk, largest.count);
    tml_grid_rows rows = {NULL, NULL, NULL, NULL};
    const tml_import_rows source = {state->prefix, state->facts.bits, state->bucket_rows, shape};
    tml_import_cursor cursor = {0};
    tml_status status = tml_import_cursor_start(&source, share.first, &cursor, error);

    if (status == TML_OK)
        status = create_rows(shape, (size_t)round, &rows, error);
    /* As many turns as the largest share needs, on every rank: writing is collective. */
    for (uint64_t done = 0; done < largest.count; done += round) {
        const uint64_t begin = done < share.count ? done : share.count;
        const uint64_t count = share.count - begin < round ? share.count - begin : round;

        if (status == TML_OK)
            status = tml_import_cursor_take(&cursor, (size_t)count, &rows, error);
        status = tml_grid_file_write_rows(file, status, share.first + begin, count, &rows, error);
        if (status != TML_OK)
            break;
    }
    tml_import_cursor_end(&cursor);
    free_rows(&rows);
    return status;
}

static tml_status second_pass(const tml_grid_import_job *job, const import_state *state, tml_error *error)
{
    tml_grid_file *file = NULL;
    tml_status status = tml_grid_file_create(state->comm, job->out, job->replace, &state->facts.shape,
                                             state->wavelength_um, job->provenance, &file, error);

    if (status != TML_OK)
        return status;
    status = write_rows(state, file, error);
    if (status != TML_OK) {
        tml_grid_file_abandon(&file);
        return status;
    }
    return tml_grid_file_finish(&file, error);
}

/* Opens the new file as a reader would. */
static tml_status look_at_output(const tml_grid_import_job *job, const import_state *state,
                                 tml_grid_import_result *result, tml_error *error)
{
    struct stat about;
    char size[32];
    char digest[TML_DIGEST_TEXT];
    tml_grid_file *file = NULL;
    tml_status status = tml_grid_file_open(state->comm, job->out, TML_IO_INDEPENDENT, false, &file, error);

    if (status != TML_OK)
        return status;
    if (!tml_grid_file_digest(file, &result->digest))
        status = TML_FAIL(error, TML_INTERNAL, "%s was written without a digest", job->out);
    tml_grid_file_close(&file);
    if (state->rank == 0 && stat(job->out, &about) == 0)
        result->bytes = (uint64_t)about.st_size;
    status = tml_agree(state->comm, status, error);
    if (status == TML_OK)
        status = tml_mpi_check(MPI_Bcast(&result->bytes, 1, MPI_UINT64_T, 0, state->comm),
                               "sharing the size of the file", error);
    if (status != TML_OK)
        return status;
    tml_text_bytes((double)result->bytes, size);
    tml_digest_text(&result->digest, digest);
    tml_log(TML_LOG_INFO, "wrote %s: %llu spectra x %zu wavelengths, %s, digest %s", job->out,
            (unsigned long long)state->facts.shape.rows, state->facts.shape.wavelengths, size, digest);
    return TML_OK;
}

static tml_status import_with(const tml_grid_import_job *job, import_state *state,
                              tml_grid_import_result *result, tml_error *error)
{
    tml_grid_import_result done;
    tml_status status = TML_OK;

    if (state->prefix == NULL)
        status = TML_FAIL(error, TML_INTERNAL, "no memory for the name of a temporary file");
    else if (state->rank == 0)
        status = first_pass(job, state, error);
    status = tml_agree(state->comm, status, error);
    if (status == TML_OK)
        status = share_facts(job, state, error);
    if (status != TML_OK)
        return status;
    log_facts(job, &state->facts, state->wavelength_um);
    memset(&done, 0, sizeof done);
    done.shape = state->facts.shape;
    done.ranges = state->facts.ranges;
    done.shortest_um = state->wavelength_um[0];
    done.longest_um = state->wavelength_um[done.shape.wavelengths - 1];
    if (job->dry_run)
        tml_log(TML_LOG_INFO, "dry run: everything is fine, %s was not written", job->out);
    else
        status = second_pass(job, state, error);
    if (status == TML_OK && !job->dry_run)
        status = look_at_output(job, state, &done, error);
    if (status == TML_OK)
        *result = done;
    return status;
}

tml_status tml_grid_import(MPI_Comm comm, const tml_grid_import_job *job, tml_grid_import_result *result,
                           tml_error *error)
{
    import_state state = {.comm = comm};
    tml_status status;

    MPI_Comm_rank(comm, &state.rank);
    MPI_Comm_size(comm, &state.size);
    state.prefix = tml_atomic_partial_path(job->out);
    status = import_with(job, &state, result, error);
    if (state.rank == 0 && state.prefix != NULL && state.bucket_rows != NULL)
        tml_row_buckets_remove(state.prefix, state.facts.bits);
    free(state.bucket_rows);
    free(state.wavelength_um);
    free(state.prefix);
    return status;
}
