#include "mpi/gradient_sum.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/checked.h"
#include "mpi/agree.h"
#include "mpi/gradient_sum_private.h"

static void size_spans(tml_gradient_sum *sum, uint64_t most_lanes)
{
    uint64_t rank_lanes = tml_divide_up(most_lanes, (uint64_t)sum->size);
    uint64_t worker_lanes = tml_divide_up(rank_lanes, (uint64_t)sum->workers);
    size_t elsewhere = (size_t)(sum->size - sum->node->size);
    bool is_exact = sum->reduction == TML_REDUCTION_EXACT;

    sum->slots = is_exact ? tml_lane_most_nodes(worker_lanes) : 1;
    sum->most_incoming = is_exact ? tml_lane_most_nodes(rank_lanes) * elsewhere : 0;
    sum->most_requests = 2 * (sum->most_incoming + (size_t)sum->size);
}

static void take_spans(tml_gradient_sum *sum)
{
    size_t slice = tml_divide_up(sum->parameter_count, (uint64_t)sum->size);
    size_t ranks = (size_t)sum->size;

    sum->incoming = tml_block_take(sum->block, sum->most_incoming * slice, sizeof(float));
    sum->request = tml_block_take(sum->block, sum->most_requests, sizeof(MPI_Request));
    sum->slice_count = tml_block_take(sum->block, ranks, sizeof(int));
    sum->slice_first = tml_block_take(sum->block, ranks, sizeof(int));
}

static tml_status allocate(tml_gradient_sum *sum, tml_error *error)
{
    size_t bytes;
    tml_status status = tml_block_create(0, "counting the gradient sum", &sum->block, error);

    if (status != TML_OK)
        return status;
    take_spans(sum);
    bytes = tml_block_used(sum->block);
    tml_block_destroy(&sum->block);
    status = tml_block_create(bytes, "the gradient sum", &sum->block, error);
    if (status != TML_OK)
        return status;
    take_spans(sum);
    for (int r = 0; r < sum->size; ++r) {
        tml_share slice = tml_share_of(sum->parameter_count, r, sum->size);

        sum->slice_first[r] = (int)slice.first;
        sum->slice_count[r] = (int)slice.count;
    }
    return TML_OK;
}

/* The slots of this rank, and on the first of a node the sum. */
static tml_status share_slots(tml_gradient_sum *sum, tml_error *error)
{
    size_t vectors = (size_t)sum->workers * sum->slots;

    if (sum->reduction == TML_REDUCTION_EXACT && sum->size > 1 && sum->node->rank == 0)
        ++vectors;
    return tml_node_memory_create(sum->node, vectors * sum->parameter_count, &sum->memory, error);
}

tml_status tml_gradient_sum_create(MPI_Comm comm, const tml_node *node, size_t parameter_count,
                                   uint64_t most_lanes, int workers, tml_reduction reduction,
                                   tml_gradient_sum **sum, tml_error *error)
{
    tml_gradient_sum *made = NULL;
    int narrow;
    tml_status status;

    *sum = NULL;
    status = tml_array_create(1, sizeof *made, "the gradient sum", &made, error);
    if (status == TML_OK && (parameter_count == 0 || !tml_int_from_size(parameter_count, &narrow)))
        status = TML_FAIL(error, TML_INTERNAL, "a gradient of %zu entries cannot be summed", parameter_count);
    if (status == TML_OK) {
        made->comm = MPI_COMM_NULL;
        made->node = node;
        MPI_Comm_rank(comm, &made->rank);
        MPI_Comm_size(comm, &made->size);
        made->parameter_count = parameter_count;
        made->workers = workers;
        made->reduction = reduction;
        size_spans(made, most_lanes);
        status = allocate(made, error);
    }
    status = tml_agree(comm, status, error);
    if (status == TML_OK)
        status = tml_agree(comm, share_slots(made, error), error);
    if (status == TML_OK)
        status = tml_mpi_check(MPI_Comm_dup(comm, &made->comm), "making the gradient communicator", error);
    if (status != TML_OK)
        tml_gradient_sum_destroy(&made);
    *sum = made;
    return status;
}

void tml_gradient_sum_destroy(tml_gradient_sum **sum)
{
    if (*sum == NULL)
        return;
    if ((*sum)->comm != MPI_COMM_NULL)
        MPI_Comm_free(&(*sum)->comm);
    tml_node_memory_destroy(&(*sum)->memory);
    tml_block_destroy(&(*sum)->block);
    free(*sum);
    *sum = NULL;
}

void tml_gradient_sum_begin(tml_gradient_sum *sum, uint64_t lanes)
{
    sum->lanes = lanes;
}

tml_share tml_gradient_sum_rank_lanes(const tml_gradient_sum *sum)
{
    return tml_share_of(sum->lanes, sum->rank, sum->size);
}

tml_share tml_gradient_sum_worker_lanes(const tml_gradient_sum *sum, int worker)
{
    return tml_gradient_lanes_of(sum, sum->rank, worker);
}

static float *slot_of(const tml_gradient_sum *sum, int worker, size_t slot)
{
    return tml_gradient_slot(sum, sum->node->rank, worker, slot);
}

void tml_gradient_sum_add(tml_gradient_sum *sum, int worker, uint64_t lane, size_t first, size_t count,
                          const float *values)
{
    uint64_t start = tml_gradient_sum_worker_lanes(sum, worker).first;
    size_t open;
    size_t left;

    assert(first <= sum->parameter_count && count <= sum->parameter_count - first);
    if (sum->reduction == TML_REDUCTION_FAST) {
        if (lane == start)
            memcpy(slot_of(sum, worker, 0) + first, values, count * sizeof *values);
        else
            tml_lane_add(count, values, slot_of(sum, worker, 0) + first);
        return;
    }
    /* The nodes of [start, lane) stand in the slots in order; the new lane closes open - left + 1 of them. */
    open = tml_lane_nodes(start, lane, NULL);
    left = tml_lane_nodes(start, lane + 1, NULL);
    if (left > open) {
        memcpy(slot_of(sum, worker, open) + first, values, count * sizeof *values);
        return;
    }
    tml_lane_add(count, values, slot_of(sum, worker, open - 1) + first);
    for (size_t slot = open - 1; slot >= left; --slot)
        tml_lane_add(count, slot_of(sum, worker, slot) + first, slot_of(sum, worker, slot - 1) + first);
}

tml_status tml_gradient_sum_finish(tml_gradient_sum *sum, const float **gradient, uint64_t *bad,
                                   tml_error *error)
{
    tml_status status;

    *bad = 0;
    *gradient = NULL;
    status = sum->reduction == TML_REDUCTION_EXACT ? tml_gradient_finish_exact(sum, gradient, bad, error)
                                                   : tml_gradient_finish_fast(sum, gradient, bad, error);
    if (status != TML_OK)
        return status;
    return tml_mpi_check(MPI_Allreduce(MPI_IN_PLACE, bad, 1, MPI_UINT64_T, MPI_SUM, sum->comm),
                         "counting entries that are not finite", error);
}

size_t tml_gradient_sum_bytes(const tml_gradient_sum *sum)
{
    return tml_block_used(sum->block) + tml_node_memory_bytes(sum->memory);
}

uint64_t tml_gradient_sum_received(const tml_gradient_sum *sum)
{
    return sum->received;
}
