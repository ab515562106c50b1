#ifndef TML_MPI_GRADIENT_SUM_H
#define TML_MPI_GRADIENT_SUM_H

/** @file mpi/gradient_sum.h
 * Sum of the lane gradients of one step over all ranks. Knows spans of numbers, not layers.
 *
 * exact: the sum is formed in the order of mpi/lane_tree.h, so it is the same to the bit for any number of
 * ranks and threads. Each rank completes one slice of the vector from the tree's nodes of all ranks: those of
 * its own computer it reads where they stand, in shared memory, those of other computers' ranks come as
 * messages. A computer holds the sum once; each finished slice goes once to each other computer. fast: each
 * rank adds its lanes in order, then MPI_Allreduce; the same bits only for the same number of ranks and
 * threads.
 *
 * The lanes of a step are dealt out in contiguous parts to the ranks, and a rank's part to its workers
 * (threads). begin -> add (each worker: its lanes in ascending order, each entry of the vector once per lane)
 * -> finish
 */

#include <mpi.h>
#include <stddef.h>
#include <stdint.h>

#include "core/status.h"
#include "mpi/node.h"
#include "mpi/share.h"

typedef enum tml_reduction { TML_REDUCTION_EXACT, TML_REDUCTION_FAST } tml_reduction;

typedef struct tml_gradient_sum tml_gradient_sum;

/** Make one. Collective over `comm`; all arguments but `error` equal on all ranks.
 * @param comm             duplicated here
 * @param node             of this communicator; borrowed, must outlive the sum
 * @param parameter_count  length of the vector, below 2^31
 * @param most_lanes       lanes of the largest step
 * @param workers          threads per rank that add at the same time
 * @param sum              out, owned by the caller; NULL on failure
 * @return the same on all ranks
 */
TML_NODISCARD tml_status tml_gradient_sum_create(MPI_Comm comm, const tml_node *node, size_t parameter_count,
                                                 uint64_t most_lanes, int workers, tml_reduction reduction,
                                                 tml_gradient_sum **sum, tml_error *error);

/** Free; sets the pointer to NULL; NULL is fine. Collective. */
void tml_gradient_sum_destroy(tml_gradient_sum **sum);

/** Start a step of `lanes` lanes (1 to most_lanes). Not collective, the same number on all ranks. */
void tml_gradient_sum_begin(tml_gradient_sum *sum, uint64_t lanes);

/** Lanes of this step that this rank runs, and those of one of its workers. Not collective. */
tml_share tml_gradient_sum_rank_lanes(const tml_gradient_sum *sum);
tml_share tml_gradient_sum_worker_lanes(const tml_gradient_sum *sum, int worker);

/** Add entries [first, first + count) of one lane's gradient. Not collective; different workers may call at
 * once.
 * @param lane    one of the worker's lanes
 * @param values  [count] borrowed for the call
 */
void tml_gradient_sum_add(tml_gradient_sum *sum, int worker, uint64_t lane, size_t first, size_t count,
                          const float *values);

/** Complete the step. Collective, synchronising.
 * @param gradient  out: [parameter_count] borrowed until the next begin; bitwise equal on all ranks
 * @param bad       out: number of entries that are not finite, the same on all ranks
 * @return TML_OK or TML_INTERNAL, the same on all ranks
 */
TML_NODISCARD tml_status tml_gradient_sum_finish(tml_gradient_sum *sum, const float **gradient, uint64_t *bad,
                                                 tml_error *error);

/** Bytes that this object holds on this rank. */
size_t tml_gradient_sum_bytes(const tml_gradient_sum *sum);

/** Bytes that came from other ranks so far, by message or out of shared memory: for tests that nothing is
 * gathered to one rank. */
uint64_t tml_gradient_sum_received(const tml_gradient_sum *sum);

#endif
