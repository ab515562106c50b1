#ifndef TML_INFERENCE_GRID_SPECTRA_PRIVATE_H
#define TML_INFERENCE_GRID_SPECTRA_PRIVATE_H

/** @file inference/grid_spectra_private.h
 * What the files of inference/grid_spectra.h share: the table of the grid's points, which every rank has, the
 * spectra, of which each rank has its own, and the stencil of one spectrum. */

#include "inference/grid_spectra.h"
#include "spectra/stencil.h"

enum { TML_GRID_AXIS_NODES = 256 };

/** One set of parameters that the grid has a spectrum for. */
typedef struct tml_grid_point {
    const double *truth; /* [targets] */
    size_t targets;
    int64_t row;   /* in the grid's source; the lowest of those with the same parameters */
    size_t origin; /* place among the rows of all ranks, rank after rank */
} tml_grid_point;

/** What the grid's points say about one target. */
typedef struct tml_grid_axis {
    double low, high;                    /* in the target's unit */
    size_t count;                        /* of different values; 0: too many for an axis */
    double node[TML_GRID_AXIS_NODES];    /* [count] ascending, in the target's unit */
    double learned[TML_GRID_AXIS_NODES]; /* [count] the same as the network learns them */
    double step; /* length of a unit of the coordinate in which the nearest points are looked for */
} tml_grid_axis;

struct tml_grid_spectra {
    MPI_Comm comm; /* the caller's */
    int rank, size;
    const tml_data_set *data; /* borrowed */
    size_t targets, wavelengths;
    size_t held;           /* rows of this rank */
    const float **records; /* [held] */
    size_t first;          /* place of this rank's first row among those of all ranks */
    double *truth;         /* [rows of all ranks][targets] */
    size_t points;
    tml_grid_point *point; /* [points] ascending in their parameters, first target first; no two alike */
    double *place;         /* [points][targets] coordinates: learned values in units of the axes' steps */
    tml_grid_axis axis[TML_PREPARATION_TARGETS]; /* [targets] */
    bool has_axes;                               /* for every target */
};

/** How one spectrum follows from those of the grid. Sent as bytes. */
typedef struct tml_grid_stencil {
    tml_grid_spectrum_note note;
    uint32_t count;
    uint32_t point[TML_STENCIL_POINTS];
    double weight[TML_STENCIL_POINTS];
} tml_grid_stencil;

/** A target's value as the network learns it, before its scaling. */
double tml_grid_learned(const tml_grid_spectra *spectra, size_t target, double value);

/** The number of the point that has just these parameters; `points` if there is none. */
size_t tml_grid_point_find(const tml_grid_spectra *spectra, const double *truth);

/** A point's spectrum, if this rank holds it; else NULL. */
const float *tml_grid_point_flux(const tml_grid_spectra *spectra, size_t point);

/** The most points that a stencil of this grid has. */
size_t tml_grid_stencil_most(const tml_grid_spectra *spectra);

/** Find out how the spectrum of some parameters follows from those of the grid. Not collective.
 * @param at       [targets] finite
 * @param stencil  out
 * @return TML_OK or TML_INTERNAL
 */
TML_NODISCARD tml_status tml_grid_stencil_make(const tml_grid_spectra *spectra, const double *at,
                                               tml_grid_stencil *stencil, tml_error *error);

#endif
