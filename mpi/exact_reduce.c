#include "mpi/exact_reduce.h"

#include <limits.h>

#include "mpi/agree.h"

tml_status tml_exact_reduce(MPI_Comm comm, tml_exact_sum *sums, size_t count, tml_error *error)
{
    const size_t most = INT_MAX / TML_EXACT_SUM_LIMBS;

    for (size_t at = 0; at < count; at += most) {
        size_t part = count - at < most ? count - at : most;
        tml_status status = tml_mpi_check(MPI_Allreduce(MPI_IN_PLACE, sums[at].limb,
                                                        (int)part * TML_EXACT_SUM_LIMBS, MPI_INT64_T, MPI_SUM,
                                                        comm),
                                          "adding exact sums", error);

        if (status != TML_OK)
            return status;
    }
    return TML_OK;
}
