#include "network/convolution_direct.h"

#include "network/gemm.h"
#include "network/rectifier.h"

/* Rows of the whole lane as one sequence: the last window starts window - 1 rows before its end. */
static size_t sequence_rows(const tml_layer *layer, size_t lane)
{
    return lane * tml_activation_pitch(layer->in) - (layer->window - 1);
}

/* The im2col matrix without a copy: every row starts one input row after the one before. */
static tml_matrix windows(const tml_real *first_row, size_t rows, size_t window, size_t channels)
{
    tml_matrix view = tml_matrix_of(first_row, rows, window * channels);

    view.row_stride = channels;
    return view;
}

void tml_direct_forward(const tml_layer *layer, size_t lane, const tml_real *kernel, const tml_real *bias,
                        const tml_real *in, tml_real *out)
{
    size_t rows = sequence_rows(layer, lane);
    size_t channels = layer->in.channels;
    size_t filters = layer->out.channels;
    tml_real *first = out + layer->out.before * filters;

    tml_gemm_rows(layer->is_steady, windows(in, rows, layer->window, channels),
                  tml_matrix_of(kernel, layer->window * channels, filters),
                  tml_matrix_of(first, rows, filters));
    tml_finish_rows(layer->has_relu, rows, filters, bias, first);
}

void tml_direct_flip(const tml_layer *layer, const tml_real *kernel, tml_real *flipped)
{
    size_t channels = layer->in.channels;
    size_t filters = layer->out.channels;

    for (size_t k = 0; k < layer->window; ++k) {
        const tml_real *from = kernel + (layer->window - 1 - k) * channels * filters;
        tml_real *to = flipped + k * channels * filters;

        for (size_t f = 0; f < filters; ++f)
            for (size_t c = 0; c < channels; ++c)
                to[f * channels + c] = from[c * filters + f];
    }
}

void tml_direct_backward(const tml_layer *layer, size_t lane, const tml_real *flipped, const tml_real *in,
                         const tml_real *d_out, tml_real *d_kernel, tml_real *d_in)
{
    size_t rows = sequence_rows(layer, lane);
    size_t channels = layer->in.channels;
    size_t filters = layer->out.channels;
    size_t before = layer->out.before;
    const tml_real *first = d_out + before * filters;

    tml_gemm(tml_matrix_transposed(windows(in, rows, layer->window, channels)),
             tml_matrix_of(first, rows, filters), false,
             tml_matrix_of(d_kernel, layer->window * channels, filters));
    if (d_in == NULL)
        return;
    /* Input row `before` was seen by the output rows before - (window - 1) to before; for an even window that
     * begins one row in front of the buffer. */
    tml_gemm(windows(first + before * filters - (layer->window - 1) * filters, rows, layer->window, filters),
             tml_matrix_of(flipped, layer->window * filters, channels), false,
             tml_matrix_of(d_in + before * channels, rows, channels));
}
