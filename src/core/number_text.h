#ifndef TML_CORE_NUMBER_TEXT_H
#define TML_CORE_NUMBER_TEXT_H

/** @file core/number_text.h
 * A double as text with the fewest digits that give the same double back, for every file of numbers. */

enum { TML_NUMBER_TEXT = 32 };

/** Write a number, with "." as the decimal point in any locale; "nan", "inf" and "-inf" when it is not
 * finite. Not collective. tml_text_to_double reads it back to the same value.
 */
void tml_number_text(double value, char text[TML_NUMBER_TEXT]);

#endif
