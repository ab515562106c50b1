#include "commands/placement_warning.h"

#include "core/log.h"
#include "mpi/placement.h"

tml_status tml_warn_of_placement(const tml_world *world, int threads, tml_error *error)
{
    tml_placement p;
    tml_status status = tml_placement_find(world, threads, &p, error);

    if (status != TML_OK)
        return status;
    if (p.least_cores > 0 && p.least_cores < p.threads)
        tml_warn("bound_too_tightly",
                 "a rank of %d threads may use only %d of the processors: bind ranks to as many cores as "
                 "they have "
                 "threads (mpirun --map-by slot:PE=%d, srun --cpus-per-task=%d)",
                 p.threads, p.least_cores, p.threads, p.threads);
    else if (p.crowding > 1.0)
        tml_warn(
            "oversubscribed",
            "%d ranks of %d threads share too few cores, %.3g working threads for each: start fewer ranks or "
            "threads, or give the job more cores",
            p.most_ranks, p.threads, p.crowding);
    return TML_OK;
}
