#include "exploration/parameter_bins.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "mpi/agree.h"
#include "mpi/distinct.h"

/* One more than an axis has, so that too many are noticed. */
enum { ROOM = TML_PARAMETER_BINS + 1, FEWEST_BINS = 10, MOST_BINS = 40 };

/* Different values in ascending order; count ROOM: too many, and not all of them are there. */
typedef struct few_values {
    double count;
    double value[ROOM];
} few_values;

static void insert(few_values *few, double value)
{
    size_t count = (size_t)few->count;
    size_t at = 0;

    while (at < count && few->value[at] < value)
        ++at;
    if (count == ROOM || (at < count && !(value < few->value[at])))
        return;
    memmove(few->value + at + 1, few->value + at, (count - at) * sizeof *few->value);
    few->value[at] = value;
    few->count += 1.0;
}

/* The different values of all ranks, if they are few. */
static tml_status find_values(const tml_explored_rows *rows, size_t parameter, few_values *few,
                              tml_error *error)
{
    few_values *all = NULL;
    tml_status status = tml_array_create((size_t)rows->size, sizeof *all, "axis values", &all, error);

    memset(few, 0, sizeof *few);
    for (size_t i = 0; i < rows->count; ++i)
        insert(few, tml_parameter_value(rows, i, parameter));
    status = tml_agree(rows->comm, status, error);
    if (status == TML_OK)
        status = tml_mpi_check(
            MPI_Allgather(few, ROOM + 1, MPI_DOUBLE, all, ROOM + 1, MPI_DOUBLE, rows->comm),
            "sharing axis values", error);
    for (int r = 0; r < rows->size && status == TML_OK; ++r)
        for (size_t i = 0; i < (size_t)all[r].count; ++i)
            insert(few, all[r].value[i]);
    free(all);
    return status;
}

static tml_status count_different(const tml_explored_rows *rows, size_t parameter, uint64_t *different,
                                  tml_error *error)
{
    uint64_t *keys = NULL;
    tml_distinct distinct = {0};
    tml_status status = tml_array_create(rows->count, sizeof *keys, "parameter values", &keys, error);

    status = tml_agree(rows->comm, status, error);
    for (size_t i = 0; i < rows->count && status == TML_OK; ++i) {
        double value = tml_parameter_value(rows, i, parameter);

        memcpy(&keys[i], &value, sizeof value);
    }
    if (status == TML_OK)
        status = tml_distinct_count(rows->comm, keys, rows->count, &distinct, error);
    *different = distinct.different;
    free(keys);
    return status;
}

static void make_axis(const few_values *few, tml_parameter_bins *bins)
{
    bins->is_axis = true;
    bins->count = (size_t)few->count;
    bins->different = bins->count;
    memcpy(bins->low, few->value, bins->count * sizeof *bins->low);
    memcpy(bins->high, few->value, bins->count * sizeof *bins->high);
}

static void make_histogram(uint64_t rows, double minimum, double maximum, tml_parameter_bins *bins)
{
    double count = fmin(fmax(ceil(sqrt((double)rows)), FEWEST_BINS), MOST_BINS);

    bins->count = (size_t)count;
    for (size_t i = 0; i < bins->count; ++i) {
        bins->low[i] = minimum + (maximum - minimum) * ((double)i / count);
        bins->high[i] = i + 1 < bins->count ? minimum + (maximum - minimum) * ((double)(i + 1) / count)
                                            : maximum;
    }
}

size_t tml_parameter_bin(const tml_parameter_bins *bins, double value)
{
    size_t at = 0;

    while (at + 1 < bins->count && bins->low[at + 1] <= value)
        ++at;
    if (bins->is_axis && at + 1 < bins->count && bins->low[at + 1] - value < value - bins->low[at])
        ++at;
    return at;
}

double tml_parameter_bin_centre(const tml_parameter_bins *bins, size_t bin)
{
    return bins->low[bin] + 0.5 * (bins->high[bin] - bins->low[bin]);
}

tml_status tml_parameter_bins_find(const tml_explored_rows *rows, size_t parameter, double minimum,
                                   double maximum, tml_parameter_bins *bins, tml_error *error)
{
    few_values few;
    tml_status status = find_values(rows, parameter, &few, error);

    memset(bins, 0, sizeof *bins);
    if (status == TML_OK && few.count < ROOM) {
        make_axis(&few, bins);
    } else if (status == TML_OK) {
        make_histogram(rows->total, minimum, maximum, bins);
        status = count_different(rows, parameter, &bins->different, error);
    }
    if (status != TML_OK)
        return status;
    for (size_t i = 0; i < rows->count; ++i)
        ++bins->rows[tml_parameter_bin(bins, tml_parameter_value(rows, i, parameter))];
    return tml_mpi_check(
        MPI_Allreduce(MPI_IN_PLACE, bins->rows, (int)bins->count, MPI_UINT64_T, MPI_SUM, rows->comm),
        "counting rows", error);
}
