#ifndef TML_PLOTS_SPECTRA_COMPARISON_H
#define TML_PLOTS_SPECTRA_COMPARISON_H

/** @file plots/spectra_comparison.h
 * The figure of spectra of the same atmospheres from several grids: a panel for each atmosphere with the
 * spectra, and below them how far each is from the first. */

#include <stddef.h>

#include "core/status.h"

enum { TML_SPECTRA_PANELS = 6, TML_SPECTRA_CURVES = 8 };

typedef struct tml_spectra_panel {
    const char *label;                      /* "Teff 900 K, log g 5" */
    const double *flux[TML_SPECTRA_CURVES]; /* [wavelengths] each; NULL: not there; the first is there */
} tml_spectra_panel;

/** What is drawn; all pointers borrowed. */
typedef struct tml_spectra_comparison_plot {
    const char *title;                     /* NULL: none */
    const char *flux_label;                /* with its unit */
    size_t curves;                         /* 1 to TML_SPECTRA_CURVES in a panel */
    const char *curve[TML_SPECTRA_CURVES]; /* what each is, for the legend */
    size_t wavelengths;                    /* at least 1 */
    const double *wavelength_um;           /* [wavelengths] ascending */
    size_t panels;                         /* 1 to TML_SPECTRA_PANELS */
    tml_spectra_panel panel[TML_SPECTRA_PANELS];
} tml_spectra_comparison_plot;

/** Draw FOLDER/NAME.pdf, .svg and .png; as tml_plot_observation. TML_BAD_DATA: numbers of panels, curves or
 * wavelengths. */
TML_NODISCARD tml_status tml_plot_spectra_comparison(const tml_spectra_comparison_plot *plot,
                                                     const char *folder, const char *name, tml_error *error);

#endif
