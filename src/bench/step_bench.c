#include "bench/step_bench.h"

#include <stdio.h>
#include <string.h>

#include "bench/measurement.h"
#include "bench/step_rig.h"
#include "core/clock.h"
#include "mpi/agree.h"
#include "mpi/gradient_sum.h"

/* Steps that are not counted: pages are touched, caches and the clock of the processor settle. */
enum { WARM_STEPS = 3 };

/* clang-format off: a name a line */
static const char *const part_names[TML_STEP_PARTS] = {
    [TML_STEP_FILL] = "fill",
    [TML_STEP_CONVOLUTION_FORWARD] = "convolution_forward",
    [TML_STEP_CONVOLUTION_BACKWARD] = "convolution_backward",
    [TML_STEP_DENSE_FORWARD] = "dense_forward",
    [TML_STEP_DENSE_BACKWARD] = "dense_backward",
    [TML_STEP_POOL] = "pool",
    [TML_STEP_LOSS] = "loss",
    [TML_STEP_OTHER] = "other_layers",
    [TML_STEP_GRADIENT] = "gradient",
    [TML_STEP_FETCH] = "fetch",
    [TML_STEP_PREPARE] = "prepare",
    [TML_STEP_LOSSES] = "losses",
    [TML_STEP_REDUCTION] = "reduction",
    [TML_STEP_OPTIMISER] = "optimiser",
};
/* clang-format on */

/* What the repeats have given, on this rank. */
typedef struct step_times {
    double rate[TML_BENCH_REPEATS]; /* samples/s of all ranks */
    double seconds;                 /* of all repeats */
    double part[TML_STEP_PARTS];    /* seconds of all repeats */
    tml_digest digest;
} step_times;

static tml_status run_steps(const tml_world *world, tml_step_rig *rig, size_t steps, double *seconds,
                            tml_error *error)
{
    tml_status status = tml_mpi_check(MPI_Barrier(world->comm), "starting a measurement", error);
    double from = tml_clock_now();

    for (size_t s = 0; s < steps && status == TML_OK; ++s)
        status = tml_step_rig_run(rig, error);
    *seconds = tml_clock_now() - from;
    return status;
}

/* Repeats that end with other weights have found a bug, or memory that is not to be trusted. */
static tml_status compare_digest(const tml_step_request *request, size_t repeat, tml_digest digest,
                                 step_times *times, tml_error *error)
{
    if (repeat > 0 && request->settings->reduction == TML_REDUCTION_EXACT &&
        memcmp(&digest, &times->digest, sizeof digest) != 0)
        return TML_FAIL(error, TML_INTERNAL,
                        "repeat %zu of the benchmark ended with other weights than the first, though the "
                        "reduction is exact: this is a bug, or the memory of the machine is faulty",
                        repeat + 1);
    times->digest = digest;
    return TML_OK;
}

static tml_status run_repeats(const tml_world *world, const tml_step_request *request, tml_step_rig *rig,
                              step_times *times, tml_error *error)
{
    double batch = (double)request->settings->batch_global;
    tml_status status = TML_OK;

    for (size_t r = 0; r < request->repeats && status == TML_OK; ++r) {
        double seconds = 0.0;

        status = tml_step_rig_reset(rig, error);
        if (status == TML_OK)
            status = run_steps(world, rig, request->steps, &seconds, error);
        if (status == TML_OK)
            status = tml_agree(world->comm,
                               compare_digest(request, r, tml_step_rig_digest(rig), times, error), error);
        times->rate[r] = batch * (double)request->steps / seconds;
        times->seconds += seconds;
        for (int p = 0; p < TML_STEP_PARTS; ++p)
            times->part[p] += tml_step_rig_seconds(rig, (tml_step_part)p);
    }
    return status;
}

static void add_parts(const tml_step_request *request, const tml_bench_setting *setting,
                      const step_times *times, tml_bench_figures *figures)
{
    double to_ms = 1e3 / ((double)request->repeats * (double)request->steps);
    double rest = times->seconds;

    for (int p = 0; p < TML_STEP_PARTS; ++p) {
        char name[TML_BENCH_NAME];

        snprintf(name, sizeof name, "step.part.%s", part_names[p]);
        tml_bench_add(figures, setting, name, "ms", times->part[p] * to_ms);
        rest -= times->part[p];
    }
    tml_bench_add(figures, setting, "step.part.rest", "ms", rest * to_ms);
}

static tml_status measure(const tml_world *world, const tml_step_request *request, tml_step_rig *rig,
                          tml_bench_figures *figures, tml_error *error)
{
    const tml_network *network = tml_step_rig_network(rig);
    tml_bench_setting setting = tml_bench_setting_of(world, request->settings, network, request->repeats);
    step_times times = {.seconds = 0.0};
    tml_measurement machine;
    double ignored;
    tml_status status = run_steps(world, rig, WARM_STEPS, &ignored, error);

    if (status == TML_OK)
        status = tml_measurement_begin(world, setting.threads, &machine, error);
    if (status == TML_OK)
        status = run_repeats(world, request, rig, &times, error);
    if (status == TML_OK)
        status = tml_measurement_end(world, &machine, error);
    if (status == TML_OK)
        status = tml_mean_over_ranks(world, times.part, TML_STEP_PARTS, error);
    if (status != TML_OK)
        return status;
    setting.foreign_load = machine.foreign_load;
    tml_digest_text(&times.digest, setting.digest);
    tml_bench_add_rates(figures, &setting, "step", times.rate, tml_network_operations(network, true),
                        &machine);
    add_parts(request, &setting, &times, figures);
    return TML_OK;
}

tml_status tml_bench_step(const tml_world *world, const tml_step_request *request, tml_bench_figures *figures,
                          tml_error *error)
{
    tml_step_rig *rig = NULL;
    tml_status status = tml_step_rig_create(world, request->settings, request->wavelengths, &rig, error);

    if (status == TML_OK)
        status = measure(world, request, rig, figures, error);
    tml_step_rig_destroy(&rig);
    return status;
}
