#ifndef TML_MPI_EXCHANGE_H
#define TML_MPI_EXCHANGE_H

/** @file mpi/exchange.h
 * Records of equal length from every rank to the ranks that look after them, all at once: what has to be
 * compared meets on one rank, and no rank sees everything. */

#include <mpi.h>
#include <stddef.h>

#include "core/status.h"

/** What a rank sends. */
typedef struct tml_exchange {
    MPI_Comm comm;
    size_t record_bytes; /* the same on all ranks; padding included */
    size_t count;        /* records of this rank; may differ between ranks and be 0 */
    const int *owner;    /* [count] the rank that gets it */
    /** Write record `item`, zeroed before. */
    void (*fill)(const void *context, size_t item, void *record);
    const void *context;
} tml_exchange;

/** Send all records to their owners. Collective over exchange->comm, synchronising.
 * @param records   out, owned by the caller (free): first those of rank 0 in their order, then those of rank
 *                  1, ...; NULL on failure
 * @param received  out: how many
 * @return TML_OK or TML_INTERNAL (no memory; more than 2^31 records on one rank), the same on all ranks
 */
TML_NODISCARD tml_status tml_exchange_records(const tml_exchange *exchange, void *records, size_t *received,
                                              tml_error *error);

#endif
