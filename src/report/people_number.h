#ifndef TML_REPORT_PEOPLE_NUMBER_H
#define TML_REPORT_PEOPLE_NUMBER_H

/** @file report/people_number.h
 * Numbers as people want to read them: with the digits that their uncertainty justifies. Not collective. */

#include "io/results_file.h"

enum { TML_PEOPLE_TEXT = 64, TML_PEOPLE_PAIR = 160 };

/** Decimals that show two significant digits of a standard deviation; negative: rounded to tens, hundreds ...
 * TML_PEOPLE_PLAIN when it says nothing (not finite, or not above 0). */
enum { TML_PEOPLE_PLAIN = 99 };
int tml_people_decimals(double sd);

/** A number with that many decimals (TML_PEOPLE_PLAIN: four significant digits), a true minus sign, and "not
 * known" when it is not finite. */
void tml_people_number(double value, int decimals, char text[TML_PEOPLE_TEXT]);

/** "785 ± 31", or the number alone when sd says nothing. */
void tml_people_measure(double value, double sd, char text[TML_PEOPLE_PAIR]);

/** "754 to 816", with the decimals that sd justifies. */
void tml_people_interval(double low, double high, double sd, char text[TML_PEOPLE_PAIR]);

/** The unit of a target as people write it: "K"; "solar" for "solar ratio"; "" for none. */
const char *tml_people_unit(const char *unit);

enum { TML_PEOPLE_ANSWER = 1024 };

/** The answer for an object in one line: "Teff 785 ± 31 K, log g 4.99 ± 0.09 dex (cgs), ...". */
void tml_people_answer(const tml_object_result *object, char text[TML_PEOPLE_ANSWER]);

/** The same for a legend: without errors, and with the unit of Teff alone: "Teff 785 K, log g 4.99, ...". */
void tml_people_label(const tml_object_result *object, char text[TML_PEOPLE_ANSWER]);

#endif
