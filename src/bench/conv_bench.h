#ifndef TML_BENCH_CONV_BENCH_H
#define TML_BENCH_CONV_BENCH_H

/** @file bench/conv_bench.h
 * The convolutions of a network one by one, in each form that they have: speed and error. */

#include "bench/figure_list.h"
#include "bench/step_bench.h"
#include "mpi/world.h"

/** Measure on rank 0 alone, one thread; request->settings->batch_lane samples. Not collective.
 *
 * For each layer, form (direct, winograd) and pass (forward, input, weights: the gradients of the input and
 * of the kernel): conv.LAYER.FORM.PASS in effective GFLOP/s, and conv.LAYER.FORM.PASS.error, the rms of the
 * difference from double precision over the rms of the result, for 4 samples of uniform random numbers. The
 * gradients' rates: that of the kernel is measured alone, that of the input is what both take more.
 * @return TML_OK, TML_CONFIG or TML_INTERNAL (no memory)
 */
TML_NODISCARD tml_status tml_bench_conv(const tml_world *world, const tml_step_request *request,
                                        tml_bench_figures *figures, tml_error *error);

#endif
