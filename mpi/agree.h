#ifndef TML_MPI_AGREE_H
#define TML_MPI_AGREE_H

/** @file mpi/agree.h
 * One status for all ranks: an error on one rank is known to all before anybody acts on it.
 *
 * Between two agreements a rank that has failed keeps making the same collective calls as its peers,
 * contributing nothing; the agreement then turns the failure of one into the same return value everywhere.
 */

#include <mpi.h>

#include "core/status.h"

/** The worst status of all ranks, with the message of the rank that has it (the lowest such rank).
 *
 * Collective over `comm`, synchronising.
 * @param local  what happened here; TML_OK if nothing
 * @param error  in: the local message; out, unless TML_OK: the winning message and the rank
 *               where it arose, also when it is agreed on a second time; equal everywhere
 * @return the same on all ranks; TML_INTERNAL if the communicator itself has failed
 */
TML_NODISCARD tml_status tml_agree(MPI_Comm comm, tml_status local, tml_error *error);

/** Translate the result of an MPI call. Not collective.
 * @param what  the operation, for the message
 */
TML_NODISCARD tml_status tml_mpi_check(int mpi_result, const char *what, tml_error *error);

#endif
