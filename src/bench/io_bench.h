#ifndef TML_BENCH_IO_BENCH_H
#define TML_BENCH_IO_BENCH_H

/** @file bench/io_bench.h
 * How fast the ranks read a grid file, in each of the ways of io.mode. */

#include <stdint.h>

#include "bench/figure_list.h"
#include "mpi/world.h"

typedef struct tml_io_request {
    const char *folder; /* the file is made there and removed again */
    uint64_t rows;
    size_t wavelengths;
    size_t repeats; /* 1 to TML_BENCH_REPEATS */
} tml_io_request;

/** Measure. Collective over world->comm; the request equal on all ranks.
 *
 * Figures: io.write; io.MODE.cold and io.MODE.warm for MODE independent, collective and posix: MB of rows
 * per second of all ranks, each reading its share. Cold: the pages of the file were given back to the system
 * before, which another cache - of a file server, a disk or a virtual machine - knows nothing of.
 * @return the same on all ranks: TML_OK, TML_CANNOT_CREATE, TML_IO_ERROR or TML_INTERNAL
 */
TML_NODISCARD tml_status tml_bench_io(const tml_world *world, const tml_io_request *request,
                                      tml_bench_figures *figures, tml_error *error);

#endif
