#ifndef TML_PLOTS_CORNER_H
#define TML_PLOTS_CORNER_H

/** @file plots/corner.h
 * The figure of how the parameters of an answer hang together: for each pair the areas that hold 68 and 95 %
 * of the Monte-Carlo draws and the draws beyond, smoothed; on the diagonal the histogram of each parameter;
 * the answer and what others found. Fewer than 50 draws, and those of equal values, are points alone. Axes
 * leave out draws as plots/draw_histograms.h does, and what others found far away. One column of a journal
 * wide up to four parameters, then wider. */

#include "plots/draw_histograms.h"

/** Draw FOLDER/NAME.pdf, .svg and .png; otherwise as tml_plot_draw_histograms. */
TML_NODISCARD tml_status tml_plot_corner(const tml_draw_histograms_plot *plot, const char *folder,
                                         const char *name, tml_error *error);

#endif
