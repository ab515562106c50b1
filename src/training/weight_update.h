#ifndef TML_TRAINING_WEIGHT_UPDATE_H
#define TML_TRAINING_WEIGHT_UPDATE_H

/** @file training/weight_update.h
 * One step of the optimiser on a part of the weights, shared by the threads of a rank: the same bits for any
 * parts and any number of threads. Not collective. */

#include <stddef.h>
#include <stdint.h>

#include "mpi/share.h"
#include "network/adam.h"

/** What a step changes; borrowed. */
typedef struct tml_weight_arrays {
    float *weights; /* [count] */
    float *first_moment;
    float *second_moment;
} tml_weight_arrays;

/** What a step is. */
typedef struct tml_weight_step {
    const tml_adam *adam;
    uint64_t number;  /* of the step, from 1 */
    uint64_t samples; /* of the batch */
    double clip_norm; /* greatest norm of the gradient's mean over the batch; a longer one is shortened; 0:
                         none is */
    int threads;      /* that share the work */
} tml_weight_step;

/** Take the step on a part of the weights. Denormals are zeros in it.
 * @param count     of all weights
 * @param part      of them that change
 * @param gradient  [count] summed over the batch, finite; all of it counts for the clipping
 */
void tml_weight_update(const tml_weight_step *step, size_t count, tml_share part, const float *gradient,
                       const tml_weight_arrays *arrays);

#endif
