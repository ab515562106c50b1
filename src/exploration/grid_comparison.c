#include "exploration/grid_comparison.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/digest.h"
#include "core/memory.h"
#include "exploration/column_summary.h"
#include "exploration/grid_comparison_private.h"
#include "mpi/agree.h"
#include "mpi/exchange.h"

/* Relative, as wavelengths are written with six digits in some files; absolute for parameters. */
static const double same_wavelength = 1e-6;
static const double parameter_units = 1e6;

typedef struct sender {
    const tml_explored_rows *rows;
    const int *at;
    size_t parameters;
} sender;

/* ---- rows on their way ---- */

static void make_key(const sender *from, size_t item, int64_t *key)
{
    const double *parameter = from->rows->parameter + item * from->rows->parameters;

    memset(key, 0, TML_GRID_PARAMETERS * sizeof *key);
    for (size_t p = 0; p < from->parameters; ++p)
        key[p] = (int64_t)llrint(fmax(-9e12, fmin(9e12, parameter[from->at[p]])) * parameter_units);
}

static void fill_row(const void *context, size_t item, void *record)
{
    const sender *from = context;
    tml_compared_row *to = record;

    make_key(from, item, to->key);
    for (size_t p = 0; p < from->parameters; ++p)
        to->parameter[p] = from->rows->parameter[item * from->rows->parameters + (size_t)from->at[p]];
    to->row = from->rows->row[item];
    memcpy(to->flux, from->rows->flux + item * from->rows->wavelengths,
           from->rows->wavelengths * sizeof *to->flux);
}

static int compare_keys(const int64_t *a, const int64_t *b)
{
    for (size_t p = 0; p < TML_GRID_PARAMETERS; ++p)
        if (a[p] != b[p])
            return a[p] < b[p] ? -1 : 1;
    return 0;
}

static int compare_rows(const void *a, const void *b)
{
    const tml_compared_row *left = a;
    const tml_compared_row *right = b;
    const int order = compare_keys(left->key, right->key);

    return order != 0 ? order : (left->row > right->row) - (left->row < right->row);
}

