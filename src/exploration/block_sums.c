#include "exploration/block_sums.h"

#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "mpi/agree.h"
#include "mpi/exact_reduce.h"

tml_status tml_block_sums_create(MPI_Comm comm, size_t count, tml_block_sums *sums, tml_error *error)
{
    tml_status status;

    memset(sums, 0, sizeof *sums);
    sums->comm = comm;
    sums->count = count;
    status = tml_array_create(count, sizeof *sums->partial, "sums", &sums->partial, error);
    if (status == TML_OK)
        status = tml_array_create(count, sizeof *sums->exact, "sums", &sums->exact, error);
    return tml_agree(comm, status, error);
}

void tml_block_sums_end_block(tml_block_sums *sums)
{
    for (size_t i = 0; i < sums->count; ++i)
        tml_exact_sum_add(&sums->exact[i], sums->partial[i]);
    memset(sums->partial, 0, sums->count * sizeof *sums->partial);
}

tml_status tml_block_sums_reduce(tml_block_sums *sums, double *total, tml_error *error)
{
    tml_status status = tml_exact_reduce(sums->comm, sums->exact, sums->count, error);

    for (size_t i = 0; i < sums->count && status == TML_OK; ++i)
        total[i] = tml_exact_sum_value(&sums->exact[i]);
    return status;
}

void tml_block_sums_free(tml_block_sums *sums)
{
    free(sums->partial);
    free(sums->exact);
    memset(sums, 0, sizeof *sums);
}
