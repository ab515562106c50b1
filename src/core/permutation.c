#include "core/permutation.h"

#include <assert.h>

tml_permutation tml_permutation_create(uint64_t count, uint64_t seed, tml_random_purpose purpose,
                                       uint64_t epoch)
{
    tml_permutation permutation = {.count = count, .half_bits = 1};

    assert(count >= 1 && count <= (uint64_t)1 << 62);
    while ((uint64_t)1 << (2 * permutation.half_bits) < count)
        ++permutation.half_bits;
    permutation.half_mask = ((uint64_t)1 << permutation.half_bits) - 1;
    for (uint64_t round = 0; round < TML_PERMUTATION_ROUNDS; ++round)
        permutation.key[round] = tml_random_at(seed, purpose, epoch, round, 0).word[0];
    return permutation;
}

/* A half word stirred with a round key: two steps of the finaliser of SplitMix64 (Steele, Lea and Flood
 * 2014). The upper bits depend on all bits of the input, so that they are what is used. */
static inline uint64_t stir(uint64_t half, uint64_t key)
{
    uint64_t x = (half ^ key) * 0xbf58476d1ce4e5b9U;

    x = (x ^ (x >> 27)) * 0x94d049bb133111ebU;
    return x >> 32;
}

uint64_t tml_permutation_at(const tml_permutation *permutation, uint64_t position)
{
    const unsigned bits = permutation->half_bits;
    const uint64_t mask = permutation->half_mask;
    uint64_t value = position;

    assert(position < permutation->count);
    do {
        uint64_t left = value >> bits;
        uint64_t right = value & mask;

        for (int round = 0; round < TML_PERMUTATION_ROUNDS; ++round) {
            const uint64_t stirred = left ^ (stir(right, permutation->key[round]) & mask);

            left = right;
            right = stirred;
        }
        value = left << bits | right;
    } while (value >= permutation->count);
    return value;
}
