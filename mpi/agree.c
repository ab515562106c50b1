#include "mpi/agree.h"

#include "core/fault.h"

tml_status tml_agree(MPI_Comm comm, tml_status local, tml_error *error)
{
    struct {
        int status;
        int rank;
    } mine, worst;
    tml_error unused = {0, ""};

    if (error == NULL)
        error = &unused;
    if (MPI_Comm_rank(comm, &mine.rank) != MPI_SUCCESS)
        return TML_FAIL(error, TML_INTERNAL, "this communicator cannot be used any more");
    mine.status = (int)local;
    if (MPI_Allreduce(&mine, &worst, 1, MPI_2INT, MPI_MAXLOC, comm) != MPI_SUCCESS)
        return TML_FAIL(error, TML_INTERNAL, "the ranks could not agree on a status");
    if (worst.status == TML_OK)
        return TML_OK;
    /* Agreed on before: the rank that failed stays the one that is named. */
    if (error->rank < 0)
        error->rank = mine.rank;
    if (MPI_Bcast(error, (int)sizeof *error, MPI_BYTE, worst.rank, comm) != MPI_SUCCESS)
        return TML_FAIL(error, TML_INTERNAL, "rank %d could not send its report", worst.rank);
    return (tml_status)worst.status;
}

tml_status tml_mpi_check(int mpi_result, const char *what, tml_error *error)
{
    char text[MPI_MAX_ERROR_STRING] = "";
    int length = 0;

    /* As a call that fails: the handler of the communicator ends the job. */
    if (mpi_result == MPI_SUCCESS && tml_fault(what)) {
        mpi_result = MPI_ERR_OTHER;
        MPI_Comm_call_errhandler(MPI_COMM_WORLD, mpi_result);
    }
    if (mpi_result == MPI_SUCCESS)
        return TML_OK;
    MPI_Error_string(mpi_result, text, &length);
    return TML_FAIL(error, TML_INTERNAL, "%s: MPI says: %s", what, text);
}
