#ifndef TML_EXPLORATION_GRID_COMPARISON_PRIVATE_H
#define TML_EXPLORATION_GRID_COMPARISON_PRIVATE_H

/** @file exploration/grid_comparison_private.h
 * What the files of exploration/grid_comparison.h share: rows on the rank that looks after their parameters.
 */

#include "exploration/explored_rows.h"
#include "exploration/grid_comparison.h"

/** A row as it travels. */
typedef struct tml_compared_row {
    int64_t key[TML_GRID_PARAMETERS]; /* parameters in units of 1e-6; 0 beyond their number */
    double parameter[TML_GRID_PARAMETERS];
    int64_t row;
    float flux[]; /* [wavelengths] */
} tml_compared_row;

/** Rows of one grid on this rank, sorted by key, then by number. */
typedef struct tml_compared_rows {
    size_t count, bytes; /* of a record */
    unsigned char *records;
} tml_compared_rows;

static inline const tml_compared_row *tml_compared_row_at(const tml_compared_rows *rows, size_t i)
{
    return (const tml_compared_row *)(const void *)(rows->records + i * rows->bytes);
}

/** The row with the same key and the smallest number, or NULL. Not collective. */
const tml_compared_row *tml_compared_row_find(const tml_compared_rows *rows, const int64_t *key);

/** Send rows to the ranks that look after them. Collective over rows->comm.
 * @param at    [parameters] where each parameter of the first grid stands in these rows
 * @param sent  out, `records` owned by the caller (free)
 * @return as tml_exchange_records, the same on all ranks */
TML_NODISCARD tml_status tml_compared_rows_send(const tml_explored_rows *rows, const int *at,
                                                size_t parameters, tml_compared_rows *sent, tml_error *error);

/** Fill everything that is counted: pairs, unmatched, distances. Collective over `comm`.
 * @param rows  [count + 1] of this rank, the first grid first
 * @return TML_OK, TML_BAD_DATA (no pair) or TML_INTERNAL, the same on all ranks */
TML_NODISCARD tml_status tml_compared_distances(MPI_Comm comm, const tml_compared_rows *rows,
                                                tml_grid_comparison *comparison, tml_error *error);

/** Choose spectra to look at and give them to all ranks. Collective over `comm`. @return TML_OK or
 * TML_INTERNAL, the same on all ranks */
TML_NODISCARD tml_status tml_compared_spectra_choose(MPI_Comm comm, const tml_compared_rows *rows,
                                                     tml_grid_comparison *comparison, tml_error *error);

#endif
