/** @file test_file_digest.c
 * The digest that ranks compute together is the one that a single process computes, and its failure is the
 * same on all of them. */
#include "io/file_digest.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "mpi_test.h"

static const char PATH[] = "shared.h5";

/* Mostly a hole, so that several blocks cost no disk; one byte in each block tells them apart. */
static void make_file(int blocks, size_t rest)
{
    MPI_Barrier(MPI_COMM_WORLD);
    if (tml_test_rank == 0) {
        int descriptor = open(PATH, O_RDWR | O_CREAT | O_TRUNC, 0666);

        TML_CHECK(descriptor >= 0);
        for (int i = 0; i < blocks; ++i)
            TML_CHECK(pwrite(descriptor, &i, sizeof i, TML_USER_BLOCK + (off_t)i * TML_DIGEST_BLOCK + 99) ==
                      (ssize_t)sizeof i);
        TML_CHECK(ftruncate(descriptor, TML_USER_BLOCK + (off_t)blocks * TML_DIGEST_BLOCK + (off_t)rest) ==
                  0);
        close(descriptor);
    }
    MPI_Barrier(MPI_COMM_WORLD);
}

static void test_ranks_and_one_process_agree(int blocks, size_t rest)
{
    tml_digest alone;
    tml_digest together;
    tml_error error = {0, ""};

    make_file(blocks, rest);
    TML_CHECK(tml_file_digest_compute(PATH, &alone, &error) == TML_OK);
    TML_CHECK(tml_file_digest_compute_all(MPI_COMM_WORLD, PATH, &together, &error) == TML_OK);
    TML_CHECK(memcmp(&alone, &together, sizeof alone) == 0);
}

static void test_all_ranks_see_damage(void)
{
    tml_file_digest_state state = TML_FILE_DIGEST_WRONG;
    tml_digest digest;
    tml_error error = {0, ""};

    make_file(2, 77);
    TML_CHECK(tml_file_digest_compute_all(MPI_COMM_WORLD, PATH, &digest, &error) == TML_OK);
    if (tml_test_rank == 0)
        TML_CHECK(tml_file_digest_seal(PATH, &digest, &error) == TML_OK);
    MPI_Barrier(MPI_COMM_WORLD);
    TML_CHECK(tml_file_digest_verify_all(MPI_COMM_WORLD, PATH, &state, &error) == TML_OK);
    TML_CHECK(state == TML_FILE_DIGEST_OK);
    MPI_Barrier(MPI_COMM_WORLD);
    if (tml_test_rank == 0)
        TML_CHECK(truncate(PATH, TML_USER_BLOCK + 2 * (off_t)TML_DIGEST_BLOCK) == 0);
    MPI_Barrier(MPI_COMM_WORLD);
    TML_CHECK(tml_file_digest_verify_all(MPI_COMM_WORLD, PATH, &state, &error) == TML_OK);
    TML_CHECK(state == TML_FILE_DIGEST_WRONG);
}

static void test_all_ranks_miss_the_same_file(void)
{
    tml_file_digest_state state;
    tml_digest digest;
    tml_error error = {0, ""};

    TML_CHECK(tml_file_digest_compute_all(MPI_COMM_WORLD, "absent.h5", &digest, &error) == TML_NO_INPUT);
    TML_CHECK(strstr(error.message, "absent.h5") != NULL);
    TML_CHECK(tml_file_digest_verify_all(MPI_COMM_WORLD, "absent.h5", &state, &error) == TML_NO_INPUT);
    make_file(0, 0);
    TML_CHECK(tml_file_digest_compute_all(MPI_COMM_WORLD, PATH, &digest, &error) == TML_BAD_DATA);
}

int main(int argc, char **argv)
{
    tml_test_start(&argc, &argv);
    test_ranks_and_one_process_agree(0, 1);
    test_ranks_and_one_process_agree(2, 0);
    test_ranks_and_one_process_agree(3, 12345);
    test_all_ranks_see_damage();
    test_all_ranks_miss_the_same_file();
    MPI_Barrier(MPI_COMM_WORLD);
    if (tml_test_rank == 0)
        unlink(PATH);
    return tml_test_finish();
}
