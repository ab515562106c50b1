#ifndef TML_IO_GRID_SUMMARY_H
#define TML_IO_GRID_SUMMARY_H

/** @file io/grid_summary.h
 * What stands in a grid file, in a few numbers: ranges, numbers of different values, identical spectra. Every
 * rank reads its share of the rows once; the result is the same for any number of ranks. */

#include <mpi.h>
#include <stddef.h>
#include <stdint.h>

#include "core/status.h"
#include "io/grid_file.h"
#include "mpi/distinct.h"

typedef struct tml_grid_parameter_summary {
    double minimum;
    double maximum;
    uint64_t different;              /* number of different values */
    size_t value_count;              /* the same, if it is at most TML_DISTINCT_FEW, else 0 */
    double values[TML_DISTINCT_FEW]; /* [value_count] ascending */
} tml_grid_parameter_summary;

typedef struct tml_grid_summary {
    tml_grid_parameter_summary parameters[TML_GRID_PARAMETERS];
    double flux_minimum;
    double flux_maximum;
    uint64_t twin_groups;      /* spectra that several rows have in common (XXH3-64 of the float32 values) */
    uint64_t twin_rows;        /* rows that share their spectrum with another row */
    double resolution_minimum; /* wavelength over distance to the next one; 0 with one wavelength */
    double resolution_maximum;
} tml_grid_summary;

/** Read the whole grid and sum it up. Collective over `comm`, which has the ranks that opened the file.
 * @param summary  out, the same on all ranks; unchanged on failure
 * @return TML_OK or as tml_grid_file_read_rows, the same on all ranks
 */
TML_NODISCARD tml_status tml_grid_summary_compute(MPI_Comm comm, tml_grid_file *file,
                                                  tml_grid_summary *summary, tml_error *error);

#endif
