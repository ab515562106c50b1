#ifndef TML_PLOTS_COLOUR_MAP_H
#define TML_PLOTS_COLOUR_MAP_H

/** @file plots/colour_map.h
 * Colours for amounts: viridis, whose steps look equal to all readers and stay in order in grey. It runs from
 * light to dark, so that nothing is the paper and much is dark. */

#include <stddef.h>

enum { TML_COLOUR_MAP_STEPS = 225 };

/** One of its colours as 0xRRGGBB. @param step 0: least, TML_COLOUR_MAP_STEPS - 1: most */
unsigned tml_colour_map_step(size_t step);

/** Give PLplot the colours. Before plinit, for every page. */
void tml_colour_map_apply(void);

/** Choose the colour of what is drawn next. Only inside a tml_draw.
 * @param fraction  0: least, 1: most; beyond counts as the end
 */
void tml_colour_map_select(double fraction);

#endif
