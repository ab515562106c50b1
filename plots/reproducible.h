#ifndef TML_PLOTS_REPRODUCIBLE_H
#define TML_PLOTS_REPRODUCIBLE_H

/** @file plots/reproducible.h
 * Takes out of a picture what cairo writes differently every time. Pure; works in place. Not collective. */

#include <stddef.h>

/** Set the creation date of a PDF to 1 January 1970, keeping its length and so the file's offsets. */
void tml_reproducible_pdf(char *bytes, size_t count);

/** Number the surfaces of an SVG from 0; cairo counts them on through the whole process.
 * @param bytes  count of them and a NUL
 * @return the new count, at most the old one
 */
size_t tml_reproducible_svg(char *bytes, size_t count);

#endif
