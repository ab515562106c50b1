#ifndef TML_IO_GRID_FILE_LAYOUT_H
#define TML_IO_GRID_FILE_LAYOUT_H

/** @file io/grid_file_layout.h
 * Names and sizes of the grid format that writer, reader and tests share. Private to io/ and its tests. */

#include <stddef.h>
#include <stdint.h>

#include "io/grid_file.h"

#define TML_GRID_FORMAT "telescopeml-grid"
#define TML_GRID_FLUX_UNIT "erg s-1 cm-2 Hz-1"
#define TML_GRID_WAVELENGTH_UNIT "micron"

enum {
    TML_GRID_FORMAT_VERSION = 1,
    TML_GRID_CHUNK_BYTES = 1 << 20, /* of flux; the other datasets have as many rows in a chunk */
    TML_GRID_ROUND_BYTES = 1 << 26  /* of flux in one transfer, far below what MPI counts in an int */
};

/** Files up to this length have their digest checked whenever they are opened. */
#define TML_GRID_VERIFY_BYTES ((uint64_t)1 << 30)

/** tml_grid_file_create with the size of a chunk chosen by the caller, so that a small test has several
 * chunks. */
TML_NODISCARD tml_status tml_grid_file_create_chunked(MPI_Comm comm, const char *path, bool replace,
                                                      const tml_grid_shape *shape,
                                                      const double *wavelength_um, const char *provenance,
                                                      size_t chunk_bytes, tml_grid_file **file,
                                                      tml_error *error);

#endif
