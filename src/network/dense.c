#include "network/dense.h"

#include "network/gemm.h"
#include "network/rectifier.h"

void tml_dense_forward(const tml_layer *layer, size_t lane, const tml_real *kernel, const tml_real *bias,
                       const tml_real *in, tml_real *out)
{
    size_t units_in = layer->in.channels;
    size_t units_out = layer->out.channels;

    tml_gemm(tml_matrix_of(in, lane, units_in), tml_matrix_of(kernel, units_in, units_out), false,
             tml_matrix_of(out, lane, units_out));
    if (layer->has_relu)
        tml_rectify_biased(lane, units_out, bias, out);
    else
        tml_add_bias(lane, units_out, bias, out);
}

void tml_dense_backward(const tml_layer *layer, size_t lane, const tml_real *kernel, const tml_real *in,
                        const tml_real *out, tml_real *d_out, tml_real *d_kernel, tml_real *d_bias,
                        tml_real *d_in)
{
    size_t units_in = layer->in.channels;
    size_t units_out = layer->out.channels;
    tml_matrix d = tml_matrix_of(d_out, lane, units_out);

    if (layer->has_relu)
        tml_rectify_backward(lane, units_out, out, d_out, d_bias);
    else
        tml_sum_rows(lane, units_out, d_out, d_bias);
    tml_gemm(tml_matrix_transposed(tml_matrix_of(in, lane, units_in)), d, false,
             tml_matrix_of(d_kernel, units_in, units_out));
    if (d_in != NULL)
        tml_gemm(d, tml_matrix_transposed(tml_matrix_of(kernel, units_in, units_out)), false,
                 tml_matrix_of(d_in, lane, units_in));
}
