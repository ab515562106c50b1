#ifndef TML_PLOTS_SCALING_H
#define TML_PLOTS_SCALING_H

/** @file plots/scaling.h
 * The figure of a scaling study: from top to bottom speed-up with the ideal line, on logarithmic axes, the
 * parallel efficiency, and, where it was measured, the share of communication. The first two have bars from
 * the slowest to the fastest repeat. */

#include <stddef.h>

#include "core/status.h"

/** One point of the study. What is not finite has no mark. */
typedef struct tml_scaling_mark {
    double x;                /* ranks, or ranks times threads; above 0 */
    double ideal;            /* speed-up that x could give */
    double speed_up;         /* median over the repeats */
    double slowest, fastest; /* speed-up of the slowest and the fastest repeat */
    double communication;    /* share of the time, 0 to 1; NaN: not measured */
    size_t threads;          /* of each rank; equal ones are joined by a line */
} tml_scaling_mark;

typedef struct tml_scaling_plot {
    const char *title;            /* NULL: none */
    const char *x_label;          /* "Ranks" */
    const char *speed_up_label;   /* "Speed-up" */
    const char *note;             /* a sentence below the legend; NULL: none */
    size_t count;                 /* at least 1 */
    const tml_scaling_mark *mark; /* [count] by threads, then by x, ascending */
} tml_scaling_plot;

/** Draw FOLDER/NAME.pdf, .svg and .png; as tml_plot_observation. TML_BAD_DATA: no point. */
TML_NODISCARD tml_status tml_plot_scaling(const tml_scaling_plot *plot, const char *folder, const char *name,
                                          tml_error *error);

#endif
