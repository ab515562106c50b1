#ifndef TML_EXPLORATION_NEIGHBOURS_H
#define TML_EXPLORATION_NEIGHBOURS_H

/** @file exploration/neighbours.h
 * How far each row lies from its nearest other row, and which rows lie far from all. Distances are Euclidean
 * in the space of the first components, each divided by its standard deviation. */

#include <stddef.h>
#include <stdint.h>

#include "core/status.h"
#include "exploration/components.h"
#include "exploration/explored_rows.h"

typedef struct tml_neighbours {
    double *distance;     /* [rows of this rank] NaN when there is no other row, or no component */
    int64_t *nearest_row; /* [rows of this rank] number in the source; of equally near ones the lowest */
    double median;        /* of the distances above 0, over all ranks; NaN without */
} tml_neighbours;

/** Search. Collective over rows->comm. Each rank searches its own rows first; then the queries go round in
 * small batches with the distance found so far, and each rank looks for something nearer among its own.
 * @param threads     of this rank
 * @param neighbours  out, owned by the caller (tml_neighbours_free), the same bits for any number of ranks
 * and threads; to be freed also after a failure
 * @return TML_OK or TML_INTERNAL, the same on all ranks */
TML_NODISCARD tml_status tml_neighbours_find(const tml_explored_rows *rows, const tml_components *components,
                                             int threads, tml_neighbours *neighbours, tml_error *error);

/** Distance over the median distance; NaN where there is none. */
double tml_outlier_score(const tml_neighbours *neighbours, size_t row);

/** Free what it owns and zero it; a zeroed one is fine. */
void tml_neighbours_free(tml_neighbours *neighbours);

#endif
