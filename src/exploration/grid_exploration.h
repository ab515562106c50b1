#ifndef TML_EXPLORATION_GRID_EXPLORATION_H
#define TML_EXPLORATION_GRID_EXPLORATION_H

/** @file exploration/grid_exploration.h
 * What there is to know about a grid before a network is trained on it: parameters, coverage, fluxes,
 * correlations, principal components, neighbours, twins, spectra along each parameter. Every rank reads its
 * share of the rows once; the numbers are the same bits for any number of ranks. */

#include <mpi.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/digest.h"
#include "core/status.h"
#include "exploration/column_summary.h"
#include "exploration/coverage.h"
#include "exploration/fixed_point.h"
#include "exploration/parameter_bins.h"
#include "exploration/row_table.h"
#include "io/grid_file.h"
#include "statistics/interval.h"
#include "statistics/principal_components.h"

/* Components kept unless somebody wants another number. */
enum { TML_EXPLORATION_COMPONENTS = 10 };

typedef struct tml_exploration_request {
    const char *path; /* of the grid; borrowed */
    size_t components;
    int threads; /* of each rank */
    size_t fix_count;
    const tml_fixed_value *fix; /* [fix_count] borrowed */
} tml_exploration_request;

typedef struct tml_grid_exploration {
    const char *path; /* as requested */
    tml_grid_shape shape;
    double *wavelength_um; /* [wavelengths] */
    bool has_digest;
    char digest[TML_DIGEST_TEXT];
    uint64_t twin_groups, twin_rows; /* spectra that several rows have in common; rows that do */

    tml_column_summary parameter[TML_GRID_PARAMETERS];
    double standard_error[TML_GRID_PARAMETERS]; /* of the mean; NaN below two rows */
    tml_interval mean_ci95[TML_GRID_PARAMETERS];
    tml_parameter_bins bins[TML_GRID_PARAMETERS];
    double fixed[TML_GRID_PARAMETERS];
    tml_coverage coverage;

    tml_column_summary *flux;        /* [wavelengths] of log10 of the fluxes above 0 */
    tml_column_summary *scaled_flux; /* [wavelengths] row-standardised */
    uint64_t zero_fluxes;            /* fluxes that are not above 0 */
    uint64_t zero_wavelengths;       /* wavelengths that have one */
    double *pearson;                 /* [wavelengths][parameters] exploration/correlations.h */
    double *spearman;                /* [wavelengths][parameters] */

    tml_principal_components pca;
    double *pca_mean;                            /* [wavelengths] */
    double median_distance;                      /* between nearest neighbours; NaN without */
    tml_row_table scores;                        /* exploration/outliers.h; as all tables, on rank 0 */
    tml_row_table outliers;                      /* exploration/outliers.h */
    tml_row_table filtered[TML_GRID_PARAMETERS]; /* exploration/filtered.h */
} tml_grid_exploration;

/** Read a grid and check what is wanted of it, without computing. Collective over `comm`.
 * @return as tml_grid_explore, the same on all ranks */
TML_NODISCARD tml_status tml_grid_exploration_check(MPI_Comm comm, const tml_exploration_request *request,
                                                    tml_grid_exploration *exploration, tml_error *error);

/** Explore a grid. Collective over `comm`; request equal on all ranks.
 * @param exploration  out, owned by the caller (tml_grid_exploration_free), to be freed also after a failure
 * @return TML_OK; TML_USAGE (a fixed parameter or value that the grid does not have); TML_BAD_DATA; as
 * tml_grid_file_open; TML_INTERNAL; the same on all ranks */
TML_NODISCARD tml_status tml_grid_explore(MPI_Comm comm, const tml_exploration_request *request,
                                          tml_grid_exploration *exploration, tml_error *error);

/** Free what it owns and zero it; a zeroed one is fine. */
void tml_grid_exploration_free(tml_grid_exploration *exploration);

#endif
