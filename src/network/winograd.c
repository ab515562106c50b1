#include "network/winograd.h"

#include <string.h>

#include "network/cook_toom.h"
#include "network/gemm.h"
#include "network/rectifier.h"
#include "network/wide.h"

enum {
    PIECE_ROWS = 128, /* tiles of a piece, about: enough for a product, few enough for the cache */
    LANES = 8         /* numbers that are combined at a time, held in registers */
};

/* One layer's shapes, and the scratch cut into its spans. */
typedef struct passes {
    const tml_layer *layer;
    tml_cook_toom matrices;
    size_t tiles;   /* of a sample */
    size_t samples; /* of a piece */
    size_t channels, filters;
    tml_real *inputs;  /* [points][rows][channels] */
    tml_real *outputs; /* [points][rows][filters] */
    tml_real *kernel;  /* [points][channels][filters] gradient */
    tml_real *spare;   /* a row that nobody reads */
    tml_real *zeros;   /* a row of zeros */
} passes;

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

static passes lay_out(const tml_layer *layer, size_t lane, tml_real *scratch)
{
    passes p = {.layer = layer,
                .matrices = tml_cook_toom_of(layer->tile, layer->window),
                .channels = layer->in.channels,
                .filters = layer->out.channels};
    size_t rows;
    size_t widest = larger(p.channels, p.filters);

    p.tiles = (layer->out.positions + layer->tile - 1) / layer->tile;
    p.samples = larger(PIECE_ROWS / p.tiles, 1);
    if (p.samples > lane)
        p.samples = lane;
    if (scratch == NULL)
        return p;
    rows = p.matrices.points * p.samples * p.tiles;
    p.zeros = scratch;
    p.spare = p.zeros + widest;
    p.inputs = p.spare + widest;
    p.outputs = p.inputs + rows * p.channels;
    p.kernel = p.outputs + rows * p.filters;
    memset(p.zeros, 0, widest * sizeof *scratch);
    return p;
}

size_t tml_winograd_prepared_count(const tml_layer *layer)
{
    return (layer->tile + layer->window - 1) * layer->in.channels * layer->out.channels;
}

size_t tml_winograd_scratch_count(const tml_layer *layer, size_t lane, int is_training)
{
    passes p = lay_out(layer, lane, NULL);
    size_t rows = p.matrices.points * p.samples * p.tiles;

    return rows * (p.channels + p.filters) + 2 * larger(p.channels, p.filters) +
           (is_training ? tml_winograd_prepared_count(layer) : 0);
}

/* One block of LANES numbers of tml_combine_rows. With constant shapes the compiler keeps all of it in
 * registers. */
static inline __attribute__((always_inline)) void combine_block(size_t outs, size_t ins,
                                                                const tml_real *matrix,
                                                                const tml_real *const *from, size_t first,
                                                                int add, tml_real *const *to)
{
    tml_real held[TML_COOK_TOOM_POINTS][LANES];

    for (size_t j = 0; j < ins; ++j)
        for (size_t c = 0; c < LANES; ++c)
            held[j][c] = from[j][first + c];
    for (size_t i = 0; i < outs; ++i) {
        tml_real sum[LANES];

        for (size_t c = 0; c < LANES; ++c)
            sum[c] = add ? to[i][first + c] : 0;
        for (size_t j = 0; j < ins; ++j)
            for (size_t c = 0; c < LANES; ++c)
                sum[c] += matrix[i * ins + j] * held[j][c];
        for (size_t c = 0; c < LANES; ++c)
            to[i][first + c] = sum[c];
    }
}

static inline __attribute__((always_inline)) void combine_blocks(size_t outs, size_t ins,
                                                                 const tml_real *matrix,
                                                                 const tml_real *const *from, size_t width,
                                                                 int add, tml_real *const *to)
{
    for (size_t first = 0; first + LANES <= width; first += LANES)
        combine_block(outs, ins, matrix, from, first, add, to);
}

/* What is left behind the last whole block. */
static void combine_rest(size_t outs, size_t ins, const tml_real *matrix, const tml_real *const *from,
                         size_t width, int add, tml_real *const *to)
{
    for (size_t c = width / LANES * LANES; c < width; ++c) {
        tml_real held[TML_COOK_TOOM_POINTS];

        for (size_t j = 0; j < ins; ++j)
            held[j] = from[j][c];
        for (size_t i = 0; i < outs; ++i) {
            tml_real sum = add ? to[i][c] : 0;

            for (size_t j = 0; j < ins; ++j)
                sum += matrix[i * ins + j] * held[j];
            to[i][c] = sum;
        }
    }
}

#define COMBINE(outs, ins)                                                                                   \
    if (add)                                                                                                 \
        combine_blocks(outs, ins, matrix, from, width, 1, to);                                               \
    else                                                                                                     \
        combine_blocks(outs, ins, matrix, from, width, 0, to);                                               \
    break

