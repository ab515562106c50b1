#ifndef TML_EXPLORATION_GRID_COMPARISON_H
#define TML_EXPLORATION_GRID_COMPARISON_H

/** @file exploration/grid_comparison.h
 * The spectra of grids beside each other: rows with equal parameters, how far their fluxes are apart, and a
 * few of them to look at. */

#include <mpi.h>
#include <stddef.h>
#include <stdint.h>

#include "core/status.h"
#include "exploration/parameter_bins.h"
#include "io/grid_file.h"

/* Grids beside the first; pairs of spectra to look at. */
enum { TML_COMPARED_GRIDS = 7, TML_COMPARED_SPECTRA = 6 };

/** How far a set of fluxes is from those of the first grid: d = |log10 (flux / flux of the first)| [dex]. */
typedef struct tml_flux_distance {
    uint64_t pairs;     /* of rows */
    uint64_t fluxes;    /* both above 0; the others do not count */
    double median, p95; /* of d over rows and wavelengths, to 0.6 %; NaN without fluxes */
    double in_band;     /* share of pairs whose flux over the band is within 10 %; NaN without pairs */
} tml_flux_distance;

/** A grid beside the first. */
typedef struct tml_compared_grid {
    uint64_t rows;
    uint64_t unmatched; /* rows of the first grid without a partner here */
    tml_flux_distance all;
    tml_flux_distance (*by_value)[TML_PARAMETER_BINS]; /* [parameters] of the values of the first grid */
} tml_compared_grid;

/** A row of the first grid with its partners. */
typedef struct tml_compared_spectrum {
    int64_t row; /* its number in the first grid */
    double parameter[TML_GRID_PARAMETERS];
    const float
        *flux[1 + TML_COMPARED_GRIDS]; /* [wavelengths] each, the first grid's first; NULL: no partner */
} tml_compared_spectrum;

typedef struct tml_grid_comparison {
    tml_grid_shape shape; /* of the first grid */
    double *wavelength_um;
    tml_parameter_bins *bins; /* [parameters] of the first grid */
    size_t count;             /* grids beside the first */
    tml_compared_grid grid[TML_COMPARED_GRIDS];
    size_t shown;
    tml_compared_spectrum spectrum[TML_COMPARED_SPECTRA]; /* by the first parameter, ascending */
    float *flux;                                          /* what they point to */
} tml_grid_comparison;

/** Compare. Collective over `comm`, synchronising; arguments equal on all ranks.
 * Rows are partners when their parameters agree to 1e-6; of several in a later grid the one with the
 * smallest number counts. Wavelengths must agree to 1e-6 of themselves, and a later grid must have the
 * parameters of the first, in any order. Spectra to look at are spread evenly over the first parameter of the
 * first grid, near the middle of the others.
 * @param path        [count + 1] grid files
 * @param count       1 to TML_COMPARED_GRIDS
 * @param comparison  out, the same on all ranks and for any number of them, owned by the caller
 * (tml_grid_comparison_free); all zero on failure
 * @return TML_OK; TML_BAD_DATA (other wavelengths or parameters, no row with a partner), or as
 * tml_grid_file_open, tml_explored_rows_read, tml_exchange_records; the same on all ranks
 */
TML_NODISCARD tml_status tml_grid_comparison_run(MPI_Comm comm, size_t count, const char *const *path,
                                                 tml_grid_comparison *comparison, tml_error *error);

/** Free what it owns and zero it; a zeroed one is fine. */
void tml_grid_comparison_free(tml_grid_comparison *comparison);

#endif
