#include "bench/inference_bench.h"

#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "bench/made_samples.h"
#include "bench/measurement.h"
#include "core/checked.h"
#include "core/clock.h"
#include "core/memory.h"
#include "mpi/agree.h"
#include "mpi/share.h"
#include "network/initialise.h"
#include "training/data_set.h"
#include "training/lane_team.h"

/* Batches that are not counted. */
enum { WARM_BATCHES = 3 };

/* A network with its samples on one rank. */
typedef struct answering {
    const tml_settings *settings;
    tml_network network;
    tml_sample_layout layout;
    tml_preparation preparation;
    tml_share share; /* of the batch's samples, in whole lanes */
    float *records;  /* [share.count] */
    uint64_t *numbers;
    float *answers;   /* [share.count][outputs] */
    tml_block *block; /* holds weights and prepared kernels */
    float *weights;
    tml_prepared_weights prepared;
    tml_lane_team *team;
} answering;

static void take_weights(answering *a)
{
    a->weights = tml_block_take(a->block, a->network.parameter_count, sizeof(float));
    a->prepared.weights = a->weights;
    a->prepared.kernels = tml_block_take(a->block, tml_prepared_count(&a->network), sizeof(tml_real));
}

static tml_status allocate_weights(answering *a, tml_error *error)
{
    size_t bytes;
    tml_status status = tml_block_create(0, "counting the weights", &a->block, error);

    if (status != TML_OK)
        return status;
    take_weights(a);
    bytes = tml_block_used(a->block);
    tml_block_destroy(&a->block);
    status = tml_block_create(bytes, "the weights", &a->block, error);
    if (status == TML_OK)
        take_weights(a);
    return status;
}

static tml_status build(const tml_world *world, const tml_step_request *request, answering *a,
                        tml_error *error)
{
    const tml_settings *settings = request->settings;
    tml_architecture architecture = tml_settings_architecture(settings, request->wavelengths);
    tml_status status;

    architecture.is_steady = true; /* as predictions have it */
    a->settings = settings;
    a->layout.wavelengths = request->wavelengths;
    a->layout.targets = settings->targets.count;
    a->share = tml_share_of_blocks((uint64_t)settings->batch_global, (uint64_t)settings->batch_lane,
                                   world->rank, world->size);
    status = tml_network_lay_out(&architecture, &a->network, error);
    if (status == TML_OK)
        status = tml_preparation_from_settings(settings, request->wavelengths, &a->preparation, error);
    if (status == TML_OK)
        status = tml_lane_team_create(&a->network, a->layout, &a->preparation, (size_t)settings->batch_lane,
                                      (int)settings->threads, 0, &a->team, error);
    if (status == TML_OK)
        status = allocate_weights(a, error);
    if (status == TML_OK)
        status = tml_array_create((size_t)a->share.count * tml_sample_length(a->layout), sizeof(float),
                                  "samples", &a->records, error);
    if (status == TML_OK)
        status = tml_array_create((size_t)a->share.count, sizeof *a->numbers, "samples", &a->numbers, error);
    if (status == TML_OK)
        status = tml_array_create((size_t)a->share.count * tml_network_outputs(&a->network), sizeof(float),
                                  "answers", &a->answers, error);
    return status;
}

static tml_status fill(answering *a, tml_error *error)
{
    uint64_t seed = (uint64_t)a->settings->seed;

    tml_initialise_weights(&a->network, seed, a->weights);
    tml_prepare_weights(&a->network, &a->prepared);
    for (uint64_t i = 0; i < a->share.count; ++i)
        a->numbers[i] = a->share.first + i;
    return tml_made_samples(a->layout, &a->preparation, seed, a->share.first, a->share.count, a->records,
                            error);
}

static void free_answering(answering *a)
{
    tml_lane_team_destroy(&a->team);
    tml_preparation_free(&a->preparation);
    free(a->records);
    free(a->numbers);
    free(a->answers);
    tml_block_destroy(&a->block);
}

/* One lane of this rank's samples. */
static tml_status answer_lane(answering *a, int worker, uint64_t lane, tml_error *error)
{
    const tml_noise quiet = {0};
    size_t size = (size_t)a->settings->batch_lane;
    size_t outputs = tml_network_outputs(&a->network);
    size_t first = (size_t)lane * size;
    size_t left = (size_t)a->share.count - first;
    size_t count = left < size ? left : size;
    tml_status status = tml_lane_team_fill(a->team, worker, a->records + first * tml_sample_length(a->layout),
                                           a->numbers + first, count, &quiet, 0, error);

    if (status == TML_OK)
        memcpy(a->answers + first * outputs,
               tml_lane_predict_first(tml_lane_team_lane(a->team, worker), count, &a->prepared),
               count * outputs * sizeof(float));
    return status;
}

