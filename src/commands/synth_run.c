#include "commands/synth_run.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "commands/progress_line.h"
#include "commands/synth_bench.h"
#include "core/clock.h"
#include "core/log.h"
#include "core/permutation.h"
#include "io/grid_file.h"
#include "io/row_blocks.h"
#include "mpi/agree.h"
#include "mpi/share.h"
#include "mpi/stop_request.h"

/* What all ranks have to know after each round, reduced by maximum. */
enum { NOTE_FAILED, NOTE_SIGNAL, NOTE_TIME, NOTES };

typedef struct run {
    MPI_Comm comm;
    int rank, size;
    const tml_synth_job *job;
    tml_synth_result *result;
    tml_grid_shape shape;
    tml_permutation order;
    tml_synth_bench bench;
    tml_row_blocks *blocks;
    double started;
    double round_seconds; /* of the longest round so far */
} run;

static void fill_result(const tml_synth_job *job, tml_synth_result *result)
{
    const size_t row_bytes = sizeof(int64_t) + job->instrument->bins * sizeof(float) +
                             job->kind->parameter_count * sizeof(double);

    memset(result, 0, sizeof *result);
    result->spectra = job->design->nodes;
    result->wavelengths = job->instrument->bins;
    result->bytes = (double)job->design->nodes * (double)row_bytes;
}

/* Before hours of computing: whether the file can be made at their end. */
static tml_status check_target(const tml_synth_job *job, tml_error *error)
{
    struct stat about;

    if (stat(job->out, &about) != 0)
        return TML_OK;
    if (S_ISDIR(about.st_mode))
        return TML_FAIL(error, TML_CANNOT_CREATE, "%s: is a folder; name a file", job->out);
    if (!job->replace)
        return TML_FAIL(error, TML_CANNOT_CREATE,
                        "%s: is there already; choose another name, or replace it by --force", job->out);
    return TML_OK;
}

/* ---- computing ---- */

static tml_status compute_block(run *r, uint64_t block, tml_error *error)
{
    tml_status status = TML_OK;

    for (size_t i = 0; i < tml_row_blocks_rows(r->blocks, block) && status == TML_OK; ++i)
        status = tml_synth_bench_row(&r->bench, tml_permutation_at(&r->order, block * TML_BLOCK_ROWS + i), i,
                                     error);
    return status == TML_OK ? tml_row_blocks_add(r->blocks, block, &r->bench.rows, error) : status;
}

/* One more round must fit in, and writing to disk what is finished. */
static bool is_time_up(const run *r)
{
    const double limit = r->job->time_limit_s;

    return limit > 0.0 && tml_clock_now() - r->started + 2.0 * r->round_seconds >= limit;
}

/* Ends a round: a failure is handed to all ranks, and so is the wish to stop. */
static tml_status agree_round(run *r, tml_status status, tml_error *error)
{
    int notes[NOTES] = {status != TML_OK, tml_stop_request_is_made(), r->rank == 0 && is_time_up(r)};
    tml_status shared = tml_mpi_check(MPI_Allreduce(MPI_IN_PLACE, notes, NOTES, MPI_INT, MPI_MAX, r->comm),
                                      "sharing the progress", error);

    if (shared != TML_OK)
        return shared;
    if (notes[NOTE_FAILED])
        return tml_agree(r->comm, status, error);
    if (notes[NOTE_SIGNAL] || notes[NOTE_TIME])
        r->result->stopped_by = notes[NOTE_SIGNAL] ? "signal" : "time_limit";
    return TML_OK;
}

/* The next blocks that are missing, one for each rank. @return how many were found, up to the number of ranks
 */
static int next_blocks(const run *r, uint64_t *at, uint64_t *mine)
{
    int found = 0;

    for (; *at < tml_row_blocks_count(r->blocks) && found < r->size; ++*at) {
        if (tml_row_blocks_has(r->blocks, *at))
            continue;
        if (found == r->rank)
            *mine = *at;
        ++found;
    }
    return found;
}

/* In rounds of a block for each rank. Every rank walks over the same list of missing blocks: what it adds
 * itself lies behind it. */
