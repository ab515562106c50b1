#ifndef TML_PLOTS_OBSERVATION_H
#define TML_PLOTS_OBSERVATION_H

/** @file plots/observation.h
 * The figure of an observed spectrum: its pixels with errors, and the masked ones by reason, at their flux
 * or, where the axis has no place for it, at its edge. Two columns of a journal wide above 300 pixels. The
 * axis of the flux is logarithmic when all used fluxes are above 0 and span more than a factor of 30; the
 * legend says how many error bars do not fit. */

#include <stddef.h>
#include <stdint.h>

#include "core/status.h"

enum { TML_OBSERVATION_STATES = 16 };

/** What is drawn; all pointers borrowed. */
typedef struct tml_observation_plot {
    const char *title;             /* name of the object; NULL: none */
    const char *flux_label;        /* with its unit */
    size_t count;                  /* at least 1 */
    const double *wavelength_um;   /* [count] ascending */
    const double *flux;            /* [count] NaN where missing */
    const double *error;           /* [count] */
    const uint8_t *state;          /* [count] spectra/pixel_state.h, as numbers 0 to states - 1; 0 is used */
    size_t states;                 /* 1 to TML_OBSERVATION_STATES */
    const char *const *state_name; /* [states] words for the legend */
} tml_observation_plot;

/** Draw FOLDER/NAME.pdf, .svg and .png. Not collective: one rank, one thread.
 * @return TML_OK, TML_BAD_DATA (no pixel, or a state that is none), TML_CANNOT_CREATE, TML_IO_ERROR or
 * TML_INTERNAL; each file is complete or as it was before */
TML_NODISCARD tml_status tml_plot_observation(const tml_observation_plot *plot, const char *folder,
                                              const char *name, tml_error *error);

#endif
