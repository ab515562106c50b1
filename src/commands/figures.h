#ifndef TML_COMMANDS_FIGURES_H
#define TML_COMMANDS_FIGURES_H

/** @file commands/figures.h
 * Figures of a run, drawn from its files when the results are safe on disk. Not collective: rank 0. */

#include <stdint.h>

/** Draw RUN_DIR/figures/loss_history.* from RUN_DIR/history.csv. A figure that cannot be drawn is a warning:
 * the results do not depend on it.
 * @param loss_name   label of the axis
 * @param best_epoch  whose weights were kept, from 0; negative: unknown
 */
void tml_figure_loss_history(const char *run_dir, const char *loss_name, int64_t best_epoch);

#endif