/* to[i] = (add ? to[i] : 0) + sum over j of matrix[i][j] from[j], for rows of `width` numbers. Rows of from
 * and to are different. */
TML_WIDE static void combine_rows(size_t outs, size_t ins, const tml_real *matrix,
                                  const tml_real *const *from, size_t width, int add, tml_real *const *to)
{
    switch (outs * 16 + ins) {
    case 0x77:
        COMBINE(7, 7);
    case 0x47:
        COMBINE(4, 7);
    case 0x74:
        COMBINE(7, 4);
    case 0x66:
        COMBINE(6, 6);
    case 0x46:
        COMBINE(4, 6);
    case 0x64:
        COMBINE(6, 4);
    case 0x88:
        COMBINE(8, 8);
    case 0x48:
        COMBINE(4, 8);
    case 0x84:
        COMBINE(8, 4);
    default:
        COMBINE(outs, ins);
    }
    combine_rest(outs, ins, matrix, from, width, add, to);
}

void tml_winograd_prepare(const tml_layer *layer, const tml_real *kernel, tml_real *prepared)
{
    tml_cook_toom t = tml_cook_toom_of(layer->tile, layer->window);
    size_t count = layer->in.channels * layer->out.channels;
    const tml_real *from[TML_COOK_TOOM_POINTS];
    tml_real *to[TML_COOK_TOOM_POINTS];

    for (size_t k = 0; k < t.window; ++k)
        from[k] = kernel + k * count;
    for (size_t p = 0; p < t.points; ++p)
        to[p] = prepared + p * count;
    combine_rows(t.points, t.window, t.kernel_to_point, from, count, 0, to);
}

/* Row of an activation that holds input row `row` of a sample; NULL beyond its padding. */
static size_t row_place(tml_activation_shape shape, size_t sample, size_t row)
{
    return (sample * tml_activation_pitch(shape) + row) * shape.channels;
}

/* Inputs of the piece at the points. */
static void transform_inputs(const passes *p, size_t first, size_t samples, const tml_real *in)
{
    tml_activation_shape shape = p->layer->in;
    size_t points = p->matrices.points;
    size_t rows = samples * p->tiles;
    const tml_real *from[TML_COOK_TOOM_POINTS];
    tml_real *to[TML_COOK_TOOM_POINTS];

    for (size_t r = 0; r < rows; ++r) {
        size_t sample = first + r / p->tiles;
        size_t start = r % p->tiles * p->layer->tile;

        for (size_t q = 0; q < points; ++q) {
            from[q] = start + q < tml_activation_pitch(shape) ? in + row_place(shape, sample, start + q)
                                                              : p->zeros;
            to[q] = p->inputs + (q * rows + r) * p->channels;
        }
        combine_rows(points, points, p->matrices.input_to_point, from, p->channels, 0, to);
    }
}

/* Outputs of the piece from those at the points, with bias and ReLU while they are in the cache. */
static void transform_outputs(const passes *p, size_t first, size_t samples, const tml_real *bias,
                              tml_real *out)
{
    tml_activation_shape shape = p->layer->out;
    size_t rows = samples * p->tiles;
    const tml_real *from[TML_COOK_TOOM_POINTS];
    tml_real *to[TML_COOK_TOOM_POINTS];

    for (size_t r = 0; r < rows; ++r) {
        size_t sample = first + r / p->tiles;
        size_t start = r % p->tiles * p->layer->tile;
        size_t kept = shape.positions - start < p->layer->tile ? shape.positions - start : p->layer->tile;

        for (size_t q = 0; q < p->matrices.points; ++q)
            from[q] = p->outputs + (q * rows + r) * p->filters;
        for (size_t i = 0; i < p->layer->tile; ++i)
            to[i] = i < kept ? out + row_place(shape, sample, shape.before + start + i) : p->spare;
        combine_rows(p->layer->tile, p->matrices.points, p->matrices.point_to_output, from, p->filters, 0,
                     to);
        tml_rectify_biased(kept, p->filters, bias, to[0]);
    }
}

void tml_winograd_forward(const tml_layer *layer, size_t lane, const tml_real *prepared, const tml_real *bias,
                          const tml_real *in, tml_real *out, tml_real *scratch)
{
    passes p = lay_out(layer, lane, scratch);

    for (size_t first = 0; first < lane; first += p.samples) {
        size_t samples = lane - first < p.samples ? lane - first : p.samples;
        size_t rows = samples * p.tiles;

        transform_inputs(&p, first, samples, in);
        for (size_t q = 0; q < p.matrices.points; ++q)
            tml_gemm(tml_matrix_of(p.inputs + q * rows * p.channels, rows, p.channels),
                     tml_matrix_of(prepared + q * p.channels * p.filters, p.channels, p.filters), false,
                     tml_matrix_of(p.outputs + q * rows * p.filters, rows, p.filters));
        transform_outputs(&p, first, samples, bias, out);
    }
}

