#ifndef TML_REPORT_SVG_INLINE_H
#define TML_REPORT_SVG_INLINE_H

/** @file report/svg_inline.h
 * An SVG picture as a part of an HTML document. Not collective. */

#include <stdbool.h>
#include <stdio.h>

/** Print a picture of cairo's: without XML declaration and name spaces, all its ids and the references to
 * them with a prefix, so that many pictures can stand in one document.
 * @param svg     NUL-terminated
 * @param prefix  letters and digits, another for each picture
 * @param label   what is seen, for those who cannot see it
 * @return false, and nothing printed, if it is no SVG */
bool tml_svg_inline(FILE *out, const char *svg, const char *prefix, const char *label);

#endif
