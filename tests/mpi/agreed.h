#ifndef TML_TESTS_MPI_AGREED_H
#define TML_TESTS_MPI_AGREED_H

/** @file agreed.h
 * A failure is the same on all ranks: status and message. For tests that run on several ranks; include it
 * after mpi_test.h. */

#include <string.h>

#include "core/status.h"

/** Check that every rank got `want`, and a message that is the same everywhere and speaks of `mention`.
 * Collective. */
static inline void agreed_failure(tml_status got, tml_status want, const tml_error *error,
                                  const char *mention)
{
    char first[TML_ERROR_LENGTH];

    TML_CHECK(got == want);
    memcpy(first, error->message, sizeof first);
    MPI_Bcast(first, sizeof first, MPI_CHAR, 0, MPI_COMM_WORLD);
    TML_CHECK(strcmp(first, error->message) == 0);
    TML_CHECK(strstr(error->message, mention) != NULL);
    if (got != want || strstr(error->message, mention) == NULL)
        fprintf(stderr, "rank %d: status %d, message: %s\n", tml_test_rank, (int)got, error->message);
}

#endif
