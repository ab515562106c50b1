#ifndef TML_PLOTS_FILTERED_SPECTRA_H
#define TML_PLOTS_FILTERED_SPECTRA_H

/** @file plots/filtered_spectra.h
 * The figure of one parameter's effect: spectra that differ in it alone, on a logarithmic axis of flux, their
 * colour the value of the parameter. Beside the colour bar a mark stands at each value, and values whose
 * spectra are the same to the last digit are joined by a bracket: of these only one can be seen. The legend
 * counts them. Of very many spectra some are drawn, evenly spread, and the legend says so. */

#include <stddef.h>

#include "core/status.h"

typedef struct tml_filtered_spectra_plot {
    const char *title;           /* what is fixed; NULL: none */
    const char *value_label;     /* "Teff [K]" */
    const char *flux_label;      /* with its unit */
    size_t wavelengths;          /* at least 1 */
    const double *wavelength_um; /* [wavelengths] ascending */
    size_t count;                /* spectra, at least 1 */
    const double *value;         /* [count] one that is not finite is drawn grey */
    const double *const *flux;   /* [count][wavelengths] */
} tml_filtered_spectra_plot;

/** Draw FOLDER/NAME.pdf, .svg and .png; as tml_plot_observation. TML_BAD_DATA: no spectrum or no wavelength.
 */
TML_NODISCARD tml_status tml_plot_filtered_spectra(const tml_filtered_spectra_plot *plot, const char *folder,
                                                   const char *name, tml_error *error);

#endif