static tml_status compute_all(run *r, tml_error *error)
{
    const uint64_t missing = r->result->spectra - r->result->kept;
    tml_progress_line progress;
    tml_status status = TML_OK;
    uint64_t at = 0;
    uint64_t done = 0;
    uint64_t mine = 0;
    int found;

    tml_progress_line_begin(&progress, r->job->show_progress, "spectra", missing);
    while (status == TML_OK && r->result->stopped_by == NULL && (found = next_blocks(r, &at, &mine)) > 0) {
        const double before = tml_clock_now();

        if (r->rank < found)
            status = compute_block(r, mine, error);
        status = agree_round(r, status, error);
        done += (uint64_t)found * TML_BLOCK_ROWS;
        tml_progress_line_update(&progress, done < missing ? done : missing);
        if (tml_clock_now() - before > r->round_seconds)
            r->round_seconds = tml_clock_now() - before;
    }
    tml_progress_line_end(&progress);
    return status;
}

/* ---- putting together ---- */

static tml_status assemble_rows(run *r, tml_grid_file *file, tml_error *error)
{
    const uint64_t total = r->result->spectra;
    const uint64_t chunk = tml_grid_file_chunk_rows(file);
    const tml_share mine = tml_share_of_blocks(total, chunk, r->rank, r->size);
    const uint64_t rounds = tml_share_of(tml_divide_up(total, chunk), 0, r->size).count;
    tml_status status = TML_OK;

    tml_synth_bench_free(&r->bench);
    status = tml_agree(r->comm, tml_synth_bench_make(r->job, (size_t)chunk, &r->bench, error), error);
    for (uint64_t round = 0; round < rounds && status == TML_OK; ++round) {
        const uint64_t done = round * chunk < mine.count ? round * chunk : mine.count;
        const uint64_t count = mine.count - done < chunk ? mine.count - done : chunk;

        status = tml_row_blocks_read(r->blocks, mine.first + done, count, &r->bench.rows, error);
        /* Hands a failure to all ranks: they leave the loop together. */
        status = tml_grid_file_write_rows(file, status, mine.first + done, count, &r->bench.rows, error);
    }
    return status;
}

static tml_status assemble(run *r, tml_error *error)
{
    tml_grid_file *file = NULL;
    tml_status status = tml_grid_file_create(r->comm, r->job->out, r->job->replace, &r->shape,
                                             r->job->instrument->wavelength_um, r->job->provenance, &file,
                                             error);

    if (status == TML_OK)
        status = assemble_rows(r, file, error);
    if (status == TML_OK)
        status = tml_grid_file_finish(&file, error);
    else
        tml_grid_file_abandon(&file);
    return status;
}

/* ---- all ---- */

static tml_status begin(run *r, tml_error *error)
{
    const tml_blocks_start start = r->job->resume    ? TML_BLOCKS_RESUME
                                   : r->job->replace ? TML_BLOCKS_REPLACE
                                                     : TML_BLOCKS_NEW;
    tml_status status = r->rank == 0 ? check_target(r->job, error) : TML_OK;
    uint64_t damaged;

    if (status == TML_OK)
        status = tml_synth_bench_make(r->job, TML_BLOCK_ROWS, &r->bench, error);
    status = tml_agree(r->comm, status, error);
    tml_synth_bench_shape(r->job, &r->shape);
    if (status == TML_OK)
        status = tml_row_blocks_open(r->comm, r->job->out, &r->shape, r->job->identity, start, &r->blocks,
                                     error);
    if (status != TML_OK)
        return status;
    damaged = tml_row_blocks_damaged(r->blocks);
    r->result->kept = tml_row_blocks_kept(r->blocks);
    if (r->result->kept > 0)
        tml_log(TML_LOG_INFO, "%s: %llu of %llu spectra are there already", tml_row_blocks_folder(r->blocks),
                (unsigned long long)r->result->kept, (unsigned long long)r->result->spectra);
    if (damaged > 0)
        tml_warn("damaged_blocks", "%s: %llu block%s of finished spectra %s damaged; computed again",
                 tml_row_blocks_folder(r->blocks), (unsigned long long)damaged, damaged == 1 ? "" : "s",
                 damaged == 1 ? "is" : "are");
    return TML_OK;
}

