#ifndef TML_MPI_PLACEMENT_H
#define TML_MPI_PLACEMENT_H

/** @file mpi/placement.h
 * How the ranks sit on the cores, and whether they are ranks of one job at all. */

#include <stdbool.h>

#include "mpi/world.h"

/** The same on all ranks. */
typedef struct tml_placement {
    int ranks, nodes;
    int most_ranks;     /* on one node */
    int threads;        /* of each rank */
    int least_cores;    /* hardware threads that the most tightly bound rank may use; 0: not known */
    bool is_bound;      /* every rank is bound to a part of its node */
    double crowding;    /* working threads per usable hardware thread, on the node where it is largest; 0: not
                           known */
    int launcher_ranks; /* tml_launcher_ranks */
} tml_placement;

/** Number of ranks by what a launcher leaves in the environment of each: Slurm's srun, PMI-1 and Open MPI's
 * mpirun. The largest that any of them says; 0: none says anything. Not collective. */
int tml_launcher_ranks(void);

/** Find out how the ranks sit. Collective over world->comm.
 * @param threads    of each rank
 * @param placement  out
 * @return TML_OK or TML_INTERNAL, the same on all ranks
 */
TML_NODISCARD tml_status tml_placement_find(const tml_world *world, int threads, tml_placement *placement,
                                            tml_error *error);

#endif