/* The batch once. */
static tml_status answer(answering *a, tml_error *error)
{
    int threads = tml_lane_team_threads(a->team);
    uint64_t lanes = tml_divide_up(a->share.count, (uint64_t)a->settings->batch_lane);
    tml_status worst = TML_OK;

#pragma omp parallel for num_threads(threads) schedule(static)
    for (int worker = 0; worker < threads; ++worker) {
        tml_share mine = tml_share_of(lanes, worker, threads);

        for (uint64_t lane = mine.first; lane < mine.first + mine.count; ++lane) {
            tml_error local = {0, ""};
            tml_status status = answer_lane(a, worker, lane, &local);

            if (status != TML_OK) {
#pragma omp critical
                {
                    worst = status;
                    *error = local;
                }
            }
        }
    }
    return worst;
}

/* @param seconds  out: of the slowest rank */
static tml_status run_batches(const tml_world *world, answering *a, size_t batches, double *seconds,
                              tml_error *error)
{
    tml_status status = tml_mpi_check(MPI_Barrier(world->comm), "starting a measurement", error);
    double from = tml_clock_now();

    for (size_t b = 0; b < batches && status == TML_OK; ++b)
        status = answer(a, error);
    *seconds = tml_clock_now() - from;
    status = tml_agree(world->comm, status, error);
    if (status != TML_OK)
        return status;
    return tml_mpi_check(MPI_Allreduce(MPI_IN_PLACE, seconds, 1, MPI_DOUBLE, MPI_MAX, world->comm),
                         "comparing times", error);
}

/* Of all answers, in the order of the samples: the ranks' shares follow each other. */
static tml_status digest_answers(const tml_world *world, const answering *a, tml_digest *digest,
                                 tml_error *error)
{
    uint64_t outputs = tml_network_outputs(&a->network);
    uint64_t sum = 0;
    tml_status status;

    for (uint64_t i = 0; i < a->share.count; ++i) {
        uint64_t parts[2] = {a->numbers[i],
                             tml_digest_64(a->answers + i * outputs, (size_t)outputs * sizeof(float))};

        sum += tml_digest_64(parts, sizeof parts);
    }
    status = tml_mpi_check(MPI_Allreduce(MPI_IN_PLACE, &sum, 1, MPI_UINT64_T, MPI_SUM, world->comm),
                           "identifying the answers", error);
    *digest = tml_digest_of(&sum, sizeof sum);
    return status;
}

static tml_status measure(const tml_world *world, const tml_step_request *request, answering *a,
                          tml_bench_figures *figures, tml_error *error)
{
    tml_bench_setting setting = tml_bench_setting_of(world, request->settings, &a->network, request->repeats);
    double samples = (double)setting.batch * (double)request->steps;
    double rates[TML_BENCH_REPEATS];
    tml_measurement machine;
    tml_digest digest;
    double seconds = 0.0;
    tml_status status = run_batches(world, a, WARM_BATCHES, &seconds, error);

    if (status == TML_OK)
        status = tml_measurement_begin(world, setting.threads, &machine, error);
    for (size_t r = 0; r < request->repeats && status == TML_OK; ++r) {
        status = run_batches(world, a, request->steps, &seconds, error);
        rates[r] = samples / seconds;
    }
    if (status == TML_OK)
        status = tml_measurement_end(world, &machine, error);
    if (status == TML_OK)
        status = digest_answers(world, a, &digest, error);
    if (status != TML_OK)
        return status;
    setting.reduction = NULL;
    setting.foreign_load = machine.foreign_load;
    tml_digest_text(&digest, setting.digest);
    tml_bench_add_rates(figures, &setting, "inference", rates, tml_network_operations(&a->network, false),
                        &machine);
    return TML_OK;
}

tml_status tml_bench_inference(const tml_world *world, const tml_step_request *request,
                               tml_bench_figures *figures, tml_error *error)
{
    answering a = {.settings = NULL};
    tml_status status = tml_settings_check(request->settings, error);

    if (status != TML_OK)
        return status;
    status = build(world, request, &a, error);
    if (status == TML_OK)
        status = fill(&a, error);
    status = tml_agree(world->comm, status, error);
    if (status == TML_OK)
        status = measure(world, request, &a, figures, error);
    free_answering(&a);
    return status;
}
