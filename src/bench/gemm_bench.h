#ifndef TML_BENCH_GEMM_BENCH_H
#define TML_BENCH_GEMM_BENCH_H

/** @file bench/gemm_bench.h
 * The matrix products of a network through BLIS, one by one: those of the dense layers as they are, those of
 * the convolutions as the direct form has them. */

#include "bench/figure_list.h"
#include "bench/step_bench.h"
#include "mpi/world.h"

/** Measure on one thread of this rank; request->settings->batch_lane samples. Not collective.
 *
 * For each layer with weights: gemm.LAYER.forward (in W), .input (d_out W^T), .weights (in^T d_out), in
 * GFLOP/s; and fma_peak.
 * @return TML_OK, TML_CONFIG or TML_INTERNAL (no memory)
 */
TML_NODISCARD tml_status tml_bench_gemm(const tml_world *world, const tml_step_request *request,
                                        tml_bench_figures *figures, tml_error *error);

#endif
