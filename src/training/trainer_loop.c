#include "training/trainer_private.h"

#include <math.h>
#include <omp.h>
#include <string.h>

#include "core/clock.h"
#include "core/denormals.h"
#include "core/permutation.h"
#include "mpi/agree.h"
#include "mpi/watchdog.h"

/* Where the gradient of one lane goes. */
typedef struct lane_gradient {
    tml_gradient_sum *sum;
    int worker;
    uint64_t lane;
} lane_gradient;

static void add_gradient(void *context, size_t first, size_t count, const tml_real *values)
{
    const lane_gradient *target = context;

    tml_gradient_sum_add(target->sum, target->worker, target->lane, first, count, values);
}

static tml_status run_worker_lanes(tml_trainer *trainer, const tml_batch_plan *plan, const float *records,
                                   int worker, tml_error *error)
{
    tml_share lanes = tml_gradient_sum_worker_lanes(trainer->sum, worker);
    uint64_t start = plan->boundaries[trainer->world->rank];
    uint64_t end = plan->boundaries[trainer->world->rank + 1];

    for (uint64_t lane = lanes.first; lane < lanes.first + lanes.count; ++lane) {
        lane_gradient target = {trainer->sum, worker, lane};
        uint64_t first = lane * plan->lane;
        uint64_t left = end - first;
        size_t count = (size_t)(left < plan->lane ? left : plan->lane);
        tml_status status = tml_lane_team_fill(
            trainer->team, worker,
            records + (size_t)(first - start) * tml_sample_length(trainer->data.layout),
            plan->samples + first, count, &trainer->noise, (uint64_t)trainer->now.epoch, error);

        if (status != TML_OK)
            return status;
        tml_lane_train(tml_lane_team_lane(trainer->team, worker), &trainer->prepared, &trainer->loss,
                       (uint64_t)trainer->settings->seed, (uint64_t)trainer->now.step,
                       tml_step_report_lane(&trainer->report, (size_t)lane), add_gradient, &target);
    }
    return TML_OK;
}

