#include "exploration/fixed_point.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "core/log.h"
#include "core/text.h"
#include "mpi/agree.h"

static bool has_name(const tml_grid_shape *shape, const char *name)
{
    for (size_t p = 0; p < shape->parameter_count; ++p)
        if (strcmp(shape->parameters[p].name, name) == 0)
            return true;
    return false;
}

static tml_status unknown_name(const tml_grid_shape *shape, const char *name, tml_error *error)
{
    const char *names[TML_GRID_PARAMETERS];
    const char *nearest;

    for (size_t p = 0; p < shape->parameter_count; ++p)
        names[p] = shape->parameters[p].name;
    nearest = tml_text_nearest(name, names, shape->parameter_count);
    return TML_FAIL(error, TML_USAGE,
                    "--fix: the grid has no parameter '%s'%s%s%s; grid info lists its parameters", name,
                    nearest != NULL ? ", did you mean '" : "", nearest != NULL ? nearest : "",
                    nearest != NULL ? "'?" : "");
}

tml_status tml_fixed_names_check(const tml_grid_shape *shape, size_t count, const tml_fixed_value *wanted,
                                 tml_error *error)
{
    for (size_t i = 0; i < count; ++i) {
        if (!has_name(shape, wanted[i].name))
            return unknown_name(shape, wanted[i].name, error);
        for (size_t j = 0; j < i; ++j)
            if (strcmp(wanted[i].name, wanted[j].name) == 0)
                return TML_FAIL(error, TML_USAGE, "--fix: %s is given twice", wanted[i].name);
    }
    return TML_OK;
}

static double commonest(const tml_parameter_bins *bins, double median)
{
    size_t best = 0;

    for (size_t i = 1; i < bins->count; ++i) {
        bool is_nearer = fabs(bins->low[i] - median) < fabs(bins->low[best] - median);

        if (bins->rows[i] > bins->rows[best] || (bins->rows[i] == bins->rows[best] && is_nearer))
            best = i;
    }
    return bins->low[best];
}

static tml_status wanted_value(const char *name, const tml_parameter_bins *bins,
                               const tml_column_summary *summary, double value, double *fixed,
                               tml_error *error)
{
    if (!(value >= summary->minimum && value <= summary->maximum))
        return TML_FAIL(error, TML_USAGE, "--fix: %s=%g is outside the grid, which has %g to %g", name, value,
                        summary->minimum, summary->maximum);
    *fixed = bins->is_axis ? bins->low[tml_parameter_bin(bins, value)] : value;
    if (*fixed < value || *fixed > value)
        tml_warn("not_a_node", "--fix: the grid has no %s=%g; the nearest, %g, is taken", name, value,
                 *fixed);
    return TML_OK;
}

/* What decides on the nearest row. */
typedef struct nearest_row {
    const tml_explored_rows *rows;
    const tml_parameter_bins *bins;
    const bool *is_wanted; /* [parameters] somebody fixed it */
    double *fixed;         /* [parameters] */
} nearest_row;

/* A row that has another value than the one that is wanted is farther than any that has it. */
static double distance(const nearest_row *n, size_t row)
{
    double sum = 0.0;

    for (size_t p = 0; p < n->rows->parameters; ++p) {
        const tml_parameter_bins *bins = &n->bins[p];
        double away = fabs(tml_parameter_value(n->rows, row, p) - n->fixed[p]);
        double range = bins->high[bins->count - 1] - bins->low[0];

        if (bins->is_axis && away > 0.0)
            sum += n->is_wanted[p] ? (double)TML_GRID_PARAMETERS : away / range;
    }
    return sum;
}

/* Of equally near rows the first in the file. */
static tml_status find_place(const nearest_row *n, uint64_t *place, tml_error *error)
{
    double least = (double)INFINITY;
    double smallest;
    tml_status status;

    *place = UINT64_MAX;
    for (size_t i = 0; i < n->rows->count; ++i) {
        double away = distance(n, i);

        if (away < least) {
            least = away;
            *place = n->rows->first + i;
        }
    }
    status = tml_mpi_check(MPI_Allreduce(&least, &smallest, 1, MPI_DOUBLE, MPI_MIN, n->rows->comm),
                           "finding the nearest row", error);
    if (least > smallest)
        *place = UINT64_MAX;
    if (status == TML_OK)
        status = tml_mpi_check(MPI_Allreduce(MPI_IN_PLACE, place, 1, MPI_UINT64_T, MPI_MIN, n->rows->comm),
                               "finding the nearest row", error);
    return status;
}

static tml_status move_to_row(const nearest_row *n, tml_error *error)
{
    double value[TML_GRID_PARAMETERS] = {0.0};
    uint64_t place;
    tml_status status = find_place(n, &place, error);

    if (status != TML_OK)
        return status;
    if (place >= n->rows->first && place - n->rows->first < n->rows->count)
        for (size_t p = 0; p < n->rows->parameters; ++p)
            value[p] = tml_parameter_value(n->rows, (size_t)(place - n->rows->first), p);
    status = tml_mpi_check(
        MPI_Allreduce(MPI_IN_PLACE, value, TML_GRID_PARAMETERS, MPI_DOUBLE, MPI_SUM, n->rows->comm),
        "sharing the nearest row", error);
    for (size_t p = 0; p < n->rows->parameters && status == TML_OK; ++p)
        if (n->bins[p].is_axis && !n->is_wanted[p])
            n->fixed[p] = value[p];
    return status;
}

tml_status tml_fixed_point_find(const tml_explored_rows *rows, const tml_grid_shape *shape,
                                const tml_parameter_bins *bins, const tml_column_summary *summary,
                                size_t count, const tml_fixed_value *wanted, double *fixed, tml_error *error)
{
    bool is_wanted[TML_GRID_PARAMETERS] = {false};
    const nearest_row nearest = {rows, bins, is_wanted, fixed};
    tml_status status = TML_OK;

    for (size_t p = 0; p < rows->parameters && status == TML_OK; ++p) {
        const char *name = shape->parameters[p].name;

        fixed[p] = bins[p].is_axis ? commonest(&bins[p], summary[p].median) : summary[p].median;
        for (size_t i = 0; i < count && status == TML_OK; ++i)
            if (strcmp(wanted[i].name, name) == 0) {
                is_wanted[p] = true;
                status = wanted_value(name, &bins[p], &summary[p], wanted[i].value, &fixed[p], error);
            }
    }
    return status == TML_OK ? move_to_row(&nearest, error) : status;
}
