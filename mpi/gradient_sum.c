#include "mpi/gradient_sum.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/checked.h"
#include "core/memory.h"
#include "mpi/agree.h"
#include "mpi/lane_tree.h"

struct tml_gradient_sum {
    MPI_Comm comm;
    int rank, size, workers;
    size_t parameter_count;
    tml_reduction reduction;
    uint64_t lanes; /* of the step under way */
    size_t slots;   /* vectors per worker: the nodes that a worker's lanes can leave open */
    size_t most_requests;
    size_t most_nodes; /* over all ranks, to be combined in one slice */
    tml_block *block;
    float *slot;     /* [workers][slots][parameter_count] */
    float *incoming; /* [most_nodes][largest slice] */
    float *gradient; /* [parameter_count] */
    MPI_Request *request;
    int *slice_count, *slice_first; /* [size] */
    uint64_t received;
};

static void size_slots(tml_gradient_sum *sum, uint64_t most_lanes)
{
    uint64_t rank_lanes = tml_divide_up(most_lanes, (uint64_t)sum->size);
    uint64_t worker_lanes = tml_divide_up(rank_lanes, (uint64_t)sum->workers);
    size_t rank_nodes = tml_lane_most_nodes(rank_lanes);

    sum->slots = sum->reduction == TML_REDUCTION_EXACT ? tml_lane_most_nodes(worker_lanes) : 1;
    sum->most_nodes = sum->reduction == TML_REDUCTION_EXACT && sum->size > 1 ? rank_nodes * (size_t)sum->size
                                                                             : 0;
    sum->most_requests = 2 * sum->most_nodes;
}

