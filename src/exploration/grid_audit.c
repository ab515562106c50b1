#include "exploration/grid_audit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "exploration/column_summary.h"
#include "exploration/sorted_columns.h"
#include "mpi/agree.h"

/* Everything that is worked with while the grid is held. */
typedef struct work {
    tml_explored_rows rows;
    double *wavelength_um;
    tml_row_check *checks; /* [rows] */
} work;

static void free_work(work *w)
{
    tml_explored_rows_free(&w->rows);
    free(w->wavelength_um);
    free(w->checks);
}

/* ---- reading ---- */

static tml_status copy_head(tml_grid_file *file, const tml_audit_request *request, tml_grid_audit *audit,
                            work *w, tml_error *error)
{
    tml_digest digest;
    tml_status status;

    audit->path = request->path;
    audit->tolerance = request->tolerance;
    audit->shape = *tml_grid_file_shape(file);
    audit->has_digest = tml_grid_file_digest(file, &digest);
    if (audit->has_digest)
        tml_digest_text(&digest, audit->digest);
    status = tml_array_create(audit->shape.wavelengths, sizeof *w->wavelength_um, "wavelengths",
                              &w->wavelength_um, error);
    if (status == TML_OK)
        memcpy(w->wavelength_um, tml_grid_file_wavelength_um(file),
               audit->shape.wavelengths * sizeof *w->wavelength_um);
    return status;
}

static tml_status read_grid(MPI_Comm comm, const tml_audit_request *request, tml_grid_audit *audit, work *w,
                            tml_error *error)
{
    tml_grid_file *file = NULL;
    tml_status status = tml_grid_file_open(comm, request->path, TML_IO_INDEPENDENT, false, &file, error);

    if (status != TML_OK)
        return status;
    status = tml_agree(comm, copy_head(file, request, audit, w, error), error);
    if (status == TML_OK)
        status = tml_explored_rows_read_any(comm, file, &w->rows, error);
    tml_grid_file_close(&file);
    if (status == TML_BAD_DATA)
        tml_error_prefix(error, "%s: ", request->path);
    if (status == TML_OK)
        status = tml_agree(
            comm, tml_array_create(w->rows.count, sizeof *w->checks, "checks of rows", &w->checks, error),
            error);
    return status;
}

/* ---- parts ---- */

static tml_status find_bins(const tml_explored_rows *rows, tml_grid_audit *audit, tml_error *error)
{
    tml_column_summary summary[TML_GRID_PARAMETERS];
    tml_status status = tml_column_summaries(rows, rows->parameters, tml_parameter_value, summary, error);

    for (size_t p = 0; p < rows->parameters && status == TML_OK; ++p)
        status = tml_parameter_bins_find(rows, p, summary[p].minimum, summary[p].maximum, &audit->bins[p],
                                         error);
    return status;
}

/* Learned as docs/contracts.md, "Targets", says. */
static tml_status find_scales(const tml_explored_rows *rows, tml_grid_audit *audit, tml_error *error)
{
    bool is_log10[TML_GRID_PARAMETERS];

    for (size_t p = 0; p < rows->parameters; ++p)
        is_log10[p] = strcmp(audit->shape.parameters[p].name, "teff") == 0;
    return tml_label_scales_find(rows, is_log10, audit->scale, error);
}

/* The parameter that is a temperature in K, or -1. */
static int find_teff(const tml_grid_shape *shape)
{
    for (size_t p = 0; p < shape->parameter_count; ++p)
        if (strcmp(shape->parameters[p].name, "teff") == 0 && strcmp(shape->parameters[p].unit, "K") == 0)
            return (int)p;
    return -1;
}

static tml_status summarise_energy(const work *w, double *energy, tml_error *error)
{
    static const double share[3] = {0.0, 0.5, 1.0};
    tml_sorted_columns sorted;
    tml_status status = tml_sorted_columns_create(w->rows.comm, 1, w->rows.count, &sorted, error);

    if (status == TML_OK) {
        for (size_t i = 0; i < w->rows.count; ++i)
            tml_sorted_columns_put(&sorted, 0, w->checks[i].energy);
        status = tml_sorted_columns_finish(&sorted, error);
    }
    if (status == TML_OK)
        status = tml_sorted_columns_quantiles(&sorted, 3, share, energy, error);
    tml_sorted_columns_free(&sorted);
    return status;
}

static tml_status audit_lines(work *w, tml_grid_audit *audit, tml_error *error)
{
    tml_status status = TML_OK;

    for (size_t p = 0; p < w->rows.parameters && status == TML_OK; ++p)
        status = tml_line_audit_run(&w->rows, &audit->bins[p], &audit->scale[p], p, audit->tolerance,
                                    w->checks, &audit->line[p], error);
    return status;
}

