#include "network/layer_norm.h"

#include <math.h>
#include <string.h>

#include "network/padding.h"
#include "network/wide.h"

enum { PARTS = TML_VECTOR_NUMBERS };

/* Sums are kept in PARTS parts, which fill vector registers, and joined at the end: the same bits whatever
 * the registers. */
static inline tml_real join(const tml_vector *parts, tml_real rest)
{
    const tml_vector p = *parts;

    return ((p[0] + p[4]) + (p[2] + p[6])) + ((p[1] + p[5]) + (p[3] + p[7])) + rest;
}

static inline tml_real sum_of(size_t count, const tml_real *a)
{
    tml_vector parts = {0};
    tml_real rest = 0;
    size_t c = 0;

    for (; c + PARTS <= count; c += PARTS)
        parts += *(const tml_vector *)(a + c);
    for (; c < count; ++c)
        rest += a[c];
    return join(&parts, rest);
}

/* Sum of a[c] (b[c] - mean). */
static inline tml_real sum_of_products(size_t count, const tml_real *a, const tml_real *b, tml_real mean)
{
    tml_vector parts = {0};
    tml_real rest = 0;
    size_t c = 0;

    for (; c + PARTS <= count; c += PARTS)
        parts += *(const tml_vector *)(a + c) * (*(const tml_vector *)(b + c) - mean);
    for (; c < count; ++c)
        rest += a[c] * (b[c] - mean);
    return join(&parts, rest);
}

static inline tml_real sum_of_squares(size_t count, const tml_real *a, tml_real mean)
{
    tml_vector parts = {0};
    tml_real rest = 0;
    size_t c = 0;

    for (; c + PARTS <= count; c += PARTS) {
        tml_vector apart = *(const tml_vector *)(a + c) - mean;

        parts += apart * apart;
    }
    for (; c < count; ++c)
        rest += (a[c] - mean) * (a[c] - mean);
    return join(&parts, rest);
}

/* Mean and 1 / sqrt(variance + epsilon) of a row. */
typedef struct row_moments {
    tml_real mean;
    tml_real inverse;
} row_moments;

static inline row_moments moments_of(size_t count, const tml_real *row)
{
    tml_real number = (tml_real)count;
    row_moments m;

    m.mean = sum_of(count, row) / number;
    m.inverse = (tml_real)(1.0 / sqrt((double)(sum_of_squares(count, row, m.mean) / number) +
                                      TML_LAYER_NORM_EPSILON));
    return m;
}

TML_WIDE void tml_layer_norm_forward(const tml_layer *layer, size_t lane, const tml_real *restrict factor,
                                     const tml_real *restrict shift, const tml_real *restrict in,
                                     tml_real *restrict out)
{
    tml_activation_shape shape = layer->in;
    size_t count = shape.channels;

    for (size_t s = 0; s < lane; ++s)
        for (size_t p = 0; p < shape.positions; ++p) {
            size_t at = (s * tml_activation_pitch(shape) + shape.before + p) * count;
            row_moments m = moments_of(count, in + at);

            for (size_t c = 0; c < count; ++c) {
                tml_real value = factor[c] * ((in[at + c] - m.mean) * m.inverse) + shift[c];

                /* A NaN must stay visible: it is not turned into 0. */
                out[at + c] = layer->has_relu && value < 0 ? 0 : value;
            }
        }
    tml_padding_clear(shape, lane, out);
}

/* With x^ = (x - mean) inverse and g = factor d_out: d_in = inverse (g - mean(g) - x^ mean(g x^)). */
static inline void row_backward(size_t count, const tml_real *restrict factor, const tml_real *restrict in,
                                const tml_real *restrict d_out, tml_real *restrict d_factor,
                                tml_real *restrict d_shift, tml_real *restrict d_in)
{
    row_moments m = moments_of(count, in);
    tml_real mean;
    tml_real slope;

    for (size_t c = 0; c < count; ++c) {
        d_factor[c] += d_out[c] * ((in[c] - m.mean) * m.inverse);
        d_shift[c] += d_out[c];
    }
    if (d_in == NULL)
        return;
    for (size_t c = 0; c < count; ++c)
        d_in[c] = factor[c] * d_out[c];
    mean = sum_of(count, d_in) / (tml_real)count;
    slope = m.inverse * m.inverse * sum_of_products(count, d_in, in, m.mean) / (tml_real)count;
    for (size_t c = 0; c < count; ++c)
        d_in[c] = m.inverse * (d_in[c] - mean - (in[c] - m.mean) * slope);
}

TML_WIDE void tml_layer_norm_backward(const tml_layer *layer, size_t lane, const tml_real *factor,
                                      const tml_real *in, const tml_real *out, tml_real *d_out,
                                      tml_real *d_factor, tml_real *d_shift, tml_real *d_in)
{
    tml_activation_shape shape = layer->in;
    size_t count = shape.channels;

    memset(d_factor, 0, count * sizeof *d_factor);
    memset(d_shift, 0, count * sizeof *d_shift);
    for (size_t s = 0; s < lane; ++s)
        for (size_t p = 0; p < shape.positions; ++p) {
            size_t at = (s * tml_activation_pitch(shape) + shape.before + p) * count;

            for (size_t c = 0; c < count && layer->has_relu; ++c)
                d_out[at + c] = out[at + c] > 0 ? d_out[at + c] : 0;
            row_backward(count, factor, in + at, d_out + at, d_factor, d_shift,
                         d_in != NULL ? d_in + at : NULL);
        }
}
