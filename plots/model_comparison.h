#ifndef TML_PLOTS_MODEL_COMPARISON_H
#define TML_PLOTS_MODEL_COMPARISON_H

/** @file plots/model_comparison.h
 * The figure of a fit: observed spectrum with errors, the spectrum that the answer implies, behind it the
 * bands that hold the central 68 and 95 % of the spectra that draws imply, and below the residuals in units
 * of the error, to at most 12 of them: what lies beyond is marked at the border and counted.
 */

#include <stddef.h>
#include <stdint.h>

#include "core/status.h"

enum { TML_MODEL_BANDS = 4 };

typedef struct tml_model_comparison_plot {
    const char *title;                   /* name of the object and goodness of fit; NULL: none */
    const char *model_label;             /* the answer in words, for the legend */
    const char *flux_label;              /* with its unit */
    size_t count;                        /* at least 1 */
    const double *wavelength_um;         /* [count] ascending */
    const double *observed;              /* [count] NaN where masked */
    const double *error;                 /* [count] */
    const double *model;                 /* [count] */
    const double *band[TML_MODEL_BANDS]; /* [count] each: quantiles 2.5, 16, 84, 97.5 %; NaN: no band there;
                                            NULL: none at all */
} tml_model_comparison_plot;

/** Draw FOLDER/NAME.pdf, .svg and .png; as tml_plot_observation. */
TML_NODISCARD tml_status tml_plot_model_comparison(const tml_model_comparison_plot *plot, const char *folder,
                                                   const char *name, tml_error *error);

#endif
