/** @file test_exact_reduce.c
 * Sums over the ranks have the bits of the serial sum, on any number of ranks, also where a rank has nothing.
 */
#include "mpi/exact_reduce.h"

#include <math.h>
#include <string.h>

#include "core/random.h"
#include "mpi/share.h"
#include "mpi_test.h"

enum { VALUES = 500, SUMS = 5 };

/* Every size and sign, so that a rounding anywhere shows; sum 0 is special. */
static double value_at(uint64_t sum, uint64_t i)
{
    tml_random_words words = tml_random_at(3, TML_RANDOM_DRAW, sum, i, 0);
    double size = ldexp(1.0 + tml_random_unit(words.word[0]), (int)(words.word[1] % 2000) - 1000);

    if (sum == 0) /* cancels to 1 across the ranks */
        return i == 0 ? 1e308 : i == VALUES - 1 ? -1e308 : i == VALUES / 2 ? 1.0 : 0.0;
    return words.word[2] % 2 == 0 ? size : -size;
}

static void add_share(tml_exact_sum sums[SUMS], tml_share share)
{
    for (uint64_t s = 0; s < SUMS; ++s) {
        tml_exact_sum_clear(&sums[s]);
        for (uint64_t i = 0; i < share.count; ++i)
            tml_exact_sum_add(&sums[s], value_at(s, share.first + i));
    }
}

static void test_the_bits_are_those_of_the_serial_sum(tml_share share)
{
    tml_exact_sum sums[SUMS];
    tml_exact_sum serial[SUMS];
    tml_error error = {0, ""};

    add_share(sums, share);
    add_share(serial, tml_share_of(VALUES, 0, 1));
    TML_CHECK(tml_exact_reduce(MPI_COMM_WORLD, sums, SUMS, &error) == TML_OK);
    for (size_t s = 0; s < SUMS; ++s) {
        double got = tml_exact_sum_value(&sums[s]);
        double wanted = tml_exact_sum_value(&serial[s]);

        TML_CHECK(memcmp(&got, &wanted, sizeof got) == 0);
    }
    TML_CHECK(tml_exact_sum_value(&sums[0]) == 1.0);
}

/* Everything on the last rank: the others contribute zeros. */
static tml_share all_on_the_last(void)
{
    tml_share share = {0, tml_test_rank == tml_test_size - 1 ? VALUES : 0};

    return share;
}

static void test_no_sums_are_fine(void)
{
    tml_error error = {0, ""};

    TML_CHECK(tml_exact_reduce(MPI_COMM_WORLD, NULL, 0, &error) == TML_OK);
}

int main(int argc, char **argv)
{
    tml_test_start(&argc, &argv);
    test_the_bits_are_those_of_the_serial_sum(tml_share_of(VALUES, tml_test_rank, tml_test_size));
    test_the_bits_are_those_of_the_serial_sum(all_on_the_last());
    test_no_sums_are_fine();
    return tml_test_finish();
}
