#ifndef TML_PLOTS_COMPACT_SVG_H
#define TML_PLOTS_COMPACT_SVG_H

/** @file plots/compact_svg.h
 * Halves an SVG of cairo without a change that can be seen, because a report holds many of them: leaves out
 * the declarations that say what is so anyway and strokes that are too thin to be seen, writes colours of 8
 * bits as such and coordinates to a hundredth of a point. Pure; works in place. Not collective. */

#include <stddef.h>

/** @param bytes  count of them and a NUL
 * @return the new count, at most the old one */
size_t tml_compact_svg(char *bytes, size_t count);

#endif
