#ifndef TML_IO_GRID_FILE_H
#define TML_IO_GRID_FILE_H

/** @file io/grid_file.h
 * A grid of synthetic spectra in HDF5 (layout: docs/contracts.md, "Files"), written and read by all ranks.
 *
 * Writing:  create -> write_rows (once per round, all ranks) -> finish
 * Reading:  open -> read_rows ... -> close
 *
 * A file appears under its name only when it is complete: it is written as NAME.partial, flushed, given its
 * digest, synchronised to disk and renamed. Rows are numbered here by their place in the file; /row says
 * which row of the source stands there.
 */

#include <mpi.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/digest.h"
#include "core/status.h"

enum { TML_GRID_NAME = 64, TML_GRID_PARAMETERS = 16, TML_GRID_METADATA = 32 };

/** How rows are read: through the MPI-IO driver (independent, collective) or by plain reads of each rank. */
typedef enum tml_io_mode { TML_IO_INDEPENDENT, TML_IO_COLLECTIVE, TML_IO_POSIX } tml_io_mode;

/** A parameter of the spectra: teff, logg, ... */
typedef struct tml_grid_parameter {
    char name[TML_GRID_NAME];
    char unit[TML_GRID_NAME];
    char long_name[2 * TML_GRID_NAME];
} tml_grid_parameter;

/** A column that says something about a row without being a parameter; kept as text. */
typedef struct tml_grid_metadata {
    char name[TML_GRID_NAME];
    size_t width; /* bytes of the longest value, at least 1 */
} tml_grid_metadata;

/** What a grid holds, apart from its rows. */
typedef struct tml_grid_shape {
    uint64_t rows;
    size_t wavelengths;
    size_t parameter_count;
    tml_grid_parameter parameters[TML_GRID_PARAMETERS];
    size_t metadata_count;
    tml_grid_metadata metadata[TML_GRID_METADATA];
    double solar_c_o; /* the C/O ratio that c_o = 1 stands for */
} tml_grid_shape;

/** Rows in memory, as they are handed to write_rows and filled by read_rows. Arrays may be NULL to leave a
 * part out when reading. */
typedef struct tml_grid_rows {
    int64_t *row;       /* [count] number of the row in its source */
    float *flux;        /* [count][wavelengths] F_nu at the surface, erg s-1 cm-2 Hz-1 */
    double *parameters; /* [count][parameter_count], in the order of the shape */
    char *metadata;     /* [count][sum of widths], each value padded with NUL; NULL if there is none */
} tml_grid_rows;

typedef struct tml_grid_file tml_grid_file;

/** Begin a new grid file. Collective over `comm`; all arguments equal on all ranks.
 *
 * @param comm         duplicated here
 * @param path         final name; refused (TML_CANNOT_CREATE) if it exists and `replace` is false
 * @param shape        copied; rows must be at least 1
 * @param wavelength_um [shape.wavelengths] ascending, vacuum, borrowed
 * @param provenance   lines "name=value" separated by newlines for /provenance: command, source, seed;
 * borrowed
 * @param file         out, owned by the caller; NULL on failure and then nothing is left on disk
 * @return the same on all ranks
 */
TML_NODISCARD tml_status tml_grid_file_create(MPI_Comm comm, const char *path, bool replace,
                                              const tml_grid_shape *shape, const double *wavelength_um,
                                              const char *provenance, tml_grid_file **file, tml_error *error);

/** Rows of one chunk; write_rows takes whole chunks. */
uint64_t tml_grid_file_chunk_rows(const tml_grid_file *file);

/** Write rows [first, first + count). Collective and synchronising: every rank calls it equally often, a rank
 * with nothing to write with count 0. `first` is a multiple of the chunk's rows and the last chunk alone may
 * be short, so that every chunk is written once by one rank.
 * @param local  status of the caller's work on these rows: a rank that failed hands it in and every rank
 * returns it
 * @param rows   borrowed; all parts of the shape must be there
 */
TML_NODISCARD tml_status tml_grid_file_write_rows(tml_grid_file *file, tml_status local, uint64_t first,
                                                  uint64_t count, const tml_grid_rows *rows,
                                                  tml_error *error);

/** Complete the file: flush, digest (ranks share the work), fsync, rename. Collective. Frees the object and
 * sets the pointer to NULL in any case; after a failure nothing is left on disk. */
TML_NODISCARD tml_status tml_grid_file_finish(tml_grid_file **file, tml_error *error);

/** Give up writing: remove what is there. Collective. NULL is fine. */
void tml_grid_file_abandon(tml_grid_file **file);

/** Open for reading. Collective over `comm`; arguments equal on all ranks.
 *
 * Checked before HDF5 opens it: that it is there, that it is HDF5, its digest (for files up to 1 GiB, above
 * that only with `verify`). Checked after: version, shapes, units, wavelengths ascending and finite.
 * @return TML_OK, TML_NO_INPUT, TML_BAD_DATA or TML_IO_ERROR; the same on all ranks; *file is NULL on failure
 */
TML_NODISCARD tml_status tml_grid_file_open(MPI_Comm comm, const char *path, tml_io_mode mode, bool verify,
                                            tml_grid_file **file, tml_error *error);

/** What the file holds. Borrowed. Not collective. */
const tml_grid_shape *tml_grid_file_shape(const tml_grid_file *file);

/** [wavelengths] micron, ascending. Borrowed. Not collective. */
const double *tml_grid_file_wavelength_um(const tml_grid_file *file);

/** Position of a parameter by name, or -1. Not collective. */
int tml_grid_file_parameter(const tml_grid_file *file, const char *name);

/** Let read_rows hand over fluxes that are not finite, for whoever looks for them. Not collective; the same
 * on all ranks. */
void tml_grid_file_accept_any_flux(tml_grid_file *file);

/** Read rows [first, first + count). Collective; each rank its own range, a rank with nothing to read count
 * 0. Values that are not finite are an error (TML_BAD_DATA) that names the source row and the wavelength.
 * @param rows  arrays of the caller; a NULL part is not read (the same parts on all ranks)
 */
TML_NODISCARD tml_status tml_grid_file_read_rows(tml_grid_file *file, uint64_t first, uint64_t count,
                                                 tml_grid_rows *rows, tml_error *error);

/** Bytes of data that this rank has read through this object: rows only, not the header. Not collective. */
uint64_t tml_grid_file_bytes_read(const tml_grid_file *file);

/** Digest of the whole file as it stands in its user block; false if the file carries none. Not collective.
 */
bool tml_grid_file_digest(const tml_grid_file *file, tml_digest *digest);

/** Close. Collective. Sets the pointer to NULL; NULL is fine. */
void tml_grid_file_close(tml_grid_file **file);

#endif
