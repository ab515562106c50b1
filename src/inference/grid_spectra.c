#include "inference/grid_spectra.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/checked.h"
#include "core/memory.h"
#include "inference/grid_spectra_private.h"
#include "mpi/agree.h"

/* Rows of all ranks, one rank after the other, while the table is being made. */
typedef struct gathering {
    int64_t *own_row;  /* [held] */
    double *own_truth; /* [held][targets] */
    int *rows;         /* [size] of each rank */
    int *firsts;       /* [size] */
    int *values;       /* [size] rows * targets */
    int *value_firsts; /* [size] */
    size_t total;
    int64_t *row;   /* [total] */
    double *column; /* [total] values of one target */
} gathering;

static void free_gathering(gathering *g)
{
    free(g->own_row);
    free(g->own_truth);
    free(g->rows);
    free(g->row);
    free(g->column);
}

double tml_grid_learned(const tml_grid_spectra *spectra, size_t target, double value)
{
    return spectra->data->preparation.choice.target_log10[target] ? log10(value) : value;
}

static int compare_truths(const void *a, const void *b)
{
    const tml_grid_point *left = a;
    const tml_grid_point *right = b;

    for (size_t t = 0; t < left->targets; ++t) {
        int order = (left->truth[t] > right->truth[t]) - (left->truth[t] < right->truth[t]);

        if (order != 0)
            return order;
    }
    return 0;
}

static int compare_points(const void *a, const void *b)
{
    const tml_grid_point *left = a;
    const tml_grid_point *right = b;
    int order = compare_truths(a, b);

    return order != 0 ? order : (left->row > right->row) - (left->row < right->row);
}

size_t tml_grid_point_find(const tml_grid_spectra *spectra, const double *truth)
{
    tml_grid_point wanted = {truth, spectra->targets, 0, 0};
    const tml_grid_point *found = bsearch(&wanted, spectra->point, spectra->points, sizeof wanted,
                                          compare_truths);

    return found == NULL ? spectra->points : (size_t)(found - spectra->point);
}

const float *tml_grid_point_flux(const tml_grid_spectra *spectra, size_t point)
{
    size_t origin = spectra->point[point].origin;

    if (origin < spectra->first || origin - spectra->first >= spectra->held)
        return NULL;
    return tml_sample_flux(spectra->records[origin - spectra->first]);
}

static size_t held_in(tml_sample_store *store)
{
    return store == NULL ? 0 : (size_t)tml_sample_store_held(store);
}

/* This rank's rows: where they are, and what the others are to know of them. */
static tml_status list_own_rows(tml_grid_spectra *s, gathering *g, tml_error *error)
{
    size_t at = 0;
    tml_status status;

    for (int p = 0; p < TML_PARTS; ++p)
        s->held += held_in(s->data->part[p]);
    status = tml_array_create(s->held, sizeof *s->records, "the rows of a grid", &s->records, error);
    if (status == TML_OK)
        status = tml_array_create(s->held, sizeof *g->own_row, "row numbers", &g->own_row, error);
    if (status == TML_OK)
        status = tml_array_create(s->held * s->targets, sizeof(double), "parameters", &g->own_truth, error);
    if (status == TML_OK)
        status = tml_array_create(4 * (size_t)s->size, sizeof(int), "counts of rows", &g->rows, error);
    if (status != TML_OK)
        return status;
    g->firsts = g->rows + s->size;
    g->values = g->firsts + s->size;
    g->value_firsts = g->values + s->size;
    for (int p = 0; p < TML_PARTS; ++p)
        for (size_t i = 0; i < held_in(s->data->part[p]); ++i, ++at) {
            s->records[at] = tml_sample_store_local(s->data->part[p]) +
                             i * tml_sample_length(s->data->layout);
            g->own_row[at] = tml_sample_row(s->data->layout, s->records[at]);
            tml_sample_truth(s->data->layout, s->records[at], g->own_truth + at * s->targets);
        }
    return TML_OK;
}

