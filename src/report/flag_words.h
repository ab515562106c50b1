#ifndef TML_REPORT_FLAG_WORDS_H
#define TML_REPORT_FLAG_WORDS_H

/** @file report/flag_words.h
 * The flags of an answer in words for people. Not collective. */

#include <stdbool.h>

/** What flag number i (io/results_file.h) means and what to do about it; a sentence or two. */
const char *tml_flag_explained(int flag);

/** Whether a list of flag words joined by '+' holds the word of flag number i. */
bool tml_report_has_flag(const char *words, int flag);

#endif
