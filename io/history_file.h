#ifndef TML_IO_HISTORY_FILE_H
#define TML_IO_HISTORY_FILE_H

/** @file io/history_file.h
 * history.csv: one row per epoch of a training, for plots, tests and people.
 *
 * Columns: epoch,step,seconds,learning_rate,train_loss,validation_loss, then train_loss_NAME for each target,
 * then validation_loss_NAME for each target. Numbers read back to the same double; "nan" is a loss that was
 * not measured. Each row is in the file when append returns. io/history.h reads it. Not collective: one rank
 * writes.
 */

#include <stddef.h>
#include <stdint.h>

#include "core/status.h"

enum { TML_HISTORY_TARGETS = 16 };

/** One epoch, counted from 0. */
typedef struct tml_history_row {
    int64_t epoch;
    int64_t step;   /* optimiser steps since the start, at the end of the epoch */
    double seconds; /* of computing since the start, over all jobs of the run; written to the microsecond */
    double learning_rate;
    double train_loss;
    double validation_loss;
    double target_train_loss[TML_HISTORY_TARGETS];      /* [target_count], weights not applied */
    double target_validation_loss[TML_HISTORY_TARGETS]; /* [target_count] */
} tml_history_row;

typedef struct tml_history_file tml_history_file;

/** Begin a new history; an existing one is replaced.
 * @param names         [target_count] short names without commas, quotes and newlines, borrowed
 * @param target_count  at most TML_HISTORY_TARGETS
 * @param file          out, owned by the caller (tml_history_file_close); NULL on failure
 * @return TML_OK, TML_CANNOT_CREATE, TML_IO_ERROR or TML_INTERNAL
 */
TML_NODISCARD tml_status tml_history_file_create(const char *path, const char *const *names,
                                                 size_t target_count, tml_history_file **file,
                                                 tml_error *error);

/** Take up a history: rows of epochs before `epoch` stay, later ones, blank and unreadable ones go. A history
 * that is not there is begun.
 * @param epoch  the first epoch that this job computes
 * @return as create, or TML_BAD_DATA when its columns are those of another run; the file is then unchanged
 */
TML_NODISCARD tml_status tml_history_file_resume(const char *path, const char *const *names,
                                                 size_t target_count, int64_t epoch, tml_history_file **file,
                                                 tml_error *error);

/** Write one row.
 * @return TML_OK or TML_IO_ERROR (disk full): the file then ends with the row before
 */
TML_NODISCARD tml_status tml_history_file_append(tml_history_file *file, const tml_history_row *row,
                                                 tml_error *error);

/** Bring to disk and close. Frees the object and sets the pointer to NULL in any case; NULL is fine.
 * @return TML_OK or TML_IO_ERROR
 */
TML_NODISCARD tml_status tml_history_file_close(tml_history_file **file, tml_error *error);

#endif
