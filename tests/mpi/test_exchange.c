/** @file test_exchange.c
 * Records reach the ranks that look after them, in the order of the ranks that sent them. */
#include "mpi/exchange.h"

#include "mpi_test.h"

typedef struct record {
    long sender;
    long item;
    char tail[5]; /* padding follows */
} record;

static void fill(const void *context, size_t item, void *target)
{
    record *to = target;

    to->sender = *(const int *)context;
    to->item = (long)item;
    to->tail[0] = 'x';
}

/* Rank r sends 5 r items, item i to rank (3 i + r) % size. */
static int owner_of(int sender, int item)
{
    return (3 * item + sender) % tml_test_size;
}

static void test_every_record_arrives_once_and_in_order(void)
{
    int owner[5 * 64];
    const int count = 5 * tml_test_rank;
    const tml_exchange exchange = {.comm = MPI_COMM_WORLD,
                                   .record_bytes = sizeof(record),
                                   .count = (size_t)count,
                                   .owner = owner,
                                   .fill = fill,
                                   .context = &tml_test_rank};
    record *received = NULL;
    size_t found = 0;
    size_t at = 0;
    tml_error error = {0, ""};

    for (int i = 0; i < count; ++i)
        owner[i] = owner_of(tml_test_rank, i);
    TML_CHECK(tml_exchange_records(&exchange, &received, &found, &error) == TML_OK);
    for (int sender = 0; sender < tml_test_size; ++sender)
        for (int i = 0; i < 5 * sender; ++i) {
            if (owner_of(sender, i) != tml_test_rank)
                continue;
            TML_CHECK(at < found && received[at].sender == sender && received[at].item == i &&
                      received[at].tail[0] == 'x' && received[at].tail[1] == '\0');
            ++at;
        }
    TML_CHECK(at == found);
    free(received);
}

static void test_nothing_to_send(void)
{
    const tml_exchange exchange = {
        .comm = MPI_COMM_WORLD, .record_bytes = 8, .count = 0, .owner = NULL, .fill = fill};
    void *received = NULL;
    size_t found = 9;
    tml_error error = {0, ""};

    TML_CHECK(tml_exchange_records(&exchange, &received, &found, &error) == TML_OK);
    TML_CHECK(found == 0);
    free(received);
}

int main(int argc, char **argv)
{
    tml_test_start(&argc, &argv);
    test_every_record_arrives_once_and_in_order();
    test_nothing_to_send();
    return tml_test_finish();
}
