#include <string.h>

#include "core/wide.h"
#include "mpi/agree.h"
#include "mpi/gradient_sum_private.h"

enum { COUNTED = 1 << 20 };

/* The open nodes of all workers of a rank of this node, joined. With count 0 nothing is added: it only tells
 * where the values of the nodes stand once that rank has joined them. */
static void join_workers(const tml_gradient_sum *sum, int rank, size_t count, tml_lane_stack *stack)
{
    stack->depth = 0;
    for (int w = 0; w < sum->workers; ++w) {
        tml_share part = tml_gradient_lanes_of(sum, rank, w);
        tml_lane_node nodes[TML_LANE_NODES];
        size_t open = tml_lane_nodes(part.first, part.first + part.count, nodes);

        for (size_t i = 0; i < open; ++i)
            tml_lane_stack_push(stack, nodes[i], tml_gradient_slot(sum, sum->node->place_of[rank], w, i),
                                count);
    }
}

/* Not finite: all bits of the exponent are set. Whole numbers, in blocks whose count fits into 32 bits: so
 * the compiler looks at several at a time. */
TML_WIDE static uint64_t count_bad(size_t count, const float *values)
{
    const uint32_t exponent = 0x7f800000U;
    uint64_t bad = 0;

    for (size_t first = 0; first < count; first += COUNTED) {
        size_t end = count - first < COUNTED ? count : first + COUNTED;
        uint32_t some = 0;

        for (size_t i = first; i < end; ++i) {
            uint32_t bits;

            memcpy(&bits, &values[i], sizeof bits);
            some += (bits & exponent) == exponent ? 1U : 0U;
        }
        bad += some;
    }
    return bad;
}

static bool is_here(const tml_gradient_sum *sum, int rank)
{
    return sum->node->node_of[rank] == sum->node->index;
}

/* Every rank sends each of its nodes, cut into slices, to the ranks of other computers that own the slices.
 */
static tml_status exchange_nodes(tml_gradient_sum *sum, const tml_lane_stack *mine, tml_error *error)
{
    size_t my_slice = (size_t)sum->slice_count[sum->rank];
    size_t posted = 0;
    size_t place = 0;
    int result = MPI_SUCCESS;

    for (int r = 0; r < sum->size && result == MPI_SUCCESS; ++r) {
        tml_share share = tml_share_of(sum->lanes, r, sum->size);
        size_t nodes = is_here(sum, r) ? 0 : tml_lane_nodes(share.first, share.first + share.count, NULL);

        for (size_t i = 0; i < nodes && result == MPI_SUCCESS; ++i, ++place) {
            result = MPI_Irecv(sum->incoming + place * my_slice, (int)my_slice, MPI_FLOAT, r, (int)i,
                               sum->comm, &sum->request[posted++]);
            sum->received += my_slice * sizeof(float);
        }
    }
    for (int r = 0; r < sum->size && result == MPI_SUCCESS; ++r)
        for (size_t i = 0; i < mine->depth && !is_here(sum, r) && result == MPI_SUCCESS; ++i)
            result = MPI_Isend(mine->values[i] + sum->slice_first[r], sum->slice_count[r], MPI_FLOAT, r,
                               (int)i, sum->comm, &sum->request[posted++]);
    if (result == MPI_SUCCESS)
        result = MPI_Waitall((int)posted, sum->request, MPI_STATUSES_IGNORE);
    return tml_mpi_check(result, "exchanging gradients", error);
}

/* Complete this rank's slice: nodes of this computer's ranks where they stand, those of others from the
 * messages. */
static float *add_slice(tml_gradient_sum *sum)
{
    size_t slice = (size_t)sum->slice_count[sum->rank];
    tml_lane_stack stack = {.depth = 0};
    size_t place = 0;

    for (int r = 0; r < sum->size; ++r) {
        tml_share share = tml_share_of(sum->lanes, r, sum->size);
        tml_lane_node nodes[TML_LANE_NODES];
        size_t count = tml_lane_nodes(share.first, share.first + share.count, nodes);
        tml_lane_stack there = {.depth = 0};

        if (is_here(sum, r))
            join_workers(sum, r, 0, &there);
        for (size_t i = 0; i < count; ++i) {
            float *values = is_here(sum, r) ? there.values[i] + sum->slice_first[sum->rank]
                                            : sum->incoming + place++ * slice;

            if (is_here(sum, r) && r != sum->rank)
                sum->received += slice * sizeof(float);
            tml_lane_stack_push(&stack, nodes[i], values, slice);
        }
    }
    return tml_lane_stack_root(&stack, slice);
}

