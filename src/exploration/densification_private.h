#ifndef TML_EXPLORATION_DENSIFICATION_PRIVATE_H
#define TML_EXPLORATION_DENSIFICATION_PRIVATE_H

/** @file exploration/densification_private.h
 * What the files of exploration/densification.h share. */

#include "exploration/densification.h"
#include "exploration/explored_rows.h"
#include "exploration/parameter_bins.h"
#include "spectra/stencil.h"

/** One axis of both grids, and its values as they are interpolated in. */
typedef struct tml_dense_pair {
    bool is_log10;
    size_t old_count;
    double old_place[TML_PARAMETER_BINS];
    size_t count;
    double value[TML_DENSE_VALUES];
} tml_dense_pair;

/** The old grid over the ranks, by the numbers of its nodes, the last axis fastest. */
typedef struct tml_old_nodes {
    MPI_Comm comm;
    int rank, size;
    size_t parameters, wavelengths;
    uint64_t nodes;
    uint64_t first;       /* node of this rank */
    float *flux;          /* [nodes of this rank][wavelengths] */
    tml_dense_pair *pair; /* [parameters] */
} tml_old_nodes;

/** Which corners a new node has. */
typedef struct tml_dense_stencil {
    size_t count;
    uint64_t node[TML_STENCIL_POINTS];
    double weight[TML_STENCIL_POINTS];
} tml_dense_stencil;

/** Read and check the old grid and share it out by nodes. Collective over `comm`. (densification_nodes.c)
 * @param old    out, owned by the caller (tml_old_nodes_free), to be freed also after a failure
 * @param shape  out: of the old file
 * @param wavelength_um  out: [wavelengths] on the heap, owned by the caller
 * @return as tml_densify */
TML_NODISCARD tml_status tml_old_nodes_read(MPI_Comm comm, const tml_densification *wish, tml_old_nodes *old,
                                            tml_grid_shape *shape, double **wavelength_um, tml_error *error);

/** Parameters of a new node. @param value out: [parameters] */
void tml_dense_values(const tml_old_nodes *old, uint64_t node, double *value);

/** Spectra of new nodes, on all ranks at the same time. Collective. (densification_spectra.c)
 * @param count  of this rank; may be 0
 * @param node   [count]
 * @param flux   out: [count][wavelengths]
 * @return TML_OK or TML_INTERNAL, the same on all ranks */
TML_NODISCARD tml_status tml_dense_spectra(const tml_old_nodes *old, size_t count, const uint64_t *node,
                                           float *flux, tml_error *error);

/** Free what it owns and zero it; a zeroed one is fine. */
void tml_old_nodes_free(tml_old_nodes *old);

#endif
