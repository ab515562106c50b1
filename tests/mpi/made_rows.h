#ifndef TML_TESTS_MPI_MADE_ROWS_H
#define TML_TESTS_MPI_MADE_ROWS_H

/** @file made_rows.h
 * Rows of a grid that follow from their place, shared out as the program shares rows it reads: whole chunks
 * of four, so that with few rows the last ranks have none. Include it after mpi_test.h. */

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "exploration/explored_rows.h"
#include "mpi/share.h"

enum { MADE_CHUNK = 4 };

/** One row. @param flux, scaled [wavelengths] @param parameter [parameters] */
typedef void made_row(uint64_t place, float *flux, float *scaled, double *parameter);

/** Number in the source of a row. */
static inline int64_t made_number(uint64_t place)
{
    return (int64_t)(place * 7919 % 10007);
}

/** Make this rank's rows. The caller frees them by tml_explored_rows_free. Not collective. */
static inline tml_explored_rows made_rows(MPI_Comm comm, uint64_t total, size_t wavelengths,
                                          size_t parameters, made_row *make)
{
    tml_explored_rows rows = {.comm = comm,
                              .total = total,
                              .chunk = MADE_CHUNK,
                              .wavelengths = wavelengths,
                              .parameters = parameters};
    tml_share share;

    MPI_Comm_rank(comm, &rows.rank);
    MPI_Comm_size(comm, &rows.size);
    share = tml_share_of_blocks(total, rows.chunk, rows.rank, rows.size);
    rows.first = share.first;
    rows.count = (size_t)share.count;
    rows.row = calloc(rows.count + 1, sizeof *rows.row);
    rows.flux = calloc((rows.count + 1) * wavelengths, sizeof *rows.flux);
    rows.scaled = calloc((rows.count + 1) * wavelengths, sizeof *rows.scaled);
    rows.parameter = calloc((rows.count + 1) * parameters, sizeof *rows.parameter);
    if (rows.row == NULL || rows.flux == NULL || rows.scaled == NULL || rows.parameter == NULL)
        MPI_Abort(MPI_COMM_WORLD, 1);
    for (size_t i = 0; i < rows.count; ++i) {
        rows.row[i] = made_number(rows.first + i);
        make(rows.first + i, rows.flux + i * wavelengths, rows.scaled + i * wavelengths,
             rows.parameter + i * parameters);
    }
    return rows;
}

/** The same rows over all ranks and on each rank alone. */
typedef struct made_pair {
    tml_explored_rows all, alone;
} made_pair;

static inline made_pair made_rows_twice(uint64_t total, size_t wavelengths, size_t parameters, made_row *make)
{
    made_pair pair = {made_rows(MPI_COMM_WORLD, total, wavelengths, parameters, make),
                      made_rows(MPI_COMM_SELF, total, wavelengths, parameters, make)};

    return pair;
}

static inline void made_pair_free(made_pair *pair)
{
    tml_explored_rows_free(&pair->all);
    tml_explored_rows_free(&pair->alone);
}

/** The same bits; two NaN are the same whatever their bits. */
static inline bool made_same(size_t count, const double *a, const double *b)
{
    for (size_t i = 0; i < count; ++i)
        if (memcmp(&a[i], &b[i], sizeof *a) != 0 && !(isnan(a[i]) && isnan(b[i])))
            return false;
    return true;
}

#endif
