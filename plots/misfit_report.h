#ifndef TML_PLOTS_MISFIT_REPORT_H
#define TML_PLOTS_MISFIT_REPORT_H

/** @file plots/misfit_report.h
 * The figure of how well a grid knows many observed objects: the misfit of the best grid point of each, and
 * of the answer, in units of the errors, with what noise alone makes of it; and the error of each labelled
 * target against it, with the median where there are ten objects or more. Many points are a density. */

#include <stddef.h>

#include "core/status.h"

enum { TML_MISFIT_PANELS = 16 };

typedef struct tml_misfit_panel {
    const char *label;   /* "|ΔTeff| [K]" */
    const double *error; /* [count] size of the error; NaN: no label */
} tml_misfit_panel;

typedef struct tml_misfit_plot {
    const char *title;            /* NULL: none */
    size_t count;                 /* objects, at least 1 */
    const double *grid;           /* [count] sqrt(chi2 / dof) of the best grid point; NaN: not known */
    const double *answer;         /* [count] the same of the answer */
    double noise_low, noise_high; /* what noise makes in 95 of 100 cases; NaN: not known */
    size_t panels;                /* at most TML_MISFIT_PANELS */
    tml_misfit_panel panel[TML_MISFIT_PANELS];
} tml_misfit_plot;

/** Draw FOLDER/NAME.pdf, .svg and .png; as tml_plot_observation. TML_BAD_DATA: numbers of objects or panels.
 */
TML_NODISCARD tml_status tml_plot_misfit_report(const tml_misfit_plot *plot, const char *folder,
                                                const char *name, tml_error *error);

#endif
