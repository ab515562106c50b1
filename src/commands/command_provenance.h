#ifndef TML_COMMANDS_COMMAND_PROVENANCE_H
#define TML_COMMANDS_COMMAND_PROVENANCE_H

/** @file commands/command_provenance.h
 * The provenance of a file that a command writes (io/provenance.h), the same text on all ranks. */

#include "core/status.h"
#include "mpi/world.h"

/** The command as it was typed: "telescopeml NAME ARGUMENTS". Not collective.
 * @param argc, argv  as the command got them: argv[0] is its last word
 * @return on the heap, owned by the caller; NULL without memory
 */
char *tml_command_line(const char *name, int argc, char **argv);

/** Make the lines on rank 0, whose host and time they name, and share them. Collective over world->comm.
 * @param name   "grid synth": the command's words
 * @param argc   as the command got them: argv[0] is its last word
 * @param extra  more lines "name=value", read on rank 0; may be NULL
 * @param lines  out: on the heap, owned by the caller; NULL on failure
 * @return TML_OK or TML_INTERNAL, the same on all ranks
 */
TML_NODISCARD tml_status tml_command_provenance(const tml_world *world, const char *name, int argc,
                                                char **argv, int threads, const char *extra, char **lines,
                                                tml_error *error);

#endif
