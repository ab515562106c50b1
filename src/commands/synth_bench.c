#include "commands/synth_bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/memory.h"

void tml_synth_bench_free(tml_synth_bench *bench)
{
    tml_forward_model_destroy(&bench->model);
    free(bench->workspace);
    free(bench->computed);
    free(bench->spectrum);
    free(bench->rows.row);
    free(bench->rows.flux);
    free(bench->rows.parameters);
    memset(bench, 0, sizeof *bench);
}

static tml_status make_model(const tml_synth_job *job, tml_synth_bench *bench, tml_error *error)
{
    tml_status status = tml_forward_model_create(job->kind, job->setup, &bench->model, error);

    if (status == TML_OK)
        status = tml_forward_workspace_create(bench->model, &bench->workspace, error);
    if (status == TML_OK)
        status = tml_array_create(job->setup->wavelengths, sizeof(double), "a spectrum", &bench->computed,
                                  error);
    if (status == TML_OK)
        status = tml_array_create(job->instrument->bins, sizeof(double), "a spectrum", &bench->spectrum,
                                  error);
    return status;
}

tml_status tml_synth_bench_make(const tml_synth_job *job, size_t rows, tml_synth_bench *bench,
                                tml_error *error)
{
    tml_status status;

    memset(bench, 0, sizeof *bench);
    bench->job = job;
    status = make_model(job, bench, error);
    if (status == TML_OK)
        status = tml_array_create(rows, sizeof(int64_t), "row numbers", &bench->rows.row, error);
    if (status == TML_OK)
        status = tml_array_create(rows * job->instrument->bins, sizeof(float), "rows of fluxes",
                                  &bench->rows.flux, error);
    if (status == TML_OK)
        status = tml_array_create(rows * job->kind->parameter_count, sizeof(double), "rows of parameters",
                                  &bench->rows.parameters, error);
    return status;
}

tml_status tml_synth_bench_row(tml_synth_bench *bench, uint64_t node, size_t at, tml_error *error)
{
    const tml_synth_job *job = bench->job;
    double *parameters = bench->rows.parameters + at * job->kind->parameter_count;
    float *flux = bench->rows.flux + at * job->instrument->bins;
    tml_status status;

    tml_design_node(job->design, node, parameters);
    status = tml_forward_model_spectrum(bench->model, bench->workspace, parameters, bench->computed, error);
    if (status != TML_OK) {
        tml_error_prefix(error, "node %llu: ", (unsigned long long)node);
        return status;
    }
    tml_resampling_apply(&job->instrument->weights, bench->computed, bench->spectrum);
    bench->rows.row[at] = (int64_t)node;
    for (size_t w = 0; w < job->instrument->bins; ++w)
        flux[w] = (float)bench->spectrum[w];
    return TML_OK;
}

void tml_synth_bench_shape(const tml_synth_job *job, tml_grid_shape *shape)
{
    memset(shape, 0, sizeof *shape);
    shape->rows = job->design->nodes;
    shape->wavelengths = job->instrument->bins;
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
