/** @file test_share.c
 * Shares cover everything once, in order, and differ by at most one; the owner is the inverse of the share.
 */
#include "mpi/share.h"

#include "mpi_test.h"

enum { MOST_THINGS = 64, MOST_RANKS = 16 };

static void test_shares_are_even_and_cover_all(void)
{
    for (uint64_t total = 0; total <= MOST_THINGS; ++total)
        for (int size = 1; size <= MOST_RANKS; ++size) {
            uint64_t next = 0;

            for (int rank = 0; rank < size; ++rank) {
                tml_share share = tml_share_of(total, rank, size);

                TML_CHECK(share.first == next);
                TML_CHECK(share.count - total / (uint64_t)size <= 1);
                TML_CHECK(rank == 0 || share.count <= tml_share_of(total, rank - 1, size).count);
                next += share.count;
            }
            TML_CHECK(next == total);
        }
}

static void test_the_owner_is_the_inverse_of_the_share(void)
{
    for (uint64_t total = 1; total <= MOST_THINGS; ++total)
        for (int size = 1; size <= MOST_RANKS; ++size)
            for (uint64_t index = 0; index < total; ++index) {
                int owner = tml_share_owner(total, index, size);
                tml_share share;

                TML_CHECK(owner >= 0 && owner < size);
                share = tml_share_of(total, owner, size);
                TML_CHECK(index - share.first < share.count);
            }
}

static void test_shares_in_blocks_cut_only_at_blocks(void)
{
    for (uint64_t total = 0; total <= MOST_THINGS; ++total)
        for (uint64_t block = 1; block <= 17; ++block)
            for (int size = 1; size <= MOST_RANKS; ++size) {
                uint64_t blocks = (total + block - 1) / block;
                uint64_t next = 0;

                for (int rank = 0; rank < size; ++rank) {
                    tml_share share = tml_share_of_blocks(total, block, rank, size);

                    TML_CHECK(share.first == next);
                    TML_CHECK(share.count == 0 || share.first % block == 0);
                    TML_CHECK((share.count + block - 1) / block - blocks / (uint64_t)size <= 1);
                    next += share.count;
                }
                TML_CHECK(next == total);
            }
}

static void test_large_totals_do_not_overflow(void)
{
    const uint64_t total = UINT64_C(1) << 62;
    tml_share last = tml_share_of(total + 5, 6, 7);

    TML_CHECK(last.first + last.count == total + 5);
    TML_CHECK(tml_share_owner(total + 5, total + 4, 7) == 6);
    TML_CHECK(tml_share_owner(total + 5, last.first, 7) == 6);
    TML_CHECK(tml_share_owner(total + 5, last.first - 1, 7) == 5);
}

/* The use that it is made for: the shares of the ranks that are there add up. */
static void test_the_ranks_hold_everything_together(void)
{
    uint64_t count = tml_share_of(1000003, tml_test_rank, tml_test_size).count;
    uint64_t all = 0;

    MPI_Allreduce(&count, &all, 1, MPI_UINT64_T, MPI_SUM, MPI_COMM_WORLD);
    TML_CHECK(all == 1000003);
}

int main(int argc, char **argv)
{
    tml_test_start(&argc, &argv);
    test_shares_are_even_and_cover_all();
    test_the_owner_is_the_inverse_of_the_share();
    test_shares_in_blocks_cut_only_at_blocks();
    test_large_totals_do_not_overflow();
    test_the_ranks_hold_everything_together();
    return tml_test_finish();
}
