#ifndef TML_IO_GRID_CSV_H
#define TML_IO_GRID_CSV_H

/** @file io/grid_csv.h
 * A grid of spectra in the CSV layout of the Python program TelescopeML, read and checked row by row,
 * together with a row-aligned file of metadata if there is one. Not collective: one rank reads.
 *
 *   open -> next ... until it gives NULL -> shape, ranges -> close
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/status.h"
#include "io/grid_file.h"

/** What to read. Strings are borrowed for the time of the call. */
typedef struct tml_grid_csv_files {
    const char *csv;         /* plain, gzip or bzip2, as the others */
    const char *wavelengths; /* exact wavelengths in a column 'wl', or NULL */
    const char *meta;        /* row-aligned metadata, or NULL */
    const char *targets;     /* more parameters, "NAME:UNIT,NAME:UNIT", or NULL */
    double solar_c_o;
} tml_grid_csv_files;

/** Smallest and largest value of the rows read so far. */
typedef struct tml_grid_ranges {
    double minimum[TML_GRID_PARAMETERS];
    double maximum[TML_GRID_PARAMETERS];
    float flux_minimum;
    float flux_maximum;
} tml_grid_ranges;

typedef struct tml_grid_csv tml_grid_csv;

/** Open the files and sort the columns out.
 * @param csv  out, owned by the caller; NULL on failure
 * @return TML_OK, TML_USAGE (targets), TML_NO_INPUT, TML_BAD_DATA or TML_IO_ERROR
 */
TML_NODISCARD tml_status tml_grid_csv_open(const tml_grid_csv_files *files, tml_grid_csv **csv,
                                           tml_error *error);

/** Read and check the next row.
 * @param payload  out: the row packed without gaps: parameters (f8, in the order of the shape), flux (f4, by
 *                 ascending wavelength), each metadata value as a string with its NUL. Borrowed until the
 * next call; NULL at the end, where the metadata file must end as well and at least one row must have been
 * read
 * @param bytes    out: length of the payload
 * @return TML_OK, TML_BAD_DATA with file, line, row and column, or TML_IO_ERROR
 */
TML_NODISCARD tml_status tml_grid_csv_next(tml_grid_csv *csv, const char **payload, size_t *bytes,
                                           tml_error *error);

/** What the grid holds: rows read so far and the widths that their metadata need. Borrowed. */
const tml_grid_shape *tml_grid_csv_shape(const tml_grid_csv *csv);

/** [shape.wavelengths] micron, ascending. Borrowed. */
const double *tml_grid_csv_wavelength_um(const tml_grid_csv *csv);

/** Borrowed. */
const tml_grid_ranges *tml_grid_csv_ranges(const tml_grid_csv *csv);

/** Close; sets the pointer to NULL; NULL is fine. */
void tml_grid_csv_close(tml_grid_csv **csv);

#endif
