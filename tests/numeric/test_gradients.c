/** @file test_gradients.c
 * The gradients of convolutions in both forms, dense layers and max pools against central differences. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "network/convolution.h"
#include "network/dense.h"
#include "network/pool.h"

#include "gradient_check.h"

enum { LANE = 3 };

/* ---- single layers: f = sum of direction * output ---- */

typedef struct layer_case {
    tml_layer layer;
    tml_real *kernel, *bias, *in, *out, *direction;
    tml_real *prepared; /* of a convolution */
    tml_real *scratch;
} layer_case;

static size_t in_size(const layer_case *c)
{
    return LANE * tml_activation_size(c->layer.in);
}

static size_t out_size(const layer_case *c)
{
    return LANE * tml_activation_size(c->layer.out);
}

static double layer_value(void *context)
{
    layer_case *c = context;
    double sum = 0;

    if (c->layer.kind == TML_LAYER_CONVOLUTION)
        tml_convolution_prepare(&c->layer, c->kernel, c->prepared);
    if (c->layer.kind == TML_LAYER_CONVOLUTION)
        tml_convolution_forward(&c->layer, LANE, c->kernel, c->prepared, c->bias, c->in, c->out, c->scratch);
    else if (c->layer.kind == TML_LAYER_POOL)
        tml_pool_forward(&c->layer, LANE, c->in, c->out);
    else
        tml_dense_forward(&c->layer, LANE, c->kernel, c->bias, c->in, c->out, c->scratch);
    for (size_t i = 0; i < out_size(c); ++i)
        sum += c->direction[i] * c->out[i];
    return sum;
}

static void clear_rows(tml_activation_shape shape, tml_real *values)
{
    for (size_t s = 0; s < LANE; ++s) {
        tml_real *sample = values + s * tml_activation_size(shape);

        memset(sample, 0, shape.before * shape.channels * sizeof *sample);
        memset(sample + (shape.before + shape.positions) * shape.channels, 0,
               shape.after * shape.channels * sizeof *sample);
    }
}

/* As the lane's blocks are. */
static tml_real *aligned_zeros(size_t count)
{
    size_t bytes = (count * sizeof(tml_real) / 64 + 1) * 64;
    tml_real *zeros = aligned_alloc(64, bytes);

    assert_non_null(zeros);
    return memset(zeros, 0, bytes);
}

static void make_case(layer_case *c, uint64_t key)
{
    c->kernel = calloc(c->layer.kernel.count + 1, sizeof(tml_real));
    c->bias = calloc(c->layer.bias.count + 1, sizeof(tml_real));
    c->in = calloc(in_size(c), sizeof(tml_real));
    c->out = calloc(out_size(c), sizeof(tml_real));
    c->direction = calloc(out_size(c), sizeof(tml_real));
    fill(key, c->layer.kernel.count, c->kernel);
    fill(key + 1, c->layer.bias.count, c->bias);
    fill(key + 2, in_size(c), c->in);
    fill(key + 3, out_size(c), c->direction);
    clear_rows(c->layer.in, c->in);
}

static void free_case(layer_case *c)
{
    free(c->kernel);
    free(c->bias);
    free(c->in);
    free(c->out);
    free(c->direction);
}

static void check_convolution(size_t tile, size_t window, size_t positions, size_t channels, size_t filters)
{
    size_t before = (window - 1) / 2;
    tml_activation_shape in = {positions, channels, before, window - 1 - before};
    tml_activation_shape out = {positions, filters, before, window - 1 - before};
    layer_case c = {.layer = {.kind = TML_LAYER_CONVOLUTION,
                              .has_relu = window % 2 == 0, /* and linear ones */
                              .window = window,
                              .tile = tile,
                              .in = in,
                              .out = out}};
    tml_real *d_out, *d_kernel, *d_bias, *d_in;

    c.layer.kernel.count = window * channels * filters;
    c.layer.bias.count = filters;
    make_case(&c, 10 * window + channels);
    c.prepared = aligned_zeros(tml_convolution_prepared_count(&c.layer));
    c.scratch = aligned_zeros(tml_convolution_scratch_count(&c.layer, LANE, 1));
    d_out = calloc(out_size(&c) + filters, sizeof(tml_real)); /* a row of zeros in front */
    d_kernel = calloc(c.layer.kernel.count, sizeof(tml_real));
    d_bias = calloc(filters, sizeof(tml_real));
    d_in = calloc(in_size(&c), sizeof(tml_real));
    layer_value(&c);
    memcpy(d_out + filters, c.direction, out_size(&c) * sizeof(tml_real)); /* and numbers in padding rows */
    tml_convolution_backward(&c.layer, LANE, c.prepared, c.in, c.out, d_out + filters, d_kernel, d_bias, d_in,
                             c.scratch);
    clear_rows(in, d_in); /* padding is no input */
    check_gradients(layer_value, &c, c.layer.kernel.count, c.kernel, d_kernel);
    check_gradients(layer_value, &c, filters, c.bias, d_bias);
    for (size_t s = 0; s < LANE; ++s) {
        size_t first = s * tml_activation_size(in) + before * channels;

        check_gradients(layer_value, &c, positions * channels, c.in + first, d_in + first);
    }
    free(c.prepared);
    free(c.scratch);
    free(d_out);
    free(d_kernel);
    free(d_bias);
    free(d_in);
    free_case(&c);
}

static void test_convolution_of_every_window(void **state)
{
    (void)state;
    for (size_t window = 1; window <= 7; ++window)
        check_convolution(0, window, 11, 5, 7);
    check_convolution(0, 4, 3, 1, 8); /* the first layer: one channel */
    check_convolution(0, 4, 1, 2, 2); /* one position: all windows lie on padding */
}

