#include "network/gelu.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "network/wide.h"

#define ROOT_HALF 0.70710678118654752440   /* 1 / sqrt(2) */
#define NORMAL_PEAK 0.39894228040143267794 /* 1 / sqrt(2 pi) */

/* Phi(x), and exp(-x^2 / 2) from which its slope follows. */
typedef struct normal_values {
    tml_real below;
    tml_real bell;
} normal_values;

#ifdef TML_REAL_IS_DOUBLE

static inline normal_values normal_at(double x)
{
    normal_values n = {0.5 * erfc(-ROOT_HALF * x), exp(-0.5 * x * x)};

    return n;
}

#else

/* e^a for a <= 0, within some 1e-7 of its value: a = n ln 2 + r, e^r by its series, 2^n by the bits of the
 * exponent. Below e^-87 it stays there. Adding 1.5 * 2^23 rounds to a whole number. */
static inline float exp_below(float a)
{
    const float shift = 12582912.0F;
    float within = a > -87.0F ? a : -87.0F; /* of NaN as well: it shows elsewhere */
    float n = (within * 1.44269504F + shift) - shift;
    /* ln 2 in two parts: n times the first is exact. */
    float r = (within - n * 0.693359375F) + n * 2.12194440e-4F;
    int32_t bits = ((int32_t)n + 127) * (1 << 23);
    float power;
    float series = 1.0F / 5040.0F;

    series = series * r + 1.0F / 720.0F;
    series = series * r + 1.0F / 120.0F;
    series = series * r + 1.0F / 24.0F;
    series = series * r + 1.0F / 6.0F;
    series = series * r + 0.5F;
    series = series * r + 1.0F;
    series = series * r + 1.0F;
    memcpy(&power, &bits, sizeof power);
    return series * power;
}

static inline normal_values normal_at(float x)
{
    float z = (float)ROOT_HALF * fabsf(x);
    float t = 1.0F / (1.0F + 0.3275911F * z);
    float bell = exp_below(-z * z);
    float series = 1.061405429F;
    float above;
    normal_values n;

    series = series * t - 1.453152027F;
    series = series * t + 1.421413741F;
    series = series * t - 0.284496736F;
    series = series * t + 0.254829592F;
    above = 0.5F * series * t * bell; /* 1 - Phi(|x|) */
    n.below = x < 0.0F ? above : 1.0F - above;
    n.bell = bell;
    return n;
}

#endif

TML_WIDE void tml_gelu_forward(size_t count, const tml_real *restrict in, tml_real *restrict out)
{
    for (size_t i = 0; i < count; ++i)
        out[i] = in[i] * normal_at(in[i]).below;
}

TML_WIDE void tml_gelu_backward(size_t count, const tml_real *restrict in, const tml_real *restrict d_out,
                                tml_real *restrict d_in)
{
    for (size_t i = 0; i < count; ++i) {
        normal_values n = normal_at(in[i]);

        d_in[i] = (n.below + in[i] * ((tml_real)NORMAL_PEAK * n.bell)) * d_out[i];
    }
}
