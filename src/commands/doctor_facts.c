#include "commands/doctor_facts.h"

#include <stdio.h>
#include <string.h>

#include <gsl/gsl_version.h>

#include "core/build_info.h"
#include "core/digest.h"
#include "mpi/agree.h"
#include "network/gemm.h"
#include "plots/plotting_library.h"

static const char *thread_level_name(int level)
{
    return level == MPI_THREAD_SINGLE       ? "single"
           : level == MPI_THREAD_FUNNELED   ? "funneled"
           : level == MPI_THREAD_SERIALIZED ? "serialized"
                                            : "multiple";
}

static void ask_mpi(tml_doctor_facts *facts)
{
    char text[MPI_MAX_LIBRARY_VERSION_STRING] = "";
    int length = 0;
    int level = MPI_THREAD_SINGLE;

    MPI_Get_library_version(text, &length);
    snprintf(facts->mpi, sizeof facts->mpi, "%.*s", (int)strcspn(text, ",\n"), text);
    MPI_Query_thread(&level);
    snprintf(facts->mpi_thread_level, sizeof facts->mpi_thread_level, "%s", thread_level_name(level));
}

/* BLIS picks its kernels by the processor; on nodes of two kinds they differ. */
static tml_status compare_blis(const tml_world *world, tml_doctor_facts *facts, tml_error *error)
{
    uint64_t mine = tml_digest_64(facts->blis, strlen(facts->blis));
    uint64_t ends[2] = {mine, ~mine}; /* the minimum, and the complement of the maximum */
    tml_status status = tml_mpi_check(
        MPI_Allreduce(MPI_IN_PLACE, ends, 2, MPI_UINT64_T, MPI_MIN, world->comm), "comparing the ranks' BLIS",
        error);

    facts->has_same_blis = ends[0] == ~ends[1];
    return status;
}

tml_status tml_doctor_gather(const tml_world *world, int threads, tml_doctor_facts *facts, tml_error *error)
{
    tml_status status;

    memset(facts, 0, sizeof *facts);
    ask_mpi(facts);
    facts->files = tml_file_libraries_here();
    snprintf(facts->gsl, sizeof facts->gsl, "%s", gsl_version);
    snprintf(facts->blis, sizeof facts->blis, "%s", tml_gemm_description());
    facts->is_optimised = strcmp(tml_build_info_get()->build_type, "Debug") != 0;
    if (world->rank == 0) {
        tml_plotting_library(facts->plplot, sizeof facts->plplot, facts->drivers, sizeof facts->drivers);
        tml_doctor_look_at_machine(&facts->machine);
    }
    status = compare_blis(world, facts, error);
    if (status == TML_OK)
        status = tml_placement_find(world, threads, &facts->placement, error);
    return status;
}
