#include "commands/commands.h"

#include <stdio.h>
#include <string.h>

#include "commands/command.h"
#include "core/build_info.h"
#include "core/log.h"
#include "core/text.h"
#include "io/envelope.h"
#include "mpi/placement.h"

/* Every command: its one or two words, what runs it, what the overview says. */
static const struct {
    const char *group; /* NULL: a command of one word */
    const char *name;
    tml_command *run;
    const char *summary;
} commands[] = {
    {"grid", "synth", tml_command_grid_synth, "compute a grid of synthetic spectra"},
    {"grid", "import", tml_command_grid_import, "make a grid file from a CSV file"},
    {"grid", "info", tml_command_grid_info, "say what a grid file holds"},
    {"grid", "profile", tml_command_grid_profile, "print what is in a model atmosphere, level by level"},
    {"grid", "audit", tml_command_grid_audit, "say whether a grid is fit to train on"},
    {"grid", "compare", tml_command_grid_compare, "say how far the spectra of grids are apart"},
    {"grid", "densify", tml_command_grid_densify, "interpolate a regular grid to finer axes"},
    {NULL, "explore", tml_command_explore, "statistics and figures of a grid"},
    {NULL, "train", tml_command_train, "train a network on a grid"},
    {NULL, "evaluate", tml_command_evaluate, "score a trained network"},
    {NULL, "simulate", tml_command_simulate, "turn spectra of a grid into observations with known truth"},
    {NULL, "predict", tml_command_predict, "say which atmosphere an observed spectrum comes from"},
    {NULL, "report", tml_command_report, "make the report of a folder again"},
    {NULL, "doctor", tml_command_doctor, "what this build and this machine have, what is wrong, the cure"},
    {"bench", "step", tml_command_bench_step, "how fast a network is trained, and where the time goes"},
    {"bench", "conv", tml_command_bench_conv, "speed and error of each convolution of a network"},
    {"bench", "gemm", tml_command_bench_gemm, "speed of each matrix product of a network"},
    {"bench", "allreduce", tml_command_bench_allreduce, "speed of the sum of gradients over the ranks"},
    {"bench", "io", tml_command_bench_io, "speed of reading a grid file"},
};

enum { COMMAND_COUNT = sizeof commands / sizeof commands[0] };

static void print_overview(void)
{
    printf("telescopeml %s: networks that read the atmosphere off a brown dwarf's spectrum\n\n"
           "usage: [mpirun -np N] telescopeml COMMAND [options]\n\ncommands:\n",
           tml_build_info_get()->version);
    for (size_t i = 0; i < COMMAND_COUNT; ++i) {
        char words[64];

        snprintf(words, sizeof words, "%s%s%s", commands[i].group != NULL ? commands[i].group : "",
                 commands[i].group != NULL ? " " : "", commands[i].name);
        printf("  %-16s %s\n", words, commands[i].summary);
    }
    printf("\ntelescopeml COMMAND --help says more of each.\n\n"
           "exit codes: 0 done, 10 diverged, 64 usage, 65 bad data, 66 missing input, 70 internal error,\n"
           "  73 cannot create, 74 input/output error, 75 stopped with a checkpoint (run again), 78 "
           "configuration\n");
}

static void print_version(void)
{
    const tml_build_info *build = tml_build_info_get();

    printf("telescopeml %s (%s, %s, %s)\n", build->version, build->revision, build->compiler,
           build->build_type);
}