static void take_spans(tml_gradient_sum *sum)
{
    size_t slice = tml_divide_up(sum->parameter_count, (uint64_t)sum->size);
    size_t ranks = (size_t)sum->size;

    sum->slot = tml_block_take(sum->block, (size_t)sum->workers * sum->slots * sum->parameter_count,
                               sizeof(float));
    sum->incoming = tml_block_take(sum->block, sum->most_nodes * slice, sizeof(float));
    sum->gradient = tml_block_take(sum->block, sum->parameter_count, sizeof(float));
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

tml_status tml_gradient_sum_create(MPI_Comm comm, size_t parameter_count, uint64_t most_lanes, int workers,
                                   tml_reduction reduction, tml_gradient_sum **sum, tml_error *error)
{
    tml_gradient_sum *made = NULL;
    int narrow;
    tml_status status;

    *sum = NULL;
    status = tml_array_create(1, sizeof *made, "the gradient sum", &made, error);
    if (status == TML_OK && (parameter_count == 0 || !tml_int_from_size(parameter_count, &narrow)))
        status = TML_FAIL(error, TML_INTERNAL, "a gradient of %zu entries cannot be summed", parameter_count);
    if (status == TML_OK) {
        MPI_Comm_rank(comm, &made->rank);
        MPI_Comm_size(comm, &made->size);
        made->parameter_count = parameter_count;
        made->workers = workers;
        made->reduction = reduction;
        size_slots(made, most_lanes);
        status = allocate(made, error);
    }
    status = tml_agree(comm, status, error);
    if (status == TML_OK)
        status = tml_mpi_check(MPI_Comm_dup(comm, &made->comm), "making the gradient communicator", error);
    if (status != TML_OK) {
        if (made != NULL)
            tml_block_destroy(&made->block);
        free(made);
        return status;
    }
    *sum = made;
    return TML_OK;
}

void tml_gradient_sum_destroy(tml_gradient_sum **sum)
{
    if (*sum == NULL)
        return;
    MPI_Comm_free(&(*sum)->comm);
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
    tml_share mine = tml_gradient_sum_rank_lanes(sum);
    tml_share part = tml_share_of(mine.count, worker, sum->workers);

    part.first += mine.first;
    return part;
}

static float *slot_of(const tml_gradient_sum *sum, int worker, size_t slot)
{
    return sum->slot + ((size_t)worker * sum->slots + slot) * sum->parameter_count;
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

/* The nodes of all workers, joined to those of the rank. */
static void join_workers(const tml_gradient_sum *sum, tml_lane_stack *stack)
{
    stack->depth = 0;
    for (int w = 0; w < sum->workers; ++w) {
        tml_share part = tml_gradient_sum_worker_lanes(sum, w);
        tml_lane_node nodes[TML_LANE_NODES];
        size_t count = tml_lane_nodes(part.first, part.first + part.count, nodes);

        for (size_t i = 0; i < count; ++i)
            tml_lane_stack_push(stack, nodes[i], slot_of(sum, w, i), sum->parameter_count);
    }
}

static uint64_t count_bad(size_t count, const float *values)
{
    uint64_t bad = 0;

    for (size_t i = 0; i < count; ++i)
        bad += isfinite(values[i]) ? 0 : 1;
    return bad;
}

/* Every rank sends each of its nodes, cut into slices, to the ranks that own the slices. */
static tml_status exchange_nodes(tml_gradient_sum *sum, const tml_lane_stack *mine, tml_error *error)
{
    size_t my_slice = (size_t)sum->slice_count[sum->rank];
    size_t posted = 0;
    size_t place = 0;
    int result = MPI_SUCCESS;

    for (int r = 0; r < sum->size && result == MPI_SUCCESS; ++r) {
        tml_share share = tml_share_of(sum->lanes, r, sum->size);
        size_t nodes = tml_lane_nodes(share.first, share.first + share.count, NULL);

        for (size_t i = 0; i < nodes && result == MPI_SUCCESS; ++i, ++place)
            if (r == sum->rank)
                memcpy(sum->incoming + place * my_slice, mine->values[i] + sum->slice_first[r],
                       my_slice * sizeof(float));
            else {
                result = MPI_Irecv(sum->incoming + place * my_slice, (int)my_slice, MPI_FLOAT, r, (int)i,
                                   sum->comm, &sum->request[posted++]);
                sum->received += my_slice * sizeof(float);
            }
    }
    for (int r = 0; r < sum->size && result == MPI_SUCCESS; ++r)
        for (size_t i = 0; i < mine->depth && r != sum->rank && result == MPI_SUCCESS; ++i)
            result = MPI_Isend(mine->values[i] + sum->slice_first[r], sum->slice_count[r], MPI_FLOAT, r,
                               (int)i, sum->comm, &sum->request[posted++]);
    if (result == MPI_SUCCESS)
        result = MPI_Waitall((int)posted, sum->request, MPI_STATUSES_IGNORE);
    return tml_mpi_check(result, "exchanging gradients", error);
}

static tml_status finish_exact(tml_gradient_sum *sum, uint64_t *bad, tml_error *error)
{
    tml_lane_stack stack;
    size_t slice = (size_t)sum->slice_count[sum->rank];
    float *root;
    size_t place = 0;
    tml_status status;

    join_workers(sum, &stack);
    if (sum->size == 1) {
        root = tml_lane_stack_root(&stack, sum->parameter_count);
        memcpy(sum->gradient, root, sum->parameter_count * sizeof(float));
        *bad = count_bad(sum->parameter_count, sum->gradient);
        return TML_OK;
    }
    status = exchange_nodes(sum, &stack, error);
    if (status != TML_OK)
        return status;
    stack.depth = 0;
    for (int r = 0; r < sum->size; ++r) {
        tml_share share = tml_share_of(sum->lanes, r, sum->size);
        tml_lane_node nodes[TML_LANE_NODES];
        size_t count = tml_lane_nodes(share.first, share.first + share.count, nodes);

        for (size_t i = 0; i < count; ++i, ++place)
            tml_lane_stack_push(&stack, nodes[i], sum->incoming + place * slice, slice);
    }
    root = tml_lane_stack_root(&stack, slice);
    *bad = count_bad(slice, root);
    sum->received += (sum->parameter_count - slice) * sizeof(float);
    return tml_mpi_check(MPI_Allgatherv(root, (int)slice, MPI_FLOAT, sum->gradient, sum->slice_count,
                                        sum->slice_first, MPI_FLOAT, sum->comm),
                         "sharing the summed gradient", error);
}

static tml_status finish_fast(tml_gradient_sum *sum, uint64_t *bad, tml_error *error)
{
    int is_first = 1;
    tml_status status;

    for (int w = 0; w < sum->workers; ++w) {
        if (tml_gradient_sum_worker_lanes(sum, w).count == 0)
            continue;
        if (is_first)
            memcpy(sum->gradient, slot_of(sum, w, 0), sum->parameter_count * sizeof(float));
        else
            tml_lane_add(sum->parameter_count, slot_of(sum, w, 0), sum->gradient);
        is_first = 0;
    }
    if (is_first)
        memset(sum->gradient, 0, sum->parameter_count * sizeof(float));
    status = tml_mpi_check(
        MPI_Allreduce(MPI_IN_PLACE, sum->gradient, (int)sum->parameter_count, MPI_FLOAT, MPI_SUM, sum->comm),
        "adding gradients", error);
    *bad = sum->rank == 0 ? count_bad(sum->parameter_count, sum->gradient) : 0;
    return status;
}

tml_status tml_gradient_sum_finish(tml_gradient_sum *sum, const float **gradient, uint64_t *bad,
                                   tml_error *error)
{
    tml_status status;

    *bad = 0;
    *gradient = sum->gradient;
    status = sum->reduction == TML_REDUCTION_EXACT ? finish_exact(sum, bad, error)
                                                   : finish_fast(sum, bad, error);
    if (status != TML_OK)
        return status;
    return tml_mpi_check(MPI_Allreduce(MPI_IN_PLACE, bad, 1, MPI_UINT64_T, MPI_SUM, sum->comm),
                         "counting entries that are not finite", error);
}

size_t tml_gradient_sum_bytes(const tml_gradient_sum *sum)
{
    return tml_block_used(sum->block);
}

uint64_t tml_gradient_sum_received(const tml_gradient_sum *sum)
{
    return sum->received;
}
