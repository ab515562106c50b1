#ifndef TML_SPECTRA_PIXEL_STATE_H
#define TML_SPECTRA_PIXEL_STATE_H

/** @file spectra/pixel_state.h
 * Which pixels of an observation may be used, and why the others may not. A masked pixel is left out: it is
 * never replaced by a number that then counts as a measurement. Not collective. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum tml_pixel_state {
    TML_PIXEL_USED,
    TML_PIXEL_MISSING,  /* flux is not finite */
    TML_PIXEL_NO_ERROR, /* error is not finite or not above 0 */
    TML_PIXEL_ZERO,     /* flux is exactly 0: a gap that was filled up */
    TML_PIXEL_NEGATIVE, /* flux below 0 */
    TML_PIXEL_OUTSIDE,  /* of a network's pixel: the observation does not reach it */
    TML_PIXEL_STATES
} tml_pixel_state;

/** State of every pixel: the first reason that holds, in the order of the enumerators.
 * @param keep_negative  use negative fluxes with an error as the measurements that they are: without them the
 *                       mean of noise about 0 is above 0
 * @param state          out: [count]
 */
void tml_pixel_classify(size_t count, const double *flux, const double *error, bool keep_negative,
                        uint8_t *state);

/** How many pixels there are of each state. @param counts out: [TML_PIXEL_STATES] */
void tml_pixel_count(size_t count, const uint8_t *state, size_t *counts);

/** Word for a state: used, missing, no_error, zero, negative, outside. */
const char *tml_pixel_state_name(tml_pixel_state state);

#endif
