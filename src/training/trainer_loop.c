#include "training/trainer_private.h"

#include <math.h>
#include <omp.h>
#include <string.h>

#include "core/clock.h"
#include "core/log.h"
#include "core/permutation.h"
#include "mpi/agree.h"
#include "mpi/exact_reduce.h"
#include "training/sweep.h"

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

static double weighted(const tml_loss *loss, size_t targets, const double *sum, double count)
{
    double total = 0.0;

    for (size_t t = 0; t < targets; ++t)
        total += loss->weight[t] * sum[t];
    return total / count;
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
    const float *gradient = NULL;
    uint64_t bad = 0;
    tml_status status = tml_gradient_sum_finish(trainer->sum, &gradient, &bad, error);

    if (status != TML_OK)
        return status;
    if (bad > 0)
        return diverged(trainer, plan, "the gradient", error);
    tml_adam_step(&trainer->adam, (uint64_t)trainer->now.step + 1, 1.0 / (double)plan->count,
                  trainer->network.parameter_count, gradient, trainer->arrays.weights,
                  trainer->arrays.first_moment, trainer->arrays.second_moment);
    return TML_OK;
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

    trainer->adam.learning_rate = tml_schedule_rate(&trainer->schedule, (uint64_t)trainer->now.step);
    tml_prepare_weights(&trainer->network, &trainer->prepared);
    tml_gradient_sum_begin(trainer->sum, plan->lanes);
    tml_step_report_begin(&trainer->report, (size_t)plan->lanes);
    tml_trainer_wish(trainer);
    status = run_lanes(trainer, plan, records, error);
    status = tml_step_report_share(trainer->world->comm, &trainer->report, status, sum, error);
    if (status != TML_OK)
        return status;
    loss = weighted(&trainer->loss, targets, sum, (double)plan->count);
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

/* The steps of an epoch that are left. The next batch travels while this one is computed. */
static tml_status run_steps(tml_trainer *trainer, const char **stopped_by, tml_error *error)
{
    tml_sample_store *store = trainer->data.part[TML_PART_TRAIN];
    uint64_t total = tml_sample_store_total(store);
    uint64_t steps = tml_batch_count(total, (uint64_t)trainer->settings->batch_global);
    tml_permutation order = tml_permutation_create(total, (uint64_t)trainer->settings->seed,
                                                   TML_RANDOM_SHUFFLE, (uint64_t)trainer->now.epoch);
    uint64_t step = (uint64_t)trainer->now.step_in_epoch;
    tml_status status = step < steps ? start_fetch(trainer, &order, step, error) : TML_OK;

    for (; step < steps && status == TML_OK; ++step) {
        const float *records = NULL;

        if (step + 1 < steps)
            status = start_fetch(trainer, &order, step + 1, error);
        if (status == TML_OK)
            status = tml_sample_store_fetch_finish(store, (int)(step % 2), &records, error);
        if (status == TML_OK)
            status = run_step(trainer, &trainer->plan[step % 2], records, error);
        /* What can fail on one rank alone - a message, rank 0's files - is known to all before the next step.
         */
        status = tml_agree(trainer->world->comm, status, error);
        if (status == TML_OK)
            tml_progress_step(&trainer->progress, trainer->now.epoch, step, steps,
                              trainer->plan[step % 2].count);
        if (status == TML_OK)
            status = tml_trainer_obey(trainer, stopped_by, error);
    }
    return status;
}

/* Losses of a validation sweep on one rank, added exactly. */
typedef struct validation {
    const tml_trainer *trainer;
    tml_exact_sum sum[TML_LOSS_TARGETS];
    uint64_t bad;
} validation;

static tml_status add_validation(void *context, const float *records, const uint64_t *numbers, size_t count,
                                 const float *outputs, tml_error *error)
{
    validation *v = context;
    tml_sample_layout layout = v->trainer->data.layout;
    const tml_real one = 1;

    (void)numbers;
    (void)error;
    for (size_t i = 0; i < count; ++i) {
        const float *record = records + i * tml_sample_length(layout);
        double loss[TML_LOSS_TARGETS];

        tml_loss_of_lane(&v->trainer->loss, 1, layout.targets, &one, outputs + i * layout.targets,
                         tml_sample_learned(layout, record), loss, NULL);
        for (size_t t = 0; t < layout.targets; ++t)
            if (isfinite(loss[t]))
                tml_exact_sum_add(&v->sum[t], loss[t]);
            else
                v->bad += 1;
    }
    return TML_OK;
}

/* Mean loss of each target over the validation part, without noise; NaN if there is none. */
static tml_status validate(tml_trainer *trainer, double *loss, tml_error *error)
{
    tml_sample_store *store = trainer->data.part[TML_PART_VALIDATION];
    uint64_t total = tml_sample_store_total(store);
    size_t targets = trainer->data.layout.targets;
    tml_noise quiet = {0};
    validation v = {.trainer = trainer};
    tml_status status;

    for (size_t t = 0; t < targets; ++t)
        loss[t] = NAN;
    if (total == 0)
        return TML_OK;
    tml_prepare_weights(&trainer->network, &trainer->prepared);
    status = tml_sweep_run(trainer->world->comm, store, trainer->data.layout, trainer->team,
                           &trainer->prepared, &quiet, 0, add_validation, &v, error);
    if (status == TML_OK)
        status = tml_exact_reduce(trainer->world->comm, v.sum, targets, error);
    if (status == TML_OK)
        status = tml_mpi_check(
            MPI_Allreduce(MPI_IN_PLACE, &v.bad, 1, MPI_UINT64_T, MPI_SUM, trainer->world->comm), "validation",
            error);
    if (status == TML_OK && v.bad > 0)
        return TML_FAIL(
            error, TML_DIVERGED,
            "epoch %lld: the loss of the validation part is not finite; earlier checkpoints are "
            "good: lower optimiser.learning_rate, or look for outliers with telescopeml grid info",
            (long long)trainer->now.epoch + 1);
    for (size_t t = 0; t < targets && status == TML_OK; ++t)
        loss[t] = tml_exact_sum_value(&v.sum[t]) / (double)total;
    return status;
}

static tml_status record_epoch(tml_trainer *trainer, const tml_history_row *row, tml_error *error)
{
    tml_progress_epoch shown = {row->epoch, row->train_loss, row->validation_loss, trainer->stop.best_loss,
                                trainer->stop.best_epoch};
    tml_status status = TML_OK;

    if (trainer->world->rank == 0) {
        status = tml_history_file_append(trainer->history, row, error);
        if (status == TML_OK)
            status = tml_metrics_file_flush(trainer->metrics, error);
    }
    tml_progress_epoch_done(&trainer->progress, &shown);
    return tml_agree(trainer->world->comm, status, error);
}

/* Rate of the last step: from its number, since a resumed epoch may have no step left to run. */
static double last_rate(const tml_trainer *trainer)
{
    return tml_schedule_rate(&trainer->schedule, (uint64_t)trainer->now.step - 1);
}

/* A weight that is not finite must reach neither the model nor a checkpoint. */
static tml_status check_weights(const tml_trainer *trainer, tml_error *error)
{
    for (size_t i = 0; i < trainer->network.parameter_count; ++i)
        if (!isfinite(trainer->arrays.weights[i]))
            return TML_FAIL(error, TML_DIVERGED,
                            "epoch %lld: weight %zu is not finite; earlier checkpoints are good: lower "
                            "optimiser.learning_rate",
                            (long long)trainer->now.epoch + 1, i);
    return TML_OK;
}

/* The end of an epoch: validation, early stopping, records. @param verdict out, the same on all ranks */
static tml_status close_epoch(tml_trainer *trainer, tml_early_stop_verdict *verdict, tml_error *error)
{
    size_t targets = trainer->data.layout.targets;
    double started = tml_clock_now();
    double samples = (double)trainer->now.samples;
    tml_history_row row = {
        .epoch = trainer->now.epoch, .step = trainer->now.step, .learning_rate = last_rate(trainer)};
    tml_status status = check_weights(trainer, error);

    if (status == TML_OK)
        status = validate(trainer, row.target_validation_loss, error);

    if (status != TML_OK)
        return status;
    trainer->now.seconds += tml_clock_now() - started;
    row.seconds = trainer->now.seconds;
    row.train_loss = weighted(&trainer->loss, targets, trainer->now.loss_sum, samples);
    row.validation_loss = weighted(&trainer->loss, targets, row.target_validation_loss, 1.0);
    for (size_t t = 0; t < targets; ++t)
        row.target_train_loss[t] = trainer->now.loss_sum[t] / samples;
    if (tml_sample_store_total(trainer->data.part[TML_PART_VALIDATION]) > 0 && !isfinite(row.validation_loss))
        return TML_FAIL(
            error, TML_DIVERGED,
            "epoch %lld: the validation loss is not finite; earlier checkpoints are good: start again "
            "with a lower optimiser.learning_rate, or look for outliers with telescopeml grid "
            "info",
            (long long)trainer->now.epoch + 1);
    *verdict = tml_early_stop_update(&trainer->stop, trainer->now.epoch,
                                     trainer->settings->monitor == TML_MONITOR_TRAIN ? row.train_loss
                                                                                     : row.validation_loss);
    if (*verdict == TML_EARLY_STOP_IMPROVED)
        memcpy(trainer->arrays.best, trainer->arrays.weights,
               trainer->network.parameter_count * sizeof(float));
    status = record_epoch(trainer, &row, error);
    trainer->now.epoch += 1;
    trainer->now.step_in_epoch = 0;
    trainer->now.samples = 0;
    memset(trainer->now.loss_sum, 0, sizeof trainer->now.loss_sum);
    return status;
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

        status = run_steps(trainer, stopped_by, error);
        if (status == TML_OK)
            status = close_epoch(trainer, &verdict, error);
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
