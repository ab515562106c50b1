#include <stdlib.h>

#include "bench/allreduce_bench.h"
#include "bench/conv_bench.h"
#include "bench/gemm_bench.h"
#include "bench/io_bench.h"
#include "commands/bench_options.h"
#include "commands/command.h"
#include "core/memory.h"
#include "mpi/agree.h"
#include "spectra/wavelength_grid.h"

enum { MOST_NUMBERS = 1 << 30, MOST_ROWS = 1000000000 };

/* What a benchmark works on; each takes what it needs. */
typedef struct part_job {
    tml_step_request step;
    size_t numbers;
    tml_io_request io;
} part_job;

typedef tml_status part_run(const tml_world *world, const part_job *job, tml_bench_figures *figures,
                            tml_error *error);

static tml_status run_conv(const tml_world *world, const part_job *job, tml_bench_figures *figures,
                           tml_error *error)
{
    return world->rank == 0 ? tml_bench_conv(world, &job->step, figures, error) : TML_OK;
}

static tml_status run_gemm(const tml_world *world, const part_job *job, tml_bench_figures *figures,
                           tml_error *error)
{
    return world->rank == 0 ? tml_bench_gemm(world, &job->step, figures, error) : TML_OK;
}

static tml_status run_allreduce(const tml_world *world, const part_job *job, tml_bench_figures *figures,
                                tml_error *error)
{
    return tml_bench_allreduce(world, &job->step, job->numbers, figures, error);
}

static tml_status run_io(const tml_world *world, const part_job *job, tml_bench_figures *figures,
                         tml_error *error)
{
    return tml_bench_io(world, &job->io, figures, error);
}

static tml_status run(const tml_world *world, part_run *part, const part_job *job, bool as_json,
                      tml_error *error)
{
    tml_bench_figures *figures = NULL;
    tml_status status = tml_agree(
        world->comm, tml_array_create(1, sizeof *figures, "the figures", &figures, error), error);

    if (status == TML_OK)
        status = tml_agree(world->comm, part(world, job, figures, error), error);
    if (status == TML_OK)
        status = tml_bench_show(world, figures, as_json, error);
    free(figures);
    return status;
}

/* Parse, make the settings of the network, run. @param numbers NULL, or where the option --numbers is kept */
static tml_status run_of_network(const tml_world *world, const tml_command_usage *usage, int argc,
                                 char **argv, const tml_bench_options *typed, const char *const *numbers,
                                 part_run *part, tml_error *error)
{
    part_job job = {.step = {.wavelengths = TML_PUBLISHED_WAVELENGTHS, .steps = 1, .repeats = 5}};
    tml_common_options common;
    tml_settings settings;
    bool help_shown;
    tml_status status = tml_command_parse(world, usage, argc, argv, &common, NULL, NULL, &help_shown, error);

    if (status != TML_OK || help_shown)
        return status;
    status = tml_bench_count("--repeats", typed->repeats, TML_BENCH_REPEATS, &job.step.repeats, error);
    if (status == TML_OK && numbers != NULL)
        status = tml_bench_count("--numbers", *numbers, MOST_NUMBERS, &job.numbers, error);
    if (status != TML_OK) {
        tml_error_prefix(error, "%s: ", usage->name);
        return status;
    }
    status = tml_bench_settings(world, usage->name, typed, &common, &settings, error);
    if (status == TML_OK && settings.batch_lane > settings.batch_global)
        settings.batch_global = settings.batch_lane;
    if (status == TML_OK)
        status = tml_settings_check(&settings, error);
    job.step.settings = &settings;
    return status == TML_OK ? run(world, part, &job, common.json, error) : status;
}

tml_status tml_command_bench_conv(const tml_world *world, int argc, char **argv, tml_error *error)
{
    tml_bench_options typed = {0};
    const tml_option own[] = {
        {"config", "CONFIG.yml", "configuration of a training (default: the published network)",
         &typed.config},
        {"lane", "L", "spectra of a lane (default: batch.lane)", &typed.lane},
        {"repeats", "R", "repeats; the median counts (default 5)", &typed.repeats},
    };
    const tml_command_usage usage = {
        .name = "bench conv",
        .synopsis = "[options]",
        .summary =
            "Each convolution of a network in each of its forms, on one core: operations per second of the\n"
            "forward pass and of both gradients, as the direct form counts them, and their errors against\n"
            "double precision.",
        .options = own,
        .option_count = sizeof own / sizeof own[0],
        .has_configuration = true,
        .examples = "  telescopeml bench conv --lane 32",
    };

    return run_of_network(world, &usage, argc, argv, &typed, NULL, run_conv, error);
}

