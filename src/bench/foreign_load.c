#include "bench/foreign_load.h"

#include <math.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#include "core/clock.h"
#include "mpi/agree.h"

/* user, nice, system, idle, iowait, irq, softirq, steal (proc(5)); what idles or waits for a disk is free. */
enum { FIELDS = 8, IDLE = 3, WAITING = 4 };

static double node_cpu_now(void)
{
    unsigned long long field[FIELDS];
    double busy = 0.0;
    FILE *file = fopen("/proc/stat", "re");
    int found = 0;

    if (file == NULL)
        return NAN;
    if (fscanf(file, "cpu") == 0)
        while (found < FIELDS && fscanf(file, "%llu", &field[found]) == 1)
            ++found;
    fclose(file);
    if (found < FIELDS)
        return NAN;
    for (int i = 0; i < FIELDS; ++i)
        busy += i == IDLE || i == WAITING ? 0.0 : (double)field[i];
    return busy / (double)sysconf(_SC_CLK_TCK);
}

static double own_cpu_now(void)
{
    struct rusage usage;

    if (getrusage(RUSAGE_SELF, &usage) != 0)
        return 0.0;
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           1e-6 * (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

void tml_foreign_load_begin(tml_foreign_load *load)
{
    load->own_cpu = own_cpu_now();
    load->node_cpu = node_cpu_now();
    load->started = tml_clock_now();
}

tml_status tml_foreign_load_end(MPI_Comm comm, const tml_foreign_load *load, double *share, tml_error *error)
{
    MPI_Comm node = MPI_COMM_NULL;
    double own;
    double here;
    double seconds;
    tml_status status = tml_mpi_check(MPI_Barrier(comm), "ending a measurement", error);

    *share = NAN;
    seconds = tml_clock_now() - load->started;
    here = node_cpu_now() - load->node_cpu;
    own = own_cpu_now() - load->own_cpu;
    if (status == TML_OK)
        status = tml_mpi_check(MPI_Comm_split_type(comm, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &node),
                               "finding the ranks of a node", error);
    if (status != TML_OK)
        return status;
    status = tml_mpi_check(MPI_Allreduce(MPI_IN_PLACE, &own, 1, MPI_DOUBLE, MPI_SUM, node),
                           "adding the ranks' processor time", error);
    MPI_Comm_free(&node);
    if (status != TML_OK)
        return status;
    here = (here - own) / (seconds * (double)sysconf(_SC_NPROCESSORS_ONLN));
    here = isnan(here) ? -1.0 : here < 0.0 ? 0.0 : here; /* NaN has no place in a maximum */
    status = tml_mpi_check(MPI_Allreduce(MPI_IN_PLACE, &here, 1, MPI_DOUBLE, MPI_MAX, comm),
                           "comparing the nodes' load", error);
    if (status == TML_OK && here >= 0.0)
        *share = here;
    return status;
}
