#ifndef TML_CORE_PERMUTATION_H
#define TML_CORE_PERMUTATION_H

/** @file core/permutation.h
 * A shuffled order of [0, count) without an index array: item i of the order is a pure function of a key.
 *
 * A Feistel network of TML_PERMUTATION_ROUNDS rounds on the smallest power of four that is not below count;
 * what falls outside is sent through again until it falls inside (cycle walking; Black and Rogaway 2002,
 * CT-RSA, doi:10.1007/3-540-45760-7_9), at most four times on average. The round keys come from
 * core/random.h, one each for (seed, purpose, epoch, round). Every rank computes any item of any epoch by
 * itself, in tens of nanoseconds.
 *
 * The values are part of the file format (they fix shuffles and the order of rows): a change of the network
 * is a change of format. Not for cryptography. Not collective.
 */

#include <stdint.h>

#include "core/random.h"

enum { TML_PERMUTATION_ROUNDS = 6 };

/** A key, ready for use. A plain value: may be copied; owns nothing. */
typedef struct tml_permutation {
    uint64_t count;
    uint64_t half_mask; /* the low half_bits bits */
    unsigned half_bits; /* of each of the two halves */
    uint64_t key[TML_PERMUTATION_ROUNDS];
} tml_permutation;

/** The order with this key.
 * @param count    1 to 2^62
 * @param purpose  TML_RANDOM_SHUFFLE, TML_RANDOM_ORDER, or TML_RANDOM_DESIGN with an epoch of 2^63 or more
 * @param epoch    another number, another order
 */
tml_permutation tml_permutation_create(uint64_t count, uint64_t seed, tml_random_purpose purpose,
                                       uint64_t epoch);

/** Item `position` of the order: different positions below count give different numbers below count. */
uint64_t tml_permutation_at(const tml_permutation *permutation, uint64_t position);

#endif
