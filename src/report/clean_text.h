#ifndef TML_REPORT_CLEAN_TEXT_H
#define TML_REPORT_CLEAN_TEXT_H

/** @file report/clean_text.h
 * Text of unknown origin made safe: valid UTF-8 without control characters. Not collective. */

#include <stdbool.h>

/** A copy in which every byte that is no UTF-8, and every control character, is U+FFFD; tab and newline
 * become blanks, or stay when `keep_lines`. @return on the heap, owned by the caller; NULL without memory */
char *tml_text_clean(const char *text, bool keep_lines);

#endif