/* Gradient at the points from that of the outputs: the adjoint of transform_outputs. */
static void transform_output_gradients(const passes *p, size_t first, size_t samples, const tml_real *d_out)
{
    tml_activation_shape shape = p->layer->out;
    size_t rows = samples * p->tiles;
    tml_real matrix[TML_COOK_TOOM_POINTS * TML_COOK_TOOM_POINTS];
    const tml_real *from[TML_COOK_TOOM_POINTS];
    tml_real *to[TML_COOK_TOOM_POINTS];

    tml_cook_toom_transpose(p->layer->tile, p->matrices.points, p->matrices.point_to_output, matrix);
    for (size_t r = 0; r < rows; ++r) {
        size_t sample = first + r / p->tiles;
        size_t start = r % p->tiles * p->layer->tile;

        for (size_t i = 0; i < p->layer->tile; ++i)
            from[i] = start + i < shape.positions ? d_out + row_place(shape, sample, shape.before + start + i)
                                                  : p->zeros;
        for (size_t q = 0; q < p->matrices.points; ++q)
            to[q] = p->outputs + (q * rows + r) * p->filters;
        combine_rows(p->matrices.points, p->layer->tile, matrix, from, p->filters, 0, to);
    }
}

/* Gradient of the input from that at the points: the adjoint of transform_inputs. Tiles overlap, so they add
 * up; in the order of the tiles, on every machine alike. */
static void transform_input_gradients(const passes *p, size_t first, size_t samples, tml_real *d_in)
{
    tml_activation_shape shape = p->layer->in;
    size_t points = p->matrices.points;
    size_t rows = samples * p->tiles;
    tml_real matrix[TML_COOK_TOOM_POINTS * TML_COOK_TOOM_POINTS];
    const tml_real *from[TML_COOK_TOOM_POINTS];
    tml_real *to[TML_COOK_TOOM_POINTS];

    tml_cook_toom_transpose(points, points, p->matrices.input_to_point, matrix);
    memset(d_in + row_place(shape, first, 0), 0, samples * tml_activation_size(shape) * sizeof *d_in);
    for (size_t r = 0; r < rows; ++r) {
        size_t sample = first + r / p->tiles;
        size_t start = r % p->tiles * p->layer->tile;

        for (size_t q = 0; q < points; ++q) {
            from[q] = p->inputs + (q * rows + r) * p->channels;
            to[q] = start + q < tml_activation_pitch(shape) ? d_in + row_place(shape, sample, start + q)
                                                            : p->spare;
        }
        combine_rows(points, points, matrix, from, p->channels, 1, to);
    }
}

static void finish_kernel(const passes *p, tml_real *d_kernel)
{
    const tml_cook_toom *t = &p->matrices;
    size_t count = p->channels * p->filters;
    tml_real matrix[TML_COOK_TOOM_POINTS * TML_COOK_TOOM_WINDOW];
    const tml_real *from[TML_COOK_TOOM_POINTS];
    tml_real *to[TML_COOK_TOOM_POINTS];

    tml_cook_toom_transpose(t->points, t->window, t->kernel_to_point, matrix);
    for (size_t q = 0; q < t->points; ++q)
        from[q] = p->kernel + q * count;
    for (size_t k = 0; k < t->window; ++k)
        to[k] = d_kernel + k * count;
    combine_rows(t->window, t->points, matrix, from, count, 0, to);
}

void tml_winograd_backward(const tml_layer *layer, size_t lane, const tml_real *prepared, const tml_real *in,
                           const tml_real *d_out, tml_real *d_kernel, tml_real *d_in, tml_real *scratch)
{
    passes p = lay_out(layer, lane, scratch);
    size_t kernel = p.channels * p.filters;

    for (size_t first = 0; first < lane; first += p.samples) {
        size_t samples = lane - first < p.samples ? lane - first : p.samples;
        size_t rows = samples * p.tiles;

        transform_inputs(&p, first, samples, in);
        transform_output_gradients(&p, first, samples, d_out);
        for (size_t q = 0; q < p.matrices.points; ++q) {
            tml_matrix inputs = tml_matrix_of(p.inputs + q * rows * p.channels, rows, p.channels);
            tml_matrix outputs = tml_matrix_of(p.outputs + q * rows * p.filters, rows, p.filters);
            tml_matrix weights = tml_matrix_of(prepared + q * kernel, p.channels, p.filters);

            tml_gemm(tml_matrix_transposed(inputs), outputs, first > 0,
                     tml_matrix_of(p.kernel + q * kernel, p.channels, p.filters));
            if (d_in != NULL) /* the inputs at the points make room for their gradient */
                tml_gemm(outputs, tml_matrix_transposed(weights), false, inputs);
        }
        if (d_in != NULL)
            transform_input_gradients(&p, first, samples, d_in);
    }
    finish_kernel(&p, d_kernel);
}
