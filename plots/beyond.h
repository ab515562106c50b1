#ifndef TML_PLOTS_BEYOND_H
#define TML_PLOTS_BEYOND_H

/** @file plots/beyond.h
 * Values above or below a frame: triangles at its border, so that nothing is left out in silence. Not
 * collective. */

#include <stdbool.h>
#include <stddef.h>

#include "plots/axes.h"

enum { TML_BEYOND_PLACES = 1200 };

/** Start with zeros. */
typedef struct tml_beyond {
    size_t count;                        /* values added that lie beyond */
    bool is_taken[2][TML_BEYOND_PLACES]; /* below and above, along the frame */
} tml_beyond;

/** Note a value; one within the frame, or without a place, is passed over. The frame must have its width. */
void tml_beyond_add(tml_beyond *beyond, const tml_axes *axes, double x, double y);

/** Only inside a tml_draw. */
void tml_beyond_draw(const tml_canvas *canvas, const tml_axes *axes, const tml_beyond *beyond);

#endif
