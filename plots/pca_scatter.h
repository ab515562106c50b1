#ifndef TML_PLOTS_PCA_SCATTER_H
#define TML_PLOTS_PCA_SCATTER_H

/** @file plots/pca_scatter.h
 * The figure of the spectra in the plane of their first two principal components, once for each parameter,
 * whose value is the colour. With more than 4,000 points in all panels the colour of a place is the mean
 * value of the spectra that lie there, because of many points on top of each other only the last would be
 * seen. */

#include <stddef.h>

#include "core/status.h"

enum { TML_SCATTER_PANELS = 16 };

typedef struct tml_scatter_panel {
    const char *label;   /* "Teff [K]" */
    const double *value; /* [count] at the stride */
} tml_scatter_panel;

typedef struct tml_pca_scatter_plot {
    const char *title; /* NULL: none */
    const char *x_label, *y_label;
    size_t count;
    size_t stride;       /* doubles between the values of two spectra */
    const double *x, *y; /* [count] at the stride; a spectrum that lacks one is left out */
    size_t panels;       /* 1 to TML_SCATTER_PANELS */
    tml_scatter_panel panel[TML_SCATTER_PANELS];
} tml_pca_scatter_plot;

/** Draw FOLDER/NAME.pdf, .svg and .png; as tml_plot_observation. TML_BAD_DATA: no spectrum, or the number of
 * panels. */
TML_NODISCARD tml_status tml_plot_pca_scatter(const tml_pca_scatter_plot *plot, const char *folder,
                                              const char *name, tml_error *error);

#endif
