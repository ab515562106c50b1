#ifndef TML_MPI_SAMPLE_STORE_H
#define TML_MPI_SAMPLE_STORE_H

/** @file mpi/sample_store.h
 * Samples spread over the ranks: each rank holds a contiguous part of the numbering and hands samples to
 * whoever needs them in a batch. A sample is a record of floats; what they mean is the caller's affair.
 *
 * Every rank knows who holds a sample and who wants it, so both sides compute every transfer and no request
 * is sent. A fetch is started one step ahead and completed when its samples are needed. create -> fill local
 * -> { fetch_begin -> compute on the fetch before -> fetch_finish } -> destroy
 */

#include <mpi.h>
#include <stddef.h>
#include <stdint.h>

#include "core/status.h"

typedef struct tml_sample_store tml_sample_store;

/** Make a store. Collective over `comm`.
 * @param comm           duplicated here
 * @param record_length  floats of a sample, the same on all ranks
 * @param local_count    samples that this rank holds; may differ and be 0
 * @param most_wanted    samples that a rank wants at most in one fetch, the same on all ranks; 0 if none is
 * made
 * @param store          out, owned by the caller; NULL on failure
 * @return the same on all ranks
 */
TML_NODISCARD tml_status tml_sample_store_create(MPI_Comm comm, size_t record_length, uint64_t local_count,
                                                 size_t most_wanted, tml_sample_store **store,
                                                 tml_error *error);

/** Free; sets the pointer to NULL; NULL is fine. Collective. Fetches under way are completed first: all ranks
 * must have begun the same ones. */
void tml_sample_store_destroy(tml_sample_store **store);

/** This rank's records, [local_count][record_length], to be filled by the caller. Borrowed. */
float *tml_sample_store_local(tml_sample_store *store);

/** Samples of all ranks; number of this rank's first sample; how many this rank holds. Not collective. */
uint64_t tml_sample_store_total(const tml_sample_store *store);
uint64_t tml_sample_store_first(const tml_sample_store *store);
uint64_t tml_sample_store_held(const tml_sample_store *store);

/** Start fetching a batch. All ranks of the communicator call it with the same batch; does not wait.
 * @param slot        0 or 1: which of two fetches; one of them may be under way while the other is used
 * @param samples     [count] numbers of the batch's samples in order, each at most once; borrowed for the
 * call
 * @param boundaries  [ranks + 1] rank r wants samples[boundaries[r]] to samples[boundaries[r + 1] - 1]
 */
TML_NODISCARD tml_status tml_sample_store_fetch_begin(tml_sample_store *store, int slot,
                                                      const uint64_t *samples, const uint64_t *boundaries,
                                                      tml_error *error);

/** Complete a fetch. Waits for the messages of this rank.
 * @param records  out: [wanted by this rank][record_length] in the order of the batch; borrowed until the
 * next fetch_begin of the same slot
 */
TML_NODISCARD tml_status tml_sample_store_fetch_finish(tml_sample_store *store, int slot,
                                                       const float **records, tml_error *error);

/** Bytes that this object holds on this rank. */
size_t tml_sample_store_bytes(const tml_sample_store *store);

/** Bytes received from other ranks so far. */
uint64_t tml_sample_store_received(const tml_sample_store *store);

#endif
