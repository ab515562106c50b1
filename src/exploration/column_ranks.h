#ifndef TML_EXPLORATION_COLUMN_RANKS_H
#define TML_EXPLORATION_COLUMN_RANKS_H

/** @file exploration/column_ranks.h
 * The rank of every value among all values of its column, for Spearman's correlation. Columns are shared out
 * over the processes: each gets one column at a time, sorts it, and sends every value's rank back to where it
 * came from. */

#include <stddef.h>
#include <stdint.h>

#include "core/status.h"
#include "exploration/explored_rows.h"

/** Rows up to which this is done: sums of products of ranks then fit into 64 bits, and a column into memory.
 */
enum { TML_COLUMN_RANKS_MOST = 2000000 };

/** Rank the values of columns first, first + 1, ... Collective over rows->comm.
 * @param value    never NaN
 * @param columns  at most rows->size
 * @param rank     out: [columns][rows->count]: twice the rank counted from 1, ties sharing the mean of
 * theirs, less the total number of rows and 1; so the sum over all rows is 0
 * @return TML_OK or TML_INTERNAL, the same on all ranks */
TML_NODISCARD tml_status tml_column_ranks(const tml_explored_rows *rows, tml_column_value *value,
                                          size_t first, size_t columns, int64_t *rank, tml_error *error);

#endif
