#ifndef TML_COMMANDS_COMMANDS_H
#define TML_COMMANDS_COMMANDS_H

/** @file commands/commands.h
 * From the program's arguments to the command that they name. */

#include "core/status.h"
#include "mpi/world.h"

/** Run the command that argv names. Collective over world->comm; argv equal on all ranks.
 * @return the exit code of the program, the same on all ranks
 */
TML_NODISCARD tml_status tml_commands_run(const tml_world *world, int argc, char **argv, tml_error *error);

#endif
