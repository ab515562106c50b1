#ifndef TML_PLOTS_OUTLIERS_H
#define TML_PLOTS_OUTLIERS_H

/** @file plots/outliers.h
 * The figure of the spectra that are least like any other: their scores in descending order, with names for
 * the first ones. */

#include <stddef.h>

#include "core/status.h"

enum { TML_OUTLIERS_NAMED = 8 };

typedef struct tml_outliers_plot {
    const char *title;       /* NULL: none */
    const char *score_label; /* of the axis */
    size_t count;            /* at least 1 */
    size_t stride;           /* doubles between two scores */
    const double *score;     /* [count] in descending order; one that is not finite is left out */
    size_t named;            /* of the first, at most TML_OUTLIERS_NAMED */
    const char *name[TML_OUTLIERS_NAMED];
} tml_outliers_plot;

/** Draw FOLDER/NAME.pdf, .svg and .png; as tml_plot_observation. TML_BAD_DATA: no score, or the number of
 * names.
 */
TML_NODISCARD tml_status tml_plot_outliers(const tml_outliers_plot *plot, const char *folder,
                                           const char *name, tml_error *error);

#endif
