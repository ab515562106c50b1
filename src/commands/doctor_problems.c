#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands/doctor_facts.h"
#include "core/text.h"

/* Below these a rank of the published network is short of room. */
static const double RANK_MEMORY = 512e6;       /* bytes */
static const double RANK_SHARED_MEMORY = 64e6; /* bytes */
static const double RUN_DISK = 1e9;            /* bytes: a few checkpoints and a report */

static void complain(tml_doctor_problems *problems, tml_doctor_severity severity, const char *code,
                     const char *cure, const char *format, ...) TML_PRINTF(5, 6);

static void complain(tml_doctor_problems *problems, tml_doctor_severity severity, const char *code,
                     const char *cure, const char *format, ...)
{
    tml_doctor_problem *problem = &problems->problem[problems->count];
    va_list arguments;

    if (problems->count == TML_DOCTOR_PROBLEMS)
        return;
    problems->count += 1;
    problem->severity = severity;
    problem->code = code;
    problem->cure = cure;
    va_start(arguments, format);
    vsnprintf(problem->text, sizeof problem->text, format, arguments);
    va_end(arguments);
}

static bool has_driver(const char *drivers, const char *wanted)
{
    size_t length = strlen(wanted);

    for (const char *at = drivers; *at != '\0'; at += strspn(at, " ")) {
        size_t word = strcspn(at, " ");

        if (word == length && strncmp(at, wanted, word) == 0)
            return true;
        at += word;
    }
    return false;
}

static void examine_build(const tml_doctor_facts *facts, tml_doctor_problems *problems)
{
    static const char *const wanted[] = {"pdfcairo", "svgcairo", "pngcairo"};

    if (!facts->files.has_parallel_hdf5)
        complain(problems, TML_DOCTOR_ERROR, "serial_hdf5",
                 "install the parallel HDF5 (Debian: libhdf5-openmpi-dev) and build again",
                 "HDF5 %s was built without MPI", facts->files.hdf5);
    if (!facts->is_optimised)
        complain(problems, TML_DOCTOR_WARNING, "debug_build", "build it by: cmake --workflow release",
                 "this program was built for finding errors; it is several times slower");
    if (strstr(facts->blis, "generic") != NULL)
        complain(problems, TML_DOCTOR_WARNING, "generic_blis",
                 "set BLIS_ARCH_TYPE to the number of a family that this processor can run, or install a "
                 "BLIS that knows it",
                 "BLIS %s does not know this processor and multiplies without its vector units", facts->blis);
    if (!facts->has_same_blis)
        complain(problems, TML_DOCTOR_WARNING, "mixed_kernels",
                 "use nodes of one kind, or set BLIS_ARCH_TYPE to the same value everywhere",
                 "the ranks use different BLIS kernels (rank 0: %s): the weights will depend on which rank "
                 "computes what",
                 facts->blis);
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; ++i)
        if (!has_driver(facts->drivers, wanted[i])) {
            complain(problems, TML_DOCTOR_WARNING, "no_cairo",
                     "install PLplot's cairo drivers (Debian: plplot-driver-cairo)",
                     "PLplot %s has no driver %s: there will be no figures", facts->plplot, wanted[i]);
            return;
        }
}

static void examine_launch(const tml_placement *p, tml_doctor_problems *problems)
{
    if (p->ranks == 1 && p->launcher_ranks > 1)
        complain(
            problems, TML_DOCTOR_ERROR, "singletons",
            "under Slurm start it by srun --mpi=pmix (or mpirun); else use the mpirun of the MPI that it "
            "was built with",
            "the launcher has started %d ranks, but each is alone: they are %d separate programs that do "
            "the same work",
            p->launcher_ranks, p->launcher_ranks);
    if (p->crowding > 1.0)
        complain(problems, TML_DOCTOR_WARNING, "oversubscribed",
                 "start fewer ranks or threads, or give the job more cores (mpirun --bind-to core, srun "
                 "--cpus-per-task)",
                 "%d ranks of %d threads share too few cores: %.3g working threads for each", p->most_ranks,
                 p->threads, p->crowding);
    else if (p->least_cores > 0 && p->least_cores < p->threads)
        complain(problems, TML_DOCTOR_WARNING, "bound_too_tightly",
                 "bind ranks to as many cores as they have threads (mpirun --map-by slot:PE=THREADS, srun "
                 "--cpus-per-task=THREADS)",
                 "a rank of %d threads may use only %d of the processors", p->threads, p->least_cores);
}

