#include "io/grid_summary.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/digest.h"
#include "core/memory.h"
#include "mpi/agree.h"
#include "mpi/share.h"

enum { ROUND_BYTES = 64 << 20 };

/* What a rank keeps of its rows. */
typedef struct row_keys {
    size_t count;
    uint64_t *spectrum;  /* [count] XXH3-64 of the flux */
    uint64_t *parameter; /* [parameters][count] the bits of the values */
    double *minimum;     /* [parameters + 1] the last one is the flux */
    double *maximum;
} row_keys;

static tml_status create_keys(const tml_grid_shape *shape, size_t count, row_keys *keys, tml_error *error)
{
    const size_t ranges = shape->parameter_count + 1;
    const char *what = "the summary of a grid";
    tml_status status = tml_array_create(count, sizeof *keys->spectrum, what, &keys->spectrum, error);

    keys->count = count;
    if (status == TML_OK)
        status = tml_array_create(count, shape->parameter_count * sizeof *keys->parameter, what,
                                  &keys->parameter, error);
    if (status == TML_OK)
        status = tml_array_create(ranges, sizeof *keys->minimum, what, &keys->minimum, error);
    if (status == TML_OK)
        status = tml_array_create(ranges, sizeof *keys->maximum, what, &keys->maximum, error);
    for (size_t i = 0; status == TML_OK && i < ranges; ++i) {
        keys->minimum[i] = DBL_MAX;
        keys->maximum[i] = -DBL_MAX;
    }
    return status;
}

static void free_keys(row_keys *keys)
{
    free(keys->spectrum);
    free(keys->parameter);
    free(keys->minimum);
    free(keys->maximum);
}

static void note(row_keys *keys, size_t range, double value)
{
    keys->minimum[range] = fmin(keys->minimum[range], value);
    keys->maximum[range] = fmax(keys->maximum[range], value);
}

static void keep_rows(const tml_grid_shape *shape, const tml_grid_rows *rows, size_t first, size_t count,
                      row_keys *keys)
{
    for (size_t i = 0; i < count; ++i) {
        const float *flux = rows->flux + i * shape->wavelengths;

        keys->spectrum[first + i] = tml_digest_64(flux, shape->wavelengths * sizeof *flux);
        for (size_t j = 0; j < shape->wavelengths; ++j)
            note(keys, shape->parameter_count, (double)flux[j]);
        for (size_t p = 0; p < shape->parameter_count; ++p) {
            const double value = rows->parameters[i * shape->parameter_count + p] + 0.0; /* -0 is 0 */

            memcpy(&keys->parameter[p * keys->count + first + i], &value, sizeof value);
            note(keys, p, value);
        }
    }
}

/* Reads this rank's share in rounds of bounded size, as many on every rank. */
static tml_status read_share(MPI_Comm comm, tml_grid_file *file, uint64_t first, uint64_t largest,
                             size_t round, row_keys *keys, tml_error *error)
{
    const tml_grid_shape *shape = tml_grid_file_shape(file);
    tml_grid_rows rows = {NULL, NULL, NULL, NULL};
    tml_status status = tml_array_create(round, shape->wavelengths * sizeof *rows.flux, "rows", &rows.flux,
                                         error);

    if (status == TML_OK)
        status = tml_array_create(round, shape->parameter_count * sizeof *rows.parameters, "rows",
                                  &rows.parameters, error);
    status = tml_agree(comm, status, error);
    for (uint64_t done = 0; status == TML_OK && done < largest; done += round) {
        const size_t begin = done < keys->count ? (size_t)done : keys->count;
        const size_t count = keys->count - begin < round ? keys->count - begin : round;

        status = tml_grid_file_read_rows(file, first + begin, count, &rows, error);
        if (status == TML_OK)
            keep_rows(shape, &rows, begin, count, keys);
    }
    free(rows.flux);
    free(rows.parameters);
    return status;
}