static tml_status unknown_command(const char *first, const char *second, tml_error *error)
{
    const char *names[COMMAND_COUNT];
    bool is_group = false;
    const char *nearest;
    size_t count = 0;

    for (size_t i = 0; i < COMMAND_COUNT; ++i)
        is_group = is_group || (commands[i].group != NULL && strcmp(commands[i].group, first) == 0);
    if (is_group && second == NULL)
        return TML_FAIL(error, TML_USAGE, "'%s' wants a second word; telescopeml --help lists the commands",
                        first);
    for (size_t i = 0; i < COMMAND_COUNT; ++i)
        if (!is_group || (commands[i].group != NULL && strcmp(commands[i].group, first) == 0))
            names[count++] = is_group || commands[i].group == NULL ? commands[i].name : commands[i].group;
    nearest = tml_text_nearest(is_group ? second : first, names, count);
    return TML_FAIL(error, TML_USAGE, "unknown command '%s%s%s'%s%s%s; telescopeml --help lists the commands",
                    first, is_group ? " " : "", is_group ? second : "",
                    nearest != NULL ? ", did you mean '" : "", nearest != NULL ? nearest : "",
                    nearest != NULL ? "'?" : "");
}

/* A failed command that was asked for JSON says so in JSON as well; the message stands among the warnings. */
static void print_failure(const tml_world *world, size_t command, tml_status status, int argc, char **argv,
                          const tml_error *error)
{
    bool wants_json = false;
    char schema[64];
    tml_error ignored = {0, ""};
    cJSON *document;

    for (int i = 1; i < argc; ++i)
        wants_json = wants_json || strcmp(argv[i], "--json") == 0;
    if (!wants_json || world->rank != 0)
        return;
    snprintf(schema, sizeof schema, "telescopeml.%s%s%s/1",
             commands[command].group != NULL ? commands[command].group : "",
             commands[command].group != NULL ? "-" : "", commands[command].name);
    tml_log_remember("error", error->message);
    document = tml_envelope_create(schema, status, NULL);
    if (document != NULL && tml_json_print(document, 0, &ignored) != TML_OK)
        tml_log(TML_LOG_DETAIL, "%s", ignored.message);
    cJSON_Delete(document);
}

/* Several separate programs would do the same work and write the same files. */
static tml_status refuse_singletons(const tml_world *world, tml_error *error)
{
    int ranks = tml_launcher_ranks();

    if (world->size > 1 || ranks <= 1)
        return TML_OK;
    return TML_FAIL(
        error, TML_USAGE,
        "the launcher has started %d ranks, but each is alone: they are separate programs that do the "
        "same work; under Slurm start it by srun --mpi=pmix (or mpirun), else use the mpirun of the "
        "MPI that it was built with",
        ranks);
}

static tml_status run_command(const tml_world *world, size_t command, int argc, char **argv, tml_error *error)
{
    /* The doctor says it as well, with all else that it finds. */
    bool is_doctor = commands[command].run == tml_command_doctor;
    tml_status status = is_doctor ? TML_OK : refuse_singletons(world, error);

    if (status == TML_OK)
        status = commands[command].run(world, argc, argv, error);

    /* Without a message the command has said itself what is wrong. */
    if (status != TML_OK && status != TML_STOPPED && error->message[0] != '\0')
        print_failure(world, command, status, argc, argv, error);
    return status;
}

tml_status tml_commands_run(const tml_world *world, int argc, char **argv, tml_error *error)
{
    const char *first = argc > 1 ? argv[1] : "--help";
    const char *second = argc > 2 ? argv[2] : NULL;

    if (strcmp(first, "--help") == 0 || strcmp(first, "-h") == 0 || strcmp(first, "help") == 0) {
        if (world->rank == 0)
            print_overview();
        return TML_OK;
    }
    if (strcmp(first, "--version") == 0 || strcmp(first, "-V") == 0) {
        if (world->rank == 0)
            print_version();
        return TML_OK;
    }
    for (size_t i = 0; i < COMMAND_COUNT; ++i) {
        if (commands[i].group == NULL && strcmp(commands[i].name, first) == 0)
            return run_command(world, i, argc - 1, argv + 1, error);
        if (commands[i].group != NULL && second != NULL && strcmp(commands[i].group, first) == 0 &&
            strcmp(commands[i].name, second) == 0)
            return run_command(world, i, argc - 2, argv + 2, error);
    }
    return unknown_command(first, second, error);
}
