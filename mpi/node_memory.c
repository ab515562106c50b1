#include <stdlib.h>
#include <string.h>

#include "core/checked.h"
#include "core/memory.h"
#include "mpi/agree.h"
#include "mpi/node.h"

struct tml_node_memory {
    MPI_Comm comm;  /* of the node, borrowed */
    MPI_Win window; /* MPI_WIN_NULL: private memory */
    tml_block *block;
    size_t bytes; /* of this rank */
    float **part; /* [ranks of the node] */
};

/* A rank's part begins at a cache line: the window is one piece, of which each takes whole lines. */
static tml_status open_window(tml_node_memory *memory, int ranks, tml_error *error)
{
    void *mine = NULL;
    tml_status status = tml_mpi_check(MPI_Win_allocate_shared((MPI_Aint)memory->bytes, 1, MPI_INFO_NULL,
                                                              memory->comm, &mine, &memory->window),
                                      "taking memory that the ranks of a node share (is /dev/shm full?)",
                                      error);

    if (status != TML_OK) {
        memory->window = MPI_WIN_NULL;
        return status;
    }
    /* An epoch that never ends: everything is done by plain loads and stores and MPI_Win_sync. */
    status = tml_mpi_check(MPI_Win_lock_all(MPI_MODE_NOCHECK, memory->window), "opening shared memory",
                           error);
    for (int r = 0; r < ranks && status == TML_OK; ++r) {
        MPI_Aint size;
        int unit;
        void *start = NULL;

        status = tml_mpi_check(MPI_Win_shared_query(memory->window, r, &size, &unit, &start),
                               "finding shared memory", error);
        memory->part[r] = start;
    }
    if (status == TML_OK && memory->bytes > 0)
        memset(mine, 0, memory->bytes);
    return status;
}

static tml_status open_private(tml_node_memory *memory, tml_error *error)
{
    tml_status status = tml_block_create(memory->bytes > 0 ? memory->bytes : 1, "a node's numbers",
                                         &memory->block, error);

    if (status == TML_OK)
        memory->part[0] = tml_block_take(memory->block, memory->bytes, 1);
    return status;
}

tml_status tml_node_memory_create(const tml_node *node, size_t numbers, tml_node_memory **memory,
                                  tml_error *error)
{
    tml_node_memory *made = NULL;
    tml_status status = tml_array_create(1, sizeof *made, "a node's numbers", &made, error);

    *memory = NULL;
    if (status == TML_OK) {
        made->comm = node->comm;
        made->window = MPI_WIN_NULL;
        made->bytes = (numbers * sizeof(float) + TML_ALIGNMENT - 1) / TML_ALIGNMENT * TML_ALIGNMENT;
        status = tml_array_create((size_t)node->size, sizeof(float *), "a node's numbers", &made->part,
                                  error);
    }
    status = tml_agree(node->comm, status, error);
    if (status == TML_OK)
        status = node->size == 1 ? open_private(made, error) : open_window(made, node->size, error);
    status = tml_agree(node->comm, status, error);
    if (status == TML_OK)
        status = tml_node_memory_sync(made, error);
    if (status != TML_OK)
        tml_node_memory_destroy(&made);
    *memory = made;
    return status;
}

void tml_node_memory_destroy(tml_node_memory **memory)
{
    if (*memory == NULL)
        return;
    if ((*memory)->window != MPI_WIN_NULL) {
        MPI_Win_unlock_all((*memory)->window);
        MPI_Win_free(&(*memory)->window);
    }
    tml_block_destroy(&(*memory)->block);
    free((*memory)->part);
    free(*memory);
    *memory = NULL;
}

float *tml_node_memory_of(const tml_node_memory *memory, int node_rank)
{
    return memory->part[node_rank];
}

tml_status tml_node_memory_sync(tml_node_memory *memory, tml_error *error)
{
    tml_status status;

    if (memory->window == MPI_WIN_NULL)
        return TML_OK;
    status = tml_mpi_check(MPI_Win_sync(memory->window), "sharing memory", error);
    if (status == TML_OK)
        status = tml_mpi_check(MPI_Barrier(memory->comm), "waiting for the ranks of the node", error);
    if (status == TML_OK)
        status = tml_mpi_check(MPI_Win_sync(memory->window), "sharing memory", error);
    return status;
}

size_t tml_node_memory_bytes(const tml_node_memory *memory)
{
    return memory->bytes;
}
