#ifndef TML_PLOTS_REGRESSION_REPORT_H
#define TML_PLOTS_REGRESSION_REPORT_H

/** @file plots/regression_report.h
 * The figure of a scored network, for one target: predicted against true value with the 1:1 line, residuals
 * against the true value, and their histogram; training, validation and test spectra apart. Above 2,000
 * points the largest series are drawn as their density, together, until at most 500 points are left to lie on
 * it. Values outside a frame are marked at its border and counted. */

#include <stddef.h>

#include "core/status.h"

enum { TML_REGRESSION_SERIES = 3 };

typedef struct tml_regression_series {
    const char *name; /* "train", "validation", "test", "all" */
    size_t count;
    const double *truth;     /* [count] */
    const double *predicted; /* [count] */
    double r2, rmse;         /* for the legend; NaN: left out */
} tml_regression_series;

typedef struct tml_regression_plot {
    const char *title;   /* NULL: none */
    const char *symbol;  /* "Teff" */
    const char *unit;    /* "K"; "" for none */
    size_t series_count; /* 1 to TML_REGRESSION_SERIES; the last is drawn on top */
    tml_regression_series series[TML_REGRESSION_SERIES];
} tml_regression_plot;

/** Draw FOLDER/NAME.pdf, .svg and .png; as tml_plot_observation. TML_BAD_DATA: the number of series. */
TML_NODISCARD tml_status tml_plot_regression_report(const tml_regression_plot *plot, const char *folder,
                                                    const char *name, tml_error *error);

#endif
