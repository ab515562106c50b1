#ifndef TML_PLOTS_LOSS_HISTORY_H
#define TML_PLOTS_LOSS_HISTORY_H

/** @file plots/loss_history.h
 * The figure of a training: the loss of each epoch in training and validation, in total and for every target.
 */

#include <stdbool.h>
#include <stddef.h>

#include "core/status.h"

/** Targets that are drawn, each in a colour of its own; the legend says when there are more. */
enum { TML_LOSS_HISTORY_TARGETS = 8 };

/** One loss. A value that is not finite interrupts the line, and on a logarithmic axis one that is not above
 * 0.
 */
typedef struct tml_loss_curve {
    const char *name;         /* of the target; not used for the total */
    const double *training;   /* [epochs] dimensionless; NULL: not known */
    const double *validation; /* [epochs] dimensionless; NULL: not known */
} tml_loss_curve;

/** What is drawn; all pointers borrowed. */
typedef struct tml_loss_history {
    const char *title;     /* NULL: none */
    const char *loss_name; /* label of the axis, such as "Huber loss" */
    bool is_signed;        /* losses may lie below 0: the axis is linear, else logarithmic */
    size_t epochs;         /* at least 1 */
    const double *epoch;   /* [epochs] ascending */
    tml_loss_curve total;
    size_t targets;
    const tml_loss_curve *target; /* [targets] */
    bool has_best;
    double best_epoch; /* whose weights were kept */
} tml_loss_history;

/** Draw FOLDER/loss_history.pdf, .svg and .png. Not collective: one rank, one thread.
 * @param folder  must exist
 * @return TML_OK, TML_BAD_DATA (no epoch), TML_CANNOT_CREATE (folder, or PLplot's driver missing),
 * TML_IO_ERROR or TML_INTERNAL; each file is complete or as it was before
 */
TML_NODISCARD tml_status tml_plot_loss_history(const tml_loss_history *history, const char *folder,
                                               tml_error *error);

#endif