static tml_status compute_and_settle(run *r, tml_error *error)
{
    tml_error lost = {TML_RANK_UNKNOWN, ""};
    tml_status status;
    tml_status settled;

    tml_stop_request_watch();
    status = compute_all(r, error);
    settled = tml_row_blocks_settle(r->blocks, &r->result->there, &lost);
    tml_stop_request_unwatch();
    if (status != TML_OK)
        return status;
    if (settled != TML_OK) {
        *error = lost;
        return settled;
    }
    if (r->result->there == r->result->spectra) {
        r->result->stopped_by = NULL; /* the wish came with the last of them */
        return TML_OK;
    }
    return TML_FAIL(error, TML_STOPPED,
                    "stopped on request (%s) with %llu of %llu spectra in %s: go on with --resume",
                    r->result->stopped_by, (unsigned long long)r->result->there,
                    (unsigned long long)r->result->spectra, tml_row_blocks_folder(r->blocks));
}

tml_status tml_synth_run(MPI_Comm comm, const tml_synth_job *job, tml_synth_result *result, tml_error *error)
{
    run r = {.comm = comm, .job = job, .result = result, .started = tml_clock_now()};
    tml_status status;

    MPI_Comm_rank(comm, &r.rank);
    MPI_Comm_size(comm, &r.size);
    fill_result(job, result);
    r.order = tml_permutation_create(job->design->nodes, job->seed, TML_RANDOM_ORDER, 0);
    status = begin(&r, error);
    if (status == TML_OK)
        status = compute_and_settle(&r, error);
    if (status == TML_OK)
        status = assemble(&r, error);
    tml_row_blocks_close(&r.blocks, status != TML_OK && result->there > 0);
    tml_synth_bench_free(&r.bench);
    result->seconds = tml_clock_now() - r.started;
    return status;
}

/* ---- estimate ---- */

/* Spectra that are timed by each rank: at least so many, then as many as take so long. The first ones are not
 * counted: they bring tables and code into the caches. */
enum { WARM_UP = 8, SAMPLE_SPECTRA = 200 };
static const double sample_seconds = 2.0;

/* Nodes as they come in the file, which is any order: every rank takes others. Measured as they will be
 * computed: by all ranks at the same time. */
static tml_status time_sample(const run *r, tml_synth_bench *bench, double *seconds, tml_error *error)
{
    const uint64_t total = r->job->design->nodes;
    double started = tml_clock_now();
    tml_status status = TML_OK;
    uint64_t count = 0;

    for (uint64_t i = 0; status == TML_OK; ++i) {
        const uint64_t place = (i * (uint64_t)r->size + (uint64_t)r->rank) % total;

        if (i == WARM_UP) {
            started = tml_clock_now();
            count = 0;
        }
        if (i >= WARM_UP && count >= SAMPLE_SPECTRA && tml_clock_now() - started >= sample_seconds)
            break;
        status = tml_synth_bench_row(bench, tml_permutation_at(&r->order, place), 0, error);
        ++count;
    }
    *seconds = (tml_clock_now() - started) / (double)count;
    return status;
}

tml_status tml_synth_estimate(MPI_Comm comm, const tml_synth_job *job, tml_synth_result *result,
                              tml_error *error)
{
    run r = {.comm = comm, .job = job, .result = result};
    tml_synth_bench bench = {0};
    double seconds = 0.0;
    tml_status status;

    MPI_Comm_rank(comm, &r.rank);
    MPI_Comm_size(comm, &r.size);
    fill_result(job, result);
    r.order = tml_permutation_create(job->design->nodes, job->seed, TML_RANDOM_ORDER, 0);
    status = r.rank == 0 ? check_target(job, error) : TML_OK;
    if (status == TML_OK)
        status = tml_synth_bench_make(job, 1, &bench, error);
    status = tml_agree(comm, status, error);
    if (status == TML_OK)
        status = tml_agree(comm, time_sample(&r, &bench, &seconds, error), error);
    tml_synth_bench_free(&bench);
    if (status == TML_OK)
        status = tml_mpi_check(MPI_Allreduce(MPI_IN_PLACE, &seconds, 1, MPI_DOUBLE, MPI_SUM, comm),
                               "comparing the times of the ranks", error);
    result->seconds = seconds / (double)r.size *
                      (double)tml_share_of_blocks(job->design->nodes, TML_BLOCK_ROWS, 0, r.size).count;
    return status;
}
