#ifndef TML_NETWORK_DROPOUT_H
#define TML_NETWORK_DROPOUT_H

/** @file network/dropout.h
 * Dropout (Srivastava et al. 2014), inverted: what is kept is divided by the probability of keeping it. Which
 * units are dropped depends on (seed, step, sample, layer, unit) alone. Not collective. */

#include <stddef.h>
#include <stdint.h>

#include "network/real.h"

/** Which sample of which step a number belongs to. */
typedef struct tml_dropout_key {
    uint64_t seed;
    uint64_t step;
    uint64_t layer;
} tml_dropout_key;

/** Fill the factors of one sample: 0 with probability `rate`, else 1 / (1 - rate).
 * @param sample  number of the sample, the same on any rank
 * @param factor  [units], out
 */
void tml_dropout_factors(tml_dropout_key key, uint64_t sample, double rate, size_t units, tml_real *factor);

/** values[i] *= factor[i]. Serves forward and backward. */
void tml_dropout_apply(size_t count, const tml_real *factor, tml_real *values);

#endif
