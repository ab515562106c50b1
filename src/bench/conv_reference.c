#include "bench/conv_reference.h"

#include <string.h>

/* The row of `in` that tap 0 sees for an output position, within a sample. */
static size_t first_row(const tml_layer *layer, size_t position)
{
    return layer->in.before + position - (layer->window - 1) / 2;
}

void tml_conv_reference_forward(const tml_layer *layer, size_t lane, const tml_real *kernel,
                                const tml_real *bias, const tml_real *in, double *out)
{
    size_t channels = layer->in.channels;
    size_t filters = layer->out.channels;

    for (size_t s = 0; s < lane; ++s)
        for (size_t p = 0; p < layer->out.positions; ++p) {
            double *row = out + (s * tml_activation_pitch(layer->out) + layer->out.before + p) * filters;
            const tml_real *window = in +
                                     (s * tml_activation_pitch(layer->in) + first_row(layer, p)) * channels;

            for (size_t f = 0; f < filters; ++f)
                row[f] = (double)bias[f];
            for (size_t k = 0; k < layer->window * channels; ++k)
                for (size_t f = 0; f < filters; ++f)
                    row[f] += (double)window[k] * (double)kernel[k * filters + f];
            for (size_t f = 0; f < filters; ++f)
                row[f] = layer->has_relu && row[f] < 0.0 ? 0.0 : row[f];
        }
}

void tml_conv_reference_backward(const tml_layer *layer, size_t lane, const tml_real *kernel,
                                 const tml_real *in, const tml_real *d_out, double *d_kernel, double *d_in)
{
    size_t channels = layer->in.channels;
    size_t filters = layer->out.channels;

    memset(d_kernel, 0, layer->window * channels * filters * sizeof *d_kernel);
    memset(d_in, 0, lane * tml_activation_size(layer->in) * sizeof *d_in);
    for (size_t s = 0; s < lane; ++s)
        for (size_t p = 0; p < layer->out.positions; ++p) {
            const tml_real *row = d_out +
                                  (s * tml_activation_pitch(layer->out) + layer->out.before + p) * filters;
            size_t start = (s * tml_activation_pitch(layer->in) + first_row(layer, p)) * channels;

            for (size_t k = 0; k < layer->window * channels; ++k) {
                double sum = 0.0;

                for (size_t f = 0; f < filters; ++f) {
                    d_kernel[k * filters + f] += (double)in[start + k] * (double)row[f];
                    sum += (double)kernel[k * filters + f] * (double)row[f];
                }
                d_in[start + k] += sum;
            }
        }
}
