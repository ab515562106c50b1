#ifndef TML_INFERENCE_GRID_SPECTRA_H
#define TML_INFERENCE_GRID_SPECTRA_H

/** @file inference/grid_spectra.h
 * The spectra of a grid as a function of their parameters, and the grid point that fits an observation best.
 * Each rank keeps the spectra that it read; the parameters of all rows are known to all ranks.
 *
 * Between nodes the logarithm of the flux is multilinear in the parameters as the network learns them (teff
 * as log10), where all corners of the cell are there; elsewhere (a grid with gaps, or at random parameters) a
 * local linear fit of the logarithm through the nearest grid points, which may leave the range of their
 * values by half of that range at most. At a wavelength where one of these spectra is not above 0, the flux
 * itself takes the place of its logarithm, and the result is at least 0. On a grid point the flux is that of
 * the grid, to the bit. A target with more than 256 values is no axis: then every other point is a local fit.
 *
 * A parameter beyond the grid is moved to its edge. Rows with the same parameters count as the one with the
 * lowest row number, except in a match, which looks at all. Row numbers are unique. Answers are the same bits
 * for any number of ranks.
 */

#include <mpi.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/status.h"
#include "training/data_set.h"

typedef struct tml_grid_spectra tml_grid_spectra;

typedef enum tml_interpolation {
    TML_INTERPOLATION_NODE,        /* the point is a grid point */
    TML_INTERPOLATION_MULTILINEAR, /* all corners of the cell are there */
    TML_INTERPOLATION_SCATTERED    /* local linear fit */
} tml_interpolation;

/** How one spectrum was made. */
typedef struct tml_grid_spectrum_note {
    tml_interpolation method;
    uint32_t outside; /* bit t: target t lies beyond the grid's range */
} tml_grid_spectrum_note;

/** The grid point that fits best. */
typedef struct tml_grid_match {
    int64_t row;  /* number in the grid's source; -1: no usable pixel, or no chi2 that is a number */
    double chi2;  /* NaN without a match */
    double scale; /* on the grid's flux; 1 when it was not fitted, and without a match */
    double truth[TML_PREPARATION_TARGETS]; /* [targets] its parameters; NaN without a match */
} tml_grid_match;

/** Look at all three parts of a data set. Collective over `comm`.
 * @param data     borrowed for the object's life; loaded over the same communicator
 * @param spectra  out, owned by the caller; NULL on failure
 * @return the same on all ranks: TML_OK, TML_BAD_DATA (no row) or TML_INTERNAL
 */
TML_NODISCARD tml_status tml_grid_spectra_create(MPI_Comm comm, const tml_data_set *data,
                                                 tml_grid_spectra **spectra, tml_error *error);

/** Smallest and largest value of a target over the grid. Not collective. */
void tml_grid_spectra_range(const tml_grid_spectra *spectra, size_t target, double *low, double *high);

/** Spectra at some points. Collective; the points are equal on all ranks.
 * @param points  [count][targets] in the targets' units, finite
 * @param flux    out on all ranks: [count][wavelengths] erg s-1 cm-2 Hz-1, ascending in wavelength
 * @param notes   out on all ranks: [count]
 * @return the same on all ranks: TML_OK or TML_INTERNAL
 */
TML_NODISCARD tml_status tml_grid_spectra_at(tml_grid_spectra *spectra, size_t count, const double *points,
                                             double *flux, tml_grid_spectrum_note *notes, tml_error *error);

/** The grid point with the smallest chi2 for each observation (ties: lowest row). Collective; the
 * observations are equal on all ranks.
 * @param flux, error_of_flux  [count][wavelengths]; a pixel is left out when one of them is not finite, or
 * the error not above 0
 * @param fit_scale            a factor on the grid's flux is found for each row (statistics/chi_square.h);
 *                             without it the factor is 1
 * @param matches              out on all ranks: [count]
 * @return the same on all ranks: TML_OK or TML_INTERNAL
 */
TML_NODISCARD tml_status tml_grid_spectra_match(tml_grid_spectra *spectra, size_t count, const double *flux,
                                                const double *error_of_flux, bool fit_scale,
                                                tml_grid_match *matches, tml_error *error);

/** The grid points with the smallest chi2 for one observation, a factor found for each, from the best on
 * (ties: lowest row first). Collective; arguments equal on all ranks.
 * @param flux, error_of_flux  [wavelengths], as for tml_grid_spectra_match
 * @param most     not more than this many, from 1 to a million
 * @param matches  out on all ranks: [most], of which the first `found` are filled; the first is the one that
 *                 tml_grid_spectra_match finds. A row without a chi2 that is a number is not among them
 * @param found    out; 0 on failure
 * @return the same on all ranks: TML_OK or TML_INTERNAL
 */
TML_NODISCARD tml_status tml_grid_spectra_best(tml_grid_spectra *spectra, const double *flux,
                                               const double *error_of_flux, size_t most,
                                               tml_grid_match *matches, size_t *found, tml_error *error);

/** Free; sets the pointer to NULL; NULL is fine. Not collective. */
void tml_grid_spectra_destroy(tml_grid_spectra **spectra);

#endif
