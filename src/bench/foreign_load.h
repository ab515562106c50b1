#ifndef TML_BENCH_FOREIGN_LOAD_H
#define TML_BENCH_FOREIGN_LOAD_H

/** @file bench/foreign_load.h
 * How much of the machine others used during a measurement: all processor time of the node, stolen time of a
 * virtual machine included, without that of the ranks of this job. From /proc/stat, in steps of 10 ms. */

#include <mpi.h>

#include "core/status.h"

typedef struct tml_foreign_load {
    double started;  /* clock */
    double node_cpu; /* processor seconds of the node since it started; NaN: not known */
    double own_cpu;  /* of this process */
} tml_foreign_load;

/** Start. Not collective. */
void tml_foreign_load_begin(tml_foreign_load *load);

/** The share since then. Collective over `comm`, a barrier before the end of the measurement included.
 * @param share  out, the same on all ranks: of the processor time that the cores of a node could give, 0 to
 *               1, on the node where it is largest; NaN where the system does not tell
 * @return TML_OK or TML_INTERNAL, the same on all ranks
 */
TML_NODISCARD tml_status tml_foreign_load_end(MPI_Comm comm, const tml_foreign_load *load, double *share,
                                              tml_error *error);

#endif
