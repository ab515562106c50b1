#ifndef TML_COMMANDS_BENCH_OPTIONS_H
#define TML_COMMANDS_BENCH_OPTIONS_H

/** @file commands/bench_options.h
 * What the commands bench step, conv and others have in common: options and the way to the settings. */

#include "bench/figure_list.h"
#include "commands/command.h"
#include "training/settings.h"

/** Options as typed; NULL: not given. */
typedef struct tml_bench_options {
    const char *config, *batch_per_rank, *lane, *steps, *repeats;
} tml_bench_options;

/** A count from an option. Not collective.
 * @param what     "bench step: --steps", for the message
 * @param text     as typed; NULL leaves *value alone
 * @return TML_OK or TML_USAGE
 */
TML_NODISCARD tml_status tml_bench_count(const char *what, const char *text, size_t most, size_t *value,
                                         tml_error *error);

/** The settings of a benchmark: defaults (the published network) or the file of --config, then --set,
 * --seed, --threads, --batch-per-rank and --lane. Collective over world->comm.
 * @param name  of the command, for messages
 * @return the same on all ranks: TML_OK, TML_USAGE, or as tml_settings_from_command
 */
TML_NODISCARD tml_status tml_bench_settings(const tml_world *world, const char *name,
                                            const tml_bench_options *options,
                                            const tml_common_options *common, tml_settings *settings,
                                            tml_error *error);

/** Print the figures on rank 0. Collective over world->comm. */
TML_NODISCARD tml_status tml_bench_show(const tml_world *world, const tml_bench_figures *figures,
                                        bool as_json, tml_error *error);

#endif
