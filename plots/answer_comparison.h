#ifndef TML_PLOTS_ANSWER_COMPARISON_H
#define TML_PLOTS_ANSWER_COMPARISON_H

/** @file plots/answer_comparison.h
 * The figure of several answers to one question: a panel for each parameter, in it a row for each answer with
 * its error bar, references below and in grey. */

#include <stdbool.h>
#include <stddef.h>

#include "core/status.h"

enum { TML_ANSWER_ROWS = 64, TML_ANSWER_PANELS = 16 };

typedef struct tml_answer_row {
    const char *label;               /* shortened where it is too long */
    bool is_reference;               /* not ours */
    double value[TML_ANSWER_PANELS]; /* NaN: not known */
    double sd[TML_ANSWER_PANELS];    /* NaN or 0: not known */
} tml_answer_row;

/** What is drawn; all pointers borrowed. */
typedef struct tml_answer_comparison_plot {
    const char *title;                    /* NULL: none */
    size_t panels;                        /* 1 to TML_ANSWER_PANELS */
    const char *label[TML_ANSWER_PANELS]; /* "Teff [K]" */
    size_t rows;                          /* 1 to TML_ANSWER_ROWS */
    const tml_answer_row *row;            /* [rows] from the top */
} tml_answer_comparison_plot;

/** Draw FOLDER/NAME.pdf, .svg and .png; as tml_plot_observation. TML_BAD_DATA: numbers of panels or rows. */
TML_NODISCARD tml_status tml_plot_answer_comparison(const tml_answer_comparison_plot *plot,
                                                    const char *folder, const char *name, tml_error *error);

#endif