/* How many rows each rank has, and room for all. Every rank comes to the same conclusion, except for the
 * room. */
static tml_status count_rows(tml_grid_spectra *s, gathering *g, tml_error *error)
{
    const char *too_many = "the grid has too many spectra for a table of their parameters";
    int own = 0;
    int narrow;
    tml_status status = TML_OK;

    if (!tml_int_from_size(s->held, &own))
        status = TML_FAIL(error, TML_INTERNAL, "%s", too_many);
    status = tml_agree(s->comm, status, error);
    if (status == TML_OK)
        status = tml_mpi_check(MPI_Allgather(&own, 1, MPI_INT, g->rows, 1, MPI_INT, s->comm),
                               "counting the rows of a grid", error);
    for (int r = 0; r < s->size && status == TML_OK; ++r) {
        size_t next = g->total + (size_t)g->rows[r];

        if (!tml_int_from_size(next * s->targets, &narrow) || !tml_int_from_size(next, &narrow))
            return TML_FAIL(error, TML_INTERNAL, "%s", too_many);
        g->firsts[r] = (int)g->total;
        g->values[r] = g->rows[r] * (int)s->targets;
        g->value_firsts[r] = g->firsts[r] * (int)s->targets;
        g->total = next;
    }
    if (status == TML_OK && g->total == 0)
        return TML_FAIL(error, TML_BAD_DATA, "the grid holds no spectra to interpolate between");
    if (status != TML_OK)
        return status;
    s->first = (size_t)g->firsts[s->rank];
    status = tml_array_create(g->total, sizeof *g->row, "row numbers", &g->row, error);
    if (status == TML_OK)
        status = tml_array_create(g->total, sizeof *g->column, "parameters", &g->column, error);
    if (status == TML_OK)
        status = tml_array_create(g->total * s->targets, sizeof(double), "parameters", &s->truth, error);
    if (status == TML_OK)
        status = tml_array_create(g->total * s->targets, sizeof(double), "parameters", &s->place, error);
    if (status == TML_OK)
        status = tml_array_create(g->total, sizeof *s->point, "the points of a grid", &s->point, error);
    return tml_agree(s->comm, status, error);
}

/* All rows in the order of their parameters, then without those that say the same again. */
static tml_status make_table(tml_grid_spectra *s, const gathering *g, tml_error *error)
{
    tml_status status = tml_mpi_check(MPI_Allgatherv(g->own_row, g->rows[s->rank], MPI_INT64_T, g->row,
                                                     g->rows, g->firsts, MPI_INT64_T, s->comm),
                                      "gathering row numbers", error);

    if (status == TML_OK)
        status = tml_mpi_check(MPI_Allgatherv(g->own_truth, g->values[s->rank], MPI_DOUBLE, s->truth,
                                              g->values, g->value_firsts, MPI_DOUBLE, s->comm),
                               "gathering parameters", error);
    if (status != TML_OK)
        return status;
    for (size_t i = 0; i < g->total; ++i)
        s->point[i] = (tml_grid_point){s->truth + i * s->targets, s->targets, g->row[i], i};
    qsort(s->point, g->total, sizeof *s->point, compare_points);
    for (size_t i = 0; i < g->total; ++i)
        if (s->points == 0 || compare_truths(&s->point[s->points - 1], &s->point[i]) != 0)
            s->point[s->points++] = s->point[i];
    return TML_OK;
}

static int compare_doubles(const void *a, const void *b)
{
    const double *left = a;
    const double *right = b;

    return (*left > *right) - (*left < *right);
}

