#include "inference/forward_run.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "core/checked.h"
#include "core/memory.h"
#include "inference/predicted_spread.h"
#include "mpi/agree.h"
#include "mpi/share.h"
#include "network/lane.h"

/* Larger lanes use each weight more often while it is near, up to about this. */
enum { MOST_IN_A_LANE = 32 };

/* What one thread works with. */
typedef struct runner {
    tml_lane *lane;
    float *flux;     /* [wavelengths] as it was made */
    float *spectrum; /* [wavelengths] as the network sees it */
} runner;

typedef struct forward_run {
    const tml_model *model;
    uint64_t count;
    uint64_t lane; /* spectra of a lane; their numbers do not depend on it */
    tml_make_spectrum *make;
    void *context;
    double *values;
    double *spread; /* NULL: not wanted */
    int threads;
    runner *runners; /* [threads] */
} forward_run;

static tml_status make_runner(const forward_run *run, runner *r, tml_error *error)
{
    size_t wavelengths = run->model->preparation.choice.wavelengths;
    tml_status status = tml_lane_create(&run->model->network, (size_t)run->lane, 0, &r->lane, error);

    if (status == TML_OK)
        status = tml_array_create(wavelengths, sizeof(float), "a spectrum", &r->flux, error);
    if (status == TML_OK)
        status = tml_array_create(wavelengths, sizeof(float), "a spectrum", &r->spectrum, error);
    return status;
}

static void free_runners(forward_run *run)
{
    for (int w = 0; w < run->threads && run->runners != NULL; ++w) {
        tml_lane_destroy(&run->runners[w].lane);
        free(run->runners[w].flux);
        free(run->runners[w].spectrum);
    }
    free(run->runners);
}

static tml_status keep_answer(const forward_run *run, uint64_t number, const float *output, tml_error *error)
{
    size_t targets = run->model->settings.targets.count;
    double *values = run->values + (size_t)number * targets;

    tml_preparation_inverse(&run->model->preparation, output, values);
    if (run->spread != NULL)
        tml_predicted_spread(run->model, output, run->spread + (size_t)number * targets);
    for (size_t t = 0; t < targets; ++t)
        if (!isfinite(values[t]))
            return TML_FAIL(error, TML_BAD_DATA,
                            "the network's answer for '%s' is not a number: the spectrum is nothing like "
                            "those that it was trained on; check its units",
                            run->model->settings.targets.item[t]);
    return TML_OK;
}

static tml_status run_lane(const forward_run *run, runner *r, int worker, uint64_t lane, tml_error *error)
{
    const tml_model *model = run->model;
    uint64_t first = lane * run->lane;
    uint64_t filled = run->count - first < run->lane ? run->count - first : run->lane;
    float features[TML_PREPARATION_FEATURES];
    tml_status status = TML_OK;
    const float *output;

    for (uint64_t i = 0; i < filled && status == TML_OK; ++i) {
        status = run->make(run->context, first + i, worker, r->flux, error);
        if (status == TML_OK)
            status = tml_preparation_input(&model->preparation, r->flux, r->spectrum, features, error);
        if (status == TML_OK)
            tml_lane_set_sample(r->lane, (size_t)i, r->spectrum, features, first + i);
    }
    if (status != TML_OK)
        return status;
    output = tml_lane_predict_first(r->lane, (size_t)filled, &model->prepared);
    for (uint64_t i = 0; i < filled && status == TML_OK; ++i)
        status = keep_answer(run, first + i, output + i * tml_network_outputs(&model->network), error);
    return status;
}

static tml_status run_share(forward_run *run, tml_share lanes, tml_error *error)
{
    tml_status status_of_first = TML_OK;
    uint64_t first_failed = UINT64_MAX; /* of several the first: the message does not depend on the threads */

#pragma omp parallel for num_threads(run->threads) schedule(static)
    for (int worker = 0; worker < run->threads; ++worker)
        for (uint64_t l = (uint64_t)worker; l < lanes.count; l += (uint64_t)run->threads) {
            tml_error local = {0, ""};
            tml_status status = run_lane(run, &run->runners[worker], worker, lanes.first + l, &local);

            if (status != TML_OK) {
#pragma omp critical
                if (l < first_failed) {
                    first_failed = l;
                    status_of_first = status;
                    *error = local;
                }
            }
        }
    return status_of_first;
}

/* Every rank's answers for all: as many rows as its lanes hold. */
static tml_status share_answers(const tml_world *world, const forward_run *run, uint64_t lanes,
                                tml_error *error)
{
    uint64_t size = run->lane;
    int width = (int)run->model->settings.targets.count;
    double *const arrays[] = {run->values, run->spread};
    int *counts = NULL;
    int *firsts = NULL;
    tml_status status = tml_array_create((size_t)world->size, sizeof(int), "counts", &counts, error);

    if (status == TML_OK)
        status = tml_array_create((size_t)world->size, sizeof(int), "counts", &firsts, error);
    for (int r = 0; r < world->size && status == TML_OK; ++r) {
        tml_share share = tml_share_of(lanes, r, world->size);
        uint64_t first = share.first * size < run->count ? share.first * size : run->count;
        uint64_t end = (share.first + share.count) * size < run->count ? (share.first + share.count) * size
                                                                       : run->count;

        firsts[r] = (int)first * width;
        counts[r] = (int)(end - first) * width;
    }
    status = tml_agree(world->comm, status, error);
    for (int i = 0; i < 2 && status == TML_OK; ++i)
        if (arrays[i] != NULL)
            status = tml_mpi_check(MPI_Allgatherv(MPI_IN_PLACE, 0, MPI_DATATYPE_NULL, arrays[i], counts,
                                                  firsts, MPI_DOUBLE, world->comm),
                                   "sharing predictions", error);
    free(counts);
    free(firsts);
    return status;
}

tml_status tml_forward_run(const tml_world *world, const tml_model *model, int threads, uint64_t count,
                           tml_make_spectrum *make, void *context, double *values, double *spread,
                           tml_error *error)
{
    forward_run run = {model, count, 1, make, context, values, spread, threads, NULL};
    uint64_t share = tml_divide_up(count, (uint64_t)world->size * (uint64_t)threads);
    uint64_t lanes;
    int numbers = 0;
    tml_status status;

    assert(model->network.architecture.is_steady);
    if (share > 0) /* lanes of a worker as even as can be */
        run.lane = tml_divide_up(share, tml_divide_up(share, MOST_IN_A_LANE));
    lanes = tml_divide_up(count, run.lane);

    if (!tml_int_from_size((size_t)count * model->settings.targets.count, &numbers))
        return TML_FAIL(error, TML_USAGE, "%llu predictions are too many at once; ask for fewer draws",
                        (unsigned long long)count);
    status = tml_array_create((size_t)threads, sizeof *run.runners, "the lanes", &run.runners, error);
    for (int w = 0; w < threads && status == TML_OK; ++w)
        status = make_runner(&run, &run.runners[w], error);
    if (status == TML_OK)
        status = run_share(&run, tml_share_of(lanes, world->rank, world->size), error);
    status = tml_agree(world->comm, status, error);
    if (status == TML_OK)
        status = share_answers(world, &run, lanes, error);
    free_runners(&run);
    return status;
}
