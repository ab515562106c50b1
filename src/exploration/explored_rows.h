#ifndef TML_EXPLORATION_EXPLORED_ROWS_H
#define TML_EXPLORATION_EXPLORED_ROWS_H

/** @file exploration/explored_rows.h
 * The rows of a grid, shared out over the ranks: each rank reads whole chunks of the file, once, and holds
 * them. Everything else in this folder works on these. */

#include <mpi.h>
#include <stddef.h>
#include <stdint.h>

#include "core/status.h"
#include "io/grid_file.h"

/** This rank's rows. A rank may hold none. */
typedef struct tml_explored_rows {
    MPI_Comm comm; /* borrowed */
    int rank, size;
    uint64_t total; /* rows of the grid */
    uint64_t first; /* place in the file of this rank's first row */
    size_t count;
    uint64_t chunk; /* rows of a chunk of the file */
    size_t wavelengths, parameters;
    int64_t *row;        /* [count] number in the source */
    float *flux;         /* [count][wavelengths] F_nu, erg s-1 cm-2 Hz-1 */
    float *scaled;       /* [count][wavelengths] row-standardised: what a network sees; may be NULL */
    double *parameter;   /* [count][parameters]; no -0 */
    uint64_t bytes_read; /* by this rank */
} tml_explored_rows;

/** Value of a column in a row of this rank; NaN: the row does not count. */
typedef double tml_column_value(const tml_explored_rows *rows, size_t row, size_t column);

/** log10 of the flux at a wavelength; NaN where it is not above 0. */
double tml_log_flux_value(const tml_explored_rows *rows, size_t row, size_t wavelength);

/** The flux at a wavelength. */
double tml_flux_value(const tml_explored_rows *rows, size_t row, size_t wavelength);

/** The row-standardised flux at a wavelength. */
double tml_scaled_flux_value(const tml_explored_rows *rows, size_t row, size_t wavelength);

/** A parameter. */
double tml_parameter_value(const tml_explored_rows *rows, size_t row, size_t parameter);

/** Read this rank's share. Collective over `comm`, whose ranks opened the file.
 * @param rows  out, owned by the caller (tml_explored_rows_free); all zero on failure
 * @return TML_OK; TML_BAD_DATA (a parameter beyond 1e60) or as tml_grid_file_read_rows; the same on all ranks
 */
TML_NODISCARD tml_status tml_explored_rows_read(MPI_Comm comm, tml_grid_file *file, tml_explored_rows *rows,
                                                tml_error *error);

/** The same with fluxes as they stand, finite or not, and without `scaled`, which is NULL: for whoever looks
 * for bad ones. Collective. @return as tml_explored_rows_read */
TML_NODISCARD tml_status tml_explored_rows_read_any(MPI_Comm comm, tml_grid_file *file,
                                                    tml_explored_rows *rows, tml_error *error);

/** The rows of any rank, as share.h has them. */
size_t tml_explored_rows_of(const tml_explored_rows *rows, int rank);

/** End of the block of rows that begins at `begin` (both counted from this rank's first row). Blocks lie
 * within chunks, so they are the same for any number of ranks. */
size_t tml_explored_rows_block(const tml_explored_rows *rows, size_t begin);

/** Free what it owns and zero it; a zeroed one is fine. */
void tml_explored_rows_free(tml_explored_rows *rows);

#endif
