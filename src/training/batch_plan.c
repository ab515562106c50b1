#include "training/batch_plan.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/checked.h"
#include "core/memory.h"
#include "mpi/share.h"

tml_status tml_batch_plan_create(uint64_t lane, size_t room, int ranks, tml_batch_plan *plan,
                                 tml_error *error)
{
    tml_status status;

    memset(plan, 0, sizeof *plan);
    plan->lane = lane;
    plan->ranks = ranks;
    plan->room = room;
    status = tml_array_create(room, sizeof *plan->samples, "the samples of a batch", &plan->samples, error);
    if (status == TML_OK)
        status = tml_array_create((size_t)ranks + 1, sizeof *plan->boundaries, "the shares of a batch",
                                  &plan->boundaries, error);
    if (status != TML_OK)
        tml_batch_plan_free(plan);
    return status;
}

void tml_batch_plan_free(tml_batch_plan *plan)
{
    free(plan->samples);
    free(plan->boundaries);
    memset(plan, 0, sizeof *plan);
}

uint64_t tml_batch_count(uint64_t total, uint64_t global)
{
    return tml_divide_up(total, global);
}

static uint64_t smaller(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

void tml_batch_plan_shuffled(tml_batch_plan *plan, const tml_permutation *order, uint64_t total,
                             uint64_t global, uint64_t step)
{
    uint64_t first = step * global;

    assert(first < total);
    plan->count = smaller(global, total - first);
    assert(plan->count <= plan->room);
    plan->lanes = tml_divide_up(plan->count, plan->lane);
    for (uint64_t i = 0; i < plan->count; ++i)
        plan->samples[i] = tml_permutation_at(order, first + i);
    for (int r = 0; r <= plan->ranks; ++r) {
        uint64_t lane = r < plan->ranks ? tml_share_of(plan->lanes, r, plan->ranks).first : plan->lanes;

        plan->boundaries[r] = smaller(lane * plan->lane, plan->count);
    }
}

void tml_batch_plan_sweep(tml_batch_plan *plan, uint64_t total, uint64_t lanes_per_round, uint64_t round)
{
    uint64_t lanes = tml_divide_up(total, plan->lane);

    plan->count = 0;
    plan->lanes = 0;
    for (int r = 0; r < plan->ranks; ++r) {
        tml_share share = tml_share_of(lanes, r, plan->ranks);
        uint64_t first = share.first + smaller(round * lanes_per_round, share.count);
        uint64_t end = smaller(first + lanes_per_round, share.first + share.count);

        plan->boundaries[r] = plan->count;
        plan->lanes += end - first;
        for (uint64_t i = first * plan->lane; i < smaller(end * plan->lane, total); ++i)
            plan->samples[plan->count++] = i;
    }
    plan->boundaries[plan->ranks] = plan->count;
    assert(plan->count <= plan->room);
}

uint64_t tml_sweep_rounds(const tml_batch_plan *plan, uint64_t total, uint64_t lanes_per_round)
{
    return tml_divide_up(tml_share_of(tml_divide_up(total, plan->lane), 0, plan->ranks).count,
                         lanes_per_round);
}
