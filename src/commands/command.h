#ifndef TML_COMMANDS_COMMAND_H
#define TML_COMMANDS_COMMAND_H

/** @file commands/command.h
 * What every command is: arguments in, a status out. One file per command; commands.c lists them. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/status.h"
#include "mpi/world.h"

enum { TML_COMMAND_SETS = 64 };

/** Options that every command takes. */
typedef struct tml_common_options {
    bool json;        /* one JSON document on standard output instead of tables */
    bool dry_run;     /* check everything, do nothing */
    bool no_progress; /* no progress lines */
    bool has_seed;
    bool has_threads;
    uint64_t seed;
    int64_t threads;
    size_t set_count;
    const char *sets[TML_COMMAND_SETS]; /* "section.key=value", borrowed from argv */
} tml_common_options;

/** One command's own option. */
typedef struct tml_option {
    const char *name;     /* long name without dashes */
    const char *argument; /* name of the argument in the help, or NULL for a switch */
    const char *help;     /* one line */
    const char **value;   /* out: the argument; borrowed from argv. For a switch: set to name */
} tml_option;

/** How a command is called; the text of its --help is made from this. */
typedef struct tml_command_usage {
    const char *name;     /* "grid import" */
    const char *synopsis; /* "--csv F[.bz2,.gz] --out G.h5 [options]" */
    const char *summary;  /* what it does: one to five lines */
    const tml_option *options;
    size_t option_count;
    size_t positional_minimum;
    size_t positional_maximum;
    bool has_configuration; /* takes --set */
    bool has_threads;       /* takes --threads */
    const char *examples;   /* lines, or NULL */
} tml_command_usage;

/** Read the arguments of a command.
 *
 * Not collective, but every rank has the same argv and gets the same result. On --help prints it (rank 0) and
 * sets *help_shown; the command then returns TML_OK at once.
 * @param positional  out: [usage.positional_maximum] borrowed from argv, in order; may be NULL if the maximum
 * is 0
 * @return TML_OK or TML_USAGE
 */
TML_NODISCARD tml_status tml_command_parse(const tml_world *world, const tml_command_usage *usage, int argc,
                                           char **argv, tml_common_options *common, const char **positional,
                                           size_t *positional_count, bool *help_shown, tml_error *error);

/** A command. Collective over world->comm; argv[0] is the command's last word.
 * @param error  out: what is printed when it fails; an empty message when the command has said it itself
 * @return the exit code of the program, the same on all ranks
 */
typedef tml_status tml_command(const tml_world *world, int argc, char **argv, tml_error *error);

tml_command tml_command_grid_audit;
tml_command tml_command_grid_compare;
tml_command tml_command_grid_densify;
tml_command tml_command_grid_import;
tml_command tml_command_grid_info;
tml_command tml_command_grid_synth;
tml_command tml_command_grid_profile;
tml_command tml_command_bench_step;
tml_command tml_command_bench_conv;
tml_command tml_command_bench_gemm;
tml_command tml_command_bench_allreduce;
tml_command tml_command_bench_io;
tml_command tml_command_doctor;
tml_command tml_command_explore;
tml_command tml_command_train;
tml_command tml_command_evaluate;
tml_command tml_command_predict;
tml_command tml_command_report;
tml_command tml_command_simulate;

#endif