static void find_axis(tml_grid_spectra *s, size_t target, double *column)
{
    tml_grid_axis *axis = &s->axis[target];
    size_t different = 0;

    for (size_t i = 0; i < s->points; ++i)
        column[i] = s->point[i].truth[target];
    qsort(column, s->points, sizeof *column, compare_doubles);
    axis->low = column[0];
    axis->high = column[s->points - 1];
    for (size_t i = 0; i < s->points; ++i)
        if (different == 0 || column[i] > column[different - 1])
            column[different++] = column[i];
    if (different > TML_GRID_AXIS_NODES)
        return;
    axis->count = different;
    for (size_t i = 0; i < different; ++i) {
        axis->node[i] = column[i];
        axis->learned[i] = tml_grid_learned(s, target, column[i]);
    }
}

/* Lengths in which the nearest points are looked for: the mean distance of an axis' nodes; for targets
 * without nodes that of a regular grid with as many points. Against lengths from the range of each target,
 * fits in Sonora Bobcat with 16 points err three times less (each node from the others, |log10 F - log10
 * F_true|: median 0.0057 against 0.0181, 95th percentile 0.037 against 0.081), because the range knows
 * nothing of 39 temperatures beside three metallicities. */
static void find_steps(tml_grid_spectra *s)
{
    double free_points = (double)s->points;
    size_t without = 0;

    for (size_t t = 0; t < s->targets; ++t) {
        if (s->axis[t].count > 0)
            free_points /= (double)s->axis[t].count;
        else
            without += 1;
    }
    for (size_t t = 0; t < s->targets; ++t) {
        tml_grid_axis *axis = &s->axis[t];
        double range = tml_grid_learned(s, t, axis->high) - tml_grid_learned(s, t, axis->low);
        double nodes = axis->count > 0 ? (double)axis->count : pow(free_points, 1.0 / (double)without);

        axis->step = range > 0.0 ? range / fmax(nodes - 1.0, 1.0) : 1.0;
    }
    for (size_t i = 0; i < s->points; ++i)
        for (size_t t = 0; t < s->targets; ++t)
            s->place[i * s->targets + t] = tml_grid_learned(s, t, s->point[i].truth[t]) / s->axis[t].step;
}

static tml_status look_at_rows(tml_grid_spectra *s, gathering *g, tml_error *error)
{
    tml_status status = tml_agree(s->comm, list_own_rows(s, g, error), error);

    if (status == TML_OK)
        status = count_rows(s, g, error);
    if (status == TML_OK)
        status = make_table(s, g, error);
    if (status != TML_OK)
        return status;
    s->has_axes = true;
    for (size_t t = 0; t < s->targets; ++t) {
        find_axis(s, t, g->column);
        s->has_axes = s->has_axes && s->axis[t].count > 0;
    }
    find_steps(s);
    return TML_OK;
}

tml_status tml_grid_spectra_create(MPI_Comm comm, const tml_data_set *data, tml_grid_spectra **spectra,
                                   tml_error *error)
{
    gathering g;
    tml_grid_spectra *made = NULL;
    tml_status status = tml_array_create(1, sizeof *made, "the spectra of a grid", &made, error);

    *spectra = NULL;
    memset(&g, 0, sizeof g);
    status = tml_agree(comm, status, error);
    if (status != TML_OK) {
        free(made);
        return status;
    }
    made->comm = comm;
    made->data = data;
    made->targets = data->layout.targets;
    made->wavelengths = data->layout.wavelengths;
    MPI_Comm_rank(comm, &made->rank);
    MPI_Comm_size(comm, &made->size);
    status = look_at_rows(made, &g, error);
    free_gathering(&g);
    if (status != TML_OK)
        tml_grid_spectra_destroy(&made);
    *spectra = made;
    return status;
}

void tml_grid_spectra_range(const tml_grid_spectra *spectra, size_t target, double *low, double *high)
{
    *low = spectra->axis[target].low;
    *high = spectra->axis[target].high;
}

void tml_grid_spectra_destroy(tml_grid_spectra **spectra)
{
    tml_grid_spectra *s = *spectra;

    if (s == NULL)
        return;
    free(s->records);
    free(s->truth);
    free(s->point);
    free(s->place);
    free(s);
    *spectra = NULL;
}
