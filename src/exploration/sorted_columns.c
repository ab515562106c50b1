#include "exploration/sorted_columns.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "exploration/sorted_search.h"
#include "mpi/agree.h"

tml_status tml_sorted_columns_create(MPI_Comm comm, size_t columns, size_t room, tml_sorted_columns *sorted,
                                     tml_error *error)
{
    const char *what = "sorted values";
    tml_status status;

    memset(sorted, 0, sizeof *sorted);
    sorted->comm = comm;
    sorted->columns = columns;
    sorted->room = room;
    status = tml_array_create(columns, sizeof *sorted->count, what, &sorted->count, error);
    if (status == TML_OK)
        status = tml_array_create(columns, room * sizeof *sorted->value, what, &sorted->value, error);
    if (status == TML_OK)
        status = tml_array_create(columns, sizeof *sorted->total, what, &sorted->total, error);
    if (status == TML_OK)
        status = tml_array_create(columns, sizeof *sorted->minimum, what, &sorted->minimum, error);
    if (status == TML_OK)
        status = tml_array_create(columns, sizeof *sorted->maximum, what, &sorted->maximum, error);
    return tml_agree(comm, status, error);
}

void tml_sorted_columns_free(tml_sorted_columns *sorted)
{
    free(sorted->count);
    free(sorted->value);
    free(sorted->total);
    free(sorted->minimum);
    free(sorted->maximum);
    memset(sorted, 0, sizeof *sorted);
}

void tml_sorted_columns_put(tml_sorted_columns *sorted, size_t column, double value)
{
    if (isnan(value))
        return;
    assert(sorted->count[column] < sorted->room);
    sorted->value[column * sorted->room + sorted->count[column]++] = value + 0.0; /* -0 is 0 */
}

tml_status tml_sorted_columns_finish(tml_sorted_columns *sorted, tml_error *error)
{
    const int columns = (int)sorted->columns;
    tml_status status;

    for (size_t c = 0; c < sorted->columns; ++c) {
        double *value = sorted->value + c * sorted->room;
        size_t count = sorted->count[c];

        tml_sort_doubles(count, value);
        sorted->total[c] = count;
        sorted->minimum[c] = count > 0 ? value[0] : (double)INFINITY;
        sorted->maximum[c] = count > 0 ? value[count - 1] : -(double)INFINITY;
    }
    status = tml_mpi_check(
        MPI_Allreduce(MPI_IN_PLACE, sorted->total, columns, MPI_UINT64_T, MPI_SUM, sorted->comm),
        "counting values", error);
    if (status == TML_OK)
        status = tml_mpi_check(
            MPI_Allreduce(MPI_IN_PLACE, sorted->minimum, columns, MPI_DOUBLE, MPI_MIN, sorted->comm),
            "finding the smallest values", error);
    if (status == TML_OK)
        status = tml_mpi_check(
            MPI_Allreduce(MPI_IN_PLACE, sorted->maximum, columns, MPI_DOUBLE, MPI_MAX, sorted->comm),
            "finding the largest values", error);
    return status;
}

/* ---- doubles as integers in the same order ---- */

static const uint64_t sign_bit = (uint64_t)1 << 63;

static uint64_t image_of(double value)
{
    uint64_t bits;

    memcpy(&bits, &value, sizeof bits);
    return (bits & sign_bit) != 0 ? ~bits : bits | sign_bit;
}

static double value_of(uint64_t image)
{
    uint64_t bits = (image & sign_bit) != 0 ? image & ~sign_bit : ~image;
    double value;

    memcpy(&value, &bits, sizeof value);
    return value;
}

/* ---- bisection ---- */

/* One search for each order statistic: its image lies in [low, high]. */
typedef struct bisection {
    size_t count;
    uint64_t *low, *high;
    uint64_t *below; /* values of all ranks up to the middle */
} bisection;

static uint64_t middle_of(const bisection *b, size_t i)
{
    return b->low[i] + (b->high[i] - b->low[i]) / 2;
}

static bool count_middles(const tml_sorted_columns *sorted, size_t wanted, bisection *b)
{
    bool is_open = false;

    for (size_t i = 0; i < b->count; ++i) {
        size_t c = i / wanted;

        b->below[i] = 0;
        if (b->low[i] >= b->high[i])
            continue;
        is_open = true;
        b->below[i] = tml_sorted_up_to(sorted->count[c], sorted->value + c * sorted->room,
                                       value_of(middle_of(b, i)));
    }
    return is_open;
}

