#ifndef TML_CORE_RANDOM_H
#define TML_CORE_RANDOM_H

/** @file core/random.h
 * Random numbers that are a function of what they are for, not of who asks or when.
 *
 * Every number is Philox4x64-10 (Salmon et al. 2011, SC'11, doi:10.1145/2063384.2063405) of the key (seed)
 * and the counter (purpose, a, b, c). No stream, no state: any rank gets the number of any sample, and a
 * checkpoint stores none of it. Not collective.
 */

#include <stddef.h>
#include <stdint.h>

/** What a number is for. The values are part of the file format (they fix splits and shuffles): append only.
 */
typedef enum tml_random_purpose {
    TML_RANDOM_SPLIT = 1,   /* a = group of the row */
    TML_RANDOM_WEIGHTS = 2, /* a = layer among those with weights, b = weight */
    TML_RANDOM_SHUFFLE = 3, /* a = epoch, b = round of the bijection, c = half word */
    TML_RANDOM_NOISE = 4,   /* a = epoch, b = number of the sample in its part, c = pixel block */
    TML_RANDOM_DROPOUT =
        5,                 /* a = step, b = number of the sample in its part, c = layer * 2^32 + unit block */
    TML_RANDOM_ORDER = 6,  /* a = row: the order in which a grid file stores its rows */
    TML_RANDOM_DESIGN = 7, /* a = node, b = parameter; from 2^63 on keys of a whole design */
    TML_RANDOM_DRAW = 8,   /* a = object, b = draw, c = pixel block */
    TML_RANDOM_BOOTSTRAP = 9 /* a = part, b = resample, c = block of 4 draws */
} tml_random_purpose;

/** Four 64-bit words of one counter. */
typedef struct tml_random_words {
    uint64_t word[4];
} tml_random_words;

/** The words at (seed; purpose, a, b, c). */
tml_random_words tml_random_at(uint64_t seed, tml_random_purpose purpose, uint64_t a, uint64_t b, uint64_t c);

/** A word as a double in [0, 1): its upper 53 bits. */
double tml_random_unit(uint64_t word);

/** First word at the counter as a double in [0, 1). */
double tml_random_uniform(uint64_t seed, tml_random_purpose purpose, uint64_t a, uint64_t b, uint64_t c);

/** Two independent standard normal numbers from two words (Box and Muller 1958). */
void tml_random_normal_pair(uint64_t first, uint64_t second, double normal[2]);

/** Fill values with standard normal numbers: number i depends on (seed, purpose, a, b, i) alone.
 * @param values  count entries, borrowed
 */
void tml_random_normals(uint64_t seed, tml_random_purpose purpose, uint64_t a, uint64_t b, size_t count,
                        double *values);

#endif
