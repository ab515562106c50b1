#ifndef TML_PLOTS_CALIBRATION_REPORT_H
#define TML_PLOTS_CALIBRATION_REPORT_H

/** @file plots/calibration_report.h
 * The figure of how right stated uncertainties are, for one target: how many labels lie at each share of the
 * draws (flat when all is right), and how many lie in central intervals of each size, with what chance alone
 * would make of either. */

#include <stddef.h>

#include "core/status.h"

typedef struct tml_calibration_plot {
    const char *title;      /* NULL: none */
    size_t objects;         /* at least 1 */
    size_t bins;            /* of equal width, from no draw below the label to all; at least 1 */
    const double *bin;      /* [bins] objects */
    double expected;        /* objects in a bin */
    double low, high;       /* central 95 % of them by chance */
    size_t levels;          /* at least 2 */
    const double *nominal;  /* [levels] ascending: share that the central interval is meant to hold, 0 to 1 */
    const double *observed; /* [levels] share of the labels in theirs */
    const double *chance_low, *chance_high; /* [levels] central 95 % of it by chance */
    double p; /* that a flat distribution looks as uneven by chance; NaN: not known */
} tml_calibration_plot;

/** Draw FOLDER/NAME.pdf, .svg and .png; as tml_plot_observation. TML_BAD_DATA: no object, bin or levels. */
TML_NODISCARD tml_status tml_plot_calibration_report(const tml_calibration_plot *plot, const char *folder,
                                                     const char *name, tml_error *error);

#endif
