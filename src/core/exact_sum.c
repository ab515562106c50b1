#include "core/exact_sum.h"

#include <assert.h>
#include <math.h>
#include <string.h>

enum { LIMB_BITS = 32, LOWEST_EXPONENT = -1088 };

void tml_exact_sum_clear(tml_exact_sum *sum)
{
    memset(sum, 0, sizeof *sum);
}

void tml_exact_sum_add(tml_exact_sum *sum, double value)
{
    int exponent;
    double fraction;
    int64_t mantissa;
    uint64_t magnitude;
    int position;
    int shift;
    int64_t sign;

    assert(isfinite(value));
    fraction = frexp(value, &exponent);
    mantissa = (int64_t)ldexp(fraction, 53);
    if (mantissa == 0)
        return;
    sign = mantissa < 0 ? -1 : 1;
    magnitude = (uint64_t)(mantissa < 0 ? -mantissa : mantissa);
    /* value = mantissa * 2^(exponent - 53); place it at a whole number of limbs plus a shift. */
    position = exponent - 53 - LOWEST_EXPONENT;
    while (position < 0) { /* subnormal: the low bits are zero */
        magnitude >>= 1;
        ++position;
    }
    shift = position % LIMB_BITS;
    position /= LIMB_BITS;
    sum->limb[position] += sign * (int64_t)((magnitude << shift) & 0xffffffffU);
    sum->limb[position + 1] += sign * (int64_t)((magnitude >> (LIMB_BITS - shift)) & 0xffffffffU);
    if (shift > 0)
        sum->limb[position + 2] += sign * (int64_t)(magnitude >> (2 * LIMB_BITS - shift));
}

double tml_exact_sum_value(const tml_exact_sum *sum)
{
    int64_t limb[TML_EXACT_SUM_LIMBS];
    int64_t carry = 0;
    double value = 0.0;

    /* Carry up, so that every limb but the last is in [0, 2^32): the form does not depend on the order. */
    for (int i = 0; i < TML_EXACT_SUM_LIMBS; ++i) {
        int64_t total = sum->limb[i] + carry;

        limb[i] = total & 0xffffffff;
        carry = (total - limb[i]) / ((int64_t)1 << LIMB_BITS);
    }
    if (carry < 0) { /* negative: form the magnitude instead, so that leading limbs do not cancel */
        tml_exact_sum negated;

        for (int i = 0; i < TML_EXACT_SUM_LIMBS; ++i)
            negated.limb[i] = -sum->limb[i];
        return -tml_exact_sum_value(&negated);
    }
    for (int i = TML_EXACT_SUM_LIMBS - 1; i >= 0; --i)
        value += ldexp((double)limb[i], LIMB_BITS * i + LOWEST_EXPONENT);
    return value;
}
