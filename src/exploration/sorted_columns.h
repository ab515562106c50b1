#ifndef TML_EXPLORATION_SORTED_COLUMNS_H
#define TML_EXPLORATION_SORTED_COLUMNS_H

/** @file exploration/sorted_columns.h
 * Order statistics of columns whose values lie on all ranks: each rank sorts its own, and the k-th smallest
 * of all is found by bisection over the doubles with counts alone, so that no values are gathered. Exact, and
 * the same for any distribution of the values.
 *
 *   create -> put ... -> finish -> values, quantiles, ... -> free
 */

#include <mpi.h>
#include <stddef.h>
#include <stdint.h>

#include "core/status.h"

typedef struct tml_sorted_columns {
    MPI_Comm comm; /* borrowed */
    size_t columns;
    size_t room;     /* values of a column on this rank, at most */
    size_t *count;   /* [columns] on this rank */
    double *value;   /* [columns][room] ascending after finish */
    uint64_t *total; /* [columns] over all ranks; as all that follows, after finish */
    double *minimum; /* [columns] infinity without values */
    double *maximum; /* [columns] -infinity without values */
} tml_sorted_columns;

/** Make room. Collective over `comm`; columns equal on all ranks.
 * @param sorted  out, owned by the caller (tml_sorted_columns_free), which frees it also after a failure
 * @return TML_OK or TML_INTERNAL, the same on all ranks */
TML_NODISCARD tml_status tml_sorted_columns_create(MPI_Comm comm, size_t columns, size_t room,
                                                   tml_sorted_columns *sorted, tml_error *error);

/** Add a value; NaN is left out. Not collective. */
void tml_sorted_columns_put(tml_sorted_columns *sorted, size_t column, double value);

/** Sort and count. Collective. */
TML_NODISCARD tml_status tml_sorted_columns_finish(tml_sorted_columns *sorted, tml_error *error);

/** Order statistics. Collective.
 * @param wanted  how many of each column
 * @param order   [columns][wanted] from 0; the same on all ranks
 * @param values  out: [columns][wanted], the same on all ranks; NaN where the column has no such value
 * @return TML_OK or TML_INTERNAL, the same on all ranks */
TML_NODISCARD tml_status tml_sorted_columns_values(const tml_sorted_columns *sorted, size_t wanted,
                                                   const uint64_t *order, double *values, tml_error *error);

/** Quantiles, linear between order statistics (Hyndman and Fan 1996, type 7: NumPy's default). Collective.
 * @param p       [wanted] from 0 to 1
 * @param values  out: [columns][wanted]; NaN for a column without values */
TML_NODISCARD tml_status tml_sorted_columns_quantiles(const tml_sorted_columns *sorted, size_t wanted,
                                                      const double *p, double *values, tml_error *error);

/** The smallest value that is at least `low`, and the largest that is at most `high`, of each column.
 * Collective.
 * @param low, high  [columns] bounds, the same on all ranks; out: the values; infinity and -infinity where
 * there are none */
TML_NODISCARD tml_status tml_sorted_columns_within(const tml_sorted_columns *sorted, double *low,
                                                   double *high, tml_error *error);

/** Free what it owns and zero it; a zeroed one is fine. */
void tml_sorted_columns_free(tml_sorted_columns *sorted);

#endif
