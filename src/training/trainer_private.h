#ifndef TML_TRAINING_TRAINER_PRIVATE_H
#define TML_TRAINING_TRAINER_PRIVATE_H

/** @file training/trainer_private.h
 * The state of a training, shared by trainer.c (set-up), trainer_loop.c (steps), trainer_epoch.c (what ends
 * an epoch), trainer_resume.c and trainer_files.c (checkpoints and results). */

#include "core/memory.h"
#include "io/checkpoint_file.h"
#include "io/history_file.h"
#include "io/metrics_file.h"
#include "io/path.h"
#include "mpi/gradient_sum.h"
#include "network/lane.h"
#include "statistics/early_stop.h"
#include "training/batch_plan.h"
#include "training/data_set.h"
#include "training/lane_team.h"
#include "training/node_weights.h"
#include "training/phase_clock.h"
#include "training/progress.h"
#include "training/step_report.h"
#include "training/trainer.h"

/** A file of this name in the run directory stops the training. */
#define TML_STOP_FILE "STOP"

typedef struct tml_trainer {
    const tml_world *world;
    const tml_train_job *job;
    const tml_settings *settings;

    tml_data_set data;
    tml_network network;
    tml_adam adam; /* its rate is that of the step under way */
    tml_schedule schedule;
    tml_loss loss;
    tml_noise noise;

    tml_node *node;
    tml_node_weights *weights;    /* one copy on each computer */
    tml_checkpoint_arrays arrays; /* of them */
    tml_block *block;             /* holds the prepared kernels */
    tml_prepared_weights prepared;

    tml_lane_team *team;
    tml_gradient_sum *sum;
    tml_step_report report;
    tml_batch_plan plan[2]; /* of the step under way and of the next one */

    tml_checkpoint_numbers now; /* where the training stands */
    tml_early_stop stop;
    double started; /* of this job, on the clock of rank 0, as the four below */
    double last_save;
    double last_stop_look; /* for the file STOP */
    double save_seconds;   /* the last checkpoint took */
    double step_seconds;   /* the longest step of this job took */
    uint64_t lanes_run;    /* by this rank */
    tml_phase_clock clock; /* of this rank */

    tml_run_directory *directory;
    tml_history_file *history; /* rank 0 only, as the two below */
    tml_metrics_file *metrics;
    tml_progress progress;
    char *configuration;
    char *provenance;
} tml_trainer;

/* ---- trainer_loop.c ---- */

/** All epochs that are left. Collective. @param stopped_by out: why it ended */
TML_NODISCARD tml_status tml_trainer_run(tml_trainer *trainer, const char **stopped_by, tml_error *error);

/** Steps of the epoch under way, at most `most` of those that are left. Collective. @param stopped_by as
 * above
 */
TML_NODISCARD tml_status tml_trainer_run_steps(tml_trainer *trainer, uint64_t most, const char **stopped_by,
                                               tml_error *error);

/* ---- trainer_estimate.c ---- */

/** Run some steps, a validation and (rank 0, if there is a run directory) a checkpoint, which is removed
 * again, and say how long the training will take. Collective. The weights are rubbish afterwards. */
TML_NODISCARD tml_status tml_trainer_estimate(tml_trainer *trainer, tml_train_estimate *estimate,
                                              tml_error *error);

/* ---- trainer_epoch.c ---- */

/** Sum over the targets, each with its weight, by count. */
double tml_trainer_weighted(const tml_loss *loss, size_t targets, const double *sum, double count);

/** Mean loss of each target over the validation part, without noise; NaN if there is none. Collective.
 * @param may_stop  a wish to stop that cannot wait ends it: TML_STOPPED, with the wish as the message and
 *                  nothing changed
 * @param loss  out: [targets] */
TML_NODISCARD tml_status tml_trainer_validate(tml_trainer *trainer, bool may_stop, double *loss,
                                              tml_error *error);

/** The end of an epoch: validation, early stopping, learning rate, records. Collective.
 * @param verdict  out, the same on all ranks
 * @return as the parts; TML_STOPPED as tml_trainer_validate: the epoch is still to be closed
 */
TML_NODISCARD tml_status tml_trainer_close_epoch(tml_trainer *trainer, tml_early_stop_verdict *verdict,
                                                 tml_error *error);

/* ---- trainer_wishes.c ---- */

/** Put what this rank wishes for - a checkpoint, a stop - into the report of the step. Not collective. */
void tml_trainer_wish(tml_trainer *trainer);

/** Do what any rank has wished for in the step that is done. Collective; the same on all ranks.
 * @param stopped_by  out when it stops: "signal", "stop_file" or "time_limit"
 * @return TML_OK: go on; TML_STOPPED: a checkpoint is written, end the job; or an error of the checkpoint
 */
TML_NODISCARD tml_status tml_trainer_obey(tml_trainer *trainer, const char **stopped_by, tml_error *error);

/** The wish of this rank that cannot wait for the next step: "signal", "time_limit" or NULL. Not collective.
 */
const char *tml_trainer_urgent_wish(const tml_trainer *trainer);

/** Write a checkpoint and stop. Collective. @param reason  of static storage, the same on all ranks
 * @param stopped_by  out: reason. @return TML_STOPPED, or an error of the checkpoint */
TML_NODISCARD tml_status tml_trainer_stop(tml_trainer *trainer, const char *reason, const char **stopped_by,
                                          tml_error *error);

/* ---- trainer_resume.c ---- */

/** Take up the newest valid checkpoint, if there is one. Collective. @param found out, the same on all ranks
 */
TML_NODISCARD tml_status tml_trainer_restore(tml_trainer *trainer, bool *found, tml_error *error);

/* ---- trainer_files.c ---- */

/** Path of a file in the run directory. @param path out, TML_PATH_LENGTH */
void tml_trainer_path(const tml_trainer *trainer, const char *name, char path[TML_PATH_LENGTH]);

/** Write used_parameters.yml and provenance.json, open history and metrics. Collective. */
TML_NODISCARD tml_status tml_trainer_open_files(tml_trainer *trainer, bool resumed, tml_error *error);

/** Write a checkpoint and remove old ones. Collective. */
TML_NODISCARD tml_status tml_trainer_save(tml_trainer *trainer, tml_error *error);

/** Write model.h5 with the best weights, close history and metrics. Collective. */
TML_NODISCARD tml_status tml_trainer_finish_files(tml_trainer *trainer, tml_error *error);

/* ---- trainer_ranks.c ---- */

/** Write ranks.csv and phases.csv. Collective. @param spent out: on rank 0; else left alone */
TML_NODISCARD tml_status tml_trainer_write_ranks(tml_trainer *trainer, tml_train_spent *spent,
                                                 tml_error *error);

#endif
