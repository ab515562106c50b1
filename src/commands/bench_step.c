#include <stdlib.h>

#include "bench/inference_bench.h"
#include "bench/step_bench.h"
#include "commands/bench_options.h"
#include "commands/command.h"
#include "core/memory.h"
#include "mpi/agree.h"
#include "spectra/wavelength_grid.h"

enum { MOST_STEPS = 1000000 };

/* Lanes that are not larger than a thread's part, so that one spectrum is not padded to sixteen. */
static void shrink_lane(const tml_world *world, tml_settings *settings)
{
    int64_t workers = world->size * settings->threads;
    int64_t part = (settings->batch_global + workers - 1) / workers;

    if (part < settings->batch_lane)
        settings->batch_lane = part;
}

static tml_status run(const tml_world *world, const tml_common_options *common,
                      const tml_step_request *request, bool is_inference, tml_error *error)
{
    tml_bench_figures *figures = NULL;
    tml_status status = tml_array_create(1, sizeof *figures, "the figures", &figures, error);

    status = tml_agree(world->comm, status, error);
    if (status == TML_OK)
        status = is_inference ? tml_bench_inference(world, request, figures, error)
                              : tml_bench_step(world, request, figures, error);
    if (status == TML_OK)
        status = tml_bench_show(world, figures, common->json, error);
    free(figures);
    return status;
}

tml_status tml_command_bench_step(const tml_world *world, int argc, char **argv, tml_error *error)
{
    tml_bench_options typed = {0};
    const char *inference = NULL;
    const tml_option own[] = {
        {"config", "CONFIG.yml", "configuration of a training (default: the published network)",
         &typed.config},
        {"batch-per-rank", "B", "spectra per step of each rank (default: batch.global over all ranks)",
         &typed.batch_per_rank},
        {"lane", "L", "spectra of a lane (default: batch.lane)", &typed.lane},
        {"steps", "N", "steps of a repeat (default 10)", &typed.steps},
        {"repeats", "R", "repeats; the median counts (default 5)", &typed.repeats},
        {"inference", NULL, "forward only, as predictions are made; lanes no larger than the work",
         &inference},
    };
    const tml_command_usage usage = {
        .name = "bench step",
        .synopsis = "[options]",
        .summary =
            "How fast a network is trained on spectra that it makes itself: spectra per second, operations\n"
            "per second against the measured peak of the cores, the time of each part, memory, and the\n"
            "digest of the weights after N steps, which is the same for any ranks and threads that share\n"
            "the same batch. docs/performance.md says what the figures mean.",
        .options = own,
        .option_count = sizeof own / sizeof own[0],
        .has_configuration = true,
        .has_threads = true,
        .examples = "  telescopeml bench step --batch-per-rank 32 --lane 16\n"
                    "  mpirun -np 2 telescopeml bench step --batch-per-rank 32 --lane 32 --json\n"
                    "  telescopeml bench step --inference --batch-per-rank 1 --steps 200",
    };
    tml_step_request request = {.wavelengths = TML_PUBLISHED_WAVELENGTHS, .steps = 10, .repeats = 5};
    tml_common_options common;
    tml_settings settings;
    bool help_shown;
    tml_status status = tml_command_parse(world, &usage, argc, argv, &common, NULL, NULL, &help_shown, error);

    if (status != TML_OK || help_shown)
        return status;
    status = tml_bench_count("bench step: --steps", typed.steps, MOST_STEPS, &request.steps, error);
    if (status == TML_OK)
        status = tml_bench_count("bench step: --repeats", typed.repeats, TML_BENCH_REPEATS, &request.repeats,
                                 error);
    if (status == TML_OK)
        status = tml_bench_settings(world, usage.name, &typed, &common, &settings, error);
    if (status != TML_OK)
        return status;
    if (inference != NULL && typed.lane == NULL)
        shrink_lane(world, &settings);
    request.settings = &settings;
    return run(world, &common, &request, inference != NULL, error);
}
