#include "core/random.h"

#include <math.h>

#include <Random123/philox.h>

tml_random_words tml_random_at(uint64_t seed, tml_random_purpose purpose, uint64_t a, uint64_t b, uint64_t c)
{
    philox4x64_ctr_t counter = {{(uint64_t)purpose, a, b, c}};
    philox4x64_key_t key = {{seed, 0}};
    philox4x64_ctr_t result = philox4x64(counter, key);
    tml_random_words words;

    for (int i = 0; i < 4; ++i)
        words.word[i] = result.v[i];
    return words;
}

double tml_random_unit(uint64_t word)
{
    return (double)(word >> 11) * 0x1p-53;
}

double tml_random_uniform(uint64_t seed, tml_random_purpose purpose, uint64_t a, uint64_t b, uint64_t c)
{
    return tml_random_unit(tml_random_at(seed, purpose, a, b, c).word[0]);
}

void tml_random_normal_pair(uint64_t first, uint64_t second, double normal[2])
{
    const double two_pi = 6.283185307179586476925;
    /* (0, 1]: the logarithm must not see 0. */
    double radius = sqrt(-2.0 * log(1.0 - tml_random_unit(first)));
    double angle = two_pi * tml_random_unit(second);

    normal[0] = radius * cos(angle);
    normal[1] = radius * sin(angle);
}

void tml_random_normals(uint64_t seed, tml_random_purpose purpose, uint64_t a, uint64_t b, size_t count,
                        double *values)
{
    for (size_t at = 0; at < count; at += 4) {
        tml_random_words words = tml_random_at(seed, purpose, a, b, at / 4);
        double four[4];

        tml_random_normal_pair(words.word[0], words.word[1], four);
        tml_random_normal_pair(words.word[2], words.word[3], four + 2);
        for (size_t i = 0; i < 4 && at + i < count; ++i)
            values[at + i] = four[i];
    }
}
