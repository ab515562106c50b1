#ifndef TML_PLOTS_FLUX_AXIS_H
#define TML_PLOTS_FLUX_AXIS_H

/** @file plots/flux_axis.h
 * The axis of the fluxes of a spectrum. Pure arithmetic. Not collective. */

#include <stddef.h>

#include "plots/axes.h"

/** Logarithmic when all values are above 0 and span more than a factor of 30, else linear. Error bars are
 * covered as far as they leave room for the values: half of their range to either side, or a factor of 3.
 * @param flux   [count] of what is shown; NaN is passed over
 * @param error  [count]
 * @param model  [count] is to be seen as well; NULL: none
 */
tml_axis tml_flux_axis(size_t count, const double *flux, const double *error, const double *model,
                       const char *label);

/** The line of no flux, where the axis reaches it. Only inside a tml_draw. */
void tml_flux_axis_zero(const tml_canvas *canvas, const tml_axes *axes);

/** Width of a figure of so many pixels [pt]. */
double tml_flux_axis_page_width(size_t count);

#endif
