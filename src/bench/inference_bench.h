#ifndef TML_BENCH_INFERENCE_BENCH_H
#define TML_BENCH_INFERENCE_BENCH_H

/** @file bench/inference_bench.h
 * How fast a network answers: spectra prepared and sent through it forward, without a training's workspaces.
 */

#include "bench/figure_list.h"
#include "bench/step_bench.h"
#include "mpi/world.h"

/** Measure. Collective over world->comm; the request equal on all ranks. A step is the whole batch through
 * the network once, each rank its part of the lanes; the ranks do not talk.
 *
 * Figures: inference, inference.time, inference.effective, inference.real, fma_peak, inference.peak_share,
 * inference.pss, inference.rss. The digest is that of the answers.
 * @param figures  in and out: rank 0's are complete
 * @return the same on all ranks: TML_OK, TML_CONFIG, TML_BAD_DATA or TML_INTERNAL
 */
TML_NODISCARD tml_status tml_bench_inference(const tml_world *world, const tml_step_request *request,
                                             tml_bench_figures *figures, tml_error *error);

#endif
