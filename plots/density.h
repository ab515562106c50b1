#ifndef TML_PLOTS_DENSITY_H
#define TML_PLOTS_DENSITY_H

/** @file plots/density.h
 * Many points in a frame as the number of them in each of its cells, in the colours of plots/colour_map.h;
 * the scale of colours is logarithmic. Not collective. */

#include <stddef.h>
#include <stdint.h>

#include "plots/axes.h"

enum { TML_DENSITY_COLUMNS = 110, TML_DENSITY_ROWS = 90 };

/** Start with zeros. */
typedef struct tml_density {
    uint32_t cell[TML_DENSITY_ROWS][TML_DENSITY_COLUMNS];
} tml_density;

/** Count a point; one outside the frame is passed over. */
void tml_density_add(tml_density *density, const tml_axes *axes, double x, double y);

/** Largest number in a cell. */
uint32_t tml_density_peak(const tml_density *density);

/** Only inside a tml_draw. @param peak number of the darkest colour */
void tml_density_draw(const tml_canvas *canvas, const tml_axes *axes, const tml_density *density,
                      uint32_t peak);

/** The scale: a strip of colours with numbers above it and a label to its left, within the box. Only inside a
 * tml_draw. */
void tml_density_scale(const tml_canvas *canvas, const tml_box *box, uint32_t peak, const char *label);

/** Height of the scale [pt]. */
double tml_density_scale_height(void);

#endif
