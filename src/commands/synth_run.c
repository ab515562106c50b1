#include "commands/synth_run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands/progress_line.h"
#include "core/clock.h"
#include "core/memory.h"
#include "core/permutation.h"
#include "io/grid_file.h"
#include "mpi/agree.h"
#include "mpi/share.h"
#include "spectra/wavelength_grid.h"

enum { ROWS_PER_LOOK = 64, SAMPLE_SPECTRA = 200 };

/* What one rank computes with; the arrays hold one chunk. */
typedef struct bench {
    tml_forward_model *model;
    void *workspace;
    double *spectrum;
    tml_grid_rows rows;
} bench;

static void free_bench(bench *own)
{
    tml_forward_model_destroy(&own->model);
    free(own->workspace);
    free(own->spectrum);
    free(own->rows.row);
    free(own->rows.flux);
    free(own->rows.parameters);
}

static tml_status make_model(const tml_synth_job *job, bench *own, tml_error *error)
{
    double wavelength_um[TML_PUBLISHED_WAVELENGTHS];
    const tml_forward_setup setup = {TML_PUBLISHED_WAVELENGTHS, wavelength_um};
    tml_status status;

    memset(own, 0, sizeof *own);
    tml_wavelength_grid_published(wavelength_um);
    status = tml_forward_model_create(job->kind, &setup, &own->model, error);
    if (status == TML_OK)
        status = tml_forward_workspace_create(own->model, &own->workspace, error);
    if (status == TML_OK)
        status = tml_array_create(TML_PUBLISHED_WAVELENGTHS, sizeof(double), "a spectrum", &own->spectrum,
                                  error);
    return status;
}

static tml_status make_rows(const tml_synth_job *job, uint64_t chunk, bench *own, tml_error *error)
{
    const size_t rows = (size_t)chunk;
    tml_status status = tml_array_create(rows, sizeof(int64_t), "row numbers", &own->rows.row, error);

    if (status == TML_OK)
        status = tml_array_create(rows * TML_PUBLISHED_WAVELENGTHS, sizeof(float), "a chunk of fluxes",
                                  &own->rows.flux, error);
    if (status == TML_OK)
        status = tml_array_create(rows * job->kind->parameter_count, sizeof(double), "a chunk of parameters",
                                  &own->rows.parameters, error);
    return status;
}

static tml_status compute_row(const tml_synth_job *job, bench *own, uint64_t node, size_t at,
                              tml_error *error)
{
    double *parameters = own->rows.parameters + at * job->kind->parameter_count;
    float *flux = own->rows.flux + at * TML_PUBLISHED_WAVELENGTHS;
    tml_status status;

    tml_design_node(job->design, node, parameters);
    status = tml_forward_model_spectrum(own->model, own->workspace, parameters, own->spectrum, error);
    if (status != TML_OK) {
        tml_error_prefix(error, "node %llu: ", (unsigned long long)node);
        return status;
    }
    own->rows.row[at] = (int64_t)node;
    for (size_t w = 0; w < TML_PUBLISHED_WAVELENGTHS; ++w)
        flux[w] = (float)own->spectrum[w];
    return TML_OK;
}

static void describe(const tml_synth_job *job, tml_grid_shape *shape)
{
    memset(shape, 0, sizeof *shape);
    shape->rows = job->design->nodes;
    shape->wavelengths = TML_PUBLISHED_WAVELENGTHS;
    shape->parameter_count = job->kind->parameter_count;
    shape->solar_c_o = job->kind->solar_c_o;
    for (size_t p = 0; p < shape->parameter_count; ++p) {
        const tml_forward_parameter *from = &job->kind->parameters[p];
        tml_grid_parameter *to = &shape->parameters[p];

        snprintf(to->name, sizeof to->name, "%s", from->name);
        snprintf(to->unit, sizeof to->unit, "%s", from->unit);
        snprintf(to->long_name, sizeof to->long_name, "%s", from->long_name);
    }
}

static void fill_result(const tml_synth_job *job, double seconds, tml_synth_result *result)
{
    const size_t row_bytes = sizeof(int64_t) + TML_PUBLISHED_WAVELENGTHS * sizeof(float) +
                             job->kind->parameter_count * sizeof(double);

    result->spectra = job->design->nodes;
    result->wavelengths = TML_PUBLISHED_WAVELENGTHS;
    result->bytes = (double)job->design->nodes * (double)row_bytes;
    result->seconds = seconds;
}

