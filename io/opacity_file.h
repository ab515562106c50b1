#ifndef TML_IO_OPACITY_FILE_H
#define TML_IO_OPACITY_FILE_H

/** @file io/opacity_file.h
 * Tables of opacity in HDF5 (layout: docs/contracts.md, "Opacity table"): read by one rank, shared with all.
 */

#include <mpi.h>

#include "atmosphere/opacity_table.h"
#include "core/digest.h"
#include "core/status.h"
#include "io/path.h"

/** The table that comes with the program. */
#define TML_OPACITY_FILE_NAME "cloudless_opacity.h5"

/** A table and the arrays that it points to. */
typedef struct tml_opacity_file {
    tml_opacity_table table;
    double *wavelength_um;
    float *ln_mean, *ln_contrast, *log10_collision;
    tml_digest digest;          /* of the file */
    char path[TML_PATH_LENGTH]; /* where it was found */
} tml_opacity_file;

/** Where a table lies. Not collective.
 *
 * In a folder: the file TML_OPACITY_FILE_NAME, else the only file *.h5. Without a folder: the table that
 * comes with the program, installed (../share/telescopeml beside the folder of the program) or, for a program
 * that is not installed, in the sources that it was built from (src/shipped).
 * @param folder  or NULL
 * @param path    out
 * @return TML_OK, TML_NO_INPUT (nothing there; the message says where and the cure) or TML_BAD_DATA (a folder
 * with several)
 */
TML_NODISCARD tml_status tml_opacity_file_find(const char *folder, char path[TML_PATH_LENGTH],
                                               tml_error *error);

/** Find and read a table on rank 0 and share it. Collective over `comm`; `folder` equal on all ranks.
 *
 * Checked: digest (where there is one), format and version, shapes, axes positive and ascending, species that
 * the program knows, values finite, logarithms of cross sections below 0.
 * @param folder  as for tml_opacity_file_find
 * @param file    out, freed by tml_opacity_file_free; zeroed on failure
 * @return TML_OK, TML_NO_INPUT, TML_BAD_DATA, TML_IO_ERROR or TML_INTERNAL; the same on all ranks
 */
TML_NODISCARD tml_status tml_opacity_file_read(MPI_Comm comm, const char *folder, tml_opacity_file *file,
                                               tml_error *error);

/** Free the arrays and zero the object; a zeroed one is fine. */
void tml_opacity_file_free(tml_opacity_file *file);

#endif
