/** @file test_agree.c
 * An error of one rank is the same error on all; without one nothing is touched. */
#include "mpi/agree.h"

#include <stdbool.h>
#include <string.h>

#include "mpi_test.h"

static void test_success_of_all_touches_nothing(void)
{
    tml_error error = {-7, "as before"};

    TML_CHECK(tml_agree(MPI_COMM_WORLD, TML_OK, &error) == TML_OK);
    TML_CHECK(error.rank == -7);
    TML_CHECK(strcmp(error.message, "as before") == 0);
    TML_CHECK(tml_agree(MPI_COMM_WORLD, TML_OK, NULL) == TML_OK);
}

static void test_the_failure_of_each_rank_reaches_all(void)
{
    for (int failing = 0; failing < tml_test_size; ++failing) {
        tml_error error = {-7, "mine"};
        tml_status status = TML_OK;
        char wanted[64];

        if (tml_test_rank == failing)
            status = TML_FAIL(&error, TML_BAD_DATA, "row %d is bad", failing);
        snprintf(wanted, sizeof wanted, "row %d is bad", failing);
        TML_CHECK(tml_agree(MPI_COMM_WORLD, status, &error) == TML_BAD_DATA);
        TML_CHECK(error.rank == failing);
        TML_CHECK(strcmp(error.message, wanted) == 0);
    }
}

static void test_of_several_failures_the_worst_wins(void)
{
    /* Rank r fails with a status that grows with r, except that the last one is fine. */
    static const tml_status statuses[] = {TML_DIVERGED, TML_USAGE,    TML_BAD_DATA,
                                          TML_NO_INPUT, TML_INTERNAL, TML_IO_ERROR};
    int worst = tml_test_size > 1 ? tml_test_size - 2 : 0;
    bool is_fine = tml_test_size > 1 && tml_test_rank == tml_test_size - 1;
    tml_error error = {0, ""};
    tml_status status = is_fine ? TML_OK
                                : TML_FAIL(&error, statuses[tml_test_rank % 6], "rank %d", tml_test_rank);
    char wanted[32];

    snprintf(wanted, sizeof wanted, "rank %d", worst);
    TML_CHECK(tml_agree(MPI_COMM_WORLD, status, &error) == statuses[worst % 6]);
    TML_CHECK(error.rank == worst);
    TML_CHECK(strcmp(error.message, wanted) == 0);
}

static void test_of_equal_failures_the_lowest_rank_speaks(void)
{
    int lowest = tml_test_size / 2;
    tml_error error = {0, ""};
    tml_status status = TML_OK;
    char wanted[32];

    if (tml_test_rank >= lowest)
        status = TML_FAIL(&error, TML_CONFIG, "rank %d", tml_test_rank);
    snprintf(wanted, sizeof wanted, "rank %d", lowest);
    TML_CHECK(tml_agree(MPI_COMM_WORLD, status, &error) == TML_CONFIG);
    TML_CHECK(error.rank == lowest);
    TML_CHECK(strcmp(error.message, wanted) == 0);
}

static void test_a_rank_that_wants_no_report_takes_part(void)
{
    tml_error error = {0, "the report"};
    bool is_last = tml_test_rank == tml_test_size - 1;

    TML_CHECK(tml_agree(MPI_COMM_WORLD, tml_test_rank == 0 ? TML_STOPPED : TML_OK, is_last ? NULL : &error) ==
              TML_STOPPED);
    if (!is_last)
        TML_CHECK(strcmp(error.message, "the report") == 0);
}

static void test_results_of_mpi_are_translated(void)
{
    tml_error error = {0, "as before"};

    TML_CHECK(tml_mpi_check(MPI_SUCCESS, "sending", &error) == TML_OK);
    TML_CHECK(strcmp(error.message, "as before") == 0);
    TML_CHECK(tml_mpi_check(MPI_ERR_COUNT, "sending a text", &error) == TML_INTERNAL);
    TML_CHECK(strncmp(error.message, "sending a text: MPI says: ", 26) == 0);
    TML_CHECK(strlen(error.message) > 26);
}

int main(int argc, char **argv)
{
    tml_test_start(&argc, &argv);
    test_success_of_all_touches_nothing();
    test_the_failure_of_each_rank_reaches_all();
    test_of_several_failures_the_worst_wins();
    test_of_equal_failures_the_lowest_rank_speaks();
    test_a_rank_that_wants_no_report_takes_part();
    test_results_of_mpi_are_translated();
    return tml_test_finish();
}
