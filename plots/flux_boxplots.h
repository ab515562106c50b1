#ifndef TML_PLOTS_FLUX_BOXPLOTS_H
#define TML_PLOTS_FLUX_BOXPLOTS_H

/** @file plots/flux_boxplots.h
 * The figure of the fluxes of a grid, or of its scaled fluxes: at each wavelength, at its true place, a box
 * from quartile to quartile with the median, whiskers to the last values within 1.5 interquartile ranges of
 * the box, the range that holds the central 95 %, and the smallest and the largest value. Where boxes would
 * be too narrow, they run together to bands. */

#include <stdbool.h>
#include <stddef.h>

#include "core/status.h"

typedef enum tml_box_edge {
    TML_EDGE_MINIMUM,
    TML_EDGE_P2_5,
    TML_EDGE_WHISKER_LOW,
    TML_EDGE_Q1,
    TML_EDGE_MEDIAN,
    TML_EDGE_Q3,
    TML_EDGE_WHISKER_HIGH,
    TML_EDGE_P97_5,
    TML_EDGE_MAXIMUM,
    TML_BOX_EDGES
} tml_box_edge;

typedef struct tml_flux_boxplots_plot {
    const char *title;                 /* NULL: none */
    const char *label;                 /* of the axis, with its unit */
    bool is_log10;                     /* the numbers are logarithms: the axis shows what they are of */
    size_t wavelengths;                /* at least 1 */
    const double *wavelength_um;       /* [wavelengths] ascending */
    const double *edge[TML_BOX_EDGES]; /* [wavelengths] each; a wavelength that lacks one has no box */
} tml_flux_boxplots_plot;

/** Draw FOLDER/NAME.pdf, .svg and .png; as tml_plot_observation. TML_BAD_DATA: no wavelength. */
TML_NODISCARD tml_status tml_plot_flux_boxplots(const tml_flux_boxplots_plot *plot, const char *folder,
                                                const char *name, tml_error *error);

#endif
