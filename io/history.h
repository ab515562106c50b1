#ifndef TML_IO_HISTORY_H
#define TML_IO_HISTORY_H

/** @file io/history.h
 * A history.csv (io/history_file.h) in memory, for plots and tests. Not collective. */

#include <stddef.h>

#include "core/status.h"

enum { TML_HISTORY_NAME = 96 };

/** Column by column. */
typedef struct tml_history {
    size_t rows;
    size_t columns;
    char (*names)[TML_HISTORY_NAME]; /* [columns] as in the header */
    double *values;                  /* [columns][rows] */
} tml_history;

/** Read a history. Columns that this version does not write are read as well, NaN where they hold no number.
 * A last line without its newline, as a killed job leaves it, is passed over.
 * @param history  out, owned by the caller (tml_history_free); all zero on failure
 * @return TML_OK, TML_NO_INPUT, TML_BAD_DATA (message with line and column) or TML_INTERNAL
 */
TML_NODISCARD tml_status tml_history_read(const char *path, tml_history *history, tml_error *error);

/** A column by name: [rows], borrowed; NULL if there is none. */
const double *tml_history_column(const tml_history *history, const char *name);

/** Free what it owns and set all to zero; a zeroed one is fine. */
void tml_history_free(tml_history *history);

#endif
