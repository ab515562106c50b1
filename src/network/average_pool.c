#include "network/average_pool.h"

#include <string.h>

#include "network/wide.h"

TML_WIDE void tml_average_pool_forward(const tml_layer *layer, size_t lane, const tml_real *restrict in,
                                       tml_real *restrict out)
{
    tml_activation_shape from = layer->in;
    size_t channels = from.channels;
    tml_real part = (tml_real)1 / (tml_real)from.positions;

    for (size_t s = 0; s < lane; ++s) {
        const tml_real *source = in + s * tml_activation_size(from) + from.before * channels;
        tml_real *target = out + s * channels;

        memset(target, 0, channels * sizeof *out);
        for (size_t p = 0; p < from.positions; ++p)
            for (size_t c = 0; c < channels; ++c)
                target[c] += source[p * channels + c];
        for (size_t c = 0; c < channels; ++c)
            target[c] *= part;
    }
}

TML_WIDE void tml_average_pool_backward(const tml_layer *layer, size_t lane, const tml_real *restrict d_out,
                                        tml_real *restrict d_in)
{
    tml_activation_shape from = layer->in;
    size_t channels = from.channels;
    tml_real part = (tml_real)1 / (tml_real)from.positions;

    for (size_t s = 0; s < lane; ++s) {
        tml_real *target = d_in + s * tml_activation_size(from) + from.before * channels;

        for (size_t p = 0; p < from.positions; ++p)
            for (size_t c = 0; c < channels; ++c)
                target[p * channels + c] = part * d_out[s * channels + c];
    }
}
