#ifndef TML_TRAINING_BATCH_PLAN_H
#define TML_TRAINING_BATCH_PLAN_H

/** @file training/batch_plan.h
 * Which samples make up a batch, and which rank runs them: pure arithmetic that every rank does alike.
 *
 * A batch is cut into lanes of a fixed number of samples; the last lane may be short. The lanes are dealt to
 * the ranks in contiguous parts (mpi/share.h). Not collective.
 */

#include <stddef.h>
#include <stdint.h>

#include "core/permutation.h"
#include "core/status.h"

/** A batch. `samples` and `boundaries` are the room that the plan was created with. */
typedef struct tml_batch_plan {
    uint64_t lane; /* samples of a full lane */
    int ranks;
    uint64_t lanes; /* of this batch */
    uint64_t count; /* samples of this batch */
    size_t room;
    uint64_t *samples; /* [room], the first `count` used: numbers of the samples in order */
    uint64_t
        *boundaries; /* [ranks + 1]: rank r runs samples[boundaries[r]] to samples[boundaries[r + 1] - 1] */
} tml_batch_plan;

/** Make room for batches of up to `room` samples. @param plan out, owned by the caller (tml_batch_plan_free)
 */
TML_NODISCARD tml_status tml_batch_plan_create(uint64_t lane, size_t room, int ranks, tml_batch_plan *plan,
                                               tml_error *error);

/** Free and zero; a zeroed one is fine. */
void tml_batch_plan_free(tml_batch_plan *plan);

/** Batches of an epoch: the last one holds what is left. */
uint64_t tml_batch_count(uint64_t total, uint64_t global);

/** The batch of one step: samples global * step and following of the shuffled order of `total` samples. */
void tml_batch_plan_shuffled(tml_batch_plan *plan, const tml_permutation *order, uint64_t total,
                             uint64_t global, uint64_t step);

/** One round of a sweep over all `total` samples in their order. The lanes of the whole are dealt out once,
 * so that each rank runs almost only samples that it holds; in every round a rank runs at most
 * `lanes_per_round` of its own.
 */
void tml_batch_plan_sweep(tml_batch_plan *plan, uint64_t total, uint64_t lanes_per_round, uint64_t round);

/** Rounds of such a sweep, the same on all ranks. */
uint64_t tml_sweep_rounds(const tml_batch_plan *plan, uint64_t total, uint64_t lanes_per_round);

#endif