/* This rank's lanes, its threads side by side. */
static tml_status run_lanes(tml_trainer *trainer, const tml_batch_plan *plan, const float *records,
                            tml_error *error)
{
    int threads = tml_lane_team_threads(trainer->team);
    tml_status worst = TML_OK;

#pragma omp parallel for num_threads(threads) schedule(static)
    for (int worker = 0; worker < threads; ++worker) {
        tml_error local = {0, ""};
        tml_status status = run_worker_lanes(trainer, plan, records, worker, &local);

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

/* Not a number or infinite: the weights are left as they are. */
static tml_status diverged(const tml_trainer *trainer, const tml_batch_plan *plan, const char *what,
                           tml_error *error)
{
    return TML_FAIL(
        error, TML_DIVERGED,
        "epoch %lld, step %lld: %s is not finite (samples %llu to %llu of the shuffled order); the weights "
        "were not changed, earlier checkpoints are good: start again with a lower "
        "optimiser.learning_rate, or look for outliers with telescopeml grid info",
        (long long)trainer->now.epoch + 1, (long long)trainer->now.step + 1, what,
        (unsigned long long)((uint64_t)trainer->now.step_in_epoch *
                             (uint64_t)trainer->settings->batch_global),
        (unsigned long long)((uint64_t)trainer->now.step_in_epoch *
                                 (uint64_t)trainer->settings->batch_global +
                             plan->count - 1));
}

static tml_status update_weights(tml_trainer *trainer, const tml_batch_plan *plan, tml_error *error)
{
    const tml_weight_step step = {&trainer->adam, (uint64_t)trainer->now.step + 1, plan->count,
                                  trainer->settings->clip_norm, tml_lane_team_threads(trainer->team)};
    const float *gradient = NULL;
    uint64_t bad = 0;
    tml_denormals before = tml_denormals_flush();
    tml_status status;

    if (trainer->world->size > 1)
        (void)tml_phase_clock_enter(&trainer->clock, TML_SPENT_COMMUNICATION);
    status = tml_gradient_sum_finish(trainer->sum, &gradient, &bad, error);
    (void)tml_phase_clock_enter(&trainer->clock, TML_SPENT_COMPUTE);
    tml_denormals_restore(before);
    if (status != TML_OK)
        return status;
    if (bad > 0)
        return diverged(trainer, plan, "the gradient", error);
    return tml_node_weights_step(trainer->weights, &step, gradient, error);
}

static tml_status record_step(tml_trainer *trainer, double loss, tml_error *error)
{
    tml_metrics_step line = {.step = trainer->now.step,
                             .epoch = trainer->now.epoch,
                             .loss = loss,
                             .learning_rate = trainer->adam.learning_rate,
                             .seconds = trainer->now.seconds};

    return trainer->metrics != NULL ? tml_metrics_file_add(trainer->metrics, &line, error) : TML_OK;
}

/* One step of the optimiser. */
static tml_status run_step(tml_trainer *trainer, const tml_batch_plan *plan, const float *records,
                           tml_error *error)
{
    size_t targets = trainer->data.layout.targets;
    double started = tml_clock_now();
    double sum[TML_LOSS_TARGETS];
    double loss;
    double elapsed;
    tml_status status;

    trainer->adam.learning_rate = tml_schedule_rate(&trainer->schedule, (uint64_t)trainer->now.step,
                                                    trainer->now.plateau_cuts);
    tml_prepare_weights(&trainer->network, &trainer->prepared);
    tml_gradient_sum_begin(trainer->sum, plan->lanes);
    tml_step_report_begin(&trainer->report, (size_t)plan->lanes);
    tml_trainer_wish(trainer);
    tml_watchdog_beat(TML_PHASE_COMPUTING);
    status = run_lanes(trainer, plan, records, error);
    tml_watchdog_beat(TML_PHASE_REDUCING);
    (void)tml_phase_clock_enter(&trainer->clock, TML_SPENT_WAITING);
    status = tml_step_report_share(trainer->world->comm, &trainer->report, status, sum, error);
    (void)tml_phase_clock_enter(&trainer->clock, TML_SPENT_COMPUTE);
    if (status != TML_OK)
        return status;
    loss = tml_trainer_weighted(&trainer->loss, targets, sum, (double)plan->count);
    if (!isfinite(loss))
        return diverged(trainer, plan, "the loss", error);
    status = update_weights(trainer, plan, error);
    if (status != TML_OK)
        return status;
    elapsed = tml_clock_now() - started;
    trainer->now.seconds += elapsed;
    trainer->step_seconds = elapsed > trainer->step_seconds ? elapsed : trainer->step_seconds;
    trainer->lanes_run += tml_gradient_sum_rank_lanes(trainer->sum).count;
    status = record_step(trainer, loss, error);
    for (size_t t = 0; t < targets; ++t)
        trainer->now.loss_sum[t] += sum[t];
    trainer->now.samples += (int64_t)plan->count;
    trainer->now.step += 1;
    trainer->now.step_in_epoch += 1;
    return status;
}

/* Samples of a step on their way. */
static tml_status start_fetch(tml_trainer *trainer, const tml_permutation *order, uint64_t step,
                              tml_error *error)
{
    tml_sample_store *store = trainer->data.part[TML_PART_TRAIN];
    tml_batch_plan *plan = &trainer->plan[step % 2];

    tml_batch_plan_shuffled(plan, order, tml_sample_store_total(store),
                            (uint64_t)trainer->settings->batch_global, step);
    return tml_sample_store_fetch_begin(store, (int)(step % 2), plan->samples, plan->boundaries, error);
}

/* The next batch travels while this one is computed. */
tml_status tml_trainer_run_steps(tml_trainer *trainer, uint64_t most, const char **stopped_by,
                                 tml_error *error)
{
    tml_sample_store *store = trainer->data.part[TML_PART_TRAIN];
    uint64_t total = tml_sample_store_total(store);
    uint64_t steps = tml_batch_count(total, (uint64_t)trainer->settings->batch_global);
    tml_permutation order = tml_permutation_create(total, (uint64_t)trainer->settings->seed,
                                                   TML_RANDOM_SHUFFLE, (uint64_t)trainer->now.epoch);
    uint64_t step = (uint64_t)trainer->now.step_in_epoch;
    uint64_t end = steps - step < most ? steps : step + most;
    tml_status status = step < end ? start_fetch(trainer, &order, step, error) : TML_OK;

    for (; step < end && status == TML_OK; ++step) {
        const float *records = NULL;

        tml_watchdog_beat(TML_PHASE_FETCHING);
        (void)tml_phase_clock_enter(&trainer->clock, TML_SPENT_INPUT);
        if (step + 1 < end)
            status = start_fetch(trainer, &order, step + 1, error);
        if (status == TML_OK)
            status = tml_sample_store_fetch_finish(store, (int)(step % 2), &records, error);
        (void)tml_phase_clock_enter(&trainer->clock, TML_SPENT_COMPUTE);
        if (status == TML_OK)
            status = run_step(trainer, &trainer->plan[step % 2], records, error);
        /* What can fail on one rank alone - a message, rank 0's files - is known to all before the next step.
         */
        (void)tml_phase_clock_enter(&trainer->clock, TML_SPENT_WAITING);
        status = tml_agree(trainer->world->comm, status, error);
        (void)tml_phase_clock_enter(&trainer->clock, TML_SPENT_COMPUTE);
        if (status == TML_OK)
            tml_progress_step(&trainer->progress, trainer->now.epoch, step, steps,
                              trainer->plan[step % 2].count);
        if (status == TML_OK)
            status = tml_trainer_obey(trainer, stopped_by, error);
    }
    return status;
}

/* A stop in the middle of the validation leaves a checkpoint before it. */
static tml_status close_epoch(tml_trainer *trainer, tml_early_stop_verdict *verdict, const char **stopped_by,
                              tml_error *error)
{
    tml_status status = tml_trainer_close_epoch(trainer, verdict, error);
    const char *reason;

    if (status != TML_STOPPED)
        return status;
    reason = strcmp(error->message, "signal") == 0 ? "signal" : "time_limit";
    return tml_trainer_stop(trainer, reason, stopped_by, error);
}

tml_status tml_trainer_run(tml_trainer *trainer, const char **stopped_by, tml_error *error)
{
    const tml_settings *settings = trainer->settings;
    tml_status status = TML_OK;

    *stopped_by = trainer->stop.waited >= settings->patience ? "patience" : "epochs";
    while (status == TML_OK && trainer->stop.waited < settings->patience &&
           trainer->now.epoch < settings->epochs) {
        tml_early_stop_verdict verdict = TML_EARLY_STOP_WAIT;
        bool is_last;

        status = tml_trainer_run_steps(trainer, UINT64_MAX, stopped_by, error);
        if (status == TML_OK)
            status = close_epoch(trainer, &verdict, stopped_by, error);
        if (status != TML_OK)
            break;
        is_last = verdict == TML_EARLY_STOP_NOW || trainer->now.epoch == settings->epochs;
        if (verdict == TML_EARLY_STOP_NOW)
            *stopped_by = "patience";
        if (is_last || trainer->now.epoch % settings->checkpoint_epochs == 0)
            status = tml_trainer_save(trainer, error);
    }
    return status;
}
