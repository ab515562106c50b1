#ifndef TML_IO_GRID_PROVENANCE_H
#define TML_IO_GRID_PROVENANCE_H

/** @file io/grid_provenance.h
 * Where a grid file comes from, as it says itself. */

#include "core/status.h"

/** Read the group /provenance. Not collective: one rank, while the file is not open otherwise.
 * @param lines  out: "name=value" lines in the order in which they were written, each ended by a newline; on
 * the heap, owned by the caller; an empty string if the file says nothing; NULL on failure
 * @return TML_OK, TML_IO_ERROR, TML_BAD_DATA or TML_INTERNAL
 */
TML_NODISCARD tml_status tml_grid_provenance_read(const char *path, char **lines, tml_error *error);

#endif
