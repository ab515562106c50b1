#include "network/dropout.h"

#include "core/random.h"

/* Eight units for each counter: 32 random bits are enough to compare with a rate. */
enum { UNITS_PER_COUNTER = 8 };

void tml_dropout_factors(tml_dropout_key key, uint64_t sample, double rate, size_t units, tml_real *factor)
{
    uint64_t threshold = (uint64_t)(rate * 4294967296.0);
    tml_real kept = (tml_real)(1.0 / (1.0 - rate));

    for (size_t at = 0; at < units; at += UNITS_PER_COUNTER) {
        tml_random_words words = tml_random_at(key.seed, TML_RANDOM_DROPOUT, key.step, sample,
                                               key.layer << 32 | at / UNITS_PER_COUNTER);

        for (size_t i = 0; i < UNITS_PER_COUNTER && at + i < units; ++i) {
            uint64_t bits = words.word[i / 2] >> (i % 2 * 32) & 0xffffffffU;

            factor[at + i] = bits < threshold ? 0 : kept;
        }
    }
}

void tml_dropout_apply(size_t count, const tml_real *restrict factor, tml_real *restrict values)
{
    for (size_t i = 0; i < count; ++i)
        values[i] *= factor[i];
}
