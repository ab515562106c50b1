/* sched_getaffinity is not in POSIX. */
#define _GNU_SOURCE

#include "mpi/placement.h"

#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/text.h"
#include "mpi/agree.h"

/* Hardware threads of a node that can be told apart: words of a bit each. */
enum { WORDS = 64, WORD_BITS = 64 };

/* What a rank may use, as bits. */
typedef struct usable {
    unsigned long words[WORDS];
    int count;
    bool is_part; /* not all of the node */
} usable;

static int count_bits(const unsigned long *words)
{
    int count = 0;

    for (int w = 0; w < WORDS; ++w)
        for (int bit = 0; bit < WORD_BITS; ++bit)
            count += (int)(words[w] >> bit & 1UL);
    return count;
}

static void find_usable(usable *mine)
{
    memset(mine, 0, sizeof *mine);
    if (sched_getaffinity(0, sizeof mine->words, (cpu_set_t *)(void *)mine->words) != 0)
        return;
    mine->count = count_bits(mine->words);
    mine->is_part = mine->count < sysconf(_SC_NPROCESSORS_ONLN);
}

int tml_launcher_ranks(void)
{
    static const char *const names[] = {"SLURM_STEP_NUM_TASKS", "PMI_SIZE", "OMPI_COMM_WORLD_SIZE"};
    uint64_t most = 0;

    for (size_t i = 0; i < sizeof names / sizeof names[0]; ++i) {
        const char *text = getenv(names[i]);
        uint64_t value = 0;

        if (text != NULL && tml_text_to_uint64(text, &value) && value < 1U << 30 && value > most)
            most = value;
    }
    return (int)most;
}

tml_status tml_placement_find(const tml_world *world, int threads, tml_placement *placement, tml_error *error)
{
    MPI_Comm node = MPI_COMM_NULL;
    usable mine;
    int least[2];
    tml_status status = tml_mpi_check(
        MPI_Comm_split_type(world->comm, MPI_COMM_TYPE_SHARED, world->rank, MPI_INFO_NULL, &node),
        "finding the ranks of a node", error);

    memset(placement, 0, sizeof *placement);
    if (status != TML_OK)
        return status;
    find_usable(&mine);
    least[0] = mine.count;
    least[1] = mine.is_part ? 1 : 0;
    placement->ranks = world->size;
    placement->nodes = world->nodes;
    placement->threads = threads;
    placement->launcher_ranks = tml_launcher_ranks();
    MPI_Comm_size(node, &placement->most_ranks);
    status = tml_mpi_check(MPI_Allreduce(MPI_IN_PLACE, mine.words, WORDS, MPI_UNSIGNED_LONG, MPI_BOR, node),
                           "comparing the ranks' cores", error);
    MPI_Comm_free(&node);
    if (status != TML_OK)
        return status;
    mine.count = count_bits(mine.words);
    if (mine.count > 0)
        placement->crowding = (double)placement->most_ranks * threads / mine.count;
    status = tml_mpi_check(
        MPI_Allreduce(MPI_IN_PLACE, &placement->crowding, 1, MPI_DOUBLE, MPI_MAX, world->comm),
        "comparing the nodes", error);
    if (status == TML_OK)
        status = tml_mpi_check(
            MPI_Allreduce(MPI_IN_PLACE, &placement->most_ranks, 1, MPI_INT, MPI_MAX, world->comm),
            "comparing the nodes", error);
    if (status == TML_OK)
        status = tml_mpi_check(MPI_Allreduce(MPI_IN_PLACE, least, 2, MPI_INT, MPI_MIN, world->comm),
                               "comparing the ranks' cores", error);
    placement->least_cores = least[0];
    placement->is_bound = least[1] == 1;
    return status;
}
