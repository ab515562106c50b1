#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "core/text.h"
#include "exploration/audit_nodes.h"
#include "exploration/densification_private.h"
#include "exploration/sorted_columns.h"
#include "mpi/agree.h"
#include "mpi/exchange.h"
#include "mpi/share.h"

/* ---- axes ---- */

static double place_of(const tml_dense_pair *pair, double value)
{
    return pair->is_log10 ? log10(value) : value;
}

static tml_status check_values(const char *name, const tml_parameter_bins *bins, const tml_dense_axis *axis,
                               tml_error *error)
{
    const double low = bins->low[0];
    const double high = bins->low[bins->count - 1];

    for (size_t i = 0; i < axis->count; ++i)
        if (!(axis->value[i] >= low && axis->value[i] <= high))
            return TML_FAIL(error, TML_USAGE,
                            "%s: %g is outside the axis, which goes from %g to %g; the grid is not continued "
                            "beyond its ends",
                            name, axis->value[i], low, high);
    return TML_OK;
}

/* Every step in `factor` parts. */
static tml_status divide_steps(const char *name, const tml_parameter_bins *bins, uint64_t factor,
                               tml_dense_pair *pair, tml_error *error)
{
    const double count = (double)(bins->count - 1) * (double)factor + 1.0;

    if (count > TML_DENSE_VALUES)
        return TML_FAIL(error, TML_USAGE, "%s: %.0f values are more than %d; choose a smaller --factor", name,
                        count, TML_DENSE_VALUES);
    for (size_t i = 0; i + 1 < bins->count; ++i)
        for (uint64_t k = 0; k < factor; ++k)
            pair->value[pair->count++] = bins->low[i] +
                                         (bins->low[i + 1] - bins->low[i]) * ((double)k / (double)factor);
    pair->value[pair->count++] = bins->low[bins->count - 1];
    return TML_OK;
}

static tml_status make_pair(const tml_densification *wish, const char *name, const tml_parameter_bins *bins,
                            tml_dense_pair *pair, tml_error *error)
{
    pair->is_log10 = strcmp(name, "teff") == 0 && bins->low[0] > 0.0;
    pair->old_count = bins->count;
    for (size_t i = 0; i < bins->count; ++i)
        pair->old_place[i] = place_of(pair, bins->low[i]);
    for (size_t k = 0; k < wish->named; ++k) {
        if (strcmp(wish->name[k], name) != 0)
            continue;
        pair->count = wish->axis[k].count;
        memcpy(pair->value, wish->axis[k].value, pair->count * sizeof *pair->value);
        return check_values(name, bins, &wish->axis[k], error);
    }
    return divide_steps(name, bins, wish->factor, pair, error);
}

static tml_status check_names(const tml_densification *wish, const tml_grid_shape *shape, tml_error *error)
{
    const char *names[TML_GRID_PARAMETERS];
    const char *nearest;

    for (size_t p = 0; p < shape->parameter_count; ++p)
        names[p] = shape->parameters[p].name;
    for (size_t k = 0; k < wish->named; ++k) {
        size_t p = 0;

        while (p < shape->parameter_count && strcmp(names[p], wish->name[k]) != 0)
            ++p;
        if (p < shape->parameter_count)
            continue;
        nearest = tml_text_nearest(wish->name[k], names, shape->parameter_count);
        return TML_FAIL(error, TML_USAGE, "%s: there is no axis '%s'%s%s%s", wish->grid, wish->name[k],
                        nearest != NULL ? ", did you mean '" : "", nearest != NULL ? nearest : "",
                        nearest != NULL ? "'?" : "");
    }
    return TML_OK;
}

