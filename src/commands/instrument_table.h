#ifndef TML_COMMANDS_INSTRUMENT_TABLE_H
#define TML_COMMANDS_INSTRUMENT_TABLE_H

/** @file commands/instrument_table.h
 * The resolution of an instrument over wavelength, from a CSV file. */

#include <mpi.h>
#include <stddef.h>

#include "core/digest.h"
#include "core/status.h"

enum { TML_INSTRUMENT_ROWS = 16384 };

typedef struct tml_instrument_table {
    size_t rows;
    double *wavelength_um; /* [rows] strictly ascending, positive */
    double *resolution;    /* [rows] lambda / full width at half maximum; finite */
    tml_digest digest;     /* XXH3-128 of the file */
} tml_instrument_table;

/** Read the table on rank 0 and share it. Collective over `comm`.
 *
 * Columns `wavelength` (micron, ascending) and `resolution`, in any order; others are passed over.
 * @param table  out, freed by tml_instrument_table_free; zeroed on failure
 * @return TML_OK, TML_NO_INPUT, TML_IO_ERROR, TML_INTERNAL, or TML_BAD_DATA: a column that is missing, fewer
 * than two rows or more than TML_INSTRUMENT_ROWS, values that are no numbers or do not ascend (file, line,
 * row); the same on all ranks
 */
TML_NODISCARD tml_status tml_instrument_table_read(MPI_Comm comm, const char *path,
                                                   tml_instrument_table *table, tml_error *error);

/** Free the arrays and zero the object. */
void tml_instrument_table_free(tml_instrument_table *table);

#endif