/* Ends after the same number of turns on every rank: low and high follow from reduced numbers. */
static tml_status bisect(const tml_sorted_columns *sorted, size_t wanted, const uint64_t *order, bisection *b,
                         tml_error *error)
{
    tml_status status = TML_OK;

    for (size_t i = 0; i < b->count; ++i) {
        bool is_there = order[i] < sorted->total[i / wanted];

        b->low[i] = is_there ? image_of(sorted->minimum[i / wanted]) : 0;
        b->high[i] = is_there ? image_of(sorted->maximum[i / wanted]) : 0;
    }
    while (status == TML_OK && count_middles(sorted, wanted, b)) {
        status = tml_mpi_check(
            MPI_Allreduce(MPI_IN_PLACE, b->below, (int)b->count, MPI_UINT64_T, MPI_SUM, sorted->comm),
            "counting values", error);
        for (size_t i = 0; i < b->count && status == TML_OK; ++i) {
            if (b->low[i] >= b->high[i])
                continue;
            if (b->below[i] > order[i])
                b->high[i] = middle_of(b, i);
            else
                b->low[i] = middle_of(b, i) + 1;
        }
    }
    return status;
}

tml_status tml_sorted_columns_values(const tml_sorted_columns *sorted, size_t wanted, const uint64_t *order,
                                     double *values, tml_error *error)
{
    bisection b = {.count = sorted->columns * wanted};
    tml_status status = tml_array_create(b.count, 3 * sizeof *b.low, "order statistics", &b.low, error);

    status = tml_agree(sorted->comm, status, error);
    if (status == TML_OK) {
        b.high = b.low + b.count;
        b.below = b.high + b.count;
        status = bisect(sorted, wanted, order, &b, error);
    }
    for (size_t i = 0; i < b.count && status == TML_OK; ++i)
        /* The search for 0 ends at -0, which is no less in a comparison. */
        values[i] = order[i] < sorted->total[i / wanted] ? value_of(b.low[i]) + 0.0 : (double)NAN;
    free(b.low);
    return status;
}

tml_status tml_sorted_columns_quantiles(const tml_sorted_columns *sorted, size_t wanted, const double *p,
                                        double *values, tml_error *error)
{
    const size_t count = sorted->columns * wanted;
    uint64_t *order = NULL;
    double *pair = NULL; /* [count][2] the values on both sides */
    tml_status status = tml_array_create(2 * count, sizeof *order, "quantiles", &order, error);

    if (status == TML_OK)
        status = tml_array_create(2 * count, sizeof *pair, "quantiles", &pair, error);
    status = tml_agree(sorted->comm, status, error);
    for (size_t i = 0; i < count && status == TML_OK; ++i) {
        uint64_t total = sorted->total[i / wanted];
        uint64_t at = total > 0 ? (uint64_t)(p[i % wanted] * (double)(total - 1)) : 0;

        order[2 * i] = at;
        order[2 * i + 1] = at + 1 < total ? at + 1 : at;
    }
    if (status == TML_OK)
        status = tml_sorted_columns_values(sorted, 2 * wanted, order, pair, error);
    for (size_t i = 0; i < count && status == TML_OK; ++i) {
        uint64_t total = sorted->total[i / wanted];
        double place = p[i % wanted] * (double)(total > 0 ? total - 1 : 0);

        values[i] = pair[2 * i] + (place - floor(place)) * (pair[2 * i + 1] - pair[2 * i]);
    }
    free(order);
    free(pair);
    return status;
}

tml_status tml_sorted_columns_within(const tml_sorted_columns *sorted, double *low, double *high,
                                     tml_error *error)
{
    const int columns = (int)sorted->columns;
    tml_status status;

    for (size_t c = 0; c < sorted->columns; ++c) {
        const double *value = sorted->value + c * sorted->room;
        size_t first = tml_sorted_below(sorted->count[c], value, low[c]);
        size_t end = tml_sorted_up_to(sorted->count[c], value, high[c]);

        low[c] = first < sorted->count[c] ? value[first] : (double)INFINITY;
        high[c] = end > 0 ? value[end - 1] : -(double)INFINITY;
    }
    status = tml_mpi_check(MPI_Allreduce(MPI_IN_PLACE, low, columns, MPI_DOUBLE, MPI_MIN, sorted->comm),
                           "finding the smallest values", error);
    if (status == TML_OK)
        status = tml_mpi_check(MPI_Allreduce(MPI_IN_PLACE, high, columns, MPI_DOUBLE, MPI_MAX, sorted->comm),
                               "finding the largest values", error);
    return status;
}
