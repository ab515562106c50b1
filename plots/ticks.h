#ifndef TML_PLOTS_TICKS_H
#define TML_PLOTS_TICKS_H

/** @file plots/ticks.h
 * Where an axis has its ticks and what stands beside them. Pure arithmetic. Not collective. */

#include <stdbool.h>
#include <stddef.h>

enum { TML_TICKS_MAXIMUM = 120, TML_TICK_TEXT = 32 };

typedef struct tml_tick {
    double value;
    bool is_major;
    char text[TML_TICK_TEXT]; /* UTF-8 with a real minus and raised exponents; "" for none */
} tml_tick;

typedef struct tml_ticks {
    size_t count;
    tml_tick tick[TML_TICKS_MAXIMUM]; /* within the axis, in no order */
} tml_ticks;

/** Ticks of a linear axis at steps of 1, 2 or 5 times a power of ten.
 * @param low, high  finite, low < high
 * @param wanted     about how many labels, at least 2
 * @param is_whole   only whole numbers have ticks
 */
void tml_ticks_linear(double low, double high, size_t wanted, bool is_whole, tml_ticks *ticks);

/** Ticks of a logarithmic axis: powers of ten are labelled as such where there are three or more, thinned out
 * when there are many; else 1, 2 and 5 times a power, or linear steps on an axis too short for those.
 * @param low, high  finite, 0 < low < high
 */
void tml_ticks_log(double low, double high, tml_ticks *ticks);

/** A power of ten with its exponent raised. */
void tml_ticks_power(int exponent, char text[TML_TICK_TEXT]);

/** A number as the axes write it, with so many digits that count; 1234 stays whole. */
void tml_ticks_number(double value, int digits, char text[TML_TICK_TEXT]);

#endif