static void examine_binding(const tml_doctor_facts *facts, tml_doctor_problems *problems)
{
    const tml_doctor_machine *m = &facts->machine;
    const tml_placement *p = &facts->placement;

    if (p->most_ranks > 1 && !p->is_bound && m->numa_nodes > 1)
        complain(problems, TML_DOCTOR_ADVICE, "not_bound", "bind them (mpirun --bind-to core)",
                 "ranks may wander between %d NUMA nodes, away from their memory", m->numa_nodes);
    if (m->processor_quota > 0.0 && m->processor_quota < (double)p->most_ranks * p->threads)
        complain(problems, TML_DOCTOR_WARNING, "quota",
                 "start fewer ranks or threads, or give the container more processors",
                 "this container may use %.3g processors at a time, for %d ranks of %d threads",
                 m->processor_quota, p->most_ranks, p->threads);
}

static void examine_memory(const tml_doctor_machine *m, int ranks, tml_doctor_problems *problems)
{
    char free_text[32];

    tml_text_bytes((double)m->memory_available, free_text);
    if (m->memory_available > 0 && (double)m->memory_available < RANK_MEMORY * ranks)
        complain(problems, TML_DOCTOR_WARNING, "little_memory", "start fewer ranks, or use more nodes",
                 "%s of memory are free for %d ranks; the published network wants half a gigabyte each",
                 free_text, ranks);
    tml_text_bytes((double)m->shared_memory_free, free_text);
    if ((double)m->shared_memory_free < RANK_SHARED_MEMORY * ranks)
        complain(problems, TML_DOCTOR_WARNING, "little_shared_memory",
                 "give the container more (docker run --shm-size=1g), or empty /dev/shm",
                 "%s are free in /dev/shm, through which the %d ranks of a node talk", free_text, ranks);
    if (strcmp(m->huge_pages, "never") == 0)
        complain(problems, TML_DOCTOR_ADVICE, "no_huge_pages",
                 "as root: echo madvise > /sys/kernel/mm/transparent_hugepage/enabled",
                 "huge pages are switched off; weights and gradients are walked a little slower");
}

static void examine_folder(const tml_doctor_machine *m, tml_doctor_problems *problems)
{
    char free_text[32];

    tml_text_bytes((double)m->disk_free, free_text);
    if (!m->is_folder_writable)
        complain(problems, TML_DOCTOR_ADVICE, "read_only_folder", "put run directories somewhere else",
                 "the current folder cannot be written");
    else if ((double)m->disk_free < RUN_DISK)
        complain(problems, TML_DOCTOR_WARNING, "little_disk", "put run directories somewhere else",
                 "%s are free in the current folder; a training with its checkpoints wants more", free_text);
    if (strcmp(m->file_system, "nfs") == 0)
        complain(problems, TML_DOCTOR_ADVICE, "nfs",
                 "keep grids on a parallel or local file system, or set io.mode to posix",
                 "the current folder is on NFS, where many ranks that read one file are slow");
}

static int by_severity(const void *left, const void *right)
{
    const tml_doctor_problem *a = left;
    const tml_doctor_problem *b = right;

    return (a->severity < b->severity) - (a->severity > b->severity);
}

void tml_doctor_examine(const tml_doctor_facts *facts, tml_doctor_problems *problems)
{
    problems->count = 0;
    examine_build(facts, problems);
    examine_launch(&facts->placement, problems);
    examine_binding(facts, problems);
    examine_memory(&facts->machine, facts->placement.most_ranks, problems);
    examine_folder(&facts->machine, problems);
    qsort(problems->problem, problems->count, sizeof problems->problem[0], by_severity);
}
