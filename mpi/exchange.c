#include "mpi/exchange.h"

#include <stdlib.h>

#include "core/checked.h"
#include "core/memory.h"
#include "mpi/agree.h"

/* Counts are of records. */
typedef struct transfer {
    int size;
    int *send_counts, *send_starts, *receive_counts, *receive_starts; /* [size] */
    size_t received;
    char *outgoing;
    char *incoming;
} transfer;

static const char *const no_room = "records for other ranks";

static tml_status make_counts(const tml_exchange *exchange, transfer *t, tml_error *error)
{
    int fits = 0;
    tml_status status = tml_array_create(4 * (size_t)t->size, sizeof *t->send_counts, no_room,
                                         &t->send_counts, error);

    if (status == TML_OK)
        status = tml_array_create(exchange->count, exchange->record_bytes, no_room, &t->outgoing, error);
    if (status == TML_OK && !tml_int_from_size(exchange->count, &fits))
        status = TML_FAIL(error, TML_INTERNAL, "%zu records on one rank are too many; use more ranks",
                          exchange->count);
    return status;
}

/* Puts the records of one owner next to each other, in their order. */
static void sort_by_owner(const tml_exchange *exchange, transfer *t)
{
    const size_t ranks = (size_t)t->size;
    int start = 0;

    t->send_starts = t->send_counts + ranks;
    t->receive_counts = t->send_counts + 2 * ranks;
    t->receive_starts = t->send_counts + 3 * ranks;
    for (size_t i = 0; i < exchange->count; ++i)
        ++t->send_counts[exchange->owner[i]];
    for (int rank = 0; rank < t->size; ++rank) {
        t->send_starts[rank] = start;
        start += t->send_counts[rank];
        t->send_counts[rank] = 0; /* counted again while they are placed */
    }
    for (size_t i = 0; i < exchange->count; ++i) {
        const int owner = exchange->owner[i];
        const size_t place = (size_t)t->send_starts[owner] + (size_t)t->send_counts[owner]++;

        exchange->fill(exchange->context, i, t->outgoing + place * exchange->record_bytes);
    }
}

static tml_status make_incoming(const tml_exchange *exchange, transfer *t, tml_error *error)
{
    int narrow = 0;

    for (int rank = 0; rank < t->size; ++rank) {
        t->receive_starts[rank] = (int)t->received;
        t->received += (size_t)t->receive_counts[rank];
        if (!tml_int_from_size(t->received, &narrow))
            return TML_FAIL(error, TML_INTERNAL, "too many records for one rank; use more ranks");
    }
    return tml_array_create(t->received, exchange->record_bytes, no_room, &t->incoming, error);
}

static tml_status send(const tml_exchange *exchange, transfer *t, tml_error *error)
{
    MPI_Datatype record;
    int bytes = 0;
    tml_status status = tml_mpi_check(
        MPI_Alltoall(t->send_counts, 1, MPI_INT, t->receive_counts, 1, MPI_INT, exchange->comm),
        "exchanging counts", error);

    if (status == TML_OK)
        status = make_incoming(exchange, t, error);
    if (status == TML_OK && !tml_int_from_size(exchange->record_bytes, &bytes))
        status = TML_FAIL(error, TML_INTERNAL, "a record of %zu bytes is too long", exchange->record_bytes);
    status = tml_agree(exchange->comm, status, error);
    if (status != TML_OK)
        return status;
    MPI_Type_contiguous(bytes, MPI_BYTE, &record);
    MPI_Type_commit(&record);
    status = tml_mpi_check(MPI_Alltoallv(t->outgoing, t->send_counts, t->send_starts, record, t->incoming,
                                         t->receive_counts, t->receive_starts, record, exchange->comm),
                           "exchanging records", error);
    MPI_Type_free(&record);
    return status;
}

tml_status tml_exchange_records(const tml_exchange *exchange, void *records, size_t *received,
                                tml_error *error)
{
    transfer t = {0};
    tml_status status;

    *(void **)records = NULL;
    *received = 0;
    MPI_Comm_size(exchange->comm, &t.size);
    status = tml_agree(exchange->comm, make_counts(exchange, &t, error), error);
    if (status == TML_OK) {
        sort_by_owner(exchange, &t);
        status = send(exchange, &t, error);
    }
    if (status == TML_OK) {
        *(void **)records = t.incoming;
        *received = t.received;
        t.incoming = NULL;
    }
    free(t.incoming);
    free(t.outgoing);
    free(t.send_counts);
    return status;
}
