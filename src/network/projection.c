#include "network/projection.h"

#include "network/gemm.h"
#include "network/padding.h"
#include "network/rectifier.h"

void tml_projection_forward(const tml_layer *layer, size_t lane, const tml_real *kernel, const tml_real *bias,
                            const tml_real *in, tml_real *out)
{
    size_t rows = lane * tml_activation_pitch(layer->in);
    size_t channels = layer->in.channels;
    size_t filters = layer->out.channels;

    tml_gemm_rows(layer->is_steady, tml_matrix_of(in, rows, channels),
                  tml_matrix_of(kernel, channels, filters), tml_matrix_of(out, rows, filters));
    tml_add_bias(rows, filters, bias, out);
    tml_padding_clear(layer->out, lane, out);
}

void tml_projection_backward(const tml_layer *layer, size_t lane, const tml_real *kernel, const tml_real *in,
                             tml_real *d_out, tml_real *d_kernel, tml_real *d_bias, tml_real *d_in)
{
    size_t rows = lane * tml_activation_pitch(layer->in);
    size_t channels = layer->in.channels;
    size_t filters = layer->out.channels;
    tml_matrix d = tml_matrix_of(d_out, rows, filters);

    tml_padding_clear(layer->out, lane, d_out);
    tml_sum_rows(rows, filters, d_out, d_bias);
    tml_gemm(tml_matrix_transposed(tml_matrix_of(in, rows, channels)), d, false,
             tml_matrix_of(d_kernel, channels, filters));
    if (d_in != NULL)
        tml_gemm(d, tml_matrix_transposed(tml_matrix_of(kernel, channels, filters)), false,
                 tml_matrix_of(d_in, rows, channels));
}
