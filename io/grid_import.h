#ifndef TML_IO_GRID_IMPORT_H
#define TML_IO_GRID_IMPORT_H

/** @file io/grid_import.h
 * From a CSV file to a grid file.
 *
 * Rank 0 reads and checks the rows (io/grid_csv.h) and throws them into temporary buckets beside the output
 * (io/row_buckets.h); then all ranks load the buckets of their rows and write the grid file together. The
 * rows are stored in the order of a random number of each row that depends on the seed alone, so that the
 * result is the same for any number of ranks and of buckets. */

#include <mpi.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/digest.h"
#include "core/status.h"
#include "io/grid_csv.h"

/** What to do; the same on all ranks. Strings are borrowed for the time of the call. */
typedef struct tml_grid_import_job {
    tml_grid_csv_files files;
    const char *out;        /* grid file to write */
    const char *provenance; /* as in tml_grid_file_create */
    uint64_t seed;          /* of the order of the rows */
    bool replace;           /* an existing output */
    bool dry_run;           /* read and check everything, write nothing */
    bool progress;          /* a line now and then while rank 0 reads */
    unsigned bucket_bits;   /* at least 2^bucket_bits buckets; 0: as many as the size of the file asks for */
} tml_grid_import_job;

/** What was imported; the same on all ranks. */
typedef struct tml_grid_import_result {
    tml_grid_shape shape;
    tml_grid_ranges ranges;
    double shortest_um;
    double longest_um;
    uint64_t bytes;    /* of the grid file; 0 after a dry run */
    tml_digest digest; /* of the grid file; zero after a dry run */
} tml_grid_import_result;

/** Import a grid. Collective over `comm`.
 * @param result  out; unchanged on failure
 * @return TML_OK, TML_USAGE, TML_NO_INPUT, TML_BAD_DATA, TML_CANNOT_CREATE, TML_IO_ERROR or TML_INTERNAL, the
 * same on all ranks; after a failure neither the output nor a temporary file is left on disk, and an older
 *         output is as it was
 */
TML_NODISCARD tml_status tml_grid_import(MPI_Comm comm, const tml_grid_import_job *job,
                                         tml_grid_import_result *result, tml_error *error);

#endif
