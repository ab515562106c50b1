#ifndef TML_PLOTS_DRAW_HISTOGRAMS_H
#define TML_PLOTS_DRAW_HISTOGRAMS_H

/** @file plots/draw_histograms.h
 * The figure of an answer's uncertainty: a histogram of the Monte-Carlo draws for each parameter, smoothed
 * too from 30 draws on, below their box (plots/box_strip.h), with the answer, the central 68 % and what
 * others found. Bins by Freedman and Diaconis, 8 to 60; they leave out draws further from the quartiles than
 * 5 interquartile ranges, and a note counts these. */

#include <stddef.h>

#include "core/status.h"

enum { TML_DRAW_PANELS = 16, TML_DRAW_REFERENCES = 8 };

typedef struct tml_draw_panel {
    const char *label;  /* "Teff [K]" */
    size_t stride;      /* doubles between draws */
    const double *draw; /* [draws] at this stride; one that is not finite is left out */
    double value;       /* the network's answer */
    double p16, p84;
    double grid_low, grid_high; /* range of the grid, marked where it lies within the axis; NaN: not known */
    size_t references;
    const char *reference_name[TML_DRAW_REFERENCES];
    double reference[TML_DRAW_REFERENCES];    /* literature; NaN: not known */
    double reference_sd[TML_DRAW_REFERENCES]; /* NaN or 0: not known */
} tml_draw_panel;

typedef struct tml_draw_histograms_plot {
    const char *title; /* NULL: none */
    size_t draws;
    size_t panels; /* 1 to TML_DRAW_PANELS */
    tml_draw_panel panel[TML_DRAW_PANELS];
} tml_draw_histograms_plot;

/** Draw FOLDER/NAME.pdf, .svg and .png; as tml_plot_observation. TML_BAD_DATA: numbers of panels or
 * references. */
TML_NODISCARD tml_status tml_plot_draw_histograms(const tml_draw_histograms_plot *plot, const char *folder,
                                                  const char *name, tml_error *error);

#endif
