#include "mpi/distinct.h"

#include <stdlib.h>
#include <string.h>

#include "core/checked.h"
#include "core/digest.h"
#include "core/memory.h"
#include "mpi/agree.h"

/* A key and how often it occurs. Sent as two 64-bit words. */
typedef struct tally {
    uint64_t key;
    uint64_t times;
} tally;

enum { WORDS = 2 };

/* Everything that one count needs. All arrays of ints have one entry per rank and count words. */
typedef struct exchange {
    MPI_Comm comm;
    int size;
    tally *mine; /* different keys of this rank, then the same in the order of their owners */
    tally *outgoing;
    size_t mine_count;
    tally *received;
    size_t received_count;
    int *send_counts;
    int *send_starts;
    int *receive_counts;
    int *receive_starts;
} exchange;

static int owner_of(uint64_t key, int size)
{
    return (int)(tml_digest_64(&key, sizeof key) % (uint64_t)size);
}

static int compare_tallies(const void *a, const void *b)
{
    const tally *left = a;
    const tally *right = b;

    return (left->key > right->key) - (left->key < right->key);
}

/* Sorts and adds up what has the same key. @return the number of different keys */
static size_t merge(tally *tallies, size_t count)
{
    size_t different = 0;

    qsort(tallies, count, sizeof *tallies, compare_tallies);
    for (size_t i = 0; i < count; ++i) {
        if (different > 0 && tallies[different - 1].key == tallies[i].key)
            tallies[different - 1].times += tallies[i].times;
        else
            tallies[different++] = tallies[i];
    }
    return different;
}

static tml_status prepare(const uint64_t *keys, size_t count, exchange *work, tml_error *error)
{
    const char *what = "counting different values";
    const size_t ranks = (size_t)work->size;
    int words = 0;
    tml_status status = tml_array_create(count, sizeof *work->mine, what, &work->mine, error);

    if (status == TML_OK)
        status = tml_array_create(count, sizeof *work->outgoing, what, &work->outgoing, error);
    if (status == TML_OK)
        status = tml_array_create(4 * ranks, sizeof *work->send_counts, what, &work->send_counts, error);
    if (status != TML_OK)
        return status;
    work->send_starts = work->send_counts + ranks;
    work->receive_counts = work->send_counts + 2 * ranks;
    work->receive_starts = work->send_counts + 3 * ranks;
    for (size_t i = 0; i < count; ++i)
        work->mine[i] = (tally){keys[i], 1};
    work->mine_count = merge(work->mine, count);
    if (!tml_int_from_size(WORDS * work->mine_count, &words))
        return TML_FAIL(error, TML_INTERNAL,
                        "%zu different values on one rank are too many to count; use more ranks",
                        work->mine_count);
    return TML_OK;
}

/* Puts the tallies of one owner next to each other. */
static void sort_by_owner(exchange *work)
{
    int start = 0;

    for (size_t i = 0; i < work->mine_count; ++i)
        work->send_counts[owner_of(work->mine[i].key, work->size)] += WORDS;
    for (int rank = 0; rank < work->size; ++rank) {
        work->send_starts[rank] = start;
        start += work->send_counts[rank];
        work->send_counts[rank] = 0; /* counted again while they are placed */
    }
    for (size_t i = 0; i < work->mine_count; ++i) {
        const int owner = owner_of(work->mine[i].key, work->size);

        work->outgoing[(work->send_starts[owner] + work->send_counts[owner]) / WORDS] = work->mine[i];
        work->send_counts[owner] += WORDS;
    }
}

static tml_status receive_room(exchange *work, tml_error *error)
{
    size_t words = 0;
    int narrow = 0;

    for (int rank = 0; rank < work->size; ++rank) {
        work->receive_starts[rank] = (int)words;
        words += (size_t)work->receive_counts[rank];
        if (!tml_int_from_size(words, &narrow))
            return TML_FAIL(error, TML_INTERNAL, "too many different values to count; use more ranks");
    }
    work->received_count = words / WORDS;
    return tml_array_create(work->received_count, sizeof *work->received, "counting different values",
                            &work->received, error);
}

