#include "mpi/sample_store.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/checked.h"
#include "core/memory.h"
#include "mpi/agree.h"

/* One batch on its way. Messages are packed: at most one for each pair of ranks. */
typedef struct fetch {
    size_t wanted;
    float *record;   /* [most_wanted][record_length] in the order of the batch */
    float *incoming; /* packed, rank by rank */
    float *outgoing; /* packed, rank by rank */
    size_t *place;   /* [most_wanted] where in `record` the incoming ones go */
    size_t incoming_count;
    int request_count;
    MPI_Request *request; /* [2 * size] */
} fetch;

struct tml_sample_store {
    MPI_Comm comm;
    int rank, size;
    size_t record_length;
    size_t most_wanted;
    size_t most_sent; /* by this rank in one fetch: each of its samples once */
    uint64_t *first;  /* [size + 1] number of the first sample of each rank */
    size_t *count;    /* [size] scratch */
    tml_block *records;
    tml_block *transfers;
    float *local;
    fetch fetches[2];
    uint64_t received;
};

static void take_transfers(tml_sample_store *store)
{
    size_t samples = store->most_wanted;
    size_t floats = samples * store->record_length;

    store->count = tml_block_take(store->transfers, (size_t)store->size, sizeof *store->count);
    for (int i = 0; i < 2; ++i) {
        fetch *f = &store->fetches[i];

        f->record = tml_block_take(store->transfers, floats, sizeof(float));
        f->incoming = tml_block_take(store->transfers, floats, sizeof(float));
        f->outgoing = tml_block_take(store->transfers, store->most_sent * store->record_length,
                                     sizeof(float));
        f->place = tml_block_take(store->transfers, samples, sizeof *f->place);
        f->request = tml_block_take(store->transfers, 2 * (size_t)store->size, sizeof *f->request);
    }
}

static tml_status allocate_records(tml_sample_store *store, uint64_t local_count, tml_error *error)
{
    size_t bytes;
    size_t floats;
    tml_status status;

    if (!tml_size_multiply((size_t)local_count, store->record_length, &floats) ||
        !tml_size_multiply(floats, sizeof(float), &bytes))
        return TML_FAIL(error, TML_INTERNAL, "the spectra of a rank do not fit into its address space");
    status = tml_array_create((size_t)store->size + 1, sizeof *store->first, "the sample store",
                              &store->first, error);
    if (status == TML_OK)
        status = tml_block_create(bytes + TML_ALIGNMENT, "the spectra of a rank", &store->records, error);
    if (status == TML_OK)
        store->local = tml_block_take(store->records, floats, sizeof(float));
    return status;
}

/* A fetch never wants more than there is, and a rank never sends more than it holds. */
static tml_status allocate_transfers(tml_sample_store *store, size_t most_wanted, tml_error *error)
{
    uint64_t total = tml_sample_store_total(store);
    uint64_t held = tml_sample_store_held(store);
    uint64_t others = (uint64_t)most_wanted * (uint64_t)(store->size - 1);
    size_t bytes;
    tml_status status = tml_block_create(0, "counting the batches", &store->transfers, error);

    if (status != TML_OK)
        return status;
    store->most_wanted = (size_t)(most_wanted < total ? most_wanted : total);
    store->most_sent = (size_t)(others < held ? others : held);
    take_transfers(store);
    bytes = tml_block_used(store->transfers);
    tml_block_destroy(&store->transfers);
    status = tml_block_create(bytes, "two batches of spectra", &store->transfers, error);
    if (status == TML_OK)
        take_transfers(store);
    return status;
}

static void free_store(tml_sample_store *store)
{
    if (store == NULL)
        return;
    tml_block_destroy(&store->records);
    tml_block_destroy(&store->transfers);
    free(store->first);
    free(store);
}

static tml_status number_samples(tml_sample_store *store, uint64_t local_count, tml_error *error)
{
    uint64_t *counts = store->first + 1;
    tml_status status = tml_mpi_check(
        MPI_Allgather(&local_count, 1, MPI_UINT64_T, counts, 1, MPI_UINT64_T, store->comm),
        "counting samples", error);

    for (int r = 1; r <= store->size; ++r)
        store->first[r] += store->first[r - 1];
    return status;
}

tml_status tml_sample_store_create(MPI_Comm comm, size_t record_length, uint64_t local_count,
                                   size_t most_wanted, tml_sample_store **store, tml_error *error)
{
    tml_sample_store *made = NULL;
    tml_status status;

    *store = NULL;
    status = tml_array_create(1, sizeof *made, "the sample store", &made, error);
    if (status == TML_OK) {
        MPI_Comm_rank(comm, &made->rank);
        MPI_Comm_size(comm, &made->size);
        made->record_length = record_length;
        made->comm = MPI_COMM_NULL;
        status = allocate_records(made, local_count, error);
    }
    status = tml_agree(comm, status, error);
    if (status == TML_OK)
        status = tml_mpi_check(MPI_Comm_dup(comm, &made->comm), "making the sample communicator", error);
    if (status == TML_OK)
        status = number_samples(made, local_count, error);
    if (status == TML_OK)
        status = allocate_transfers(made, most_wanted, error);
    status = tml_agree(comm, status, error);
    if (status != TML_OK) {
        if (made != NULL && made->comm != MPI_COMM_NULL)
            MPI_Comm_free(&made->comm);
        free_store(made);
        return status;
    }
    *store = made;
    return TML_OK;
}