tml_status tml_command_bench_gemm(const tml_world *world, int argc, char **argv, tml_error *error)
{
    tml_bench_options typed = {0};
    const tml_option own[] = {
        {"config", "CONFIG.yml", "configuration of a training (default: the published network)",
         &typed.config},
        {"lane", "L", "spectra of a lane (default: batch.lane)", &typed.lane},
        {"repeats", "R", "repeats; the median counts (default 5)", &typed.repeats},
    };
    const tml_command_usage usage = {
        .name = "bench gemm",
        .synopsis = "[options]",
        .summary =
            "The matrix products of a network through BLIS, on one core: operations per second of the\n"
            "forward pass and of both gradients of each layer.",
        .options = own,
        .option_count = sizeof own / sizeof own[0],
        .has_configuration = true,
        .examples = "  telescopeml bench gemm --lane 16",
    };

    return run_of_network(world, &usage, argc, argv, &typed, NULL, run_gemm, error);
}

tml_status tml_command_bench_allreduce(const tml_world *world, int argc, char **argv, tml_error *error)
{
    tml_bench_options typed = {0};
    const char *numbers = NULL;
    const tml_option own[] = {
        {"config", "CONFIG.yml", "configuration of a training (default: the published network)",
         &typed.config},
        {"batch-per-rank", "B", "spectra per step of each rank (default: batch.global over all ranks)",
         &typed.batch_per_rank},
        {"lane", "L", "spectra of a lane (default: batch.lane)", &typed.lane},
        {"numbers", "N", "length of the gradient (default: the weights of the network)", &numbers},
        {"repeats", "R", "repeats; the median counts (default 5)", &typed.repeats},
    };
    const tml_command_usage usage = {
        .name = "bench allreduce",
        .synopsis = "[options]",
        .summary =
            "The sum of the gradients over all ranks alone, exact and fast: time, and gradient per second.",
        .options = own,
        .option_count = sizeof own / sizeof own[0],
        .has_configuration = true,
        .has_threads = true,
        .examples = "  mpirun -np 2 telescopeml bench allreduce --batch-per-rank 32",
    };

    return run_of_network(world, &usage, argc, argv, &typed, &numbers, run_allreduce, error);
}

tml_status tml_command_bench_io(const tml_world *world, int argc, char **argv, tml_error *error)
{
    const char *folder = NULL, *rows = NULL, *repeats = NULL;
    const tml_option own[] = {
        {"dir", "DIR", "folder in which the file is made, and removed at the end", &folder},
        {"rows", "N", "spectra in the file (default 100000, 46 MB)", &rows},
        {"repeats", "R", "repeats; the median counts (default 3)", &repeats},
    };
    const tml_command_usage usage = {
        .name = "bench io",
        .synopsis = "--dir DIR [options]",
        .summary =
            "How fast all ranks write a grid file and read it in each way of io.mode, with and without\n"
            "its pages in the memory of the system.",
        .options = own,
        .option_count = sizeof own / sizeof own[0],
        .examples = "  mpirun -np 2 telescopeml bench io --dir /scratch --rows 10000000",
    };
    size_t row_count = 100000;
    part_job job = {.io = {.wavelengths = TML_PUBLISHED_WAVELENGTHS, .repeats = 3}};
    tml_common_options common;
    bool help_shown;
    tml_status status = tml_command_parse(world, &usage, argc, argv, &common, NULL, NULL, &help_shown, error);

    if (status != TML_OK || help_shown)
        return status;
    if (folder == NULL)
        return TML_FAIL(error, TML_USAGE, "bench io: say where the file is to be made by --dir DIR");
    status = tml_bench_count("bench io: --rows", rows, MOST_ROWS, &row_count, error);
    if (status == TML_OK)
        status = tml_bench_count("bench io: --repeats", repeats, TML_BENCH_REPEATS, &job.io.repeats, error);
    if (status != TML_OK)
        return status;
    job.io.folder = folder;
    job.io.rows = row_count;
    return run(world, run_io, &job, common.json, error);
}
