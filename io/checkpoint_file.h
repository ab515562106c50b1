#ifndef TML_IO_CHECKPOINT_FILE_H
#define TML_IO_CHECKPOINT_FILE_H

/** @file io/checkpoint_file.h
 * The state of a training in HDF5, from which it goes on as if it had not stopped, on any number of ranks.
 * Written by one rank with plain writes, complete or not at all. Not collective. */

#include <stddef.h>
#include <stdint.h>

#include "core/status.h"
#include "io/path.h"

enum { TML_CHECKPOINT_TARGETS = 16 };

/** Everything but arrays: plain data, sent between ranks as bytes. */
typedef struct tml_checkpoint_numbers {
    int64_t epoch;         /* the epoch that is next or under way, from 0 */
    int64_t step_in_epoch; /* steps of it that are done */
    int64_t step;          /* steps done since the start */
    int64_t samples;       /* of this epoch that are in loss_sum */
    double loss_sum[TML_CHECKPOINT_TARGETS];
    double seconds; /* spent since the start */
    double best_loss;
    int64_t best_epoch;
    int64_t waited;         /* epochs without an improvement */
    int64_t plateau_waited; /* the same since the last cut of the learning rate */
    int64_t plateau_cuts;
    int64_t parameter_count;
    int64_t target_count;
    char grid_digest[40];
} tml_checkpoint_numbers;

/** The flat vectors, [parameter_count] each. */
typedef struct tml_checkpoint_arrays {
    float *weights;
    float *first_moment;
    float *second_moment;
    float *best; /* weights of the best epoch */
} tml_checkpoint_arrays;

/** Path of the checkpoint after a step: DIR/step-00001234.h5. @param path out, TML_PATH_LENGTH */
void tml_checkpoint_path(const char *folder, int64_t step, char *path);

/** Write one.
 * @param configuration  YAML as in used_parameters.yml   @param provenance  lines name=value
 * @return TML_OK, TML_CANNOT_CREATE or TML_IO_ERROR; earlier checkpoints are untouched in any case */
TML_NODISCARD tml_status tml_checkpoint_write(const char *path, const tml_checkpoint_numbers *numbers,
                                              const tml_checkpoint_arrays *arrays, const char *configuration,
                                              const char *provenance, tml_error *error);

/** Read the numbers and the configuration.
 * @param configuration  out, on the heap, owned by the caller; NULL on failure */
TML_NODISCARD tml_status tml_checkpoint_read_numbers(const char *path, tml_checkpoint_numbers *numbers,
                                                     char **configuration, tml_error *error);

/** Read the arrays into the caller's vectors. */
TML_NODISCARD tml_status tml_checkpoint_read_arrays(const char *path, size_t parameter_count,
                                                    const tml_checkpoint_arrays *arrays, tml_error *error);

/** The steps for which the folder holds a checkpoint, newest first. Left-over partial files do not count.
 * @param steps  out, on the heap, owned by the caller; NULL on failure
 * @return TML_OK, TML_NO_INPUT (no such folder) or TML_IO_ERROR */
TML_NODISCARD tml_status tml_checkpoint_list(const char *folder, int64_t **steps, size_t *count,
                                             tml_error *error);

/** Remove what is no longer wanted after a checkpoint was written: all but the newest `keep` up to it, every
 * one above it (a resume has passed those over as damaged) and what an interrupted write has left.
 * @param newest  step of the checkpoint just written
 * @return TML_OK or TML_IO_ERROR */
TML_NODISCARD tml_status tml_checkpoint_prune(const char *folder, int64_t newest, size_t keep,
                                              tml_error *error);

#endif
