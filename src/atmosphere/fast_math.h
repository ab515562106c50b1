#ifndef TML_ATMOSPHERE_FAST_MATH_H
#define TML_ATMOSPHERE_FAST_MATH_H

/** @file atmosphere/fast_math.h
 * Exponential and logarithm that a compiler can turn into vector instructions: no branch, no table, no call.
 * They are made of additions and multiplications in a fixed order, so that every processor gives the same
 * bits, which the mathematical library does not promise. Not collective. */

#include <stdint.h>
#include <string.h>

/** e^x, within 2e-14 of its value from -708 to 708; beyond, that of the nearer limit. Not for NaN.
 *
 * x = n ln 2 + r with |r| <= ln 2 / 2; e^r by its series up to r^12, 2^n by the bits of the exponent. Adding
 * 1.5 * 2^52 leaves n in the lowest bits of a double.
 */
static inline double tml_fast_exp(double x)
{
    const double shift = 6755399441055744.0; /* 1.5 * 2^52 */
    const double within = x < -708.0 ? -708.0 : (x > 708.0 ? 708.0 : x);
    const double shifted = within * 1.44269504088896340736 + shift;
    const double n = shifted - shift;
    /* ln 2 in two parts: n times the first is exact. */
    const double r = (within - n * 0.693147180369123816490) - n * 1.90821492927058770002e-10;
    double series = 1.0 / 479001600.0;
    double power;
    uint64_t bits;

    series = series * r + 1.0 / 39916800.0;
    series = series * r + 1.0 / 3628800.0;
    series = series * r + 1.0 / 362880.0;
    series = series * r + 1.0 / 40320.0;
    series = series * r + 1.0 / 5040.0;
    series = series * r + 1.0 / 720.0;
    series = series * r + 1.0 / 120.0;
    series = series * r + 1.0 / 24.0;
    series = series * r + 1.0 / 6.0;
    series = series * r + 0.5;
    series = series * r + 1.0;
    series = series * r + 1.0;
    memcpy(&bits, &shifted, sizeof bits);
    bits = (bits + 1023) << 52;
    memcpy(&power, &bits, sizeof power);
    return series * power;
}

/** ln y for a normal positive y, within 2e-15 of its value or of 1.
 *
 * y = 2^e m with m in [1/sqrt 2, sqrt 2); ln m = 2 artanh f with f = (m - 1) / (m + 1), by its series.
 */
static inline double tml_fast_log(double y)
{
    const double two_52 = 4503599627370496.0;
    uint64_t bits, exponent, mantissa;
    double e, m, f, square, series;

    memcpy(&bits, &y, sizeof bits);
    exponent = (bits >> 52) | 0x4330000000000000U; /* the bits of 2^52 + exponent */
    mantissa = (bits & 0x000fffffffffffffU) | 0x3ff0000000000000U;
    memcpy(&e, &exponent, sizeof e);
    memcpy(&m, &mantissa, sizeof m);
    e = e - two_52 - 1023.0 + (m > 1.41421356237309504880 ? 1.0 : 0.0);
    m = m > 1.41421356237309504880 ? 0.5 * m : m;
    f = (m - 1.0) / (m + 1.0);
    square = f * f;
    series = 2.0 / 21.0;
    series = series * square + 2.0 / 19.0;
    series = series * square + 2.0 / 17.0;
    series = series * square + 2.0 / 15.0;
    series = series * square + 2.0 / 13.0;
    series = series * square + 2.0 / 11.0;
    series = series * square + 2.0 / 9.0;
    series = series * square + 2.0 / 7.0;
    series = series * square + 2.0 / 5.0;
    series = series * square + 2.0 / 3.0;
    series = series * square + 2.0;
    return e * 0.69314718055994530942 + series * f;
}

#endif
