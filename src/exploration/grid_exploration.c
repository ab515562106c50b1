#include "exploration/grid_exploration.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/log.h"
#include "core/memory.h"
#include "exploration/column_ranks.h"
#include "exploration/components.h"
#include "exploration/correlations.h"
#include "exploration/explored_rows.h"
#include "exploration/filtered.h"
#include "exploration/neighbours.h"
#include "exploration/outliers.h"
#include "mpi/agree.h"
#include "mpi/distinct.h"
#include "statistics/mean_interval.h"

static const double confidence_level = 0.95;

static tml_status copy_head(tml_grid_file *file, tml_grid_exploration *e, tml_error *error)
{
    const size_t w = tml_grid_file_shape(file)->wavelengths;
    const size_t numbers = tml_grid_file_shape(file)->parameter_count * sizeof(double);
    const char *what = "the numbers of a grid";
    tml_digest digest;
    tml_status status = tml_array_create(w, sizeof(double), what, &e->wavelength_um, error);

    e->shape = *tml_grid_file_shape(file);
    e->has_digest = tml_grid_file_digest(file, &digest);
    if (e->has_digest)
        tml_digest_text(&digest, e->digest);
    if (status == TML_OK) {
        memcpy(e->wavelength_um, tml_grid_file_wavelength_um(file), w * sizeof(double));
        status = tml_array_create(w, sizeof *e->flux, what, &e->flux, error);
    }
    if (status == TML_OK)
        status = tml_array_create(w, sizeof *e->scaled_flux, what, &e->scaled_flux, error);
    if (status == TML_OK)
        status = tml_array_create(w, numbers, what, &e->pearson, error);
    if (status == TML_OK)
        status = tml_array_create(w, numbers, what, &e->spearman, error);
    return status;
}

static tml_status read_grid(MPI_Comm comm, const tml_exploration_request *request, tml_grid_exploration *e,
                            tml_explored_rows *rows, tml_error *error)
{
    tml_grid_file *file = NULL;
    tml_status status = tml_grid_file_open(comm, request->path, TML_IO_INDEPENDENT, false, &file, error);

    memset(rows, 0, sizeof *rows);
    if (status != TML_OK)
        return status;
    status = tml_agree(comm, copy_head(file, e, error), error);
    if (status == TML_OK)
        status = tml_fixed_names_check(&e->shape, request->fix_count, request->fix, error);
    if (status == TML_OK)
        status = tml_explored_rows_read(comm, file, rows, error);
    tml_grid_file_close(&file);
    if (status == TML_BAD_DATA)
        tml_error_prefix(error, "%s: ", request->path);
    return status;
}

/* ---- parts ---- */

static tml_status explore_parameters(const tml_explored_rows *rows, const tml_exploration_request *request,
                                     tml_grid_exploration *e, tml_error *error)
{
    tml_status status = tml_column_summaries(rows, rows->parameters, tml_parameter_value, e->parameter,
                                             error);

    for (size_t p = 0; p < rows->parameters && status == TML_OK; ++p) {
        const tml_column_summary *s = &e->parameter[p];

        e->standard_error[p] = s->sd / sqrt((double)s->count);
        e->mean_ci95[p] = tml_mean_confidence((size_t)s->count, s->mean, s->sd, confidence_level);
        status = tml_parameter_bins_find(rows, p, s->minimum, s->maximum, &e->bins[p], error);
    }
    if (status == TML_OK)
        status = tml_fixed_point_find(rows, &e->shape, e->bins, e->parameter, request->fix_count,
                                      request->fix, e->fixed, error);
    return status;
}

static tml_status count_twins(const tml_explored_rows *rows, tml_grid_exploration *e, tml_error *error)
{
    uint64_t *keys = NULL;
    tml_distinct distinct = {0};
    tml_status status = tml_array_create(rows->count, sizeof *keys, "spectra", &keys, error);

    status = tml_agree(rows->comm, status, error);
    for (size_t i = 0; i < rows->count && status == TML_OK; ++i)
        keys[i] = tml_digest_64(rows->flux + i * rows->wavelengths, rows->wavelengths * sizeof *rows->flux);
    if (status == TML_OK)
        status = tml_distinct_count(rows->comm, keys, rows->count, &distinct, error);
    e->twin_groups = distinct.repeated;
    e->twin_rows = distinct.members;
    free(keys);
    return status;
}

