#ifndef TML_TRAINING_TRAINER_H
#define TML_TRAINING_TRAINER_H

/** @file training/trainer.h
 * Training a network on a grid with all ranks: from a configuration to a run directory with a model. */

#include <stdbool.h>
#include <stdint.h>

#include "core/digest.h"
#include "core/status.h"
#include "io/run_directory.h"
#include "mpi/world.h"
#include "training/phase_clock.h"
#include "training/settings.h"

/** What is to be done. */
typedef struct tml_train_job {
    const tml_settings *settings;
    const char *run_directory; /* NULL only in a dry run */
    tml_run_start start;
    bool dry_run;
    bool show_progress;
    double time_limit_s;      /* of this job: it stops with a checkpoint before; 0: none */
    const char *command_line; /* for the provenance, or NULL */
} tml_train_job;

/** How long a training will take, from measured steps. Of rank 0, the same on all ranks. */
typedef struct tml_train_estimate {
    double seconds; /* of the whole training: reading the grid, all epochs, checkpoints */
    double step_seconds;
    double validation_seconds; /* of one epoch */
    double checkpoint_seconds; /* of one; NaN: not known, and not contained in seconds */
} tml_train_estimate;

enum { TML_SPENT_HOST = 128 };

/** What the time of this job went for. On rank 0, after a training that came to its end; else all zero. */
typedef struct tml_train_spent {
    tml_spent_range use[TML_SPENT_KINDS];
    size_t slowest;            /* the busiest rank: most seconds of computing, communication and input */
    char host[TML_SPENT_HOST]; /* its computer */
} tml_train_spent;

/** What came of it. */
typedef struct tml_train_summary {
    uint64_t train_samples, validation_samples, test_samples;
    uint64_t parameters;
    uint64_t steps_per_epoch;
    int64_t epochs;     /* that have been run, over all jobs of the run */
    int64_t best_epoch; /* from 0 */
    int64_t steps;
    double best_loss;
    double seconds;            /* of training, over all jobs of the run */
    double samples_per_second; /* of this job */
    const char *stopped_by;    /* "patience", "epochs", "dry_run"; "signal", "stop_file", "time_limit" */
    char weights_digest[TML_DIGEST_TEXT]; /* of the weights that the model holds */
    tml_train_estimate expected;          /* of a dry run; all zero otherwise */
    tml_train_spent spent;
} tml_train_summary;

/** Train. Collective over world->comm; the job equal on all ranks.
 *
 * With the reduction `exact` the weights are the same bits for any number of ranks and threads.
 * @return the same on all ranks: TML_OK; those of the run directory, of the grid, of the configuration;
 *         TML_DIVERGED when a loss, a gradient or the validation loss of an epoch is not finite: nothing of
 *         that step is kept and the last checkpoint stays; TML_STOPPED when it was asked to stop (SIGUSR1 or
 * SIGTERM, a file STOP in the run directory, the time limit): a checkpoint is written and the summary filled
 */
TML_NODISCARD tml_status tml_train(const tml_world *world, const tml_train_job *job,
                                   tml_train_summary *summary, tml_error *error);

#endif
