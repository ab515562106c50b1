#include "training/sweep.h"

#include <stdlib.h>
#include <string.h>

#include "core/checked.h"
#include "core/memory.h"
#include "mpi/agree.h"
#include "training/batch_plan.h"

/* One sweep under way. */
typedef struct sweep {
    tml_sample_layout layout;
    tml_lane_team *team;
    const tml_prepared_weights *prepared;
    const tml_noise *noise;
    uint64_t epoch;
    size_t width;   /* outputs of a sample */
    float *outputs; /* [TML_SWEEP_LANES * lane size][width] */
} sweep;

size_t tml_sweep_wanted(size_t lane_size)
{
    return lane_size * TML_SWEEP_LANES;
}

size_t tml_sweep_fetch(size_t lane_size, int ranks)
{
    return tml_sweep_wanted(lane_size) * (size_t)ranks;
}

static tml_status run_lane(const sweep *s, int worker, size_t lane, const float *records,
                           const uint64_t *numbers, size_t count, tml_error *error)
{
    size_t size = tml_lane_team_lane_size(s->team);
    size_t first = lane * size;
    size_t filled = count - first < size ? count - first : size;
    const float *output;
    tml_status status = tml_lane_team_fill(s->team, worker, records + first * tml_sample_length(s->layout),
                                           numbers + first, filled, s->noise, s->epoch, error);

    if (status != TML_OK)
        return status;
    output = tml_lane_predict_first(tml_lane_team_lane(s->team, worker), filled, s->prepared);
    memcpy(s->outputs + first * s->width, output, filled * s->width * sizeof *output);
    return TML_OK;
}

/* This rank's samples of a round, its lanes dealt to the threads. */
static tml_status run_round(const sweep *s, const float *records, const uint64_t *numbers, size_t count,
                            tml_error *error)
{
    size_t size = tml_lane_team_lane_size(s->team);
    int lanes = (int)tml_divide_up(count, size);
    int threads = tml_lane_team_threads(s->team);
    tml_status worst = TML_OK;

#pragma omp parallel for num_threads(threads) schedule(static)
    for (int worker = 0; worker < threads; ++worker)
        for (int lane = worker; lane < lanes; lane += threads) {
            tml_error local = {0, ""};
            tml_status status = run_lane(s, worker, (size_t)lane, records, numbers, count, &local);

            if (status != TML_OK) {
#pragma omp critical
                {
                    worst = status;
                    *error = local;
                }
            }
        }
    return worst;
}

static tml_status run_rounds(MPI_Comm comm, const sweep *s, tml_sample_store *store, tml_batch_plan *plan,
                             tml_sweep_visit *visit, void *context, tml_error *error)
{
    uint64_t total = tml_sample_store_total(store);
    uint64_t rounds = tml_sweep_rounds(plan, total, TML_SWEEP_LANES);
    int rank = 0;
    tml_status status = TML_OK;

    MPI_Comm_rank(comm, &rank);
    for (uint64_t round = 0; round < rounds && status == TML_OK; ++round) {
        const float *records = NULL;
        const uint64_t *numbers;
        size_t count;

        tml_batch_plan_sweep(plan, total, TML_SWEEP_LANES, round);
        numbers = plan->samples + plan->boundaries[rank];
        count = (size_t)(plan->boundaries[rank + 1] - plan->boundaries[rank]);
        status = tml_sample_store_fetch_begin(store, 0, plan->samples, plan->boundaries, error);
        if (status == TML_OK)
            status = tml_sample_store_fetch_finish(store, 0, &records, error);
        if (status == TML_OK)
            status = run_round(s, records, numbers, count, error);
        if (status == TML_OK)
            status = visit(context, records, numbers, count, s->outputs, error);
        status = tml_agree(comm, status, error);
    }
    return status;
}

tml_status tml_sweep_run(MPI_Comm comm, tml_sample_store *store, tml_sample_layout layout,
                         tml_lane_team *team, const tml_prepared_weights *prepared, const tml_noise *noise,
                         uint64_t epoch, tml_sweep_visit *visit, void *context, tml_error *error)
{
    sweep s = {layout, team, prepared, noise, epoch, tml_lane_team_outputs(team), NULL};
    size_t lane_size = tml_lane_team_lane_size(team);
    tml_batch_plan plan = {0};
    int ranks = 1;
    tml_status status;

    MPI_Comm_size(comm, &ranks);
    status = tml_batch_plan_create(lane_size, tml_sweep_fetch(lane_size, ranks), ranks, &plan, error);
    if (status == TML_OK)
        status = tml_array_create(TML_SWEEP_LANES * lane_size * s.width, sizeof(float), "outputs", &s.outputs,
                                  error);
    status = tml_agree(comm, status, error);
    if (status == TML_OK)
        status = run_rounds(comm, &s, store, &plan, visit, context, error);
    free(s.outputs);
    tml_batch_plan_free(&plan);
    return status;
}
