#include <math.h>
#include <string.h>

#include "core/clock.h"
#include "mpi/agree.h"
#include "mpi/exact_reduce.h"
#include "mpi/watchdog.h"
#include "training/sweep.h"
#include "training/trainer_private.h"

double tml_trainer_weighted(const tml_loss *loss, size_t targets, const double *sum, double count)
{
    double total = 0.0;

    for (size_t t = 0; t < targets; ++t)
        total += loss->weight[t] * sum[t];
    return total / count;
}

/* Losses of a validation sweep on one rank, added exactly. */
typedef struct validation {
    const tml_trainer *trainer;
    bool may_stop;
    tml_exact_sum sum[TML_LOSS_TARGETS];
    uint64_t bad;
} validation;

static tml_status add_validation(void *context, const float *records, const uint64_t *numbers, size_t count,
                                 const float *outputs, tml_error *error)
{
    validation *v = context;
    tml_sample_layout layout = v->trainer->data.layout;
    size_t width = tml_network_outputs(&v->trainer->network);
    const tml_real one = 1;
    const char *wish = v->may_stop ? tml_trainer_urgent_wish(v->trainer) : NULL;

    (void)numbers;
    tml_watchdog_beat(TML_PHASE_VALIDATING);
    if (wish != NULL)
        return TML_FAIL(error, TML_STOPPED, "%s", wish);
    for (size_t i = 0; i < count; ++i) {
        const float *record = records + i * tml_sample_length(layout);
        double loss[TML_LOSS_TARGETS];

        tml_loss_of_lane(&v->trainer->loss, 1, layout.targets, &one, outputs + i * width,
                         tml_sample_learned(layout, record), loss, NULL);
        for (size_t t = 0; t < layout.targets; ++t)
            if (isfinite(loss[t]))
                tml_exact_sum_add(&v->sum[t], loss[t]);
            else
                v->bad += 1;
    }
    return TML_OK;
}

tml_status tml_trainer_validate(tml_trainer *trainer, bool may_stop, double *loss, tml_error *error)
{
    tml_sample_store *store = trainer->data.part[TML_PART_VALIDATION];
    uint64_t total = tml_sample_store_total(store);
    size_t targets = trainer->data.layout.targets;
    tml_noise quiet = {0};
    validation v = {.trainer = trainer, .may_stop = may_stop};
    tml_status status;

    for (size_t t = 0; t < targets; ++t)
        loss[t] = NAN;
    if (total == 0)
        return TML_OK;
    tml_watchdog_beat(TML_PHASE_VALIDATING);
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

    (void)tml_phase_clock_enter(&trainer->clock, TML_SPENT_FILES);
    if (trainer->world->rank == 0) {
        status = tml_history_file_append(trainer->history, row, error);
        if (status == TML_OK)
            status = tml_metrics_file_flush(trainer->metrics, error);
    }
    tml_progress_epoch_done(&trainer->progress, &shown);
    status = tml_agree(trainer->world->comm, status, error);
    (void)tml_phase_clock_enter(&trainer->clock, TML_SPENT_COMPUTE);
    return status;
}

/* Rate of the last step: from its number, since a resumed epoch may have no step left to run. */
static double last_rate(const tml_trainer *trainer)
{
    return tml_schedule_rate(&trainer->schedule, (uint64_t)trainer->now.step - 1, trainer->now.plateau_cuts);
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

/* After the rate of the epoch is recorded. */
static void update_plateau(tml_trainer *trainer, bool improved)
{
    tml_plateau before = {trainer->now.plateau_waited, trainer->now.plateau_cuts};
    tml_plateau after = tml_plateau_after(&trainer->schedule, before, improved);

    trainer->now.plateau_waited = after.waited;
    trainer->now.plateau_cuts = after.cuts;
}

static void begin_next_epoch(tml_trainer *trainer)
{
    trainer->now.epoch += 1;
    trainer->now.step_in_epoch = 0;
    trainer->now.samples = 0;
    memset(trainer->now.loss_sum, 0, sizeof trainer->now.loss_sum);
}

tml_status tml_trainer_close_epoch(tml_trainer *trainer, tml_early_stop_verdict *verdict, tml_error *error)
{
    size_t targets = trainer->data.layout.targets;
    double started = tml_clock_now();
    double samples = (double)trainer->now.samples;
    tml_history_row row = {
        .epoch = trainer->now.epoch, .step = trainer->now.step, .learning_rate = last_rate(trainer)};
    tml_status status = check_weights(trainer, error);

    (void)tml_phase_clock_enter(&trainer->clock, TML_SPENT_VALIDATION);
    if (status == TML_OK)
        status = tml_trainer_validate(trainer, true, row.target_validation_loss, error);
    (void)tml_phase_clock_enter(&trainer->clock, TML_SPENT_COMPUTE);
    if (status != TML_OK)
        return status;
    trainer->now.seconds += tml_clock_now() - started;
    row.seconds = trainer->now.seconds;
    row.train_loss = tml_trainer_weighted(&trainer->loss, targets, trainer->now.loss_sum, samples);
    row.validation_loss = tml_trainer_weighted(&trainer->loss, targets, row.target_validation_loss, 1.0);
    for (size_t t = 0; t < targets; ++t)
        row.target_train_loss[t] = trainer->now.loss_sum[t] / samples;
    *verdict = tml_early_stop_update(&trainer->stop, trainer->now.epoch,
                                     trainer->settings->monitor == TML_MONITOR_TRAIN ? row.train_loss
                                                                                     : row.validation_loss);
    if (*verdict == TML_EARLY_STOP_IMPROVED)
        status = tml_node_weights_keep_best(trainer->weights, error);
    if (status != TML_OK)
        return status;
    status = record_epoch(trainer, &row, error);
    update_plateau(trainer, *verdict == TML_EARLY_STOP_IMPROVED);
    begin_next_epoch(trainer);
    return status;
}
