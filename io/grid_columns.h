#ifndef TML_IO_GRID_COLUMNS_H
#define TML_IO_GRID_COLUMNS_H

/** @file io/grid_columns.h
 * What each column of a CSV grid is: a wavelength, a parameter or metadata. A header that is a number is a
 * wavelength in micron. Not collective: one rank reads. */

#include <stddef.h>

#include "core/status.h"
#include "io/csv_reader.h"
#include "io/grid_file.h"

typedef struct tml_grid_columns {
    tml_grid_shape shape;  /* rows are 0 and widths 1 as long as no row was read */
    double *wavelength_um; /* [shape.wavelengths] ascending */
    size_t *flux_column;   /* [shape.wavelengths] column of each wavelength */
    size_t parameter_column[TML_GRID_PARAMETERS];
    size_t own_metadata;                       /* so many of the metadata are columns of the CSV itself, */
    size_t metadata_column[TML_GRID_METADATA]; /* the others of the metadata file */
    long meta_row;                             /* its column that must hold the number of the row, or -1 */
    long meta_parameter[TML_GRID_PARAMETERS];  /* its column that must repeat a parameter, or -1 */
} tml_grid_columns;

/** Sort the columns out.
 *
 * @param csv              an open reader of the grid; borrowed
 * @param meta             an open reader of the row-aligned metadata, or NULL; borrowed
 * @param targets          more parameters as "NAME:UNIT,NAME:UNIT" (at most 8), or NULL
 * @param wavelengths_path a CSV file with the exact wavelengths in a column 'wl', or NULL: the header's
 * numbers
 * @param solar_c_o        the C/O ratio that c_o = 1 stands for
 * @param columns          out, owned by the caller, freed by tml_grid_columns_free; zeroed on failure
 * @return TML_OK, TML_USAGE (targets are not of that form or name no column), TML_BAD_DATA or what reading a
 *         file gives
 */
TML_NODISCARD tml_status tml_grid_columns_plan(const tml_csv_reader *csv, const char *csv_path,
                                               const tml_csv_reader *meta, const char *meta_path,
                                               const char *targets, const char *wavelengths_path,
                                               double solar_c_o, tml_grid_columns *columns, tml_error *error);

/** Free what the plan holds and zero it. */
void tml_grid_columns_free(tml_grid_columns *columns);

#endif
