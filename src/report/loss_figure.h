#ifndef TML_REPORT_LOSS_FIGURE_H
#define TML_REPORT_LOSS_FIGURE_H

/** @file report/loss_figure.h
 * The figure of a training, drawn from its history: the same when the training ends and in every report. Not
 * collective: one rank. */

#include <stdint.h>

#include "core/status.h"
#include "io/history.h"

/** Draw FOLDER/loss_history.pdf, .svg and .png.
 * @param loss_kind   kind of the loss as the configuration names it ("huber"); NULL: not known
 * @param best_epoch  whose weights were kept, from 0; negative: not known
 * @return as tml_plot_loss_history, or TML_BAD_DATA when there is no column `epoch`
 */
TML_NODISCARD tml_status tml_loss_figure_draw(const tml_history *history, const char *loss_kind,
                                              int64_t best_epoch, const char *folder, tml_error *error);

/** Draw RUN_DIR/figures/loss_history.* from RUN_DIR/history.csv. A figure that cannot be drawn is the warning
 * `no_figure`: the results do not depend on it. */
void tml_loss_figure_of_run(const char *run_dir, const char *loss_kind, int64_t best_epoch);

#endif
