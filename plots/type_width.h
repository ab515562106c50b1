#ifndef TML_PLOTS_TYPE_WIDTH_H
#define TML_PLOTS_TYPE_WIDTH_H

/** @file plots/type_width.h
 * How wide the characters of DejaVu Sans are. PLplot measures and spaces text in whole units of the device,
 * which at a point each tears words in PDF and SVG apart; with this table the letters stand where the font
 * wants them, in every format alike. Not collective. */

#include <stdbool.h>
#include <stddef.h>

/** Bytes of the first character of a UTF-8 text, at least 1 unless it is empty.
 * @param width  out: its advance in units of the type size; an estimate for rare characters
 */
size_t tml_type_character(const char *text, double *width);

/** Whether these bytes are no character after all. @param length as tml_type_character gave it */
bool tml_type_is_malformed(const char *text, size_t length);

/** Width of a UTF-8 text [pt]. */
double tml_type_width(const char *text, double size_pt);

#endif
