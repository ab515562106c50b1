#ifndef TML_PLOTS_PCA_COMPONENTS_H
#define TML_PLOTS_PCA_COMPONENTS_H

/** @file plots/pca_components.h
 * The figure of what the principal components look like: each over wavelength in its own panel, with its
 * share of the variance. */

#include <stddef.h>

#include "core/status.h"

enum { TML_COMPONENT_PANELS = 8 };

typedef struct tml_component_panel {
    double share;         /* of the variance, from 0 to 1; NaN: not known */
    const double *weight; /* [wavelengths] */
} tml_component_panel;

typedef struct tml_pca_components_plot {
    const char *title;           /* NULL: none */
    size_t wavelengths;          /* at least 1 */
    const double *wavelength_um; /* [wavelengths] ascending */
    size_t panels;               /* 1 to TML_COMPONENT_PANELS */
    tml_component_panel panel[TML_COMPONENT_PANELS];
} tml_pca_components_plot;

/** Draw FOLDER/NAME.pdf, .svg and .png; as tml_plot_observation. TML_BAD_DATA: no wavelength, or the number
 * of panels. */
TML_NODISCARD tml_status tml_plot_pca_components(const tml_pca_components_plot *plot, const char *folder,
                                                 const char *name, tml_error *error);

#endif
