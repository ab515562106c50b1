#ifndef TML_MPI_DISTINCT_H
#define TML_MPI_DISTINCT_H

/** @file mpi/distinct.h
 * How many different 64-bit keys all ranks hold together, and how many of them occur more than once. Each key
 * is looked after by one rank, so that nothing is gathered in one place. */

#include <mpi.h>
#include <stddef.h>
#include <stdint.h>

#include "core/status.h"

enum { TML_DISTINCT_FEW = 12 };

typedef struct tml_distinct {
    uint64_t different;             /* different keys */
    uint64_t repeated;              /* those among them that occur more than once */
    uint64_t members;               /* how often these occur, all together */
    size_t few_count;               /* different, if there are at most TML_DISTINCT_FEW, else 0 */
    uint64_t few[TML_DISTINCT_FEW]; /* [few_count] the different keys, ascending */
} tml_distinct;

/** Count the keys of all ranks. Collective over `comm`, synchronising.
 * @param keys    [count] keys of this rank, borrowed; count may differ between ranks and be 0
 * @param result  out, the same on all ranks and for any distribution of the keys
 * @return TML_OK or TML_INTERNAL, the same on all ranks
 */
TML_NODISCARD tml_status tml_distinct_count(MPI_Comm comm, const uint64_t *keys, size_t count,
                                            tml_distinct *result, tml_error *error);

#endif
