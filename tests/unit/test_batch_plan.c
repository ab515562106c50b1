/** @file test_batch_plan.c
 * Batches and sweeps: every sample once, in lanes that do not depend on the ranks, dealt out in contiguous
 * shares. */
#include "training/batch_plan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "mpi/share.h"

enum { MOST = 300 };

static const uint64_t TOTALS[] = {1, 2, 7, 31, 64, 100, 257};
static const uint64_t BATCHES[] = {1, 3, 16, 33, 300};
static const uint64_t LANES[] = {1, 4, 7, 16};
static const int RANKS[] = {1, 2, 3, 5, 8};

typedef void check_case(uint64_t total, uint64_t global, uint64_t lane, int ranks);

static void for_all_cases(check_case *check)
{
    for (size_t t = 0; t < sizeof TOTALS / sizeof TOTALS[0]; ++t)
        for (size_t b = 0; b < sizeof BATCHES / sizeof BATCHES[0]; ++b)
            for (size_t l = 0; l < sizeof LANES / sizeof LANES[0]; ++l)
                for (size_t r = 0; r < sizeof RANKS / sizeof RANKS[0]; ++r)
                    check(TOTALS[t], BATCHES[b], LANES[l], RANKS[r]);
}

static tml_batch_plan make_plan(uint64_t lane, size_t room, int ranks)
{
    tml_batch_plan plan;
    tml_error error;

    assert_int_equal(tml_batch_plan_create(lane, room, ranks, &plan, &error), TML_OK);
    return plan;
}

static void check_every_sample_once(const int *seen, uint64_t total)
{
    for (uint64_t i = 0; i < total; ++i)
        assert_int_equal(seen[i], 1);
}

static void check_epoch(uint64_t total, uint64_t global, uint64_t lane, int ranks)
{
    tml_permutation order = tml_permutation_create(total, 9, TML_RANDOM_SHUFFLE, 4);
    tml_batch_plan plan = make_plan(lane, (size_t)global, ranks);
    int seen[MOST] = {0};
    uint64_t steps = tml_batch_count(total, global);

    for (uint64_t step = 0; step < steps; ++step) {
        tml_batch_plan_shuffled(&plan, &order, total, global, step);
        assert_int_equal(plan.count, step + 1 < steps ? global : total - step * global);
        for (uint64_t i = 0; i < plan.count; ++i) {
            assert_int_equal(plan.samples[i], tml_permutation_at(&order, step * global + i));
            seen[plan.samples[i]] += 1;
        }
    }
    check_every_sample_once(seen, total);
    tml_batch_plan_free(&plan);
}

static void test_an_epoch_is_the_data_set_once(void **state)
{
    (void)state;
    for_all_cases(check_epoch);
}

static void check_boundaries(uint64_t total, uint64_t global, uint64_t lane, int ranks)
{
    tml_permutation order = tml_permutation_create(total, 9, TML_RANDOM_SHUFFLE, 4);
    tml_batch_plan plan = make_plan(lane, (size_t)global, ranks);

    for (uint64_t step = 0; step < tml_batch_count(total, global); ++step) {
        tml_batch_plan_shuffled(&plan, &order, total, global, step);
        assert_int_equal(plan.lanes, (plan.count + lane - 1) / lane);
        assert_int_equal(plan.boundaries[0], 0);
        assert_int_equal(plan.boundaries[ranks], plan.count);
        for (int r = 0; r < ranks; ++r) {
            tml_share lanes = tml_share_of(plan.lanes, r, ranks);
            uint64_t samples = plan.boundaries[r + 1] - plan.boundaries[r];

            assert_true(plan.boundaries[r] <= plan.boundaries[r + 1]);
            if (lanes.count == 0) {
                assert_int_equal(samples, 0);
                continue;
            }
            assert_int_equal(plan.boundaries[r], lanes.first * lane);
            assert_int_equal((samples + lane - 1) / lane, lanes.count);
        }
    }
    tml_batch_plan_free(&plan);
}

static void test_ranks_get_whole_lanes_as_shared_out(void **state)
{
    (void)state;
    for_all_cases(check_boundaries);
}