/* ---- bad rows ---- */

static tml_status count_defects(const work *w, tml_grid_audit *audit, tml_error *error)
{
    uint64_t sums[TML_ROW_DEFECTS + 1] = {0};
    tml_status status;

    for (size_t i = 0; i < w->rows.count; ++i) {
        for (size_t bit = 0; bit < TML_ROW_DEFECTS; ++bit)
            sums[bit] += w->checks[i].defects >> bit & 1U;
        sums[TML_ROW_DEFECTS] += w->checks[i].defects != 0;
    }
    status = tml_mpi_check(
        MPI_Allreduce(MPI_IN_PLACE, sums, TML_ROW_DEFECTS + 1, MPI_UINT64_T, MPI_SUM, w->rows.comm),
        "counting bad rows", error);
    memcpy(audit->defects, sums, sizeof audit->defects);
    audit->bad_rows = sums[TML_ROW_DEFECTS];
    return status;
}

static void fill_extra(const void *context, size_t row, double *extra)
{
    const work *w = context;
    const tml_row_check *check = &w->checks[row];

    extra[TML_AUDIT_DEFECTS] = (double)check->defects;
    extra[TML_AUDIT_ENERGY] = check->energy;
    extra[TML_AUDIT_JUMP] = check->jump;
    extra[TML_AUDIT_JUMP_PARAMETER] = (double)check->jump_parameter;
}

/* The first ones in the file, so that the list does not depend on who holds what. */
static tml_status list_bad(const work *w, tml_grid_audit *audit, tml_error *error)
{
    const tml_row_request request = {
        .extra = TML_AUDIT_EXTRAS, .fill = fill_extra, .context = w, .order = TML_ROWS_BY_NUMBER};
    size_t *chosen = NULL;
    size_t count = 0;
    uint64_t before = 0;
    uint64_t mine = 0;
    tml_status status = tml_array_create(TML_AUDIT_LISTED, sizeof *chosen, "bad rows", &chosen, error);

    for (size_t i = 0; i < w->rows.count; ++i)
        mine += w->checks[i].defects != 0;
    status = tml_agree(w->rows.comm, status, error);
    if (status == TML_OK)
        status = tml_mpi_check(MPI_Exscan(&mine, &before, 1, MPI_UINT64_T, MPI_SUM, w->rows.comm),
                               "counting bad rows", error);
    if (w->rows.rank == 0) /* MPI leaves it undefined there */
        before = 0;
    for (size_t i = 0; i < w->rows.count && status == TML_OK && before + count < TML_AUDIT_LISTED; ++i)
        if (w->checks[i].defects != 0)
            chosen[count++] = i;
    if (status == TML_OK)
        status = tml_row_table_gather(&w->rows, count, chosen, &request, &audit->bad, error);
    free(chosen);
    return status;
}

/* ---- all ---- */

static tml_status run(work *w, const tml_audit_request *request, tml_grid_audit *audit, tml_error *error)
{
    const int teff = find_teff(&audit->shape);
    tml_status status = find_bins(&w->rows, audit, error);

    audit->has_energy = teff >= 0;
    tml_row_checks(&w->rows, w->wavelength_um, teff, w->checks);
    if (status == TML_OK)
        status = find_scales(&w->rows, audit, error);
    if (status == TML_OK)
        status = tml_identical_rows_find(&w->rows, w->checks, audit->scale, &audit->identical, error);
    if (status == TML_OK)
        status = tml_near_rows_find(&w->rows, w->checks, audit->scale, request->tolerance, &audit->near,
                                    error);
    if (status == TML_OK)
        status = audit_lines(w, audit, error);
    if (status == TML_OK)
        status = tml_node_audit_run(&w->rows, audit->bins, &audit->nodes, error);
    if (status == TML_OK)
        status = summarise_energy(w, audit->energy, error);
    if (status == TML_OK)
        status = count_defects(w, audit, error);
    return status == TML_OK ? list_bad(w, audit, error) : status;
}

tml_status tml_grid_audit_run(MPI_Comm comm, const tml_audit_request *request, tml_grid_audit *audit,
                              tml_error *error)
{
    work w;
    tml_status status;

    memset(audit, 0, sizeof *audit);
    memset(&w, 0, sizeof w);
    status = read_grid(comm, request, audit, &w, error);
    if (status == TML_OK)
        status = run(&w, request, audit, error);
    free_work(&w);
    return status;
}

void tml_grid_audit_free(tml_grid_audit *audit)
{
    for (size_t p = 0; p < TML_GRID_PARAMETERS; ++p)
        tml_line_audit_free(&audit->line[p]);
    tml_row_table_free(&audit->bad);
    memset(audit, 0, sizeof *audit);
}
