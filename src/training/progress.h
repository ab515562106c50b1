#ifndef TML_TRAINING_PROGRESS_H
#define TML_TRAINING_PROGRESS_H

/** @file training/progress.h
 * How far a training is, for people: on a terminal one line that is redrawn, in a job's log a plain line now
 * and then. Rank 0 only, standard error; never an input of a decision. Not collective. */

#include <stdbool.h>
#include <stdint.h>

typedef struct tml_progress {
    bool is_on;
    bool is_terminal;
    int64_t epochs; /* most that will be run */
    int64_t first_epoch;
    double started;
    double last_shown;
    int64_t last_epoch_shown;
    double samples; /* since the start of this job */
} tml_progress;

/** What is shown at the end of an epoch. */
typedef struct tml_progress_epoch {
    int64_t epoch; /* from 0 */
    double train_loss;
    double validation_loss; /* NaN if there is none */
    double best_loss;
    int64_t best_epoch;
} tml_progress_epoch;

/** Begin. @param is_on  false on ranks other than 0, with -q and with --no-progress */
void tml_progress_begin(tml_progress *progress, bool is_on, int64_t epochs, int64_t first_epoch);

/** A step is done: redraws the line of a terminal a few times per second. */
void tml_progress_step(tml_progress *progress, int64_t epoch, uint64_t step, uint64_t steps,
                       uint64_t samples);

/** An epoch is done: on a terminal a redrawn line, in a log a line every 5 % of the epochs or 30 s. */
void tml_progress_epoch_done(tml_progress *progress, const tml_progress_epoch *epoch);

/** End: leave the terminal's line. */
void tml_progress_end(tml_progress *progress);

/** Spectra per second since the start of this job. */
double tml_progress_rate(const tml_progress *progress);

#endif
