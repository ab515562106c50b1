#ifndef TML_REPORT_PHASE_TABLE_H
#define TML_REPORT_PHASE_TABLE_H

/** @file report/phase_table.h
 * phases.csv: where the time of one run went, a row for each rank. Not collective.
 *
 * Columns, in any order, others passed over: rank (each once), host (may be empty), and in seconds compute,
 * communication (only what computing did not hide), input, waiting (for other ranks). */

#include "core/status.h"
#include "plots/phases.h"

enum { TML_PHASE_HOST = 128 };

typedef struct tml_phase_table {
    size_t ranks;
    tml_phase_bar *bar;           /* [ranks] by rank, ascending; their hosts are borrowed from the table */
    char (*host)[TML_PHASE_HOST]; /* [ranks] as the rows came */
} tml_phase_table;

/** Read phases.csv.
 * @param table  out, owned by the caller (tml_phase_table_free); all zero on failure
 * @return TML_OK, TML_NO_INPUT, TML_BAD_DATA (with line and column), TML_IO_ERROR or TML_INTERNAL */
TML_NODISCARD tml_status tml_phase_table_read(const char *path, tml_phase_table *table, tml_error *error);

/** Free what it owns and zero it; a zeroed one is fine. */
void tml_phase_table_free(tml_phase_table *table);

#endif
