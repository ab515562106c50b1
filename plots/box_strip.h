#ifndef TML_PLOTS_BOX_STRIP_H
#define TML_PLOTS_BOX_STRIP_H

/** @file plots/box_strip.h
 * A sample as a lying box: quartiles, median, mean, whiskers to the last value within 1.5 interquartile
 * ranges of the quartiles, and points beyond (Tukey 1977). Not collective. */

#include "plots/axes.h"

typedef struct tml_box_numbers {
    double whisker_low, q1, median, q3, whisker_high, mean; /* all NaN of no sample */
} tml_box_numbers;

/** @param sorted [count] ascending, finite */
tml_box_numbers tml_box_numbers_of(size_t count, const double *sorted);

/** Draw it between two heights on the page. What lies outside the frame is cut off. Only inside a tml_draw.
 */
void tml_box_strip_draw(const tml_canvas *canvas, const tml_axes *axes, const tml_box_numbers *numbers,
                        double bottom_pt, double top_pt);

/** Draw the values beyond the whiskers, those at the same place once. Only inside a tml_draw.
 * @param values  [count] at this stride */
void tml_box_strip_fliers(const tml_canvas *canvas, const tml_axes *axes, const tml_box_numbers *numbers,
                          double y_pt, size_t count, size_t stride, const double *values);

#endif
