#include "mpi/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/fault.h"
#include "mpi/agree.h"

enum { MOST_TEXT = 1 << 30 };

/* An MPI call has failed: nothing can be agreed on any more, so the whole job ends at once. */
static void abort_job(MPI_Comm *comm, int *code, ...)
{
    char text[MPI_MAX_ERROR_STRING] = "";
    char host[TML_WORLD_HOST_LENGTH] = "";
    int length = 0;
    int rank = 0;

    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Error_string(*code, text, &length);
    if (gethostname(host, sizeof host - 1) != 0)
        host[0] = '\0';
    fprintf(stderr, "telescopeml: rank %d on %s: an MPI call failed: %s; all ranks end\n", rank, host, text);
    fflush(NULL);
    MPI_Abort(*comm, TML_INTERNAL);
    _Exit(TML_INTERNAL); /* MPI_Abort may return */
}

static void set_failure_handler(MPI_Comm comm)
{
    MPI_Errhandler handler;

    if (MPI_Comm_create_errhandler(abort_job, &handler) != MPI_SUCCESS)
        return; /* MPI's own handler stays: it ends the job as well */
    MPI_Comm_set_errhandler(comm, handler);
    MPI_Errhandler_free(&handler);
}

static tml_status count_nodes(tml_world *world, tml_error *error)
{
    MPI_Comm node = MPI_COMM_NULL;
    int rank_on_node = 1;
    int is_first;
    tml_status status;

    status = tml_mpi_check(
        MPI_Comm_split_type(world->comm, MPI_COMM_TYPE_SHARED, world->rank, MPI_INFO_NULL, &node),
        "finding the ranks of a node", error);
    if (status != TML_OK)
        return status;
    MPI_Comm_rank(node, &rank_on_node);
    MPI_Comm_free(&node);
    is_first = rank_on_node == 0;
    return tml_mpi_check(MPI_Allreduce(&is_first, &world->nodes, 1, MPI_INT, MPI_SUM, world->comm),
                         "counting the nodes", error);
}

tml_status tml_world_start(int *argc, char ***argv, tml_world *world, tml_error *error)
{
    int provided = MPI_THREAD_SINGLE;
    tml_status status;

    memset(world, 0, sizeof *world);
    world->comm = MPI_COMM_NULL;
    if (MPI_Init_thread(argc, argv, MPI_THREAD_FUNNELED, &provided) != MPI_SUCCESS)
        return TML_FAIL(error, TML_INTERNAL, "MPI does not start");
    status = tml_mpi_check(MPI_Comm_dup(MPI_COMM_WORLD, &world->comm), "copying the world communicator",
                           error);
    if (status != TML_OK)
        return status;
    set_failure_handler(world->comm);
    set_failure_handler(MPI_COMM_WORLD); /* calls that belong to no communicator, such as a wait */
    MPI_Comm_rank(world->comm, &world->rank);
    tml_fault_setup(world->rank);
    MPI_Comm_size(world->comm, &world->size);
    if (gethostname(world->host, sizeof world->host - 1) != 0)
        snprintf(world->host, sizeof world->host, "unknown");
    if (provided < MPI_THREAD_FUNNELED)
        status = TML_FAIL(error, TML_INTERNAL, "this MPI gives thread level %d, FUNNELED (%d) is needed",
                          provided, MPI_THREAD_FUNNELED);
    status = tml_agree(world->comm, status, error);
    if (status != TML_OK)
        return status;
    return count_nodes(world, error);
}

void tml_world_end(tml_world *world)
{
    if (world->comm != MPI_COMM_NULL)
        MPI_Comm_free(&world->comm);
    MPI_Finalize();
}

tml_status tml_share_text(MPI_Comm comm, char **text, tml_error *error)
{
    unsigned long long length = 0;
    char *received = NULL;
    int rank = 0;
    tml_status status = TML_OK;

    MPI_Comm_rank(comm, &rank);
    if (rank != 0)
        *text = NULL;
    else if (*text != NULL)
        length = strlen(*text) + 1;
    status = tml_mpi_check(MPI_Bcast(&length, 1, MPI_UNSIGNED_LONG_LONG, 0, comm), "sending a length", error);
    if (status != TML_OK || length == 0) /* the same length everywhere */
        return status;
    if (length > MOST_TEXT)
        return TML_FAIL(error, TML_INTERNAL, "a text of %llu bytes is too long to send", length);
    if (rank != 0) {
        received = malloc((size_t)length);
        if (received == NULL)
            status = TML_FAIL(error, TML_INTERNAL, "no memory for a text of %llu bytes", length);
    }
    status = tml_agree(comm, status, error);
    if (status == TML_OK)
        status = tml_mpi_check(MPI_Bcast(rank == 0 ? *text : received, (int)length, MPI_CHAR, 0, comm),
                               "sending a text", error);
    if (status != TML_OK)
        free(received);
    else if (rank != 0)
        *text = received;
    return status;
}
