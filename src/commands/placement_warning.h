#ifndef TML_COMMANDS_PLACEMENT_WARNING_H
#define TML_COMMANDS_PLACEMENT_WARNING_H

/** @file commands/placement_warning.h
 * A word at the start of long computations about ranks and threads that stand in each other's way. */

#include "mpi/world.h"

/** Warn of more working threads than cores (`oversubscribed`) and of ranks that are bound to fewer cores than
 * they have threads (`bound_too_tightly`). Collective over world->comm.
 * @param threads  of each rank. @return TML_OK or TML_INTERNAL, the same on all ranks */
TML_NODISCARD tml_status tml_warn_of_placement(const tml_world *world, int threads, tml_error *error);

#endif