const tml_compared_row *tml_compared_row_find(const tml_compared_rows *rows, const int64_t *key)
{
    size_t low = 0, high = rows->count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (compare_keys(tml_compared_row_at(rows, middle)->key, key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == rows->count || compare_keys(tml_compared_row_at(rows, low)->key, key) != 0)
        return NULL;
    return tml_compared_row_at(rows, low);
}

tml_status tml_compared_rows_send(const tml_explored_rows *rows, const int *at, size_t parameters,
                                  tml_compared_rows *sent, tml_error *error)
{
    const sender from = {rows, at, parameters};
    const size_t flux_bytes = (rows->wavelengths * sizeof(float) + 7) / 8 * 8;
    int64_t key[TML_GRID_PARAMETERS];
    int *owner = NULL;
    tml_status status = tml_array_create(rows->count, sizeof *owner, "rows to compare", &owner, error);

    *sent = (tml_compared_rows){.bytes = sizeof(tml_compared_row) + flux_bytes};
    status = tml_agree(rows->comm, status, error);
    if (status == TML_OK) {
        const tml_exchange exchange = {.comm = rows->comm,
                                       .record_bytes = sent->bytes,
                                       .count = rows->count,
                                       .owner = owner,
                                       .fill = fill_row,
                                       .context = &from};

        for (size_t i = 0; i < rows->count; ++i) {
            make_key(&from, i, key);
            owner[i] = (int)(tml_digest_64(key, sizeof key) % (uint64_t)rows->size);
        }
        status = tml_exchange_records(&exchange, &sent->records, &sent->count, error);
    }
    free(owner);
    if (status == TML_OK && sent->count > 0)
        qsort(sent->records, sent->count, sent->bytes, compare_rows);
    return status;
}

/* ---- the grids ---- */

static tml_status take_head(tml_grid_file *file, tml_grid_comparison *c, tml_error *error)
{
    tml_status status;

    c->shape = *tml_grid_file_shape(file);
    status = tml_array_create(c->shape.wavelengths, sizeof *c->wavelength_um, "wavelengths",
                              &c->wavelength_um, error);
    if (status == TML_OK)
        status = tml_array_create(c->shape.parameter_count, sizeof *c->bins, "values of parameters", &c->bins,
                                  error);
    if (status == TML_OK)
        memcpy(c->wavelength_um, tml_grid_file_wavelength_um(file),
               c->shape.wavelengths * sizeof *c->wavelength_um);
    return status;
}

/* Whether a later grid has the wavelengths and the parameters of the first, and where. */
static tml_status find_common(tml_grid_file *file, const char *first, const tml_grid_comparison *c, int *at,
                              tml_error *error)
{
    const double *um = tml_grid_file_wavelength_um(file);

    if (tml_grid_file_shape(file)->wavelengths != c->shape.wavelengths)
        return TML_FAIL(error, TML_BAD_DATA,
                        "%zu wavelengths, but %s has %zu; compare grids of the same instrument",
                        tml_grid_file_shape(file)->wavelengths, first, c->shape.wavelengths);
    for (size_t w = 0; w < c->shape.wavelengths; ++w)
        if (!(fabs(um[w] - c->wavelength_um[w]) <= same_wavelength * c->wavelength_um[w]))
            return TML_FAIL(error, TML_BAD_DATA,
                            "wavelength %zu is %.9g micron, but %.9g in %s; compare grids of the same "
                            "instrument",
                            w, um[w], c->wavelength_um[w], first);
    for (size_t p = 0; p < c->shape.parameter_count; ++p) {
        at[p] = tml_grid_file_parameter(file, c->shape.parameters[p].name);
        if (at[p] < 0)
            return TML_FAIL(error, TML_BAD_DATA, "no parameter '%s', which %s has",
                            c->shape.parameters[p].name, first);
    }
    return TML_OK;
}

static tml_status find_bins(const tml_explored_rows *rows, tml_grid_comparison *c, tml_error *error)
{
    tml_column_summary summary[TML_GRID_PARAMETERS];
    tml_status status = tml_column_summaries(rows, rows->parameters, tml_parameter_value, summary, error);

    for (size_t p = 0; p < rows->parameters && status == TML_OK; ++p)
        status = tml_parameter_bins_find(rows, p, summary[p].minimum, summary[p].maximum, &c->bins[p], error);
    return status;
}

/* Read grid `number` and send its rows on. */
static tml_status take_grid(MPI_Comm comm, const char *const *path, size_t number, tml_grid_comparison *c,
                            tml_compared_rows *sent, tml_error *error)
{
    tml_grid_file *file = NULL;
    tml_explored_rows rows = {0};
    int at[TML_GRID_PARAMETERS] = {0};
    tml_status status = tml_grid_file_open(comm, path[number], TML_IO_INDEPENDENT, false, &file, error);

    if (status != TML_OK)
        return status;
    if (number == 0)
        status = tml_agree(comm, take_head(file, c, error), error);
    if (status == TML_OK)
        status = find_common(file, path[0], c, at, error);
    if (status == TML_OK)
        status = tml_explored_rows_read_any(comm, file, &rows, error);
    if (status == TML_BAD_DATA)
        tml_error_prefix(error, "%s: ", path[number]);
    if (status == TML_OK && number == 0)
        status = find_bins(&rows, c, error);
    if (status == TML_OK && number > 0)
        c->grid[number - 1].rows = rows.total;
    if (status == TML_OK)
        status = tml_compared_rows_send(&rows, at, c->shape.parameter_count, sent, error);
    tml_explored_rows_free(&rows);
    tml_grid_file_close(&file);
    return status;
}

tml_status tml_grid_comparison_run(MPI_Comm comm, size_t count, const char *const *path,
                                   tml_grid_comparison *comparison, tml_error *error)
{
    tml_compared_rows rows[1 + TML_COMPARED_GRIDS] = {{0}};
    tml_status status = TML_OK;

    memset(comparison, 0, sizeof *comparison);
    comparison->count = count;
    for (size_t g = 0; g <= count && status == TML_OK; ++g)
        status = take_grid(comm, path, g, comparison, &rows[g], error);
    if (status == TML_OK)
        status = tml_compared_distances(comm, rows, comparison, error);
    if (status == TML_OK)
        status = tml_compared_spectra_choose(comm, rows, comparison, error);
    for (size_t g = 0; g <= count; ++g)
        free(rows[g].records);
    if (status != TML_OK)
        tml_grid_comparison_free(comparison);
    return status;
}

void tml_grid_comparison_free(tml_grid_comparison *comparison)
{
    for (size_t g = 0; g < comparison->count; ++g)
        free(comparison->grid[g].by_value);
    free(comparison->wavelength_um);
    free(comparison->bins);
    free(comparison->flux);
    memset(comparison, 0, sizeof *comparison);
}
