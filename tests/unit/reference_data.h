#ifndef TML_TESTS_REFERENCE_DATA_H
#define TML_TESTS_REFERENCE_DATA_H

/** @file reference_data.h
 * What the made-up data of the reference figures have in common. */

#include <stddef.h>
#include <stdint.h>

enum { REFERENCE_PARAMETERS = 4 };

/* From -1 to 1, peaked in the middle like noise: the mean of three numbers by SplitMix64 (Steele et al.
 * 2014), which are whole and so the same everywhere. */
static inline double reference_noise(size_t i)
{
    double sum = 0.0;

    for (uint64_t k = 0; k < 3; ++k) {
        uint64_t z = (3 * (uint64_t)i + k + 1) * 0x9e3779b97f4a7c15U;

        z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9U;
        z = (z ^ z >> 27) * 0x94d049bb133111ebU;
        sum += (double)((z ^ z >> 31) >> 40) / 8388608.0 - 1.0;
    }
    return sum / 3.0;
}

static const char *const reference_labels[REFERENCE_PARAMETERS] = {"Teff [K]", "log g [dex (cgs)]",
                                                                   "C/O [solar]", "[M/H] [dex]"};
static const double reference_value[REFERENCE_PARAMETERS] = {785.0, 5.05, 0.85, -0.12};
static const double reference_sd[REFERENCE_PARAMETERS] = {31.0, 0.11, 0.09, 0.05};

#endif
