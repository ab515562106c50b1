#ifndef TML_IO_GRID_FILE_PRIVATE_H
#define TML_IO_GRID_FILE_PRIVATE_H

/** @file io/grid_file_private.h
 * The inside of an open grid file, shared by its writer and its reader. */

#include "io/grid_file.h"
#include "io/grid_file_layout.h"
#include "io/hdf5_private.h"

/** What a dataset with a line for each row holds. */
typedef enum tml_grid_part_kind {
    TML_GRID_PART_ROW,
    TML_GRID_PART_FLUX,
    TML_GRID_PART_PARAMETER,
    TML_GRID_PART_METADATA
} tml_grid_part_kind;

/** One dataset that has a line for each row of the grid, and where its values stand in tml_grid_rows. */
typedef struct tml_grid_part {
    tml_grid_part_kind kind;
    char name[TML_GRID_NAME + 16]; /* path in the file: "parameters/teff" */
    hid_t dataset;                 /* negative when not open */
    hid_t type;                    /* in memory and in the file */
    int rank;                      /* dimensions in the file: 1, or 2 for flux */
    size_t width;                  /* bytes of one row in the file */
    size_t stride;                 /* bytes from row to row in memory */
    size_t offset;                 /* of the first row in memory, bytes */
} tml_grid_part;

enum { TML_GRID_PARTS = 2 + TML_GRID_PARAMETERS + TML_GRID_METADATA };

struct tml_grid_file {
    MPI_Comm comm; /* own duplicate */
    int rank;
    int size;
    tml_grid_shape shape;
    double *wavelength_um; /* [shape.wavelengths] */
    uint64_t chunk_rows;
    hid_t id;             /* negative when not open */
    tml_hdf5_scope scope; /* datasets, types, transfer list */
    hid_t transfer;
    size_t part_count;
    tml_grid_part parts[TML_GRID_PARTS];
    char *path;
    char *partial;         /* NULL for a file that is read */
    uint64_t rows_written; /* by this rank */
    bool is_torn;          /* HDF5 has failed to write */
    bool accepts_any_flux; /* also what is not finite */
    uint64_t bytes_read;
    bool has_digest;
    tml_digest digest;
};

/** An empty object. Collective over `comm`. @return TML_OK or TML_INTERNAL, the same on all ranks */
TML_NODISCARD tml_status tml_grid_file_begin(MPI_Comm comm, const char *path, tml_grid_file **file,
                                             tml_error *error);

/** Close what is open and free the object. Collective; sets the pointer to NULL. */
void tml_grid_file_free(tml_grid_file **file);

/** Describe the parts that the shape asks for; nothing is opened. Not collective.
 * @return TML_OK or TML_INTERNAL */
TML_NODISCARD tml_status tml_grid_file_plan_parts(tml_grid_file *file, tml_error *error);

/** Open the file and all its parts. Collective unless mode is TML_IO_POSIX.
 * @param name      file on disk
 * @param writable  for the writer
 * @return TML_OK or TML_IO_ERROR, not agreed on
 */
TML_NODISCARD tml_status tml_grid_file_open_parts(tml_grid_file *file, const char *name, tml_io_mode mode,
                                                  bool writable, tml_error *error);

/** Rows of one transfer: whole chunks of about TML_GRID_ROUND_BYTES. */
uint64_t tml_grid_file_round_rows(const tml_grid_file *file);

/** Transfers that the rank with most rows needs. Collective.
 * @param rounds  out, the same on all ranks. @return TML_OK or TML_INTERNAL */
TML_NODISCARD tml_status tml_grid_file_agree_rounds(const tml_grid_file *file, uint64_t count,
                                                    uint64_t *rounds, tml_error *error);

/** Bytes for a row of the widest part that stands interleaved with others in memory, and so passes through a
 * buffer; at least 1. */
size_t tml_grid_file_packed_width(const tml_grid_file *file);

/** Start of a part's values in rows, or NULL if the caller left the part out. */
char *tml_grid_part_values(const tml_grid_part *part, const tml_grid_rows *rows);

/** Spaces of the rows [first, first + count) of a part, in the file and in memory; count 0 selects nothing.
 * @param scope  keeps both. @return false if HDF5 fails */
bool tml_grid_part_select(const tml_grid_part *part, uint64_t first, uint64_t count, tml_hdf5_scope *scope,
                          hid_t *in_file, hid_t *in_memory);

/** Check what a new file is to hold: counts, names, wavelengths. Not collective. (grid_file_skeleton.c)
 * @return TML_OK or TML_BAD_DATA */
TML_NODISCARD tml_status tml_grid_shape_check(const char *path, const tml_grid_shape *shape,
                                              const double *wavelength_um, tml_error *error);

/** Make NAME.partial with everything but the rows. Not collective: rank 0, serial driver.
 * @return TML_OK, TML_CANNOT_CREATE, TML_IO_ERROR or TML_INTERNAL; on failure nothing is left */
TML_NODISCARD tml_status tml_grid_file_make_skeleton(const tml_grid_file *file, const char *provenance,
                                                     tml_error *error);

/** Read and check everything but the rows: shape, units, wavelengths, size of a chunk. Not collective: rank
 * 0, serial driver. (grid_file_header.c)
 * @param file  shape, wavelength_um and chunk_rows are filled in
 * @return TML_OK, TML_BAD_DATA or TML_INTERNAL */
TML_NODISCARD tml_status tml_grid_file_read_header(tml_grid_file *file, tml_error *error);

#endif
