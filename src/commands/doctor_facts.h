#ifndef TML_COMMANDS_DOCTOR_FACTS_H
#define TML_COMMANDS_DOCTOR_FACTS_H

/** @file commands/doctor_facts.h
 * What is known of this build, this machine and this job, and what is wrong with it. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/status.h"
#include "io/file_libraries.h"
#include "mpi/placement.h"
#include "mpi/world.h"

enum { TML_DOCTOR_TEXT = 256, TML_DOCTOR_DRIVERS = 512, TML_DOCTOR_PROBLEMS = 24, TML_DOCTOR_LONG = 512 };

/** One node's hardware, as hwloc and the system see it. Counts are 0, sizes 0 where they are not known. */
typedef struct tml_doctor_machine {
    char processor[TML_DOCTOR_TEXT];
    char hwloc[32];
    int packages, numa_nodes, cores, hardware_threads;
    uint64_t cache[3];           /* bytes of one cache of level 1 (data), 2, 3 */
    uint64_t memory;             /* bytes */
    uint64_t memory_available;   /* bytes */
    double processor_quota;      /* processors that the container may use at a time; 0: no limit */
    char huge_pages[16];         /* always, madvise, never; "" */
    uint64_t shared_memory_free; /* bytes free in /dev/shm */
    char file_system[32];        /* of the current folder */
    uint64_t disk_free;          /* bytes free there for this user */
    bool is_folder_writable;
} tml_doctor_machine;

/** Everything. Of machine: that of rank 0. */
typedef struct tml_doctor_facts {
    char mpi[TML_DOCTOR_TEXT];
    char mpi_thread_level[16];
    tml_file_libraries files;
    char gsl[32];
    char plplot[32];
    char drivers[TML_DOCTOR_DRIVERS]; /* of PLplot that write files, separated by spaces */
    char blis[128];                   /* version and kernels */
    bool has_same_blis;               /* on all ranks */
    bool is_optimised;                /* this build */
    tml_doctor_machine machine;
    tml_placement placement;
} tml_doctor_facts;

typedef enum tml_doctor_severity {
    TML_DOCTOR_ADVICE, /* could be better */
    TML_DOCTOR_WARNING,
    TML_DOCTOR_ERROR /* it will not work */
} tml_doctor_severity;

typedef struct tml_doctor_problem {
    tml_doctor_severity severity;
    const char *code; /* word for programs, stable between versions */
    char text[TML_DOCTOR_LONG];
    const char *cure;
} tml_doctor_problem;

typedef struct tml_doctor_problems {
    size_t count;
    tml_doctor_problem problem[TML_DOCTOR_PROBLEMS];
} tml_doctor_problems;

/** Look at the machine of this rank. Not collective. */
void tml_doctor_look_at_machine(tml_doctor_machine *machine);

/** Gather all facts. Collective over world->comm. @return TML_OK or TML_INTERNAL, the same on all ranks */
TML_NODISCARD tml_status tml_doctor_gather(const tml_world *world, int threads, tml_doctor_facts *facts,
                                           tml_error *error);

/** What is wrong, the worst first. Pure. */
void tml_doctor_examine(const tml_doctor_facts *facts, tml_doctor_problems *problems);

#endif
