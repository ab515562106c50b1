#ifndef TML_BENCH_STEP_RIG_H
#define TML_BENCH_STEP_RIG_H

/** @file bench/step_rig.h
 * A training without a grid: spectra that it makes itself, spread over the ranks, and the same step as the
 * trainer's (src/training/trainer_loop.c), part by part with a clock in between. */

#include <stddef.h>
#include <stdint.h>

#include "core/digest.h"
#include "core/status.h"
#include "mpi/world.h"
#include "network/architecture.h"
#include "training/settings.h"

typedef struct tml_step_rig tml_step_rig;

/** Parts of a step. Those up to TML_STEP_GRADIENT are worked on by all threads of a rank. */
typedef enum tml_step_part {
    TML_STEP_FILL, /* records to the network's input */
    TML_STEP_CONVOLUTION_FORWARD,
    TML_STEP_CONVOLUTION_BACKWARD,
    TML_STEP_DENSE_FORWARD,
    TML_STEP_DENSE_BACKWARD,
    TML_STEP_POOL, /* forward and backward, as the two below */
    TML_STEP_LOSS,
    TML_STEP_OTHER,     /* layers that are neither */
    TML_STEP_GRADIENT,  /* the lanes' gradients added up within the rank */
    TML_STEP_FETCH,     /* records of other ranks */
    TML_STEP_PREPARE,   /* weights as the passes need them */
    TML_STEP_LOSSES,    /* losses told to each other; waiting for the slowest rank is in here */
    TML_STEP_REDUCTION, /* the ranks' gradients added up */
    TML_STEP_OPTIMISER,
    TML_STEP_PARTS
} tml_step_part;

/** Make one. Collective over world->comm.
 * @param world, settings  borrowed for the rig's life; settings->batch_global is the batch of all ranks
 * @param wavelengths      of the spectra
 * @param rig              out, owned by the caller; NULL on failure
 * @return the same on all ranks: TML_OK, TML_CONFIG or TML_INTERNAL
 */
TML_NODISCARD tml_status tml_step_rig_create(const tml_world *world, const tml_settings *settings,
                                             size_t wavelengths, tml_step_rig **rig, tml_error *error);

/** Free; sets the pointer to NULL; NULL is fine. Collective. */
void tml_step_rig_destroy(tml_step_rig **rig);

/** Back to the weights of the beginning and step 0; the clocks to 0. Collective.
 * @return the same on all ranks: TML_OK or TML_INTERNAL
 */
TML_NODISCARD tml_status tml_step_rig_reset(tml_step_rig *rig, tml_error *error);

/** One step. Collective.
 * @return the same on all ranks: TML_OK, TML_DIVERGED or TML_INTERNAL
 */
TML_NODISCARD tml_status tml_step_rig_run(tml_step_rig *rig, tml_error *error);

/** Seconds that this rank spent in a part since the last reset, mean over its threads. Not collective. */
double tml_step_rig_seconds(const tml_step_rig *rig, tml_step_part part);

/** The network, and the digest of its weights. Borrowed. Not collective. */
const tml_network *tml_step_rig_network(const tml_step_rig *rig);
tml_digest tml_step_rig_digest(const tml_step_rig *rig);

#endif
