#ifndef TML_PLOTS_PARAMETER_DISTRIBUTION_H
#define TML_PLOTS_PARAMETER_DISTRIBUTION_H

/** @file plots/parameter_distribution.h
 * The figure of a grid's parameters: how many spectra have each value, in a panel for each parameter. Values
 * of an axis are bars at their place, so that unequal steps are seen; others are bins. */

#include <stddef.h>

#include "core/status.h"

enum { TML_DISTRIBUTION_PANELS = 16 };

typedef struct tml_distribution_panel {
    const char *label;    /* "Teff [K]" */
    size_t count;         /* of bars */
    const double *low;    /* [count] */
    const double *high;   /* [count] as low for a value */
    const double *number; /* [count] of spectra */
} tml_distribution_panel;

typedef struct tml_parameter_distribution_plot {
    const char *title; /* NULL: none */
    size_t panels;     /* 1 to TML_DISTRIBUTION_PANELS */
    tml_distribution_panel panel[TML_DISTRIBUTION_PANELS];
} tml_parameter_distribution_plot;

/** Draw FOLDER/NAME.pdf, .svg and .png; as tml_plot_observation. TML_BAD_DATA: the number of panels. */
TML_NODISCARD tml_status tml_plot_parameter_distribution(const tml_parameter_distribution_plot *plot,
                                                         const char *folder, const char *name,
                                                         tml_error *error);

#endif
