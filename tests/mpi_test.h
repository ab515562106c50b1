#ifndef TML_TESTS_MPI_TEST_H
#define TML_TESTS_MPI_TEST_H

/** @file mpi_test.h
 * Checks for tests that run on several ranks: a failed check is counted, never fatal, so that the ranks stay
 * in step; the failures of all ranks decide the exit code; an alarm ends a hang. One source file per program.
 */

#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static int tml_test_rank, tml_test_size, tml_test_failures;

#define TML_CHECK(condition)                                                                                 \
    do {                                                                                                     \
        if (!(condition)) {                                                                                  \
            ++tml_test_failures;                                                                             \
            fprintf(stderr, "rank %d of %d: %s:%d: not true: %s\n", tml_test_rank, tml_test_size, __FILE__,  \
                    __LINE__, #condition);                                                                   \
        }                                                                                                    \
    } while (0)

static inline void tml_test_start(int *argc, char ***argv)
{
    int provided;

    MPI_Init_thread(argc, argv, MPI_THREAD_FUNNELED, &provided);
    MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
    MPI_Comm_rank(MPI_COMM_WORLD, &tml_test_rank);
    MPI_Comm_size(MPI_COMM_WORLD, &tml_test_size);
    alarm(50);
}

static inline int tml_test_finish(void)
{
    int all = 0;

    MPI_Allreduce(&tml_test_failures, &all, 1, MPI_INT, MPI_SUM, MPI_COMM_WORLD);
    if (tml_test_rank == 0)
        printf("%s on %d ranks\n", all == 0 ? "ok" : "FAILED", tml_test_size);
    MPI_Finalize();
    return all != 0;
}

#endif
