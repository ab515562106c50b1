#ifndef TML_MPI_EXACT_REDUCE_H
#define TML_MPI_EXACT_REDUCE_H

/** @file mpi/exact_reduce.h
 * Sums over all ranks without rounding (core/exact_sum.h): the same for any number of ranks. */

#include <mpi.h>
#include <stddef.h>

#include "core/exact_sum.h"
#include "core/status.h"

/** Combine the accumulators of all ranks, entry by entry. Collective over `comm`; count equal on all ranks.
 * @param sums  count accumulators, in: this rank's values, out: those of all ranks
 * @return TML_OK or TML_INTERNAL, the same on all ranks
 */
TML_NODISCARD tml_status tml_exact_reduce(MPI_Comm comm, tml_exact_sum *sums, size_t count, tml_error *error);

#endif