static tml_status explore_fluxes(const tml_explored_rows *rows, tml_grid_exploration *e, tml_error *error)
{
    tml_status status = tml_column_summaries(rows, rows->wavelengths, tml_log_flux_value, e->flux, error);

    if (status == TML_OK)
        status = tml_column_summaries(rows, rows->wavelengths, tml_scaled_flux_value, e->scaled_flux, error);
    if (status == TML_OK)
        status = tml_pearson_correlations(rows, e->pearson, error);
    if (status == TML_OK)
        status = tml_spearman_correlations(rows, e->spearman, error);
    if (status != TML_OK)
        return status;
    for (size_t w = 0; w < rows->wavelengths; ++w) {
        e->zero_fluxes += rows->total - e->flux[w].count;
        e->zero_wavelengths += rows->total > e->flux[w].count ? 1 : 0;
    }
    if (e->zero_fluxes > 0)
        tml_warn(
            "zero_flux",
            "%llu of the fluxes, at %llu of the wavelengths, are not above 0; the statistics of log10 of "
            "the flux leave them out",
            (unsigned long long)e->zero_fluxes, (unsigned long long)e->zero_wavelengths);
    if (rows->total > TML_COLUMN_RANKS_MOST)
        tml_warn("no_spearman", "Spearman's correlation is computed of %d rows at most; the grid has %llu",
                 TML_COLUMN_RANKS_MOST, (unsigned long long)rows->total);
    return TML_OK;
}

static tml_status explore_components(const tml_explored_rows *rows, const tml_exploration_request *request,
                                     tml_grid_exploration *e, tml_error *error)
{
    tml_components components;
    tml_neighbours neighbours = {NULL, NULL, (double)NAN};
    tml_status status = tml_components_compute(rows, request->components, &components, error);

    if (status == TML_OK)
        status = tml_neighbours_find(rows, &components, request->threads, &neighbours, error);
    if (status == TML_OK)
        status = tml_score_table(rows, &components, &e->scores, error);
    if (status == TML_OK)
        status = tml_outlier_table(rows, &neighbours, &e->outliers, error);
    if (status == TML_OK) {
        e->pca = components.pca;
        e->pca_mean = components.mean;
        e->median_distance = neighbours.median;
        memset(&components.pca, 0, sizeof components.pca); /* the exploration's now */
        components.mean = NULL;
    }
    tml_components_free(&components);
    tml_neighbours_free(&neighbours);
    return status;
}

static tml_status filter_spectra(const tml_explored_rows *rows, tml_grid_exploration *e, tml_error *error)
{
    tml_status status = TML_OK;

    for (size_t p = 0; p < rows->parameters && status == TML_OK; ++p) {
        status = tml_filtered_table(rows, e->bins, e->fixed, p, &e->filtered[p], error);
        if (status == TML_OK && rows->rank == 0 && e->filtered[p].count == 0)
            tml_warn(
                "no_spectra",
                "there are no spectra along %s with the other parameters held; other values by --fix may "
                "have some",
                e->shape.parameters[p].name);
    }
    return status;
}

/* ---- all ---- */

/* Up to what can be wrong with the request. */
static tml_status begin(MPI_Comm comm, const tml_exploration_request *request, tml_grid_exploration *e,
                        tml_explored_rows *rows, tml_error *error)
{
    tml_status status;

    memset(e, 0, sizeof *e);
    e->path = request->path;
    status = read_grid(comm, request, e, rows, error);
    return status == TML_OK ? explore_parameters(rows, request, e, error) : status;
}

tml_status tml_grid_exploration_check(MPI_Comm comm, const tml_exploration_request *request,
                                      tml_grid_exploration *exploration, tml_error *error)
{
    tml_explored_rows rows;
    tml_status status = begin(comm, request, exploration, &rows, error);

    tml_explored_rows_free(&rows);
    return status;
}

tml_status tml_grid_explore(MPI_Comm comm, const tml_exploration_request *request,
                            tml_grid_exploration *exploration, tml_error *error)
{
    tml_grid_exploration *e = exploration;
    tml_explored_rows rows;
    tml_status status = begin(comm, request, e, &rows, error);

    if (status == TML_OK)
        status = tml_coverage_count(&rows, e->bins, &e->coverage, error);
    if (status == TML_OK)
        status = count_twins(&rows, e, error);
    if (status == TML_OK)
        status = explore_fluxes(&rows, e, error);
    if (status == TML_OK)
        status = explore_components(&rows, request, e, error);
    if (status == TML_OK)
        status = filter_spectra(&rows, e, error);
    tml_explored_rows_free(&rows);
    return status;
}

void tml_grid_exploration_free(tml_grid_exploration *exploration)
{
    free(exploration->wavelength_um);
    free(exploration->flux);
    free(exploration->scaled_flux);
    free(exploration->pearson);
    free(exploration->spearman);
    free(exploration->pca_mean);
    tml_coverage_free(&exploration->coverage);
    tml_principal_components_free(&exploration->pca);
    tml_row_table_free(&exploration->scores);
    tml_row_table_free(&exploration->outliers);
    for (size_t p = 0; p < TML_GRID_PARAMETERS; ++p)
        tml_row_table_free(&exploration->filtered[p]);
    memset(exploration, 0, sizeof *exploration);
}
