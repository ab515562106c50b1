#ifndef TML_CORE_CHECKED_H
#define TML_CORE_CHECKED_H

/** @file core/checked.h
 * Products and conversions of sizes that say when they do not fit. Not collective. */

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** product = a * b; false, and product untouched, on overflow. */
static inline bool tml_size_multiply(size_t a, size_t b, size_t *product)
{
    if (a != 0 && b > SIZE_MAX / a)
        return false;
    *product = a * b;
    return true;
}

/** sum = a + b; false, and sum untouched, on overflow. */
static inline bool tml_size_add(size_t a, size_t b, size_t *sum)
{
    if (b > SIZE_MAX - a)
        return false;
    *sum = a + b;
    return true;
}

/** The border to MPI and BLIS, which count in int. False, and narrow untouched, if it does not fit. */
static inline bool tml_int_from_size(size_t wide, int *narrow)
{
    if (wide > (size_t)INT_MAX)
        return false;
    *narrow = (int)wide;
    return true;
}

/** a / b rounded up; b above 0. */
static inline uint64_t tml_divide_up(uint64_t a, uint64_t b)
{
    return a / b + (a % b != 0 ? 1 : 0);
}

#endif
