#ifndef TML_MPI_GRADIENT_SUM_PRIVATE_H
#define TML_MPI_GRADIENT_SUM_PRIVATE_H

/** @file mpi/gradient_sum_private.h
 * The gradient sum from inside: gradient_sum.c collects the lanes of a rank, gradient_finish.c adds up the
 * ranks. */

#include "core/memory.h"
#include "mpi/gradient_sum.h"
#include "mpi/lane_tree.h"

struct tml_gradient_sum {
    MPI_Comm comm;
    const tml_node *node; /* borrowed */
    int rank, size, workers;
    size_t parameter_count;
    tml_reduction reduction;
    uint64_t lanes; /* of the step under way */
    size_t slots;   /* vectors per worker: the nodes that a worker's lanes can leave open */
    size_t most_requests;
    size_t most_incoming;    /* nodes of the tree that other computers' ranks send at most */
    tml_node_memory *memory; /* each rank's slots, [workers][slots][parameter_count]; behind the first rank's,
                                [parameter_count] the sum */
    tml_block *block;        /* holds the arrays below */
    float *incoming;         /* [most_incoming][largest slice] */
    MPI_Request *request;
    int *slice_count, *slice_first; /* [size] */
    uint64_t received;
};

/** Sum over all ranks, exact or fast. Collective. @param gradient out @param bad out: this rank's share of
 * the entries that are not finite */
TML_NODISCARD tml_status tml_gradient_finish_exact(tml_gradient_sum *sum, const float **gradient,
                                                   uint64_t *bad, tml_error *error);
TML_NODISCARD tml_status tml_gradient_finish_fast(tml_gradient_sum *sum, const float **gradient,
                                                  uint64_t *bad, tml_error *error);

/** Slot of a worker of a rank of this node. */
static inline float *tml_gradient_slot(const tml_gradient_sum *sum, int node_rank, int worker, size_t slot)
{
    return tml_node_memory_of(sum->memory, node_rank) +
           ((size_t)worker * sum->slots + slot) * sum->parameter_count;
}

/** Lanes of the step that a worker of a rank runs. */
static inline tml_share tml_gradient_lanes_of(const tml_gradient_sum *sum, int rank, int worker)
{
    tml_share all = tml_share_of(sum->lanes, rank, sum->size);
    tml_share part = tml_share_of(all.count, worker, sum->workers);

    part.first += all.first;
    return part;
}

#endif
