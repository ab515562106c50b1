#ifndef TML_PLOTS_PHASES_H
#define TML_PLOTS_PHASES_H

/** @file plots/phases.h
 * The figure of where the time of one run went: a bar for each rank, stacked from computing, communication
 * that computing did not hide, input and waiting. The slowest rank, the one that was busy longest, is marked
 * and named. Ranks that are more than there is room for are shown as those that were busy least, in the
 * middle (the lower one of an even number) and most. */

#include <stddef.h>

#include "core/status.h"

typedef enum tml_phase {
    TML_PHASE_COMPUTE,
    TML_PHASE_COMMUNICATION,
    TML_PHASE_INPUT,
    TML_PHASE_WAITING,
    TML_PHASES
} tml_phase;

enum { TML_PHASE_BARS = 64 };

typedef struct tml_phase_bar {
    size_t rank;
    const char *host;           /* borrowed; "": not known */
    double seconds[TML_PHASES]; /* at least 0 */
} tml_phase_bar;

typedef struct tml_phases_plot {
    const char *title;        /* NULL: none */
    size_t ranks;             /* at least 1 */
    const tml_phase_bar *bar; /* [ranks] */
} tml_phases_plot;

/** Seconds in which a rank did not wait. */
double tml_phase_busy(const tml_phase_bar *bar);

/** The rank that was busy longest; of equal ones the first. @param ranks at least 1 @return its place */
size_t tml_phase_slowest(size_t ranks, const tml_phase_bar *bar);

/** Draw FOLDER/NAME.pdf, .svg and .png; as tml_plot_observation. TML_BAD_DATA: no rank. */
TML_NODISCARD tml_status tml_plot_phases(const tml_phases_plot *plot, const char *folder, const char *name,
                                         tml_error *error);

#endif
