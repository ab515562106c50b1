#include "network/winograd.h"

#include <string.h>

#include "network/combine.h"
#include "network/winograd_private.h"

enum {
    PIECE_ROWS = 128, /* tiles of a piece, about: enough for a product, few enough for the cache */
    ALIGNED = 16      /* numbers: spans begin at a multiple of 64 bytes */
};

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

static size_t rounded(size_t count, size_t unit)
{
    return (count + unit - 1) / unit * unit;
}

/* The next span of the scratch; nothing but counting while that is NULL. */
static tml_real *take(tml_real *scratch, size_t *used, size_t count)
{
    tml_real *span = scratch != NULL ? scratch + *used : NULL;

    *used += rounded(count, ALIGNED);
    return span;
}

/* @return numbers of scratch */
static size_t lay_out(const tml_layer *layer, size_t lane, int is_training, tml_real *scratch,
                      tml_winograd *out)
{
    tml_winograd w = {.layer = layer,
                      .matrices = tml_cook_toom_of(layer->tile, layer->window),
                      .widths = tml_gemm_panel_widths(),
                      .channels = layer->in.channels,
                      .filters = layer->out.channels};
    size_t points = w.matrices.points;
    size_t channel_rows = tml_panels(w.channels, w.widths) * w.widths.left;
    size_t used = 0;
    size_t rows;

    w.tiles = (layer->out.positions + layer->tile - 1) / layer->tile;
    w.samples = larger(PIECE_ROWS / w.tiles, 1);
    w.samples = w.samples < lane ? w.samples : lane;
    w.room = w.samples * w.tiles;
    rows = tml_panels(w.room, w.widths) * w.widths.left;
    w.inputs = take(scratch, &used, points * w.room * w.channels);
    w.outputs = take(scratch, &used, points * w.room * w.filters);
    w.left = take(scratch, &used, rows * larger(channel_rows, is_training ? w.filters : 0));
    w.zeros = take(scratch, &used, larger(w.channels, w.filters));
    w.spare = take(scratch, &used, larger(w.channels, w.filters));
    if (is_training) {
        w.right = take(scratch, &used, w.room * tml_stripes(w.filters, w.widths) * w.widths.right);
        w.kernel = take(scratch, &used, points * w.channels * w.filters);
    }
    *out = w;
    return used;
}

/* Numbers of the kernel at one point: in stripes of filters, and transposed in stripes of channels. */
static size_t forward_count(const tml_winograd *w)
{
    return w->channels * tml_stripes(w->filters, w->widths) * w->widths.right;
}

static size_t backward_count(const tml_winograd *w)
{
    return w->filters * tml_stripes(w->channels, w->widths) * w->widths.right;
}

size_t tml_winograd_prepared_count(const tml_layer *layer)
{
    tml_winograd w;

    lay_out(layer, 1, 0, NULL, &w);
    return w.matrices.points * (forward_count(&w) + backward_count(&w));
}

size_t tml_winograd_scratch_count(const tml_layer *layer, size_t lane, int is_training)
{
    tml_winograd w;

    return lay_out(layer, lane, is_training, NULL, &w);
}

/* The kernel at a point, transposed, from its stripes. */
static void turn_stripes(const tml_winograd *w, const tml_real *stripes, tml_real *turned)
{
    size_t right = w->widths.right;

    for (size_t first = 0; first < w->filters; first += right) {
        size_t columns = w->filters - first < right ? w->filters - first : right;
        tml_rows stripe = {stripes + first * w->channels, w->channels, columns, right};

        tml_pack_transposed(w->widths, stripe, turned + first * right, w->filters * right);
    }
}

