#ifndef TML_PLOTS_SVG_GROUPS_H
#define TML_PLOTS_SVG_GROUPS_H

/** @file plots/svg_groups.h
 * Paths of one look in a group of an SVG of cairo: style and transform are said once for the row of them. A
 * figure of many marks is a third smaller. Pure. Not collective. */

#include <stddef.h>

/** @param svg    a whole document, one element a line, as cairo writes it
 * @param count  out: length of the result
 * @return the same picture, on the heap, owned by the caller (free); NULL without memory
 */
char *tml_svg_group_paths(const char *svg, size_t *count);

#endif
