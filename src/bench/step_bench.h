#ifndef TML_BENCH_STEP_BENCH_H
#define TML_BENCH_STEP_BENCH_H

/** @file bench/step_bench.h
 * How fast a network is trained: whole steps, and where their time goes. */

#include "bench/figure_list.h"
#include "mpi/world.h"
#include "training/settings.h"

/** Repeats are kept in arrays of this length. */
enum { TML_BENCH_REPEATS = 100 };

typedef struct tml_step_request {
    const tml_settings *settings; /* batch.global is the batch of all ranks */
    size_t wavelengths;           /* of the spectra that are made */
    size_t steps;                 /* of one repeat */
    size_t repeats;               /* 1 to TML_BENCH_REPEATS */
} tml_step_request;

/** Measure. Collective over world->comm; the request equal on all ranks.
 *
 * Every repeat starts from the same weights and must end with the same ones: in the reduction `exact` a
 * difference is an error. Figures: step, step.time, step.effective, step.real (bench/operations.h),
 * fma_peak, step.peak_share (effective over peak), step.pss, step.rss (largest of the ranks), step.part.NAME
 * (mean over the ranks of all repeats' time, per step).
 * @param figures  in and out: rank 0's are complete
 * @return the same on all ranks: TML_OK, TML_CONFIG, TML_DIVERGED or TML_INTERNAL
 */
TML_NODISCARD tml_status tml_bench_step(const tml_world *world, const tml_step_request *request,
                                        tml_bench_figures *figures, tml_error *error);

#endif
