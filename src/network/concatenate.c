#include "network/concatenate.h"

#include <string.h>

void tml_concatenate_forward(const tml_layer *layer, size_t lane, const tml_real *in,
                             const tml_real *features, tml_real *out)
{
    size_t units = layer->in.channels;
    size_t width = layer->out.channels;
    size_t count = width - units;

    for (size_t s = 0; s < lane; ++s) {
        memcpy(out + s * width, in + s * units, units * sizeof *out);
        memcpy(out + s * width + units, features + s * count, count * sizeof *out);
    }
}

void tml_concatenate_backward(const tml_layer *layer, size_t lane, const tml_real *d_out, tml_real *d_in)
{
    size_t units = layer->in.channels;

    for (size_t s = 0; s < lane; ++s)
        memcpy(d_in + s * units, d_out + s * layer->out.channels, units * sizeof *d_in);
}