/* The order of a batch, and with it the contents of each lane, does not depend on the number of ranks. */
static void test_ranks_do_not_change_the_batch(void **state)
{
    tml_permutation order = tml_permutation_create(100, 9, TML_RANDOM_SHUFFLE, 4);
    tml_batch_plan one = make_plan(7, 33, 1);
    tml_batch_plan many = make_plan(7, 33, 5);

    (void)state;
    for (uint64_t step = 0; step < 4; ++step) {
        tml_batch_plan_shuffled(&one, &order, 100, 33, step);
        tml_batch_plan_shuffled(&many, &order, 100, 33, step);
        assert_int_equal(one.count, many.count);
        assert_memory_equal(one.samples, many.samples, (size_t)one.count * sizeof *one.samples);
    }
    tml_batch_plan_free(&one);
    tml_batch_plan_free(&many);
}

static void check_round(const tml_batch_plan *plan, uint64_t total, uint64_t per_round)
{
    uint64_t all = (total + plan->lane - 1) / plan->lane;

    for (int r = 0; r < plan->ranks; ++r) {
        tml_share share = tml_share_of(all, r, plan->ranks);
        uint64_t first = plan->boundaries[r];
        uint64_t end = plan->boundaries[r + 1];

        assert_true(end - first <= per_round * plan->lane);
        for (uint64_t i = first; i < end; ++i) {
            assert_true(plan->samples[i] / plan->lane >= share.first);
            assert_true(plan->samples[i] / plan->lane < share.first + share.count);
            if (i > first)
                assert_int_equal(plan->samples[i], plan->samples[i - 1] + 1);
        }
        if (end > first)
            assert_int_equal(plan->samples[first] % plan->lane, 0); /* lanes begin where they always do */
    }
}

static void check_sweep(uint64_t total, uint64_t per_round, uint64_t lane, int ranks)
{
    tml_batch_plan plan = make_plan(lane, (size_t)(lane * per_round) * (size_t)ranks, ranks);
    int seen[MOST] = {0};
    uint64_t lanes = 0;
    uint64_t rounds = tml_sweep_rounds(&plan, total, per_round);

    for (uint64_t round = 0; round < rounds; ++round) {
        tml_batch_plan_sweep(&plan, total, per_round, round);
        assert_true(plan.count > 0); /* no round for nothing */
        assert_int_equal(plan.boundaries[ranks], plan.count);
        check_round(&plan, total, per_round);
        lanes += plan.lanes;
        for (uint64_t i = 0; i < plan.count; ++i)
            seen[plan.samples[i]] += 1;
    }
    assert_int_equal(lanes, (total + lane - 1) / lane);
    check_every_sample_once(seen, total);
    tml_batch_plan_sweep(&plan, total, per_round, rounds);
    assert_int_equal(plan.count, 0); /* after the last round there is nothing left */
    tml_batch_plan_free(&plan);
}

static void test_a_sweep_covers_every_sample_once(void **state)
{
    (void)state;
    for_all_cases(check_sweep);
}

static void test_a_sweep_over_nothing_has_no_rounds(void **state)
{
    tml_batch_plan plan = make_plan(4, 32, 2);

    (void)state;
    assert_int_equal(tml_sweep_rounds(&plan, 0, 4), 0);
    tml_batch_plan_free(&plan);
}

static void test_a_plan_can_be_freed_twice(void **state)
{
    tml_batch_plan plan = make_plan(4, 32, 2);

    (void)state;
    tml_batch_plan_free(&plan);
    assert_null(plan.samples);
    tml_batch_plan_free(&plan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_epoch_is_the_data_set_once),
        cmocka_unit_test(test_ranks_get_whole_lanes_as_shared_out),
        cmocka_unit_test(test_ranks_do_not_change_the_batch),
        cmocka_unit_test(test_a_sweep_covers_every_sample_once),
        cmocka_unit_test(test_a_sweep_over_nothing_has_no_rounds),
        cmocka_unit_test(test_a_plan_can_be_freed_twice),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
