#ifndef TML_COMMANDS_CONFIGURATION_H
#define TML_COMMANDS_CONFIGURATION_H

/** @file commands/configuration.h
 * From a configuration file and the command line to the settings of a training. */

#include "commands/command.h"
#include "training/settings.h"

/** Defaults, then the file (read on rank 0; NULL: there is none), then --set, then --seed and --threads.
 * Collective over world->comm.
 * @return the same on all ranks: TML_OK, TML_NO_INPUT, TML_IO_ERROR, TML_CONFIG or TML_INTERNAL
 */
TML_NODISCARD tml_status tml_settings_from_command(const tml_world *world, const char *path,
                                                   const tml_common_options *common, tml_settings *settings,
                                                   tml_error *error);

#endif