/* Both forms of a convolution are the same sums in another order: some thousand terms of order 1 in double,
 * and transforms whose entries reach some 10, leave errors below 1e-11. */
static void check_forms_agree(size_t tile, size_t window, size_t positions)
{
    enum { CHANNELS = 5, FILTERS = 19 };
    size_t before = (window - 1) / 2;
    tml_activation_shape in = {positions, CHANNELS, before, window - 1 - before};
    tml_activation_shape out = {positions, FILTERS, before, window - 1 - before};
    layer_case c = {
        .layer = {.kind = TML_LAYER_CONVOLUTION, .has_relu = true, .window = window, .in = in, .out = out}};
    tml_real *direct;

    c.layer.kernel.count = window * CHANNELS * FILTERS;
    c.layer.bias.count = FILTERS;
    make_case(&c, 7 * window + tile);
    c.layer.tile = tile;
    c.prepared = aligned_zeros(tml_convolution_prepared_count(&c.layer));
    c.scratch = aligned_zeros(tml_convolution_scratch_count(&c.layer, LANE, 0));
    layer_value(&c);
    direct = c.out;
    c.out = calloc(out_size(&c), sizeof(tml_real));
    c.layer.tile = 0;
    layer_value(&c);
    for (size_t i = 0; i < out_size(&c); ++i)
        if (fabs(direct[i] - c.out[i]) > 1e-11)
            fail_msg("F(%zu, %zu), number %zu: %.15g, directly %.15g", tile, window, i, direct[i], c.out[i]);
    free(direct);
    free(c.prepared);
    free(c.scratch);
    free_case(&c);
}

static void test_winograd_is_a_convolution(void **state)
{
    (void)state;
    for (size_t window = 3; window <= 6; ++window)
        for (size_t tile = 2; tile + window <= 9; ++tile)
            for (size_t positions = 1; positions <= 13; positions += 3)
                check_forms_agree(tile, window, positions);
}

static void test_winograd_of_every_window(void **state)
{
    (void)state;
    for (size_t window = 3; window <= 6; ++window)
        for (size_t tile = 2; tile + window <= 9; ++tile)
            check_convolution(tile, window, 11, 5, 19); /* a last tile that is not full, channels that are no
                                                           multiple of what is combined at a time */
    check_convolution(4, 4, 4, 1, 16);                  /* one tile */
    check_convolution(4, 4, 8, 16, 16);                 /* whole tiles */
    check_convolution(2, 4, 1, 2, 2);                   /* less than a tile */
}

static void check_dense(bool has_relu, size_t units_in, size_t units_out)
{
    tml_activation_shape in = {1, units_in, 0, 0};
    tml_activation_shape out = {1, units_out, 0, 0};
    layer_case c = {.layer = {.kind = TML_LAYER_DENSE, .has_relu = has_relu, .in = in, .out = out}};
    tml_real *d_kernel = calloc(units_in * units_out, sizeof(tml_real));
    tml_real *d_bias = calloc(units_out, sizeof(tml_real));
    tml_real *d_in = calloc(LANE * units_in, sizeof(tml_real));
    tml_real *d_out = calloc(LANE * units_out, sizeof(tml_real));

    c.layer.kernel.count = units_in * units_out;
    c.layer.bias.count = units_out;
    make_case(&c, 100 + units_in);
    c.scratch = aligned_zeros(tml_dense_scratch_count(&c.layer, LANE, 1));
    layer_value(&c);
    memcpy(d_out, c.direction, out_size(&c) * sizeof(tml_real));
    tml_dense_backward(&c.layer, LANE, c.kernel, c.in, c.out, d_out, d_kernel, d_bias, d_in, c.scratch);
    check_gradients(layer_value, &c, c.layer.kernel.count, c.kernel, d_kernel);
    check_gradients(layer_value, &c, units_out, c.bias, d_bias);
    check_gradients(layer_value, &c, LANE * units_in, c.in, d_in);
    free(d_kernel);
    free(d_bias);
    free(d_in);
    free(d_out);
    free(c.scratch);
    free_case(&c);
}

static void test_dense_with_and_without_relu(void **state)
{
    (void)state;
    check_dense(true, 13, 9);
    check_dense(false, 13, 9);
    check_dense(false, 1, 1);
}

static void test_pool_with_leftover_and_padding(void **state)
{
    tml_activation_shape in = {11, 4, 1, 2};
    tml_activation_shape out = {3, 4, 1, 2};
    layer_case c = {.layer = {.kind = TML_LAYER_POOL, .window = 3, .in = in, .out = out}};
    tml_real *d_in;

    (void)state;
    make_case(&c, 7);
    d_in = calloc(in_size(&c), sizeof(tml_real));
    layer_value(&c);
    clear_rows(out, c.direction);
    tml_pool_backward(&c.layer, LANE, c.in, c.out, c.direction, d_in);
    for (size_t s = 0; s < LANE; ++s) {
        size_t first = s * tml_activation_size(in) + in.before * in.channels;

        check_gradients(layer_value, &c, in.positions * in.channels, c.in + first, d_in + first);
    }
    free(d_in);
    free_case(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_convolution_of_every_window),
        cmocka_unit_test(test_winograd_is_a_convolution),
        cmocka_unit_test(test_winograd_of_every_window),
        cmocka_unit_test(test_dense_with_and_without_relu),
        cmocka_unit_test(test_pool_with_leftover_and_padding),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