void tml_sample_store_destroy(tml_sample_store **store)
{
    if (*store == NULL)
        return;
    /* A batch that nobody waited for, after an error say: its memory must outlive the messages. */
    for (int i = 0; i < 2; ++i)
        MPI_Waitall((*store)->fetches[i].request_count, (*store)->fetches[i].request, MPI_STATUSES_IGNORE);
    MPI_Comm_free(&(*store)->comm);
    free_store(*store);
    *store = NULL;
}

float *tml_sample_store_local(tml_sample_store *store)
{
    return store->local;
}

uint64_t tml_sample_store_total(const tml_sample_store *store)
{
    return store->first[store->size];
}

uint64_t tml_sample_store_first(const tml_sample_store *store)
{
    return store->first[store->rank];
}

uint64_t tml_sample_store_held(const tml_sample_store *store)
{
    return store->first[store->rank + 1] - store->first[store->rank];
}

size_t tml_sample_store_bytes(const tml_sample_store *store)
{
    return tml_block_used(store->records) + tml_block_used(store->transfers);
}

uint64_t tml_sample_store_received(const tml_sample_store *store)
{
    return store->received;
}

static int owner_of(const tml_sample_store *store, uint64_t sample)
{
    int low = 0;
    int high = store->size;

    while (high - low > 1) {
        int middle = low + (high - low) / 2;

        if (store->first[middle] <= sample)
            low = middle;
        else
            high = middle;
    }
    return low;
}

static const float *local_record(const tml_sample_store *store, uint64_t sample)
{
    return store->local + (size_t)(sample - store->first[store->rank]) * store->record_length;
}

/* Receive what this rank wants: own records are copied, the others' are packed owner by owner. */
static int post_receives(tml_sample_store *store, fetch *f, int tag, const uint64_t *wanted)
{
    size_t length = store->record_length;
    size_t at = 0;

    memset(store->count, 0, (size_t)store->size * sizeof *store->count);
    for (size_t i = 0; i < f->wanted; ++i) {
        int owner = owner_of(store, wanted[i]);

        if (owner == store->rank)
            memcpy(f->record + i * length, local_record(store, wanted[i]), length * sizeof(float));
        else
            store->count[owner] += 1;
    }
    for (int r = 0; r < store->size; ++r) {
        int floats;

        if (store->count[r] == 0)
            continue;
        for (size_t i = 0, n = 0; n < store->count[r]; ++i)
            if (owner_of(store, wanted[i]) == r)
                f->place[at + n++] = i;
        if (!tml_int_from_size(store->count[r] * length, &floats) ||
            MPI_Irecv(f->incoming + at * length, floats, MPI_FLOAT, r, tag, store->comm,
                      &f->request[f->request_count]) != MPI_SUCCESS)
            return MPI_ERR_COUNT;
        f->request_count += 1;
        at += store->count[r];
    }
    f->incoming_count = at;
    store->received += (uint64_t)at * length * sizeof(float);
    return MPI_SUCCESS;
}

/* Send what others want of this rank's samples, in the order in which they unpack them. */
static int post_sends(tml_sample_store *store, fetch *f, int tag, const uint64_t *samples,
                      const uint64_t *boundaries)
{
    size_t length = store->record_length;
    uint64_t mine_first = store->first[store->rank];
    uint64_t mine_end = store->first[store->rank + 1];
    size_t packed = 0;

    for (int r = 0; r < store->size; ++r) {
        size_t start = packed;
        int floats;

        for (uint64_t i = boundaries[r]; i < boundaries[r + 1] && r != store->rank; ++i)
            if (samples[i] >= mine_first && samples[i] < mine_end) {
                assert(packed < store->most_sent);
                memcpy(f->outgoing + packed++ * length, local_record(store, samples[i]),
                       length * sizeof(float));
            }
        if (packed == start)
            continue;
        if (!tml_int_from_size((packed - start) * length, &floats) ||
            MPI_Isend(f->outgoing + start * length, floats, MPI_FLOAT, r, tag, store->comm,
                      &f->request[f->request_count]) != MPI_SUCCESS)
            return MPI_ERR_COUNT;
        f->request_count += 1;
    }
    return MPI_SUCCESS;
}

tml_status tml_sample_store_fetch_begin(tml_sample_store *store, int slot, const uint64_t *samples,
                                        const uint64_t *boundaries, tml_error *error)
{
    fetch *f = &store->fetches[slot];
    int result;

    f->wanted = (size_t)(boundaries[store->rank + 1] - boundaries[store->rank]);
    assert(f->wanted <= store->most_wanted);
    f->request_count = 0;
    f->incoming_count = 0;
    result = post_receives(store, f, slot, samples + boundaries[store->rank]);
    if (result == MPI_SUCCESS)
        result = post_sends(store, f, slot, samples, boundaries);
    return tml_mpi_check(result, "starting to exchange spectra", error);
}

tml_status tml_sample_store_fetch_finish(tml_sample_store *store, int slot, const float **records,
                                         tml_error *error)
{
    fetch *f = &store->fetches[slot];
    size_t length = store->record_length;
    tml_status status = tml_mpi_check(MPI_Waitall(f->request_count, f->request, MPI_STATUSES_IGNORE),
                                      "exchanging spectra", error);

    *records = NULL;
    f->request_count = 0;
    if (status != TML_OK)
        return status;
    for (size_t i = 0; i < f->incoming_count; ++i)
        memcpy(f->record + f->place[i] * length, f->incoming + i * length, length * sizeof(float));
    f->incoming_count = 0;
    *records = f->record;
    return TML_OK;
}
