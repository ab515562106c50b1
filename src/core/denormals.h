#ifndef TML_CORE_DENORMALS_H
#define TML_CORE_DENORMALS_H

/** @file core/denormals.h
 * Denormal numbers (below 1.2e-38 in float) as zeros, in operands and in results.
 *
 * Processors need up to a hundred times as long for them, and the moments of weights that have stopped to
 * move fade through them. The switch belongs to the thread that sets it. It is set around the numbers of a
 * network and put back after them: fluxes and statistics keep their denormals. The same on any number of
 * ranks and threads. On processors other than x86-64 and 64-bit ARM nothing is switched.
 *
 *   flush -> numbers -> restore
 */

#include <stdint.h>

/** What a thread did before. */
typedef struct tml_denormals {
    uint64_t control;
} tml_denormals;

/** Denormals are zeros in this thread from now on. Not collective. @return for restore */
tml_denormals tml_denormals_flush(void);

/** As it was before the flush, which was of the same thread. */
void tml_denormals_restore(tml_denormals before);

/** What flush does on this processor: "flushed" or "kept". Borrowed from static storage. */
const char *tml_denormals_mode(void);

#endif
