#include <string.h>

#include "network/combine.h"
#include "network/rectifier.h"
#include "network/winograd_private.h"

/* Row `row`, padding included, of a sample in an activation. */
static size_t row_place(tml_activation_shape shape, size_t sample, size_t row)
{
    return (sample * tml_activation_pitch(shape) + row) * shape.channels;
}

void tml_winograd_inputs(const tml_winograd *w, tml_piece piece, const tml_real *in)
{
    tml_activation_shape shape = w->layer->in;
    size_t points = w->matrices.points;
    const tml_real *from[TML_COOK_TOOM_POINTS];
    tml_real *to[TML_COOK_TOOM_POINTS];

    for (size_t r = 0; r < piece.count * w->tiles; ++r) {
        size_t sample = piece.first + r / w->tiles;
        size_t start = r % w->tiles * w->layer->tile;

        for (size_t q = 0; q < points; ++q) {
            from[q] = start + q < tml_activation_pitch(shape) ? in + row_place(shape, sample, start + q)
                                                              : w->zeros;
            to[q] = tml_winograd_inputs_at(w, q) + r * w->channels;
        }
        tml_combine_rows(points, points, w->matrices.input_to_point, from, w->channels, 0, to);
    }
}

void tml_winograd_outputs(const tml_winograd *w, tml_piece piece, const tml_real *bias, tml_real *out)
{
    tml_activation_shape shape = w->layer->out;
    size_t tile = w->layer->tile;
    const tml_real *from[TML_COOK_TOOM_POINTS];
    tml_real *to[TML_COOK_TOOM_POINTS];

    for (size_t r = 0; r < piece.count * w->tiles; ++r) {
        size_t sample = piece.first + r / w->tiles;
        size_t start = r % w->tiles * tile;
        size_t kept = shape.positions - start < tile ? shape.positions - start : tile;

        for (size_t q = 0; q < w->matrices.points; ++q)
            from[q] = tml_winograd_outputs_at(w, q) + r * w->filters;
        for (size_t i = 0; i < tile; ++i)
            to[i] = i < kept ? out + row_place(shape, sample, shape.before + start + i) : w->spare;
        tml_combine_rows(tile, w->matrices.points, w->matrices.point_to_output, from, w->filters, 0, to);
        tml_finish_rows(w->layer->has_relu, kept, w->filters, bias, to[0]);
    }
}

void tml_winograd_output_gradients(const tml_winograd *w, tml_piece piece, const tml_real *d_out)
{
    tml_activation_shape shape = w->layer->out;
    size_t points = w->matrices.points;
    tml_real matrix[TML_COOK_TOOM_POINTS * TML_COOK_TOOM_POINTS];
    const tml_real *from[TML_COOK_TOOM_POINTS];
    tml_real *to[TML_COOK_TOOM_POINTS];

    tml_cook_toom_transpose(w->layer->tile, points, w->matrices.point_to_output, matrix);
    for (size_t r = 0; r < piece.count * w->tiles; ++r) {
        size_t sample = piece.first + r / w->tiles;
        size_t start = r % w->tiles * w->layer->tile;

        for (size_t i = 0; i < w->layer->tile; ++i)
            from[i] = start + i < shape.positions ? d_out + row_place(shape, sample, shape.before + start + i)
                                                  : w->zeros;
        for (size_t q = 0; q < points; ++q)
            to[q] = tml_winograd_outputs_at(w, q) + r * w->filters;
        tml_combine_rows(points, w->layer->tile, matrix, from, w->filters, 0, to);
    }
}

/* Tiles overlap, so they add up; in the order of the tiles, on every machine alike. */
void tml_winograd_input_gradients(const tml_winograd *w, tml_piece piece, tml_real *d_in)
{
    tml_activation_shape shape = w->layer->in;
    size_t points = w->matrices.points;
    tml_real matrix[TML_COOK_TOOM_POINTS * TML_COOK_TOOM_POINTS];
    const tml_real *from[TML_COOK_TOOM_POINTS];
    tml_real *to[TML_COOK_TOOM_POINTS];

    tml_cook_toom_transpose(points, points, w->matrices.input_to_point, matrix);
    memset(d_in + row_place(shape, piece.first, 0), 0,
           piece.count * tml_activation_size(shape) * sizeof *d_in);
    for (size_t r = 0; r < piece.count * w->tiles; ++r) {
        size_t sample = piece.first + r / w->tiles;
        size_t start = r % w->tiles * w->layer->tile;

        for (size_t q = 0; q < points; ++q) {
            from[q] = tml_winograd_inputs_at(w, q) + r * w->channels;
            to[q] = start + q < tml_activation_pitch(shape) ? d_in + row_place(shape, sample, start + q)
                                                            : w->spare;
        }
        tml_combine_rows(points, points, matrix, from, w->channels, 1, to);
    }
}

void tml_winograd_finish_kernel(const tml_winograd *w, tml_real *d_kernel)
{
    const tml_cook_toom *t = &w->matrices;
    size_t count = w->channels * w->filters;
    tml_real matrix[TML_COOK_TOOM_POINTS * TML_COOK_TOOM_WINDOW];
    const tml_real *from[TML_COOK_TOOM_POINTS];
    tml_real *to[TML_COOK_TOOM_POINTS];

    tml_cook_toom_transpose(t->points, t->window, t->kernel_to_point, matrix);
    for (size_t q = 0; q < t->points; ++q)
        from[q] = w->kernel + q * count;
    for (size_t k = 0; k < t->window; ++k)
        to[k] = d_kernel + k * count;
    tml_combine_rows(t->window, t->points, matrix, from, count, 0, to);
}