static tml_status find_bins(const tml_explored_rows *rows, tml_parameter_bins *bins, tml_error *error)
{
    tml_sorted_columns sorted;
    tml_status status = tml_sorted_columns_create(rows->comm, rows->parameters, rows->count, &sorted, error);

    if (status == TML_OK) {
        for (size_t i = 0; i < rows->count; ++i)
            for (size_t p = 0; p < rows->parameters; ++p)
                tml_sorted_columns_put(&sorted, p, tml_parameter_value(rows, i, p));
        status = tml_sorted_columns_finish(&sorted, error);
    }
    for (size_t p = 0; p < rows->parameters && status == TML_OK; ++p)
        status = tml_parameter_bins_find(rows, p, sorted.minimum[p], sorted.maximum[p], &bins[p], error);
    tml_sorted_columns_free(&sorted);
    return status;
}

/* ---- the old grid is what it must be ---- */

static tml_status refuse_gap(const tml_densification *wish, const tml_grid_shape *shape,
                             const tml_parameter_bins *bins, const tml_node_audit *nodes, tml_error *error)
{
    double value[TML_GRID_PARAMETERS];
    char text[256] = "";

    tml_node_values(shape->parameter_count, bins, nodes->missing[0], value);
    for (size_t p = 0, at = 0; p < shape->parameter_count && at < sizeof text; ++p)
        at += (size_t)snprintf(text + at, sizeof text - at, "%s%s %g", p == 0 ? "" : ", ",
                               shape->parameters[p].name, value[p]);
    return TML_FAIL(
        error, TML_BAD_DATA,
        "%s: %llu of the %llu nodes of its axes are missing, the first at %s; a grid with gaps is "
        "not interpolated; see telescopeml grid audit",
        wish->grid, (unsigned long long)(nodes->nodes - nodes->filled), (unsigned long long)nodes->nodes,
        text);
}

static tml_status check_regular(const tml_densification *wish, const tml_grid_shape *shape,
                                const tml_explored_rows *rows, const tml_parameter_bins *bins,
                                tml_error *error)
{
    tml_node_audit nodes;
    tml_status status;

    for (size_t p = 0; p < rows->parameters; ++p)
        if (!bins[p].is_axis)
            return TML_FAIL(error, TML_BAD_DATA,
                            "%s: %s has %llu different values, more than the %d of an axis: not a regular "
                            "grid",
                            wish->grid, shape->parameters[p].name, (unsigned long long)bins[p].different,
                            TML_PARAMETER_BINS);
    status = tml_node_audit_run(rows, bins, &nodes, error);
    if (status != TML_OK)
        return status;
    if (nodes.listed > 0)
        return refuse_gap(wish, shape, bins, &nodes, error);
    if (!nodes.is_regular || nodes.repeated > 0)
        return TML_FAIL(error, TML_BAD_DATA, "%s: %llu rows repeat a node; keep one row for each", wish->grid,
                        (unsigned long long)nodes.repeated);
    return TML_OK;
}

/* ---- by nodes ---- */

typedef struct source {
    const tml_explored_rows *rows;
    const tml_parameter_bins *bins;
} source;

static uint64_t node_of(const source *from, size_t row)
{
    uint64_t node = 0;

    for (size_t p = 0; p < from->rows->parameters; ++p)
        node = node * from->bins[p].count +
               tml_parameter_bin(&from->bins[p], tml_parameter_value(from->rows, row, p));
    return node;
}

/* The node's number, then its fluxes. */
static void fill_node(const void *context, size_t item, void *record)
{
    const source *from = context;
    const size_t width = from->rows->wavelengths;

    *(uint64_t *)record = node_of(from, item);
    memcpy((uint64_t *)record + 1, from->rows->flux + item * width, width * sizeof(float));
}

