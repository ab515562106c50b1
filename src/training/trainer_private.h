#ifndef TML_TRAINING_TRAINER_PRIVATE_H
#define TML_TRAINING_TRAINER_PRIVATE_H

/** @file training/trainer_private.h
 * The state of a training, shared by trainer.c (set-up), trainer_loop.c (epochs and steps), trainer_resume.c
 * and trainer_files.c (checkpoints and results). */

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

    tml_block *block; /* holds the arrays and the prepared kernels */
    tml_checkpoint_arrays arrays;
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

/* ---- trainer_wishes.c ---- */

/** Put what this rank wishes for - a checkpoint, a stop - into the report of the step. Not collective. */
void tml_trainer_wish(tml_trainer *trainer);

/** Do what any rank has wished for in the step that is done. Collective; the same on all ranks.
 * @param stopped_by  out when it stops: "signal", "stop_file" or "time_limit"
 * @return TML_OK: go on; TML_STOPPED: a checkpoint is written, end the job; or an error of the checkpoint
 */
TML_NODISCARD tml_status tml_trainer_obey(tml_trainer *trainer, const char **stopped_by, tml_error *error);

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

/** Write model.h5 with the best weights and ranks.csv, close history and metrics. Collective. */
TML_NODISCARD tml_status tml_trainer_finish_files(tml_trainer *trainer, tml_error *error);

#endif
