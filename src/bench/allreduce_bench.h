#ifndef TML_BENCH_ALLREDUCE_BENCH_H
#define TML_BENCH_ALLREDUCE_BENCH_H

/** @file bench/allreduce_bench.h
 * The sum of the gradients over the ranks alone, without a network behind it. */

#include <stddef.h>

#include "bench/figure_list.h"
#include "bench/step_bench.h"
#include "mpi/world.h"

/** Measure. Collective over world->comm; arguments equal on all ranks.
 *
 * For each reduction (exact, fast): allreduce.KIND (ms from the moment when the last rank has its gradients
 * to the moment when all have the sum), allreduce.KIND.add (ms that a rank needs to put its lanes' gradients
 * in), allreduce.KIND.rate (GB/s of gradient). The digest is that of the sum.
 * @param request      batch and lane say how many lanes there are
 * @param numbers      of the gradient; 0: as many as the network has weights
 * @return the same on all ranks: TML_OK, TML_CONFIG or TML_INTERNAL
 */
TML_NODISCARD tml_status tml_bench_allreduce(const tml_world *world, const tml_step_request *request,
                                             size_t numbers, tml_bench_figures *figures, tml_error *error);

#endif