/* The rows of this rank, chunk by chunk; all ranks take as many rounds as the one with the most chunks. */
static tml_status write_all(MPI_Comm comm, const tml_synth_job *job, tml_grid_file *file, bench *own,
                            tml_error *error)
{
    const uint64_t total = job->design->nodes;
    const uint64_t chunk = tml_grid_file_chunk_rows(file);
    const tml_permutation order = tml_permutation_create(total, job->seed, TML_RANDOM_ORDER, 0);
    tml_progress_line progress;
    tml_status status = TML_OK;
    tml_share mine;
    uint64_t rounds;
    int rank, size;

    MPI_Comm_rank(comm, &rank);
    MPI_Comm_size(comm, &size);
    mine = tml_share_of_blocks(total, chunk, rank, size);
    rounds = tml_share_of(tml_divide_up(total, chunk), 0, size).count;
    tml_progress_line_begin(&progress, job->show_progress && mine.count > 0, "spectra", total);
    for (uint64_t round = 0; round < rounds && status == TML_OK; ++round) {
        const uint64_t done = round * chunk < mine.count ? round * chunk : mine.count;
        const uint64_t count = mine.count - done < chunk ? mine.count - done : chunk;

        for (uint64_t i = 0; i < count && status == TML_OK; ++i) {
            status = compute_row(job, own, tml_permutation_at(&order, mine.first + done + i), (size_t)i,
                                 error);
            if (i % ROWS_PER_LOOK == 0) /* the other ranks are about as far as this one */
                tml_progress_line_update(&progress,
                                         (uint64_t)((double)total * (double)(done + i) / (double)mine.count));
        }
        /* Hands a failure to all ranks: they leave the loop together. */
        status = tml_grid_file_write_rows(file, status, mine.first + done, count, &own->rows, error);
    }
    tml_progress_line_end(&progress);
    return status;
}

tml_status tml_synth_run(MPI_Comm comm, const tml_synth_job *job, tml_synth_result *result, tml_error *error)
{
    const double started = tml_clock_now();
    double wavelength_um[TML_PUBLISHED_WAVELENGTHS];
    tml_grid_file *file = NULL;
    tml_grid_shape shape;
    bench own;
    tml_status status = tml_agree(comm, make_model(job, &own, error), error);

    describe(job, &shape);
    tml_wavelength_grid_published(wavelength_um);
    if (status == TML_OK)
        status = tml_grid_file_create(comm, job->out, job->replace, &shape, wavelength_um, job->provenance,
                                      &file, error);
    if (status == TML_OK)
        status = tml_agree(comm, make_rows(job, tml_grid_file_chunk_rows(file), &own, error), error);
    if (status == TML_OK)
        status = write_all(comm, job, file, &own, error);
    if (status == TML_OK)
        status = tml_grid_file_finish(&file, error);
    else
        tml_grid_file_abandon(&file);
    free_bench(&own);
    fill_result(job, tml_clock_now() - started, result);
    return status;
}

/* Seconds of one spectrum on this rank, from nodes spread over the design. */
static tml_status time_sample(const tml_synth_job *job, bench *own, double *seconds, tml_error *error)
{
    const uint64_t total = job->design->nodes;
    const uint64_t sample = total < SAMPLE_SPECTRA ? total : SAMPLE_SPECTRA;
    const double started = tml_clock_now();
    tml_status status = TML_OK;

    for (uint64_t i = 0; i < sample && status == TML_OK; ++i)
        status = compute_row(job, own, total / sample * i, 0, error);
    *seconds = (tml_clock_now() - started) / (double)sample;
    return status;
}

tml_status tml_synth_estimate(MPI_Comm comm, const tml_synth_job *job, tml_synth_result *result,
                              tml_error *error)
{
    double seconds = 0.0;
    bench own;
    int rank, size;
    tml_status status;

    MPI_Comm_rank(comm, &rank);
    MPI_Comm_size(comm, &size);
    status = make_model(job, &own, error);
    if (status == TML_OK && rank == 0 && !job->replace && access(job->out, F_OK) == 0)
        status = TML_FAIL(error, TML_CANNOT_CREATE,
                          "%s exists; choose another name, or --force to replace it", job->out);
    if (status == TML_OK)
        status = make_rows(job, 1, &own, error);
    if (status == TML_OK)
        status = time_sample(job, &own, &seconds, error);
    free_bench(&own);
    status = tml_agree(comm, status, error);
    if (status == TML_OK)
        status = tml_mpi_check(MPI_Allreduce(MPI_IN_PLACE, &seconds, 1, MPI_DOUBLE, MPI_MAX, comm),
                               "comparing the times of the ranks", error);
    fill_result(job, seconds * (double)tml_share_of(job->design->nodes, 0, size).count, result);
    return status;
}