/* Smallest and largest values of all ranks. The order of a minimum does not matter. */
static tml_status join_ranges(MPI_Comm comm, const tml_grid_shape *shape, row_keys *keys,
                              tml_grid_summary *summary, tml_error *error)
{
    const int ranges = (int)shape->parameter_count + 1;
    tml_status status = tml_mpi_check(
        MPI_Allreduce(MPI_IN_PLACE, keys->minimum, ranges, MPI_DOUBLE, MPI_MIN, comm),
        "finding the smallest values", error);

    if (status == TML_OK)
        status = tml_mpi_check(MPI_Allreduce(MPI_IN_PLACE, keys->maximum, ranges, MPI_DOUBLE, MPI_MAX, comm),
                               "finding the largest values", error);
    for (size_t p = 0; p < shape->parameter_count; ++p) {
        summary->parameters[p].minimum = keys->minimum[p];
        summary->parameters[p].maximum = keys->maximum[p];
    }
    summary->flux_minimum = keys->minimum[shape->parameter_count];
    summary->flux_maximum = keys->maximum[shape->parameter_count];
    return status;
}

static int compare_doubles(const void *a, const void *b)
{
    const double *left = a;
    const double *right = b;

    return (*left > *right) - (*left < *right);
}

static tml_status count_different(MPI_Comm comm, const tml_grid_shape *shape, const row_keys *keys,
                                  tml_grid_summary *summary, tml_error *error)
{
    tml_distinct distinct;
    tml_status status = tml_distinct_count(comm, keys->spectrum, keys->count, &distinct, error);

    summary->twin_groups = distinct.repeated;
    summary->twin_rows = distinct.members;
    for (size_t p = 0; status == TML_OK && p < shape->parameter_count; ++p) {
        tml_grid_parameter_summary *parameter = &summary->parameters[p];

        status = tml_distinct_count(comm, keys->parameter + p * keys->count, keys->count, &distinct, error);
        parameter->different = distinct.different;
        parameter->value_count = distinct.few_count;
        memcpy(parameter->values, distinct.few, sizeof parameter->values);
        qsort(parameter->values, parameter->value_count, sizeof *parameter->values, compare_doubles);
    }
    return status;
}

static void find_resolution(const double *wavelength_um, size_t count, tml_grid_summary *summary)
{
    for (size_t i = 1; i < count; ++i) {
        const double middle = 0.5 * (wavelength_um[i] + wavelength_um[i - 1]);
        const double resolution = middle / (wavelength_um[i] - wavelength_um[i - 1]);

        summary->resolution_minimum = i == 1 ? resolution : fmin(summary->resolution_minimum, resolution);
        summary->resolution_maximum = i == 1 ? resolution : fmax(summary->resolution_maximum, resolution);
    }
}

tml_status tml_grid_summary_compute(MPI_Comm comm, tml_grid_file *file, tml_grid_summary *summary,
                                    tml_error *error)
{
    const tml_grid_shape *shape = tml_grid_file_shape(file);
    const size_t row_bytes = shape->wavelengths * sizeof(float) + shape->parameter_count * sizeof(double);
    const uint64_t chunk = tml_grid_file_chunk_rows(file);
    size_t round = row_bytes < ROUND_BYTES ? ROUND_BYTES / row_bytes : 1;
    row_keys keys = {0, NULL, NULL, NULL, NULL};
    tml_grid_summary made;
    tml_share share;
    uint64_t largest;
    int rank;
    int size;
    tml_status status;

    MPI_Comm_rank(comm, &rank);
    MPI_Comm_size(comm, &size);
    share = tml_share_of_blocks(shape->rows, chunk, rank, size);
    largest = tml_share_of_blocks(shape->rows, chunk, 0, size).count;
    if (round > largest)
        round = (size_t)largest;
    memset(&made, 0, sizeof made);
    status = tml_agree(comm, create_keys(shape, (size_t)share.count, &keys, error), error);
    if (status == TML_OK)
        status = read_share(comm, file, share.first, largest, round, &keys, error);
    if (status == TML_OK)
        status = join_ranges(comm, shape, &keys, &made, error);
    if (status == TML_OK)
        status = count_different(comm, shape, &keys, &made, error);
    free_keys(&keys);
    if (status != TML_OK)
        return status;
    find_resolution(tml_grid_file_wavelength_um(file), shape->wavelengths, &made);
    *summary = made;
    return TML_OK;
}
