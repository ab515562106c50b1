#ifndef TML_INFERENCE_HELD_OUT_H
#define TML_INFERENCE_HELD_OUT_H

/** @file inference/held_out.h
 * How far a network is off on spectra of its grid that it was not trained on: the validation and test parts,
 * without noise. The errors near an answer say how much that answer owes to the network. */

#include <stddef.h>
#include <stdint.h>

#include "core/status.h"
#include "mpi/world.h"
#include "training/data_set.h"
#include "training/model.h"

/** Predictions and errors, in the targets' units but log10 where the network learns the logarithm. */
typedef struct tml_held_out {
    size_t targets;
    size_t count;
    double *prediction; /* [count][targets] */
    double *residual;   /* [count][targets] truth - prediction */
    double *spread;     /* [count][targets] that the network predicts; NULL if it predicts none */
} tml_held_out;

/** Most rows that are looked at (of a larger grid the first ones, which stand in random order), and most
 * neighbours of an answer. */
enum { TML_HELD_OUT_ROWS = 16384, TML_HELD_OUT_NEAR = 64 };

/** Run the network over the held-out parts. Collective over world->comm; arguments equal on all ranks.
 * @param data      loaded with the network's split and with most_wanted of a sweep for validation and test
 * @param held_out  out on all ranks, owned by the caller; count 0 if nothing was held out; all zero on
 * failure
 * @return the same on all ranks: as tml_sweep_run
 */
TML_NODISCARD tml_status tml_held_out_run(const tml_world *world, const tml_model *model,
                                          const tml_data_set *data, int threads, tml_held_out *held_out,
                                          tml_error *error);

/** The held-out rows whose predictions are nearest to an answer, in units of the targets' spread. Not
 * collective.
 * @param answer  [targets] as tml_held_out.prediction
 * @param wanted  at most this many, itself at most TML_HELD_OUT_NEAR
 * @param rows    out: [wanted] numbers of rows, nearest first
 * @return how many there are
 */
size_t tml_held_out_nearest(const tml_held_out *held_out, const tml_preparation *preparation,
                            const double *answer, size_t wanted, size_t *rows);

/** Free what it owns and zero it; a zeroed one is fine. */
void tml_held_out_free(tml_held_out *held_out);

#endif
