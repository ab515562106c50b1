#include "exploration/filtered.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "core/memory.h"
#include "exploration/sorted_columns.h"
#include "mpi/agree.h"

/* The rows of this rank that are left. */
typedef struct candidates {
    const tml_explored_rows *rows;
    size_t count;
    size_t *row;    /* [count] ascending */
    double *number; /* [count] distance from the fixed point, then value of the parameter */
} candidates;

/* Distance of a row from the line along a parameter, as a share of the ranges; infinity beyond the tolerance.
 */
static double distance(const tml_explored_rows *rows, const tml_parameter_bins *bins, const double *fixed,
                       size_t varied, size_t row)
{
    double largest = 0.0;

    for (size_t p = 0; p < rows->parameters; ++p) {
        double away = fabs(tml_parameter_value(rows, row, p) - fixed[p]);

        if (p == varied)
            continue;
        if (bins[p].is_axis)
            away = away > 0.0 ? (double)INFINITY : 0.0;
        else
            away /= bins[p].high[bins[p].count - 1] - bins[p].low[0];
        largest = fmax(largest, away);
    }
    return largest <= TML_FILTERED_TOLERANCE ? largest : (double)INFINITY;
}

static void keep_up_to(candidates *c, double bound)
{
    size_t kept = 0;

    for (size_t i = 0; i < c->count; ++i)
        if (c->number[i] <= bound) {
            c->row[kept] = c->row[i];
            c->number[kept++] = c->number[i];
        }
    c->count = kept;
}

/* Order statistics of the numbers of all candidates.
 * @param total  out: their number over all ranks; a NULL order wants nothing more */
static tml_status order_numbers(const candidates *c, size_t wanted, const uint64_t *order, double *value,
                                uint64_t *total, tml_error *error)
{
    tml_sorted_columns sorted;
    tml_status status = tml_sorted_columns_create(c->rows->comm, 1, c->count, &sorted, error);

    if (status == TML_OK) {
        for (size_t i = 0; i < c->count; ++i)
            tml_sorted_columns_put(&sorted, 0, c->number[i]);
        status = tml_sorted_columns_finish(&sorted, error);
    }
    if (status == TML_OK && wanted > 0)
        status = tml_sorted_columns_values(&sorted, wanted, order, value, error);
    if (status == TML_OK)
        *total = sorted.total[0];
    tml_sorted_columns_free(&sorted);
    return status;
}

/* The nearest; more than TML_FILTERED_ROWS stay only where they are equally near. */
static tml_status keep_nearest(candidates *c, uint64_t *total, tml_error *error)
{
    const uint64_t last = TML_FILTERED_ROWS - 1;
    double bound;
    tml_status status = order_numbers(c, 1, &last, &bound, total, error);

    if (status != TML_OK || *total <= TML_FILTERED_ROWS)
        return status;
    keep_up_to(c, bound);
    return order_numbers(c, 0, NULL, NULL, total, error);
}

/* The lowest row of each of some values. */
static tml_status keep_lowest(candidates *c, const double *value, tml_error *error)
{
    int64_t lowest[TML_FILTERED_ROWS];
    size_t kept = 0;
    tml_status status;

    for (size_t k = 0; k < TML_FILTERED_ROWS; ++k) {
        lowest[k] = INT64_MAX;
        for (size_t i = 0; i < c->count; ++i)
            if (c->number[i] <= value[k] && c->number[i] >= value[k] && c->rows->row[c->row[i]] < lowest[k])
                lowest[k] = c->rows->row[c->row[i]];
    }
    status = tml_mpi_check(
        MPI_Allreduce(MPI_IN_PLACE, lowest, TML_FILTERED_ROWS, MPI_INT64_T, MPI_MIN, c->rows->comm),
        "choosing spectra", error);
    for (size_t i = 0; i < c->count && status == TML_OK; ++i) {
        size_t k = 0;

        while (k < TML_FILTERED_ROWS && lowest[k] != c->rows->row[c->row[i]])
            ++k;
        if (k < TML_FILTERED_ROWS)
            c->row[kept++] = c->row[i];
    }
    c->count = status == TML_OK ? kept : 0;
    return status;
}

static tml_status spread(candidates *c, size_t varied, uint64_t total, tml_error *error)
{
    uint64_t order[TML_FILTERED_ROWS];
    double value[TML_FILTERED_ROWS];
    tml_status status;

    for (size_t k = 0; k < TML_FILTERED_ROWS; ++k)
        order[k] = k * (total - 1) / (TML_FILTERED_ROWS - 1);
    for (size_t i = 0; i < c->count; ++i)
        c->number[i] = tml_parameter_value(c->rows, c->row[i], varied);
    status = order_numbers(c, TML_FILTERED_ROWS, order, value, &total, error);
    return status == TML_OK ? keep_lowest(c, value, error) : status;
}

static void copy_fluxes(const void *context, size_t row, double *extra)
{
    const tml_explored_rows *rows = context;

    for (size_t w = 0; w < rows->wavelengths; ++w)
        extra[w] = tml_flux_value(rows, row, w);
}

tml_status tml_filtered_table(const tml_explored_rows *rows, const tml_parameter_bins *bins,
                              const double *fixed, size_t varied, tml_row_table *table, tml_error *error)
{
    const tml_row_request request = {rows->wavelengths, copy_fluxes, rows, TML_ROWS_BY_PARAMETER, varied};
    candidates c = {rows, rows->count, NULL, NULL};
    uint64_t total = 0;
    tml_status status = tml_array_create(rows->count, sizeof *c.row, "filtered spectra", &c.row, error);

    if (status == TML_OK)
        status = tml_array_create(rows->count, sizeof *c.number, "filtered spectra", &c.number, error);
    status = tml_agree(rows->comm, status, error);
    if (status == TML_OK) {
        for (size_t i = 0; i < rows->count; ++i) {
            c.row[i] = i;
            c.number[i] = distance(rows, bins, fixed, varied, i);
        }
        keep_up_to(&c, TML_FILTERED_TOLERANCE);
        status = keep_nearest(&c, &total, error);
    }
    if (status == TML_OK && total > TML_FILTERED_ROWS)
        status = spread(&c, varied, total, error);
    if (status == TML_OK)
        status = tml_row_table_gather(rows, c.count, c.row, &request, table, error);
    free(c.row);
    free(c.number);
    return status;
}
