#ifndef TML_CORE_TEXT_H
#define TML_CORE_TEXT_H

/** @file core/text.h
 * Small questions about strings, the same in every locale. Not collective. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** The candidate that is most like a word (optimal string alignment distance), or NULL if none is near.
 * @param names  count strings, borrowed; the result is one of them
 */
const char *tml_text_nearest(const char *word, const char *const *names, size_t count);

/** The whole string as a finite or non-finite double ("." is the decimal point in any locale); false if it is
 * not a number or something follows it. */
bool tml_text_to_double(const char *text, double *value);

/** The whole string as an unsigned whole number; false if it is not one or does not fit. */
bool tml_text_to_uint64(const char *text, uint64_t *value);

/** Copy with the end of the string; false, and an empty target, when it does not fit. */
bool tml_text_copy(char *target, size_t room, const char *source);

/** A number of bytes as "12.3 MB". @param text at least 32 */
void tml_text_bytes(double bytes, char text[32]);

#endif
