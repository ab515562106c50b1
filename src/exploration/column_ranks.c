#include "exploration/column_ranks.h"

#include <stdlib.h>
#include <string.h>

#include "core/checked.h"
#include "core/memory.h"
#include "exploration/sorted_search.h"
#include "mpi/agree.h"

typedef struct exchange {
    double *outgoing;               /* [columns][rows of this process] */
    double *column;                 /* [total] the column of this process, in the order of the file */
    double *sorted;                 /* [total] */
    int64_t *rank;                  /* [total] */
    int *near_counts, *near_starts; /* [size] of outgoing: values of each process' column that are here */
    int *far_counts, *far_starts;   /* [size] of the column: values of this process' column elsewhere */
} exchange;

static void free_exchange(exchange *x)
{
    free(x->outgoing);
    free(x->column);
    free(x->sorted);
    free(x->rank);
    free(x->near_counts);
}

static tml_status make_room(const tml_explored_rows *rows, size_t columns, exchange *x, tml_error *error)
{
    const char *what = "ranks of values";
    const size_t size = (size_t)rows->size;
    const size_t total = (size_t)rows->rank < columns ? (size_t)rows->total : 0;
    int fits;
    tml_status status = tml_array_create(columns * rows->count, sizeof(double), what, &x->outgoing, error);

    if (status == TML_OK && !tml_int_from_size(columns * rows->count, &fits))
        status = TML_FAIL(error, TML_INTERNAL, "%zu values are too many to rank at once", rows->count);
    if (status == TML_OK)
        status = tml_array_create(total, sizeof(double), what, &x->column, error);
    if (status == TML_OK)
        status = tml_array_create(total, sizeof(double), what, &x->sorted, error);
    if (status == TML_OK)
        status = tml_array_create(total, sizeof(int64_t), what, &x->rank, error);
    if (status == TML_OK)
        status = tml_array_create(4 * size, sizeof(int), what, &x->near_counts, error);
    if (status != TML_OK)
        return status;
    x->near_starts = x->near_counts + size;
    x->far_counts = x->near_starts + size;
    x->far_starts = x->far_counts + size;
    return TML_OK;
}

static void plan(const tml_explored_rows *rows, size_t columns, exchange *x)
{
    int near = 0;
    int far = 0;

    for (int r = 0; r < rows->size; ++r) {
        x->near_starts[r] = near;
        x->near_counts[r] = (size_t)r < columns ? (int)rows->count : 0;
        x->far_starts[r] = far;
        x->far_counts[r] = (size_t)rows->rank < columns ? (int)tml_explored_rows_of(rows, r) : 0;
        near += x->near_counts[r];
        far += x->far_counts[r];
    }
}

/* Equal values have the places below ... up_to - 1; the mean of their ranks is (below + up_to + 1) / 2. */
static void rank_column(size_t total, exchange *x)
{
    memcpy(x->sorted, x->column, total * sizeof *x->sorted);
    tml_sort_doubles(total, x->sorted);
    for (size_t i = 0; i < total; ++i) {
        size_t below = tml_sorted_below(total, x->sorted, x->column[i]);
        size_t up_to = tml_sorted_up_to(total, x->sorted, x->column[i]);

        x->rank[i] = (int64_t)(below + up_to) - (int64_t)total;
    }
}

tml_status tml_column_ranks(const tml_explored_rows *rows, tml_column_value *value, size_t first,
                            size_t columns, int64_t *rank, tml_error *error)
{
    exchange x = {0};
    tml_status status = tml_agree(rows->comm, make_room(rows, columns, &x, error), error);

    if (status == TML_OK) {
        plan(rows, columns, &x);
        for (size_t c = 0; c < columns; ++c)
            for (size_t i = 0; i < rows->count; ++i)
                x.outgoing[c * rows->count + i] = value(rows, i, first + c);
        status = tml_mpi_check(MPI_Alltoallv(x.outgoing, x.near_counts, x.near_starts, MPI_DOUBLE, x.column,
                                             x.far_counts, x.far_starts, MPI_DOUBLE, rows->comm),
                               "sending columns", error);
    }
    if (status == TML_OK) {
        if ((size_t)rows->rank < columns)
            rank_column((size_t)rows->total, &x);
        status = tml_mpi_check(MPI_Alltoallv(x.rank, x.far_counts, x.far_starts, MPI_INT64_T, rank,
                                             x.near_counts, x.near_starts, MPI_INT64_T, rows->comm),
                               "sending ranks", error);
    }
    free_exchange(&x);
    return status;
}
