#include "network/pool.h"

#include <string.h>

#include "network/wide.h"

static void pool_window(size_t window, size_t channels, const tml_real *restrict in, tml_real *restrict out)
{
    memcpy(out, in, channels * sizeof *out);
    for (size_t p = 1; p < window; ++p)
        for (size_t c = 0; c < channels; ++c) {
            tml_real value = in[p * channels + c];

            out[c] = value > out[c] ? value : out[c];
        }
}

TML_WIDE void tml_pool_forward(const tml_layer *layer, size_t lane, const tml_real *in, tml_real *out)
{
    tml_activation_shape from = layer->in;
    tml_activation_shape to = layer->out;
    size_t channels = from.channels;

    for (size_t s = 0; s < lane; ++s) {
        const tml_real *source = in + s * tml_activation_size(from) + from.before * channels;
        tml_real *target = out + s * tml_activation_size(to);

        memset(target, 0, to.before * channels * sizeof *out);
        for (size_t q = 0; q < to.positions; ++q)
            pool_window(layer->window, channels, source + q * layer->window * channels,
                        target + (to.before + q) * channels);
        memset(target + (to.before + to.positions) * channels, 0, to.after * channels * sizeof *out);
    }
}

/* The first position that holds the maximum gets the gradient; walking backwards, the last write wins. */
static void spread_window(size_t window, size_t channels, const tml_real *restrict in,
                          const tml_real *restrict out, const tml_real *restrict d_out,
                          tml_real *restrict d_in)
{
    for (size_t c = 0; c < channels; ++c) {
        size_t first = window;

        for (size_t p = window; p-- > 0;) {
            d_in[p * channels + c] = 0;
            first = in[p * channels + c] == out[c] ? p : first;
        }
        if (first < window)
            d_in[first * channels + c] = d_out[c];
    }
}

TML_WIDE void tml_pool_backward(const tml_layer *layer, size_t lane, const tml_real *in, const tml_real *out,
                                const tml_real *d_out, tml_real *d_in)
{
    tml_activation_shape from = layer->in;
    tml_activation_shape to = layer->out;
    size_t channels = from.channels;
    size_t used = to.positions * layer->window;

    for (size_t s = 0; s < lane; ++s) {
        size_t source = s * tml_activation_size(from) + from.before * channels;
        size_t target = s * tml_activation_size(to) + to.before * channels;

        for (size_t q = 0; q < to.positions; ++q) {
            size_t at = source + q * layer->window * channels;

            spread_window(layer->window, channels, in + at, out + target + q * channels,
                          d_out + target + q * channels, d_in + at);
        }
        memset(d_in + source + used * channels, 0, (from.positions - used) * channels * sizeof *d_in);
    }
}
