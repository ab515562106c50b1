#include "inference/nearest.h"

#include <float.h>
#include <stdlib.h>
#include <string.h>

#include "core/checked.h"
#include "core/memory.h"
#include "mpi/agree.h"
#include "training/batch_plan.h"
#include "training/sweep.h"

/* As MPI_DOUBLE_INT lays it out. */
typedef struct found {
    double distance;
    int number;
} found;

typedef struct search {
    MPI_Comm comm;
    int rank, size;
    tml_sample_layout layout;
    const tml_noise *noise;
    uint64_t epoch;
    tml_sample_store *reference;
    tml_batch_plan plan;
    size_t room;          /* queries of one round over all ranks */
    float *queries;       /* [room][wavelengths] */
    double *scratch;      /* [wavelengths] */
    found *best;          /* [room] */
    double *parameters;   /* [room][targets] of the best */
    int *counts, *firsts; /* [size] floats of each rank within queries */
} search;

static tml_status allocate(search *s, tml_error *error)
{
    size_t w = s->layout.wavelengths;
    tml_status status = tml_array_create(s->room * w, sizeof(float), "queries", &s->queries, error);

    if (status == TML_OK)
        status = tml_array_create(w, sizeof(double), "a spectrum", &s->scratch, error);
    if (status == TML_OK)
        status = tml_array_create(s->room, sizeof *s->best, "neighbours", &s->best, error);
    if (status == TML_OK)
        status = tml_array_create(s->room * s->layout.targets, sizeof(double), "neighbours", &s->parameters,
                                  error);
    if (status == TML_OK)
        status = tml_array_create((size_t)s->size, sizeof(int), "neighbours", &s->counts, error);
    if (status == TML_OK)
        status = tml_array_create((size_t)s->size, sizeof(int), "neighbours", &s->firsts, error);
    return status;
}

static void free_search(search *s)
{
    free(s->queries);
    free(s->scratch);
    free(s->best);
    free(s->parameters);
    free(s->counts);
    free(s->firsts);
    tml_batch_plan_free(&s->plan);
}

/* Every rank gets the noisy spectra of the round. */
static tml_status share_queries(search *s, const float *records, tml_error *error)
{
    size_t w = s->layout.wavelengths;
    uint64_t first = s->plan.boundaries[s->rank];

    for (uint64_t i = first; i < s->plan.boundaries[s->rank + 1]; ++i)
        tml_noise_apply(s->noise, s->epoch, s->plan.samples[i], w,
                        tml_sample_flux(records + (i - first) * tml_sample_length(s->layout)), s->scratch,
                        s->queries + i * w);
    for (int r = 0; r < s->size; ++r) {
        s->firsts[r] = (int)(s->plan.boundaries[r] * w);
        s->counts[r] = (int)((s->plan.boundaries[r + 1] - s->plan.boundaries[r]) * w);
    }
    return tml_mpi_check(MPI_Allgatherv(MPI_IN_PLACE, 0, MPI_DATATYPE_NULL, s->queries, s->counts, s->firsts,
                                        MPI_FLOAT, s->comm),
                         "sharing spectra", error);
}

static double distance(size_t count, const float *restrict a, const float *restrict b)
{
    double sum = 0.0;

    for (size_t i = 0; i < count; ++i) {
        double difference = (double)a[i] - (double)b[i];

        sum += difference * difference;
    }
    return sum;
}

static void search_own_references(search *s)
{
    const float *records = tml_sample_store_local(s->reference);
    uint64_t held = tml_sample_store_held(s->reference);
    uint64_t first = tml_sample_store_first(s->reference);
    size_t w = s->layout.wavelengths;

    for (uint64_t q = 0; q < s->plan.count; ++q) {
        found best = {DBL_MAX, 0};

        for (uint64_t i = 0; i < held; ++i) {
            double d = distance(w, s->queries + q * w,
                                tml_sample_flux(records + i * tml_sample_length(s->layout)));

            if (d < best.distance) {
                best.distance = d;
                best.number = (int)(first + i);
            }
        }
        s->best[q] = best;
    }
}

