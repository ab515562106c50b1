#ifndef TML_BENCH_TIMING_H
#define TML_BENCH_TIMING_H

/** @file bench/timing.h
 * The time of something short: called so often in each repeat that the clock does not matter. Not collective.
 */

#include <stddef.h>

/** What is timed. */
typedef void tml_timed(void *context);

/** Seconds of one call in each repeat. One call before them is not counted.
 * @param seconds  out: [repeats]
 */
void tml_time_calls(tml_timed *timed, void *context, size_t repeats, double *seconds);

#endif
