#ifndef TML_EXPLORATION_BLOCK_SUMS_H
#define TML_EXPLORATION_BLOCK_SUMS_H

/** @file exploration/block_sums.h
 * Many sums over rows that are the same bits for any number of ranks, at little more than the cost of plain
 * additions: within a block of rows (tml_explored_rows_block) in their order, over the blocks without
 * rounding (core/exact_sum.h).
 *
 *   create -> { partial[i] += ..., end_block } ... -> reduce -> free
 */

#include <mpi.h>
#include <stddef.h>

#include "core/exact_sum.h"
#include "core/status.h"

typedef struct tml_block_sums {
    MPI_Comm comm; /* borrowed */
    size_t count;
    double *partial;      /* [count] of the block that is being added; for the caller to add to */
    tml_exact_sum *exact; /* [count] of the blocks before it */
} tml_block_sums;

/** Make room for `count` sums, all 0. Collective over `comm`.
 * @param sums  out, owned by the caller (tml_block_sums_free), which frees it also after a failure
 * @return TML_OK or TML_INTERNAL, the same on all ranks */
TML_NODISCARD tml_status tml_block_sums_create(MPI_Comm comm, size_t count, tml_block_sums *sums,
                                               tml_error *error);

/** The block is complete: its sums must be finite. Not collective. */
void tml_block_sums_end_block(tml_block_sums *sums);

/** The sums over all ranks, within 1 ulp of those of the blocks. Collective, once.
 * @param total  out: [count], the same on all ranks
 * @return TML_OK or TML_INTERNAL, the same on all ranks */
TML_NODISCARD tml_status tml_block_sums_reduce(tml_block_sums *sums, double *total, tml_error *error);

/** Free what it owns and zero it; a zeroed one is fine. */
void tml_block_sums_free(tml_block_sums *sums);

#endif
