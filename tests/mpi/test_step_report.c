/** @file test_step_report.c
 * What the ranks tell each other in a step: every lane's loss, the same bits of their sum on any number of
 * ranks, wishes, and failures. */
#include "training/step_report.h"

#include <math.h>
#include <string.h>

#include "core/random.h"
#include "mpi/share.h"
#include "mpi_test.h"

enum { MOST_LANES = 23, TARGETS = 3 };

static double loss_of(uint64_t lane, uint64_t target)
{
    return ldexp(tml_random_uniform(5, TML_RANDOM_NOISE, lane, target, 0), (int)(lane * 7 % 30) - 15);
}

static void fill_own(tml_step_report *report, uint64_t lanes)
{
    tml_share share = tml_share_of(lanes, tml_test_rank, tml_test_size);

    tml_step_report_begin(report, (size_t)lanes);
    for (uint64_t lane = share.first; lane < share.first + share.count; ++lane)
        for (uint64_t t = 0; t < TARGETS; ++t)
            tml_step_report_lane(report, (size_t)lane)[t] = loss_of(lane, t);
}

static void check_step(tml_step_report *report, uint64_t lanes)
{
    double sum[TARGETS];
    tml_error error = {0, ""};

    fill_own(report, lanes);
    TML_CHECK(tml_step_report_share(MPI_COMM_WORLD, report, TML_OK, sum, &error) == TML_OK);
    for (uint64_t t = 0; t < TARGETS; ++t) {
        double want = 0.0;

        for (uint64_t lane = 0; lane < lanes; ++lane) {
            want += loss_of(lane, t);
            TML_CHECK(tml_step_report_lane(report, (size_t)lane)[t] == loss_of(lane, t));
        }
        TML_CHECK(memcmp(&want, &sum[t], sizeof want) == 0);
    }
    TML_CHECK(!tml_step_report_is_wished(report, TML_WISH_SAVE));
}

static void test_every_rank_has_all_lanes_and_their_sum(tml_step_report *report)
{
    for (uint64_t lanes = 1; lanes <= MOST_LANES; ++lanes)
        check_step(report, lanes);
    check_step(report, 1);
}

static void test_the_wish_of_any_rank_is_known_to_all(tml_step_report *report)
{
    for (int wisher = 0; wisher < tml_test_size; ++wisher) {
        double sum[TARGETS];
        tml_error error = {0, ""};

        fill_own(report, 4);
        if (tml_test_rank == wisher)
            tml_step_report_wish(report, TML_WISH_SAVE);
        TML_CHECK(tml_step_report_share(MPI_COMM_WORLD, report, TML_OK, sum, &error) == TML_OK);
        TML_CHECK(tml_step_report_is_wished(report, TML_WISH_SAVE));
        TML_CHECK(sum[1] == loss_of(0, 1) + loss_of(1, 1) + loss_of(2, 1) + loss_of(3, 1));
    }
    check_step(report, 4); /* a wish is for one step */
}

static void test_the_failure_of_any_rank_is_the_failure_of_all(tml_step_report *report)
{
    for (int failing = 0; failing < tml_test_size; ++failing) {
        double sum[TARGETS];
        tml_error error = {0, ""};
        tml_status status = TML_OK;
        char wanted[32];

        fill_own(report, MOST_LANES);
        if (tml_test_rank == failing)
            status = TML_FAIL(&error, TML_BAD_DATA, "row %d is bad", failing);
        snprintf(wanted, sizeof wanted, "row %d is bad", failing);
        TML_CHECK(tml_step_report_share(MPI_COMM_WORLD, report, status, sum, &error) == TML_BAD_DATA);
        TML_CHECK(strcmp(error.message, wanted) == 0);
        TML_CHECK(error.rank == failing);
    }
    check_step(report, MOST_LANES);
}

static void test_a_loss_that_is_no_number_reaches_all(tml_step_report *report)
{
    double sum[TARGETS];
    tml_error error = {0, ""};
    tml_share share = tml_share_of(5, tml_test_rank, tml_test_size);

    fill_own(report, 5);
    if (share.first + share.count == 5 && share.count > 0)
        tml_step_report_lane(report, 4)[1] = (double)NAN;
    TML_CHECK(tml_step_report_share(MPI_COMM_WORLD, report, TML_OK, sum, &error) == TML_OK);
    TML_CHECK(isfinite(sum[0]) && isnan(sum[1]) && isfinite(sum[2]));
}

int main(int argc, char **argv)
{
    tml_step_report report;
    tml_error error = {0, ""};

    tml_test_start(&argc, &argv);
    TML_CHECK(tml_step_report_create(MOST_LANES, TARGETS, &report, &error) == TML_OK);
    test_every_rank_has_all_lanes_and_their_sum(&report);
    test_the_wish_of_any_rank_is_known_to_all(&report);
    test_the_failure_of_any_rank_is_the_failure_of_all(&report);
    test_a_loss_that_is_no_number_reaches_all(&report);
    tml_step_report_free(&report);
    tml_step_report_free(&report);
    return tml_test_finish();
}
