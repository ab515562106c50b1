#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/log.h"
#include "mpi/agree.h"
#include "network/initialise.h"
#include "training/trainer_private.h"

/* Steps that are not counted, least that are, and how long they may take. */
enum { WARM_STEPS = 2, LEAST_STEPS = 3, MOST_STEPS = 200 };
static const double TRIAL_SECONDS = 2.0;

/* `steps` steps, through epochs as they come. */
static tml_status run_steps(tml_trainer *trainer, uint64_t steps, double *seconds, tml_error *error)
{
    uint64_t of_epoch = tml_batch_count(tml_sample_store_total(trainer->data.part[TML_PART_TRAIN]),
                                        (uint64_t)trainer->settings->batch_global);
    const char *ignored = NULL;
    double from = tml_clock_now();
    tml_status status = TML_OK;

    while (steps > 0 && status == TML_OK) {
        uint64_t left = of_epoch - (uint64_t)trainer->now.step_in_epoch;
        uint64_t count = steps < left ? steps : left;

        status = tml_trainer_run_steps(trainer, count, &ignored, error);
        steps -= count;
        if (count == left) {
            trainer->now.epoch += 1;
            trainer->now.step_in_epoch = 0;
        }
    }
    *seconds = tml_clock_now() - from;
    return status;
}

/* All ranks go on with what rank 0 has measured. */
static tml_status share(const tml_trainer *trainer, double *seconds, tml_error *error)
{
    return tml_mpi_check(MPI_Bcast(seconds, 1, MPI_DOUBLE, 0, trainer->world->comm), "sharing a time", error);
}

static tml_status time_steps(tml_trainer *trainer, double *step_seconds, tml_error *error)
{
    double seconds = 0.0;
    uint64_t steps = WARM_STEPS;
    tml_status status = run_steps(trainer, steps, &seconds, error);

    if (status == TML_OK)
        status = share(trainer, &seconds, error);
    if (status != TML_OK)
        return status;
    steps = (uint64_t)fmin(MOST_STEPS, TRIAL_SECONDS * WARM_STEPS / fmax(seconds, 1e-6));
    steps = steps < LEAST_STEPS ? LEAST_STEPS : steps;
    status = run_steps(trainer, steps, &seconds, error);
    *step_seconds = seconds / (double)steps;
    return status == TML_OK ? share(trainer, step_seconds, error) : status;
}

static tml_status time_validation(tml_trainer *trainer, double *seconds, tml_error *error)
{
    double losses[TML_LOSS_TARGETS];
    double from = tml_clock_now();
    tml_status status = tml_trainer_validate(trainer, false, losses, error);

    *seconds = tml_clock_now() - from;
    return status == TML_OK ? share(trainer, seconds, error) : status;
}

/* A folder of our own where the run directory will be made. */
static bool make_trial_folder(const char *run, char *folder, size_t room)
{
    const char *slash = strrchr(run, '/');
    int above = slash != NULL ? (int)(slash - run) + 1 : 0;
    int length = snprintf(folder, room, "%.*s.telescopeml-trial-XXXXXX", above, run);

    return length > 0 && (size_t)length < room && mkdtemp(folder) != NULL;
}

/* Rank 0: a checkpoint into a folder of its own, which is removed again. */
static double time_checkpoint(const tml_trainer *trainer)
{
    char folder[TML_PATH_LENGTH];
    char path[TML_PATH_LENGTH];
    tml_error failure = {0, ""};
    double from;
    double seconds = NAN;

    if (trainer->job->run_directory == NULL ||
        !make_trial_folder(trainer->job->run_directory, folder, sizeof folder))
        return NAN;
    from = tml_clock_now();
    if (!tml_path_join(path, sizeof path, folder, "trial.h5") ||
        tml_checkpoint_write(path, &trainer->now, &trainer->arrays, "", "", &failure) != TML_OK) {
        tml_log(TML_LOG_DETAIL, "no checkpoint on trial: %s", failure.message);
    } else {
        seconds = tml_clock_now() - from;
        (void)unlink(path);
    }
    if (rmdir(folder) != 0)
        tml_log(TML_LOG_DETAIL, "the folder %s could not be removed", folder);
    return seconds;
}

/* The whole training: the grid, epochs with their validation, and the checkpoints at the end of them. */
static double whole(const tml_trainer *trainer, double loading, const tml_train_estimate *estimate)
{
    const tml_settings *settings = trainer->settings;
    double epochs = (double)settings->epochs;
    double steps = (double)tml_batch_count(tml_sample_store_total(trainer->data.part[TML_PART_TRAIN]),
                                           (uint64_t)settings->batch_global);
    double checkpoints = ceil(epochs / (double)settings->checkpoint_epochs);
    double seconds = loading + epochs * (steps * estimate->step_seconds + estimate->validation_seconds);

    if (!isnan(estimate->checkpoint_seconds))
        seconds += checkpoints * estimate->checkpoint_seconds;
    return seconds;
}

static tml_status measure(tml_trainer *trainer, tml_train_estimate *estimate, tml_error *error)
{
    double loading = tml_clock_now() - trainer->started;
    tml_status status = share(trainer, &loading, error);

    if (status == TML_OK)
        status = time_steps(trainer, &estimate->step_seconds, error);
    if (status == TML_OK)
        status = time_validation(trainer, &estimate->validation_seconds, error);
    if (status != TML_OK)
        return status;
    estimate->checkpoint_seconds = trainer->world->rank == 0 ? time_checkpoint(trainer) : (double)NAN;
    status = share(trainer, &estimate->checkpoint_seconds, error);
    estimate->seconds = whole(trainer, loading, estimate);
    return status;
}

tml_status tml_trainer_estimate(tml_trainer *trainer, tml_train_estimate *estimate, tml_error *error)
{
    const tml_train_job *asked = trainer->job;
    tml_train_job job = *asked;
    tml_checkpoint_numbers before = trainer->now;
    tml_status status;

    job.time_limit_s = 0.0;
    trainer->job = &job;
    trainer->now.parameter_count = (int64_t)trainer->network.parameter_count;
    trainer->now.target_count = (int64_t)trainer->settings->targets.count;
    trainer->last_save = tml_clock_now();
    trainer->last_stop_look = INFINITY; /* there is no folder in which a file STOP could lie */
    status = tml_node_weights_initialise(trainer->weights, &trainer->network,
                                         (uint64_t)trainer->settings->seed, error);
    if (status == TML_OK)
        status = measure(trainer, estimate, error);
    trainer->job = asked;
    trainer->now = before;
    return status;
}
