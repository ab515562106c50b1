#include "mpi/node.h"

#include <stdlib.h>

#include "core/memory.h"
#include "core/text.h"
#include "mpi/agree.h"

/* The ranks that share memory, or the part of them that a test pretends to be a node. */
static tml_status split(MPI_Comm comm, MPI_Comm *nodes, tml_error *error)
{
    const char *wanted = getenv("TML_TEST_NODE_SIZE");
    uint64_t size = 0;
    int rank, ranks, real, made;
    tml_status status = tml_mpi_check(
        MPI_Comm_split_type(comm, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, nodes), "finding the nodes", error);

    if (status != TML_OK || wanted == NULL)
        return status;
    MPI_Comm_rank(comm, &rank);
    MPI_Comm_size(comm, &ranks);
    MPI_Comm_size(*nodes, &real);
    MPI_Comm_free(nodes);
    if (!tml_text_to_uint64(wanted, &size) || size == 0)
        return TML_FAIL(error, TML_USAGE, "TML_TEST_NODE_SIZE=%s is no number of ranks from 1 on", wanted);
    if (size > (uint64_t)ranks)
        size = (uint64_t)ranks;
    status = tml_mpi_check(MPI_Comm_split(comm, rank / (int)size, rank, nodes), "pretending nodes", error);
    if (status != TML_OK)
        return status;
    MPI_Comm_size(*nodes, &made);
    return tml_agree(comm,
                     made > real ? TML_FAIL(error, TML_USAGE,
                                            "TML_TEST_NODE_SIZE=%s, but only %d ranks share memory here",
                                            wanted, real)
                                 : TML_OK,
                     error);
}

/* Every rank hears the number of each rank's node and its place there. */
static tml_status share_layout(tml_node *node, MPI_Comm comm, int ranks, tml_error *error)
{
    int mine[3] = {node->index, node->rank, node->size};
    int *all = NULL;
    tml_status status = tml_array_create(3 * (size_t)ranks, sizeof *all, "the nodes", &all, error);

    if (status == TML_OK)
        status = tml_array_create((size_t)ranks, sizeof(int), "the nodes", &node->node_of, error);
    if (status == TML_OK)
        status = tml_array_create((size_t)ranks, sizeof(int), "the nodes", &node->place_of, error);
    if (status == TML_OK)
        status = tml_array_create((size_t)node->count, sizeof(int), "the nodes", &node->size_of, error);
    status = tml_agree(comm, status, error);
    if (status == TML_OK)
        status = tml_mpi_check(MPI_Allgather(mine, 3, MPI_INT, all, 3, MPI_INT, comm), "sharing the nodes",
                               error);
    for (int r = 0; r < ranks && status == TML_OK; ++r) {
        node->node_of[r] = all[3 * r];
        node->place_of[r] = all[3 * r + 1];
        node->size_of[all[3 * r]] = all[3 * r + 2];
    }
    free(all);
    return status;
}

/* Nodes are numbered by their leaders. */
static tml_status number(tml_node *node, MPI_Comm comm, tml_error *error)
{
    int rank;
    int numbers[2] = {0, 0};
    tml_status status;

    MPI_Comm_rank(comm, &rank);
    MPI_Comm_rank(node->comm, &node->rank);
    MPI_Comm_size(node->comm, &node->size);
    status = tml_mpi_check(MPI_Comm_split(comm, node->rank == 0 ? 0 : MPI_UNDEFINED, rank, &node->leaders),
                           "making the communicator of the nodes", error);
    if (status != TML_OK)
        return status;
    if (node->leaders != MPI_COMM_NULL) {
        MPI_Comm_rank(node->leaders, &numbers[0]);
        MPI_Comm_size(node->leaders, &numbers[1]);
    }
    status = tml_mpi_check(MPI_Bcast(numbers, 2, MPI_INT, 0, node->comm), "numbering the nodes", error);
    node->index = numbers[0];
    node->count = numbers[1];
    return status;
}

tml_status tml_node_create(MPI_Comm comm, tml_node **node, tml_error *error)
{
    tml_node *made = NULL;
    int ranks;
    tml_status status;

    *node = NULL;
    MPI_Comm_size(comm, &ranks);
    status = tml_agree(comm, tml_array_create(1, sizeof *made, "a node", &made, error), error);
    if (status != TML_OK) {
        free(made);
        return status;
    }
    made->comm = MPI_COMM_NULL;
    made->leaders = MPI_COMM_NULL;
    status = split(comm, &made->comm, error);
    if (status == TML_OK)
        status = number(made, comm, error);
    if (status == TML_OK)
        status = share_layout(made, comm, ranks, error);
    if (status != TML_OK)
        tml_node_destroy(&made);
    *node = made;
    return status;
}

void tml_node_destroy(tml_node **node)
{
    if (*node == NULL)
        return;
    if ((*node)->leaders != MPI_COMM_NULL)
        MPI_Comm_free(&(*node)->leaders);
    if ((*node)->comm != MPI_COMM_NULL)
        MPI_Comm_free(&(*node)->comm);
    free((*node)->node_of);
    free((*node)->place_of);
    free((*node)->size_of);
    free(*node);
    *node = NULL;
}