/* [points] stripes of the kernel, then [points] stripes of it transposed. */
void tml_winograd_prepare(const tml_layer *layer, const tml_real *kernel, tml_real *prepared)
{
    tml_winograd w;
    const tml_real *from[TML_COOK_TOOM_POINTS];
    tml_real *to[TML_COOK_TOOM_POINTS];
    tml_real *turned;
    size_t count;

    lay_out(layer, 1, 0, NULL, &w);
    count = w.channels * w.filters;
    turned = prepared + w.matrices.points * forward_count(&w);
    for (size_t k = 0; k < w.matrices.window; ++k)
        from[k] = kernel + k * count;
    /* The second half first holds the kernels at the points as they are. */
    for (size_t p = 0; p < w.matrices.points; ++p)
        to[p] = turned + p * backward_count(&w);
    tml_combine_rows(w.matrices.points, w.matrices.window, w.matrices.kernel_to_point, from, count, 0, to);
    for (size_t p = 0; p < w.matrices.points; ++p) {
        tml_rows plain = {to[p], w.channels, w.filters, w.filters};
        tml_real *stripes = prepared + p * forward_count(&w);

        tml_pack_stripes(w.widths, plain, stripes);
        turn_stripes(&w, stripes, to[p]);
    }
}

void tml_winograd_forward(const tml_layer *layer, size_t lane, const tml_real *prepared, const tml_real *bias,
                          const tml_real *in, tml_real *out, tml_real *scratch)
{
    tml_winograd w;
    tml_piece piece = {0, 0};

    lay_out(layer, lane, 0, scratch, &w);
    memset(w.zeros, 0, larger(w.channels, w.filters) * sizeof *w.zeros);
    for (; piece.first < lane; piece.first += w.samples) {
        size_t rows;

        piece.count = lane - piece.first < w.samples ? lane - piece.first : w.samples;
        rows = piece.count * w.tiles;
        tml_winograd_inputs(&w, piece, in);
        for (size_t q = 0; q < w.matrices.points; ++q) {
            tml_rows inputs = {tml_winograd_inputs_at(&w, q), rows, w.channels, w.channels};

            tml_pack_rows(w.widths, inputs, w.left);
            tml_gemm_panels(rows, w.filters, w.channels, w.left, prepared + q * forward_count(&w), false,
                            tml_winograd_outputs_at(&w, q), w.filters);
        }
        tml_winograd_outputs(&w, piece, bias, out);
    }
}

/* At a point: the kernel's gradient, += inputs^T outputs; then, with `turned`, that of the inputs in their
 * place, outputs kernel^T. */
static void multiply_gradients(const tml_winograd *w, tml_piece piece, size_t q, const tml_real *turned)
{
    size_t rows = piece.count * w->tiles;
    tml_rows inputs = {tml_winograd_inputs_at(w, q), rows, w->channels, w->channels};
    tml_rows outputs = {tml_winograd_outputs_at(w, q), rows, w->filters, w->filters};

    tml_pack_columns(w->widths, inputs, w->left);
    tml_pack_stripes(w->widths, outputs, w->right);
    tml_gemm_panels(w->channels, w->filters, rows, w->left, w->right, piece.first > 0,
                    w->kernel + q * w->channels * w->filters, w->filters);
    if (turned == NULL)
        return;
    tml_pack_rows(w->widths, outputs, w->left);
    tml_gemm_panels(rows, w->channels, w->filters, w->left, turned + q * backward_count(w), false,
                    tml_winograd_inputs_at(w, q), w->channels);
}

void tml_winograd_backward(const tml_layer *layer, size_t lane, const tml_real *prepared, const tml_real *in,
                           const tml_real *d_out, tml_real *d_kernel, tml_real *d_in, tml_real *scratch)
{
    tml_winograd w;
    tml_piece piece = {0, 0};
    const tml_real *turned;

    lay_out(layer, lane, 1, scratch, &w);
    memset(w.zeros, 0, larger(w.channels, w.filters) * sizeof *w.zeros);
    turned = d_in != NULL ? prepared + w.matrices.points * forward_count(&w) : NULL;
    for (; piece.first < lane; piece.first += w.samples) {
        piece.count = lane - piece.first < w.samples ? lane - piece.first : w.samples;
        tml_winograd_inputs(&w, piece, in);
        tml_winograd_output_gradients(&w, piece, d_out);
        for (size_t q = 0; q < w.matrices.points; ++q)
            multiply_gradients(&w, piece, q, turned);
        if (d_in != NULL)
            tml_winograd_input_gradients(&w, piece, d_in);
    }
    tml_winograd_finish_kernel(&w, d_kernel);
}
