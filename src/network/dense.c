#include "network/dense.h"

#include "network/panels.h"
#include "network/rectifier.h"

enum {
    ALIGNED = 16, /* numbers: stripes begin at a multiple of 64 bytes */
    DEPTH = 256,  /* of a block of the kernel in the forward pass, */
    WIDTH = 128   /* which stays in the second cache */
};

/* The scratch: left panels, and stripes behind them. */
typedef struct spans {
    size_t left; /* numbers */
    size_t right;
} spans;

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

static spans lay_out(const tml_layer *layer, size_t lane, int is_training)
{
    tml_panel_widths widths = tml_gemm_panel_widths();
    size_t lane_rows = tml_panels(lane, widths) * widths.left;
    size_t outputs = layer->out.channels;
    spans s = {lane_rows * DEPTH, tml_stripes(WIDTH, widths) * widths.right * DEPTH};

    if (is_training) {
        s.left = larger(s.left, tml_panels(layer->in.channels, widths) * widths.left * lane);
        s.left = larger(s.left, lane_rows * outputs);
        s.right = larger(s.right, tml_stripes(outputs, widths) * widths.right * lane);
        s.right = larger(s.right, outputs * widths.right);
    }
    s.left = (s.left + ALIGNED - 1) / ALIGNED * ALIGNED;
    return s;
}

size_t tml_dense_scratch_count(const tml_layer *layer, size_t lane, int is_training)
{
    spans s = lay_out(layer, lane, is_training);

    return s.left + s.right;
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

void tml_dense_forward(const tml_layer *layer, size_t lane, const tml_real *kernel, const tml_real *bias,
                       const tml_real *in, tml_real *out, tml_real *scratch)
{
    tml_panel_widths widths = tml_gemm_panel_widths();
    size_t units_in = layer->in.channels;
    size_t units_out = layer->out.channels;
    tml_real *right = scratch + lay_out(layer, lane, 0).left;

    for (size_t k = 0; k < units_in; k += DEPTH) {
        size_t depth = smaller(units_in - k, DEPTH);

        tml_pack_rows(widths, (tml_rows){in + k, lane, depth, units_in}, scratch);
        for (size_t j = 0; j < units_out; j += WIDTH) {
            size_t columns = smaller(units_out - j, WIDTH);

            tml_pack_stripes(widths, (tml_rows){kernel + k * units_out + j, depth, columns, units_out},
                             right);
            tml_gemm_panels(lane, columns, depth, scratch, right, k > 0, out + j, units_out);
        }
    }
    tml_finish_rows(layer->has_relu, lane, units_out, bias, out);
}

/* d_in = d_out kernel^T. The kernel's rows are turned stripe by stripe, just before they are used: it is
 * large, and a library would pack it as a whole. */
static void multiply_inputs(size_t lane, tml_rows kernel, const tml_real *d_out, tml_real *d_in,
                            tml_real *left, tml_real *right)
{
    tml_panel_widths widths = tml_gemm_panel_widths();
    tml_rows outputs = {d_out, lane, kernel.columns, kernel.columns};

    tml_pack_rows(widths, outputs, left);
    for (size_t first = 0; first < kernel.rows; first += widths.right) {
        size_t units = kernel.rows - first < widths.right ? kernel.rows - first : widths.right;
        tml_rows part = {kernel.data + first * kernel.pitch, units, kernel.columns, kernel.pitch};

        tml_pack_transposed(widths, part, right, 0);
        tml_gemm_panels(lane, units, kernel.columns, left, right, false, d_in + first, kernel.rows);
    }
}

void tml_dense_backward(const tml_layer *layer, size_t lane, const tml_real *kernel, const tml_real *in,
                        const tml_real *out, tml_real *d_out, tml_real *d_kernel, tml_real *d_bias,
                        tml_real *d_in, tml_real *scratch)
{
    tml_panel_widths widths = tml_gemm_panel_widths();
    size_t units_in = layer->in.channels;
    size_t units_out = layer->out.channels;
    tml_real *right = scratch + lay_out(layer, lane, 1).left;

    if (layer->has_relu)
        tml_rectify_backward(lane, units_out, out, d_out, d_bias);
    else
        tml_sum_rows(lane, units_out, d_out, d_bias);
    tml_pack_columns(widths, (tml_rows){in, lane, units_in, units_in}, scratch);
    tml_pack_stripes(widths, (tml_rows){d_out, lane, units_out, units_out}, right);
    tml_gemm_panels(units_in, units_out, lane, scratch, right, false, d_kernel, units_out);
    if (d_in != NULL)
        multiply_inputs(lane, (tml_rows){kernel, units_in, units_out, units_out}, d_out, d_in, scratch,
                        right);
}