static tml_status share_out(const source *from, tml_old_nodes *old, tml_error *error)
{
    const size_t record_bytes = sizeof(uint64_t) + (old->wavelengths + 1) / 2 * sizeof(uint64_t);
    int *owner = NULL;
    char *record = NULL;
    size_t count = 0;
    tml_status status = tml_array_create(from->rows->count, sizeof *owner, "nodes", &owner, error);

    status = tml_agree(old->comm, status, error);
    if (status == TML_OK) {
        const tml_exchange exchange = {.comm = old->comm,
                                       .record_bytes = record_bytes,
                                       .count = from->rows->count,
                                       .owner = owner,
                                       .fill = fill_node,
                                       .context = from};

        for (size_t i = 0; i < from->rows->count; ++i)
            owner[i] = tml_share_owner(old->nodes, node_of(from, i), old->size);
        status = tml_exchange_records(&exchange, &record, &count, error);
    }
    if (status == TML_OK)
        status = tml_agree(old->comm,
                           tml_array_create(count, old->wavelengths * sizeof *old->flux,
                                            "the spectra of the old grid", &old->flux, error),
                           error);
    for (size_t i = 0; i < count && status == TML_OK; ++i) {
        uint64_t node;

        memcpy(&node, record + i * record_bytes, sizeof node);
        memcpy(old->flux + (node - old->first) * old->wavelengths, record + i * record_bytes + sizeof node,
               old->wavelengths * sizeof *old->flux);
    }
    free(owner);
    free(record);
    return status;
}

static tml_status take_rows(const tml_densification *wish, const tml_grid_shape *shape,
                            const tml_explored_rows *rows, tml_old_nodes *old, tml_error *error)
{
    tml_parameter_bins *bins = NULL;
    tml_status status = tml_array_create(rows->parameters, sizeof *bins, "axes", &bins, error);

    if (status == TML_OK)
        status = tml_array_create(rows->parameters, sizeof *old->pair, "axes", &old->pair, error);
    if (status == TML_OK)
        status = check_names(wish, shape, error);
    status = tml_agree(rows->comm, status, error);
    if (status == TML_OK)
        status = find_bins(rows, bins, error);
    if (status == TML_OK)
        status = check_regular(wish, shape, rows, bins, error);
    for (size_t p = 0; p < rows->parameters && status == TML_OK; ++p)
        status = make_pair(wish, shape->parameters[p].name, &bins[p], &old->pair[p], error);
    if (status == TML_OK) {
        const source from = {rows, bins};

        old->nodes = rows->total;
        old->first = tml_share_of(old->nodes, old->rank, old->size).first;
        status = share_out(&from, old, error);
    }
    free(bins);
    return status;
}

tml_status tml_old_nodes_read(MPI_Comm comm, const tml_densification *wish, tml_old_nodes *old,
                              tml_grid_shape *shape, double **wavelength_um, tml_error *error)
{
    tml_grid_file *file = NULL;
    tml_explored_rows rows = {0};
    tml_status status = tml_grid_file_open(comm, wish->grid, TML_IO_INDEPENDENT, false, &file, error);

    memset(old, 0, sizeof *old);
    *wavelength_um = NULL;
    if (status != TML_OK)
        return status;
    *shape = *tml_grid_file_shape(file);
    old->comm = comm;
    MPI_Comm_rank(comm, &old->rank);
    MPI_Comm_size(comm, &old->size);
    old->parameters = shape->parameter_count;
    old->wavelengths = shape->wavelengths;
    status = tml_array_create(shape->wavelengths, sizeof **wavelength_um, "wavelengths", wavelength_um,
                              error);
    if (status == TML_OK)
        memcpy(*wavelength_um, tml_grid_file_wavelength_um(file),
               shape->wavelengths * sizeof **wavelength_um);
    status = tml_agree(comm, status, error);
    if (status == TML_OK)
        status = tml_explored_rows_read(comm, file, &rows, error);
    tml_grid_file_close(&file);
    if (status == TML_OK)
        status = take_rows(wish, shape, &rows, old, error);
    tml_explored_rows_free(&rows);
    return status;
}

void tml_old_nodes_free(tml_old_nodes *old)
{
    free(old->flux);
    free(old->pair);
    memset(old, 0, sizeof *old);
}
