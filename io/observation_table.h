#ifndef TML_IO_OBSERVATION_TABLE_H
#define TML_IO_OBSERVATION_TABLE_H

/** @file io/observation_table.h
 * Many observed spectra in the CSV layout of a grid, with a second file of the same layout for their errors:
 * F_nu at the objects' surface, a column for each wavelength in any order, and columns of parameters (under
 * either name) that hold labels where there are any. Plain, gzip or bzip2. Not collective: one rank reads.
 */

#include <stddef.h>
#include <stdint.h>

#include "core/status.h"

enum { TML_TABLE_LABELS = 16, TML_TABLE_LABEL_NAME = 64 };

typedef struct tml_observation_table tml_observation_table;

/** One object, borrowed until the next call. */
typedef struct tml_observation_row {
    int64_t row;         /* in the table, from 0 */
    const double *flux;  /* [bins] erg s-1 cm-2 Hz-1, ascending in wavelength; NaN: missing */
    const double *error; /* [bins] NaN: missing */
    const double *label; /* [label_count] NaN: not known */
} tml_observation_row;

/** Open both files and match their columns.
 * @param bin_um   [bins] micron, ascending: every one must have its column in both files, within the rounding
 *                 of the header or a tenth of a pixel
 * @param snr      above 0, used when errors_path is NULL: error = mean of the row's finite fluxes / snr; all
 *                 missing in a row whose mean is not above 0
 * @param table    out, owned by the caller; NULL on failure
 * @return TML_OK, TML_NO_INPUT, TML_BAD_DATA (columns that are missing or doubled, no overlap, neither errors
 *         nor snr), TML_IO_ERROR or TML_INTERNAL
 */
TML_NODISCARD tml_status tml_observation_table_open(const char *path, const char *errors_path, double snr,
                                                    size_t bins, const double *bin_um,
                                                    tml_observation_table **table, tml_error *error);

/** Labels that the table has columns for: teff, logg, c_o, met, under this or TelescopeML's name, in the
 * table's order. Other columns that are no wavelengths are passed over. Names are borrowed. */
size_t tml_observation_table_labels(const tml_observation_table *table);
const char *tml_observation_table_label(const tml_observation_table *table, size_t label);

/** Read the next object. An empty field or "nan" is missing; anything else that is no finite number is
 * refused. Labels that both files have must agree.
 * @param row  out; row->flux is NULL at the end, where both files must end, and on failure
 * @return TML_OK, or TML_BAD_DATA with file, line, row and column, or TML_IO_ERROR
 */
TML_NODISCARD tml_status tml_observation_table_next(tml_observation_table *table, tml_observation_row *row,
                                                    tml_error *error);

/** Close; sets the pointer to NULL; NULL is fine. */
void tml_observation_table_close(tml_observation_table **table);

#endif
