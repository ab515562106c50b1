#ifndef TML_MPI_NODE_H
#define TML_MPI_NODE_H

/** @file mpi/node.h
 * The ranks of a communicator that share a computer, and memory that they share: what a node needs once is
 * held once, and ranks of a node read each other's numbers without a message.
 *
 * In tests TML_TEST_NODE_SIZE=k pretends that ranks 0 to k - 1 are one node, the next k another, and so on.
 *
 *   node_create -> { memory_create -> { write own parts -> sync -> read any part -> sync } -> memory_destroy
 * }
 */

#include <mpi.h>
#include <stddef.h>

#include "core/status.h"

/** Plain data, filled by tml_node_create. Node numbers follow the lowest rank of each node. */
typedef struct tml_node {
    MPI_Comm comm;    /* the ranks of this node, in their order */
    MPI_Comm leaders; /* the first rank of each node; MPI_COMM_NULL on the others */
    int rank, size;   /* within the node */
    int index, count; /* of this node, and nodes in all */
    int *node_of;     /* [ranks of the communicator] number of each rank's node */
    int *place_of;    /* [ranks] rank of each within its node */
    int *size_of;     /* [count] ranks of each node */
} tml_node;

/** Find the nodes. Collective over `comm`.
 * @param node  out, freed by tml_node_destroy; NULL on failure
 * @return the same on all ranks: TML_OK, TML_INTERNAL, or TML_USAGE (TML_TEST_NODE_SIZE is no number from 1,
 * or larger than the ranks that really share memory)
 */
TML_NODISCARD tml_status tml_node_create(MPI_Comm comm, tml_node **node, tml_error *error);

/** Free; sets the pointer to NULL; NULL is fine. Collective. */
void tml_node_destroy(tml_node **node);

typedef struct tml_node_memory tml_node_memory;

/** Memory of which each rank of the node brings a part. Collective over the node.
 *
 * A node of one rank gets private memory; else it is an MPI shared window, whose room is where MPI keeps it
 * (with Open MPI /dev/shm).
 * @param numbers  floats that this rank brings; may be 0 and differ; the parts begin as zeros
 * @param memory   out; NULL on failure
 * @return the same on all ranks of the node: TML_OK or TML_INTERNAL (no room)
 */
TML_NODISCARD tml_status tml_node_memory_create(const tml_node *node, size_t numbers,
                                                tml_node_memory **memory, tml_error *error);

/** Free; sets the pointer to NULL; NULL is fine. Collective over the node. */
void tml_node_memory_destroy(tml_node_memory **memory);

/** The part that a rank of the node has brought, aligned to 64 bytes. Not collective. Borrowed. */
float *tml_node_memory_of(const tml_node_memory *memory, int node_rank);

/** What any rank of the node has written before, all see after. Collective over the node, synchronising. */
TML_NODISCARD tml_status tml_node_memory_sync(tml_node_memory *memory, tml_error *error);

/** Bytes that this rank has brought. Not collective. */
size_t tml_node_memory_bytes(const tml_node_memory *memory);

#endif
