#ifndef TML_PLOTS_WAVELENGTH_CORRELATION_H
#define TML_PLOTS_WAVELENGTH_CORRELATION_H

/** @file plots/wavelength_correlation.h
 * The figure of what each wavelength knows: the correlation of the flux with each parameter over wavelength,
 * Pearson's (straight lines) and Spearman's (any rising or falling curve), in a panel for each parameter. */

#include <stddef.h>

#include "core/status.h"

enum { TML_CORRELATION_PANELS = 16 };

typedef struct tml_correlation_panel {
    const char *label;      /* "Teff" */
    const double *pearson;  /* [wavelengths] NaN where there is none */
    const double *spearman; /* [wavelengths] */
} tml_correlation_panel;

typedef struct tml_wavelength_correlation_plot {
    const char *title;           /* NULL: none */
    size_t wavelengths;          /* at least 1 */
    const double *wavelength_um; /* [wavelengths] ascending */
    size_t panels;               /* 1 to TML_CORRELATION_PANELS */
    tml_correlation_panel panel[TML_CORRELATION_PANELS];
} tml_wavelength_correlation_plot;

/** Draw FOLDER/NAME.pdf, .svg and .png; as tml_plot_observation. TML_BAD_DATA: no wavelength, or the number
 * of panels. */
TML_NODISCARD tml_status tml_plot_wavelength_correlation(const tml_wavelength_correlation_plot *plot,
                                                         const char *folder, const char *name,
                                                         tml_error *error);

#endif
