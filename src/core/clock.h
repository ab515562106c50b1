#ifndef TML_CORE_CLOCK_H
#define TML_CORE_CLOCK_H

/** @file core/clock.h
 * Time for people and for measurements. Never an input of a decision that ranks must share. Not collective.
 */

#include <stddef.h>

/** Seconds on the monotonic clock, from an arbitrary start. */
double tml_clock_now(void);

enum { TML_CLOCK_TEXT = 32 };

/** Now in UTC as 2026-01-31T12:34:56Z. */
void tml_clock_utc(char text[TML_CLOCK_TEXT]);

/** A duration as 1:02:03 or 2:03. @param text at least TML_CLOCK_TEXT */
void tml_clock_duration(double seconds, char text[TML_CLOCK_TEXT]);

#endif