/* The rank that holds a neighbour contributes its parameters, the others nothing. */
static tml_status share_parameters(search *s, tml_error *error)
{
    const float *records = tml_sample_store_local(s->reference);
    uint64_t first = tml_sample_store_first(s->reference);
    uint64_t held = tml_sample_store_held(s->reference);
    size_t targets = s->layout.targets;

    memset(s->parameters, 0, (size_t)s->plan.count * targets * sizeof(double));
    for (uint64_t q = 0; q < s->plan.count; ++q) {
        uint64_t number = (uint64_t)s->best[q].number;

        if (number >= first && number < first + held)
            tml_sample_truth(s->layout, records + (number - first) * tml_sample_length(s->layout),
                             s->parameters + q * targets);
    }
    return tml_mpi_check(MPI_Allreduce(MPI_IN_PLACE, s->parameters, (int)((size_t)s->plan.count * targets),
                                       MPI_DOUBLE, MPI_SUM, s->comm),
                         "sharing neighbours", error);
}

static tml_status run_round(search *s, const float *records, tml_nearest_visit *visit, void *context,
                            tml_error *error)
{
    uint64_t first = s->plan.boundaries[s->rank];
    tml_status status = share_queries(s, records, error);

    if (status != TML_OK)
        return status;
    search_own_references(s);
    status = tml_mpi_check(
        MPI_Allreduce(MPI_IN_PLACE, s->best, (int)s->plan.count, MPI_DOUBLE_INT, MPI_MINLOC, s->comm),
        "finding the nearest", error);
    if (status == TML_OK)
        status = share_parameters(s, error);
    for (uint64_t i = first; i < s->plan.boundaries[s->rank + 1] && status == TML_OK; ++i) {
        double truth[TML_PREPARATION_TARGETS];

        tml_sample_truth(s->layout, records + (i - first) * tml_sample_length(s->layout), truth);
        visit(context, s->plan.samples[i], truth, s->parameters + i * s->layout.targets);
    }
    return status;
}

static tml_status run_rounds(search *s, tml_sample_store *samples, tml_nearest_visit *visit, void *context,
                             tml_error *error)
{
    uint64_t total = tml_sample_store_total(samples);
    uint64_t rounds = tml_sweep_rounds(&s->plan, total, TML_SWEEP_LANES);
    tml_status status = TML_OK;

    for (uint64_t round = 0; round < rounds && status == TML_OK; ++round) {
        const float *records = NULL;

        tml_batch_plan_sweep(&s->plan, total, TML_SWEEP_LANES, round);
        status = tml_sample_store_fetch_begin(samples, 0, s->plan.samples, s->plan.boundaries, error);
        if (status == TML_OK)
            status = tml_sample_store_fetch_finish(samples, 0, &records, error);
        if (status == TML_OK)
            status = run_round(s, records, visit, context, error);
    }
    return status;
}

tml_status tml_nearest_run(MPI_Comm comm, tml_sample_store *samples, tml_sample_store *reference,
                           tml_sample_layout layout, size_t lane, const tml_noise *noise, uint64_t epoch,
                           tml_nearest_visit *visit, void *context, tml_error *error)
{
    search s = {.comm = comm, .layout = layout, .noise = noise, .epoch = epoch, .reference = reference};
    int fits;
    tml_status status;

    MPI_Comm_rank(comm, &s.rank);
    MPI_Comm_size(comm, &s.size);
    s.room = tml_sweep_fetch(lane, s.size);
    if (tml_sample_store_total(reference) == 0)
        return TML_FAIL(error, TML_BAD_DATA, "the reference grid holds no spectra");
    if (!tml_int_from_size((size_t)tml_sample_store_total(reference), &fits) ||
        !tml_int_from_size(
            s.room * (layout.wavelengths > layout.targets ? layout.wavelengths : layout.targets), &fits))
        return TML_FAIL(
            error, TML_USAGE,
            "the reference grid of %llu spectra or a round of %zu queries is too large for the search of the "
            "nearest; use fewer ranks or a smaller grid",
            (unsigned long long)tml_sample_store_total(reference), s.room);
    status = tml_batch_plan_create(lane, s.room, s.size, &s.plan, error);
    if (status == TML_OK)
        status = allocate(&s, error);
    status = tml_agree(comm, status, error);
    if (status == TML_OK)
        status = run_rounds(&s, samples, visit, context, error);
    free_search(&s);
    return status;
}