/* Every tally to the rank that looks after its key. */
static tml_status send_to_owners(exchange *work, tml_error *error)
{
    tml_status status = tml_mpi_check(
        MPI_Alltoall(work->send_counts, 1, MPI_INT, work->receive_counts, 1, MPI_INT, work->comm),
        "exchanging counts", error);

    if (status == TML_OK)
        status = receive_room(work, error);
    status = tml_agree(work->comm, status, error);
    if (status != TML_OK)
        return status;
    return tml_mpi_check(MPI_Alltoallv(work->outgoing, work->send_counts, work->send_starts, MPI_UINT64_T,
                                       work->received, work->receive_counts, work->receive_starts,
                                       MPI_UINT64_T, work->comm),
                         "exchanging values", error);
}

static int compare_keys(const void *a, const void *b)
{
    const uint64_t *left = a;
    const uint64_t *right = b;

    return (*left > *right) - (*left < *right);
}

/* The different keys themselves, if they are few: then no rank has more than TML_DISTINCT_FEW. */
static tml_status share_few(const exchange *work, size_t owned, tml_distinct *result, tml_error *error)
{
    enum { ROOM = TML_DISTINCT_FEW + 1 };
    uint64_t own[ROOM] = {0}; /* the number of keys and the keys */
    uint64_t *all = NULL;
    tml_status status = TML_OK;

    result->few_count = 0;
    if (result->different > TML_DISTINCT_FEW)
        return TML_OK;
    own[0] = owned;
    for (size_t i = 0; i < owned; ++i)
        own[1 + i] = work->received[i].key;
    status = tml_array_create((size_t)work->size * ROOM, sizeof *all, "the different values", &all, error);
    status = tml_agree(work->comm, status, error);
    if (status == TML_OK)
        status = tml_mpi_check(MPI_Allgather(own, ROOM, MPI_UINT64_T, all, ROOM, MPI_UINT64_T, work->comm),
                               "sharing the different values", error);
    for (int rank = 0; status == TML_OK && rank < work->size; ++rank)
        for (size_t i = 0; i < all[(size_t)rank * ROOM]; ++i)
            result->few[result->few_count++] = all[(size_t)rank * ROOM + 1 + i];
    qsort(result->few, result->few_count, sizeof *result->few, compare_keys);
    free(all);
    return status;
}

static tml_status count_owned(exchange *work, tml_distinct *result, tml_error *error)
{
    const size_t owned = merge(work->received, work->received_count);
    uint64_t sums[3] = {owned, 0, 0};
    tml_status status;

    for (size_t i = 0; i < owned; ++i) {
        const uint64_t times = work->received[i].times;

        sums[1] += times > 1 ? 1 : 0;
        sums[2] += times > 1 ? times : 0;
    }
    status = tml_mpi_check(MPI_Allreduce(MPI_IN_PLACE, sums, 3, MPI_UINT64_T, MPI_SUM, work->comm),
                           "adding counts", error);
    if (status != TML_OK)
        return status;
    result->different = sums[0];
    result->repeated = sums[1];
    result->members = sums[2];
    return share_few(work, owned, result, error);
}

tml_status tml_distinct_count(MPI_Comm comm, const uint64_t *keys, size_t count, tml_distinct *result,
                              tml_error *error)
{
    exchange work = {.comm = comm};
    tml_status status;

    memset(result, 0, sizeof *result);
    MPI_Comm_size(comm, &work.size);
    status = tml_agree(comm, prepare(keys, count, &work, error), error);
    if (status == TML_OK) {
        sort_by_owner(&work);
        status = send_to_owners(&work, error);
    }
    if (status == TML_OK)
        status = count_owned(&work, result, error);
    free(work.mine);
    free(work.outgoing);
    free(work.received);
    free(work.send_counts);
    return status;
}
