#ifndef TML_PLOTS_CHI_SQUARE_MAP_H
#define TML_PLOTS_CHI_SQUARE_MAP_H

/** @file plots/chi_square_map.h
 * The figure of how the spectra of a grid fit an observation: for each pair of parameters the smallest chi2
 * over all others, as cells around the grid's nodes and nothing between them; on the diagonal the same for
 * each parameter; and, where it is known, chi2 against the radius that a spectrum's brightness implies. A
 * parameter with more than 40 values has bins instead of nodes; one with a single value is left out. */

#include <stdbool.h>
#include <stddef.h>

#include "core/status.h"

enum { TML_CHI_SQUARE_PARAMETERS = 16 };

typedef struct tml_chi_square_map_plot {
    const char *title;                            /* NULL: none */
    size_t rows;                                  /* grid points, from the best on; at least 1 */
    const double *chi2;                           /* [rows] ascending */
    size_t parameters;                            /* 1 to TML_CHI_SQUARE_PARAMETERS */
    const double *parameter;                      /* [rows][parameters] finite */
    const char *label[TML_CHI_SQUARE_PARAMETERS]; /* "Teff [K]" */
    double answer[TML_CHI_SQUARE_PARAMETERS];     /* the network's; NaN: none */
    double dof;           /* above 0: chi2 / dof is shown; else chi2 minus that of the best, at least 1 */
    const double *radius; /* [rows] implied; NaN: not known; NULL: no such panel */
    double answer_radius, answer_chi2;    /* the network's; NaN: not known */
    double given_radius, given_radius_sd; /* NaN: not known */
} tml_chi_square_map_plot;

/** Draw FOLDER/NAME.pdf, .svg and .png; as tml_plot_observation. TML_BAD_DATA: numbers of rows or parameters,
 * or no parameter with two values. */
TML_NODISCARD tml_status tml_plot_chi_square_map(const tml_chi_square_map_plot *plot, const char *folder,
                                                 const char *name, tml_error *error);

#endif
