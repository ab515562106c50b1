#ifndef TML_MPI_WORLD_H
#define TML_MPI_WORLD_H

/** @file mpi/world.h
 * All ranks of the program: start, placement, end. The first and the last thing that a program calls. */

#include <mpi.h>

#include "core/status.h"

enum { TML_WORLD_HOST_LENGTH = 256 };

typedef struct tml_world {
    MPI_Comm
        comm; /* duplicate of MPI_COMM_WORLD; a failed MPI call on it or on its own duplicates ends the job */
    int rank;
    int size;
    int nodes; /* number of shared-memory nodes under the job */
    char host[TML_WORLD_HOST_LENGTH];
} tml_world;

/** Start MPI (thread level FUNNELED) and describe the job. Collective over all processes of the job.
 * @param world  out, owned by the caller, ended by tml_world_end
 * @return TML_OK, or TML_INTERNAL when MPI does not give the thread level
 */
TML_NODISCARD tml_status tml_world_start(int *argc, char ***argv, tml_world *world, tml_error *error);

/** End MPI in order. Collective. */
void tml_world_end(tml_world *world);

/** Send text from rank 0 to all. Collective over `comm`.
 * @param text  in on rank 0: a string or NULL; out on the others: a string on the heap owned by the caller,
 * or NULL
 * @return TML_OK or TML_INTERNAL, the same on all ranks
 */
TML_NODISCARD tml_status tml_share_text(MPI_Comm comm, char **text, tml_error *error);

#endif
