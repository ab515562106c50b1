#include "bench/measurement.h"

#include <math.h>
#include <stdio.h>

#include "bench/fma_peak.h"
#include "mpi/agree.h"
#include "mpi/gradient_sum.h"

static const double PEAK_SECONDS = 0.1;

tml_status tml_mean_over_ranks(const tml_world *world, double *values, int count, tml_error *error)
{
    tml_status status = tml_mpi_check(
        MPI_Allreduce(MPI_IN_PLACE, values, count, MPI_DOUBLE, MPI_SUM, world->comm), "averaging times",
        error);

    for (int i = 0; i < count; ++i)
        values[i] /= world->size;
    return status;
}

tml_status tml_measurement_begin(const tml_world *world, int threads, tml_measurement *measurement,
                                 tml_error *error)
{
    tml_status status = tml_mpi_check(MPI_Barrier(world->comm), "starting a measurement", error);

    measurement->peak = tml_fma_peak(threads, PEAK_SECONDS);
    if (status == TML_OK)
        status = tml_mean_over_ranks(world, &measurement->peak, 1, error);
    tml_foreign_load_begin(&measurement->load);
    return status;
}

static tml_status share_resident(const tml_world *world, tml_resident *most, tml_error *error)
{
    tml_status status = tml_mpi_check(MPI_Barrier(world->comm), "reading the memory", error);
    tml_resident mine = tml_resident_now();
    double values[2] = {isnan(mine.resident) ? 0.0 : mine.resident,
                        isnan(mine.proportional) ? 0.0 : mine.proportional};

    if (status == TML_OK)
        status = tml_mpi_check(MPI_Allreduce(MPI_IN_PLACE, values, 2, MPI_DOUBLE, MPI_MAX, world->comm),
                               "comparing the ranks' memory", error);
    most->resident = values[0] > 0.0 ? values[0] : (double)NAN;
    most->proportional = values[1] > 0.0 ? values[1] : (double)NAN;
    return status;
}

tml_status tml_measurement_end(const tml_world *world, tml_measurement *measurement, tml_error *error)
{
    tml_status status = tml_foreign_load_end(world->comm, &measurement->load, &measurement->foreign_load,
                                             error);

    return status == TML_OK ? share_resident(world, &measurement->memory, error) : status;
}

static const char *convolution_name(const tml_network *network)
{
    for (size_t i = 0; i < network->layer_count; ++i)
        if (network->layer[i].tile > 0)
            return "winograd";
    return "direct";
}

tml_bench_setting tml_bench_setting_of(const tml_world *world, const tml_settings *settings,
                                       const tml_network *network, size_t repeats)
{
    tml_bench_setting setting = {
        .ranks = world->size,
        .threads = (int)settings->threads,
        .batch = (size_t)settings->batch_global,
        .lane = (size_t)settings->batch_lane,
        .convolution = network != NULL ? convolution_name(network) : NULL,
        .reduction = settings->reduction == TML_REDUCTION_EXACT ? "exact" : "fast",
        .repeats = repeats,
        .foreign_load = NAN,
    };

    return setting;
}

/* NAME.PART */
static void add_part(tml_bench_figures *figures, const tml_bench_setting *setting, const char *name,
                     const char *part, const char *unit, double value)
{
    char whole[TML_BENCH_NAME];

    snprintf(whole, sizeof whole, "%s.%s", name, part);
    tml_bench_add(figures, setting, whole, unit, value);
}

void tml_bench_add_rates(tml_bench_figures *figures, const tml_bench_setting *setting, const char *name,
                         double *rates, tml_operations work, const tml_measurement *measurement)
{
    double cores = (double)setting->ranks * setting->threads;
    double rate;
    double effective;

    tml_bench_add_series(figures, setting, name, "samples/s", rates, setting->repeats);
    rate = figures->figure[figures->count - 1].value;
    effective = rate * work.effective * 1e-9;
    add_part(figures, setting, name, "time", "ms", 1e3 * (double)setting->batch / rate);
    add_part(figures, setting, name, "effective", "GFLOP/s", effective);
    add_part(figures, setting, name, "real", "GFLOP/s", rate * work.real * 1e-9);
    tml_bench_add(figures, setting, "fma_peak", "GFLOP/s", measurement->peak);
    add_part(figures, setting, name, "peak_share", "%", 100.0 * effective / (measurement->peak * cores));
    add_part(figures, setting, name, "pss", "MB", measurement->memory.proportional * 1e-6);
    add_part(figures, setting, name, "rss", "MB", measurement->memory.resident * 1e-6);
}
