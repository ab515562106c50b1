#ifndef TML_CORE_EXACT_SUM_H
#define TML_CORE_EXACT_SUM_H

/** @file core/exact_sum.h
 * A sum of doubles without rounding, so that it is the same in any order and on any number of ranks.
 *
 * A fixed-point accumulator that spans the whole range of double (Kulisch 2013, Computer Arithmetic and
 * Validity, ch. 8), in 64-bit limbs of which 32 bits are used: 2^30 numbers can be added before a carry, and
 * accumulators are combined by adding the limbs as integers, which MPI_SUM on MPI_INT64_T does exactly.
 * Not collective; see mpi/exact_reduce.h for the reduction over ranks.
 */

#include <stdint.h>

/* 2^-1074 to 2^1024 in steps of 32 bits, and room for the carry. */
enum { TML_EXACT_SUM_LIMBS = 68 };

typedef struct tml_exact_sum {
    int64_t limb[TML_EXACT_SUM_LIMBS]; /* limb i counts units of 2^(32 i - 1088) */
} tml_exact_sum;

/** Set to zero. */
void tml_exact_sum_clear(tml_exact_sum *sum);

/** Add a finite value (a NaN or infinity is a bug: assert). At most 2^30 values over all accumulators
 * combined. */
void tml_exact_sum_add(tml_exact_sum *sum, double value);

/** The sum as a double, within 1 ulp, and the same for the same set of values. */
double tml_exact_sum_value(const tml_exact_sum *sum);

#endif
