#ifndef TML_EXPLORATION_DENSIFICATION_H
#define TML_EXPLORATION_DENSIFICATION_H

/** @file exploration/densification.h
 * A regular grid on finer axes, by interpolation.
 *
 * The logarithm of the flux is multilinear in the parameters, teff as log10 (spectra/stencil.h); at a
 * wavelength where one of the corners is not above 0, the flux itself is. On a node of the old grid the flux
 * is that of the node, to the bit. Every rank reads its share of the old grid once and holds the spectra of a
 * part of its nodes; the corners that another rank needs are sent to it. What stands in the new file does not
 * depend on the number of ranks. */

#include <mpi.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/status.h"
#include "io/grid_file.h"

enum { TML_DENSE_VALUES = 4096 };

/** New values of one axis. */
typedef struct tml_dense_axis {
    size_t count;                   /* 0: as the factor says */
    double value[TML_DENSE_VALUES]; /* [count] strictly ascending */
} tml_dense_axis;

typedef struct tml_densification {
    const char *grid; /* to be read */
    const char *out;
    bool replace;
    uint64_t factor;            /* parts of each step of the other axes, equal in the parameter; 1: none */
    size_t named;               /* axes with new values */
    const char *const *name;    /* [named] */
    const tml_dense_axis *axis; /* [named] */
    uint64_t seed;              /* of the order of the rows */
    bool show_only;             /* check all and write nothing */
    /** Called on every rank with what has been done. @param done of the new rows, roughly */
    void (*progress)(void *context, uint64_t done, uint64_t total);
    void *context;
} tml_densification;

typedef struct tml_densified {
    uint64_t rows, old_rows;
    size_t wavelengths, parameters;
    size_t count[TML_GRID_PARAMETERS]; /* values of each axis */
    char name[TML_GRID_PARAMETERS][TML_GRID_NAME];
} tml_densified;

/** Make the grid. Collective over `comm`; wish equal on all ranks but for progress and context.
 * @param provenance  lines for the new file, equal on all ranks
 * @param made        out, the same on all ranks
 * @return the same on all ranks: TML_OK; TML_USAGE (no such axis; a value outside the axis); TML_BAD_DATA
 * (the grid is not regular: a parameter with more than 64 values, missing or repeated nodes); as
 * tml_grid_file_open and tml_grid_file_create; TML_INTERNAL. After a failure no file is left
 */
TML_NODISCARD tml_status tml_densify(MPI_Comm comm, const tml_densification *wish, const char *provenance,
                                     tml_densified *made, tml_error *error);

#endif
