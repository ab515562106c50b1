#include "exploration/coverage.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/digest.h"
#include "core/memory.h"
#include "mpi/agree.h"
#include "mpi/distinct.h"

static tml_status count_combinations(const tml_explored_rows *rows, uint64_t *filled, tml_error *error)
{
    uint64_t *keys = NULL;
    tml_distinct distinct = {0};
    tml_status status = tml_array_create(rows->count, sizeof *keys, "combinations", &keys, error);

    status = tml_agree(rows->comm, status, error);
    for (size_t i = 0; i < rows->count && status == TML_OK; ++i)
        keys[i] = tml_digest_64(rows->parameter + i * rows->parameters,
                                rows->parameters * sizeof *rows->parameter);
    if (status == TML_OK)
        status = tml_distinct_count(rows->comm, keys, rows->count, &distinct, error);
    *filled = distinct.different;
    free(keys);
    return status;
}

static tml_status count_pair(const tml_explored_rows *rows, const tml_parameter_bins *bins,
                             tml_coverage_pair *pair, tml_error *error)
{
    const tml_parameter_bins *x = &bins[pair->x];
    const tml_parameter_bins *y = &bins[pair->y];
    tml_status status = tml_array_create(x->count, y->count * sizeof *pair->rows, "coverage", &pair->rows,
                                         error);

    status = tml_agree(rows->comm, status, error);
    if (status != TML_OK)
        return status;
    for (size_t i = 0; i < rows->count; ++i)
        ++pair->rows[tml_parameter_bin(x, tml_parameter_value(rows, i, pair->x)) * y->count +
                     tml_parameter_bin(y, tml_parameter_value(rows, i, pair->y))];
    return tml_mpi_check(MPI_Allreduce(MPI_IN_PLACE, pair->rows, (int)(x->count * y->count), MPI_UINT64_T,
                                       MPI_SUM, rows->comm),
                         "counting rows", error);
}

tml_status tml_coverage_count(const tml_explored_rows *rows, const tml_parameter_bins *bins,
                              tml_coverage *coverage, tml_error *error)
{
    const size_t p = rows->parameters;
    tml_status status;

    memset(coverage, 0, sizeof *coverage);
    coverage->nodes = 1.0;
    for (size_t i = 0; i < p; ++i)
        coverage->nodes *= bins[i].is_axis ? (double)bins[i].count : (double)NAN;
    status = tml_array_create(p * p, sizeof *coverage->pair, "coverage", &coverage->pair, error);
    status = tml_agree(rows->comm, status, error);
    if (status == TML_OK)
        status = count_combinations(rows, &coverage->filled, error);
    for (size_t x = 0; x < p && status == TML_OK; ++x)
        for (size_t y = x + 1; y < p && status == TML_OK; ++y) {
            tml_coverage_pair *pair = &coverage->pair[coverage->pair_count++];

            pair->x = x;
            pair->y = y;
            status = count_pair(rows, bins, pair, error);
        }
    return status;
}

void tml_coverage_free(tml_coverage *coverage)
{
    for (size_t i = 0; i < coverage->pair_count; ++i)
        free(coverage->pair[i].rows);
    free(coverage->pair);
    memset(coverage, 0, sizeof *coverage);
}