/* The rank that takes the slice of `owner` in for its node. */
static bool takes_in(const tml_node *node, int rank, int owner)
{
    int index = node->node_of[rank];

    return index != node->node_of[owner] && node->place_of[rank] == owner % node->size_of[index];
}

/* Finished slices go once to each other node. */
static tml_status publish_slices(tml_gradient_sum *sum, float *gradient, tml_error *error)
{
    size_t posted = 0;
    int result = MPI_SUCCESS;

    for (int r = 0; r < sum->size && result == MPI_SUCCESS; ++r)
        if (takes_in(sum->node, sum->rank, r)) {
            result = MPI_Irecv(gradient + sum->slice_first[r], sum->slice_count[r], MPI_FLOAT, r, 0,
                               sum->comm, &sum->request[posted++]);
            sum->received += (uint64_t)sum->slice_count[r] * sizeof(float);
        }
    for (int r = 0; r < sum->size && result == MPI_SUCCESS; ++r)
        if (takes_in(sum->node, r, sum->rank))
            result = MPI_Isend(gradient + sum->slice_first[sum->rank], sum->slice_count[sum->rank], MPI_FLOAT,
                               r, 0, sum->comm, &sum->request[posted++]);
    if (result == MPI_SUCCESS)
        result = MPI_Waitall((int)posted, sum->request, MPI_STATUSES_IGNORE);
    return tml_mpi_check(result, "sharing the summed gradient", error);
}

tml_status tml_gradient_finish_exact(tml_gradient_sum *sum, const float **gradient, uint64_t *bad,
                                     tml_error *error)
{
    size_t slice = (size_t)sum->slice_count[sum->rank];
    float *shared = tml_gradient_slot(sum, 0, sum->workers, 0); /* behind the first rank's slots */
    tml_lane_stack mine;
    float *root;
    tml_status status;

    join_workers(sum, sum->rank, sum->parameter_count, &mine);
    if (sum->size == 1) {
        root = tml_lane_stack_root(&mine, slice);
        *bad = count_bad(slice, root);
        *gradient = root;
        return TML_OK;
    }
    status = tml_node_memory_sync(sum->memory, error); /* all nodes of this computer stand */
    if (status == TML_OK)
        status = exchange_nodes(sum, &mine, error);
    if (status != TML_OK)
        return status;
    root = add_slice(sum);
    *bad = count_bad(slice, root);
    memcpy(shared + sum->slice_first[sum->rank], root, slice * sizeof *root);
    *gradient = shared;
    status = publish_slices(sum, shared, error);
    return status == TML_OK ? tml_node_memory_sync(sum->memory, error) : status; /* the whole sum stands */
}

tml_status tml_gradient_finish_fast(tml_gradient_sum *sum, const float **gradient, uint64_t *bad,
                                    tml_error *error)
{
    float *total = tml_gradient_slot(sum, sum->node->rank, 0, 0);
    tml_status status;

    if (tml_gradient_lanes_of(sum, sum->rank, 0).count == 0)
        memset(total, 0, sum->parameter_count * sizeof *total);
    for (int w = 1; w < sum->workers; ++w)
        if (tml_gradient_lanes_of(sum, sum->rank, w).count > 0)
            tml_lane_add(sum->parameter_count, tml_gradient_slot(sum, sum->node->rank, w, 0), total);
    status = tml_mpi_check(
        MPI_Allreduce(MPI_IN_PLACE, total, (int)sum->parameter_count, MPI_FLOAT, MPI_SUM, sum->comm),
        "adding gradients", error);
    *bad = sum->rank == 0 ? count_bad(sum->parameter_count, total) : 0;
    *gradient = total;
    return status;
}
