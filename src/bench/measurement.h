#ifndef TML_BENCH_MEASUREMENT_H
#define TML_BENCH_MEASUREMENT_H

/** @file bench/measurement.h
 * What the benchmarks of a whole network have in common: the machine around a measurement, and the figures
 * that follow from a rate. */

#include "bench/figure_list.h"
#include "bench/foreign_load.h"
#include "bench/operations.h"
#include "bench/resident.h"
#include "mpi/world.h"
#include "training/settings.h"

/** The machine during a measurement. */
typedef struct tml_measurement {
    tml_foreign_load load;
    double peak;         /* of a core, mean over the ranks [GFLOP/s] */
    double foreign_load; /* as tml_bench_setting */
    tml_resident memory; /* largest of the ranks, while all of them are there */
} tml_measurement;

/** Measure the peak of the cores, all at once, and start to watch the load. Collective. */
TML_NODISCARD tml_status tml_measurement_begin(const tml_world *world, int threads,
                                               tml_measurement *measurement, tml_error *error);

/** The load since then, and the memory. Collective; the results are the same on all ranks. */
TML_NODISCARD tml_status tml_measurement_end(const tml_world *world, tml_measurement *measurement,
                                             tml_error *error);

/** values[i] becomes its mean over the ranks. Collective. */
TML_NODISCARD tml_status tml_mean_over_ranks(const tml_world *world, double *values, int count,
                                             tml_error *error);

/** The setting that a configuration stands for; load and digest are left empty. Not collective.
 * @param network  laid out from the settings; NULL: no convolution
 */
tml_bench_setting tml_bench_setting_of(const tml_world *world, const tml_settings *settings,
                                       const tml_network *network, size_t repeats);

/** NAME (samples/s), NAME.time (of a batch), NAME.effective, NAME.real, fma_peak, NAME.peak_share, NAME.pss
 * and NAME.rss. Not collective.
 * @param setting  whose batch, ranks and threads count
 * @param rates    [setting->repeats] samples/s of all ranks; is sorted
 * @param work     of one sample
 */
void tml_bench_add_rates(tml_bench_figures *figures, const tml_bench_setting *setting, const char *name,
                         double *rates, tml_operations work, const tml_measurement *measurement);

#endif
