/** @file test_layer_gradients.c
 * The gradients of layer normalisation, GELU, sums, projections and average pools against central
 * differences, and what their padding rows hold. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "network/average_pool.h"
#include "network/gelu.h"
#include "network/layer_norm.h"
#include "network/padding.h"
#include "network/projection.h"
#include "network/skip_add.h"

#include "gradient_check.h"

enum { LANE = 3 };

/* One layer with a direction: f = sum of direction * output. */
typedef struct layer_case {
    tml_layer layer;
    tml_real *kernel, *bias, *in, *other, *out, *direction;
    tml_real *d_kernel, *d_bias, *d_in, *d_out;
} layer_case;

static size_t in_size(const layer_case *c)
{
    return LANE * tml_activation_size(c->layer.in);
}

static size_t out_size(const layer_case *c)
{
    return LANE * tml_activation_size(c->layer.out);
}

static tml_real *numbers(size_t count)
{
    tml_real *made = calloc(count + 1, sizeof *made);

    assert_non_null(made);
    return made;
}

static void forward(layer_case *c)
{
    switch (c->layer.kind) {
    case TML_LAYER_NORM:
        tml_layer_norm_forward(&c->layer, LANE, c->kernel, c->bias, c->in, c->out);
        break;
    case TML_LAYER_GELU:
        tml_gelu_forward(out_size(c), c->in, c->out);
        break;
    case TML_LAYER_ADD:
        tml_skip_add(c->layer.has_relu, out_size(c), c->in, c->other, c->out);
        break;
    case TML_LAYER_PROJECTION:
        tml_projection_forward(&c->layer, LANE, c->kernel, c->bias, c->in, c->out);
        break;
    default:
        tml_average_pool_forward(&c->layer, LANE, c->in, c->out);
        break;
    }
}

static double value(void *context)
{
    layer_case *c = context;
    double sum = 0;

    forward(c);
    for (size_t i = 0; i < out_size(c); ++i)
        sum += c->direction[i] * c->out[i];
    return sum;
}

static void backward(layer_case *c)
{
    memcpy(c->d_out, c->direction, out_size(c) * sizeof *c->d_out);
    switch (c->layer.kind) {
    case TML_LAYER_NORM:
        tml_layer_norm_backward(&c->layer, LANE, c->kernel, c->in, c->out, c->d_out, c->d_kernel, c->d_bias,
                                c->d_in);
        break;
    case TML_LAYER_GELU:
        tml_gelu_backward(out_size(c), c->in, c->d_out, c->d_in);
        break;
    case TML_LAYER_ADD:
        if (c->layer.has_relu)
            tml_skip_add_backward(out_size(c), c->out, c->d_out);
        memcpy(c->d_in, c->d_out, out_size(c) * sizeof *c->d_in);
        break;
    case TML_LAYER_PROJECTION:
        tml_projection_backward(&c->layer, LANE, c->kernel, c->in, c->d_out, c->d_kernel, c->d_bias, c->d_in);
        break;
    default:
        tml_average_pool_backward(&c->layer, LANE, c->d_out, c->d_in);
        break;
    }
}

static void check_padding_is_zero(const layer_case *c)
{
    size_t count = out_size(c);
    tml_real *cleared = numbers(count);

    memcpy(cleared, c->out, count * sizeof *cleared);
    tml_padding_clear(c->layer.out, LANE, cleared);
    assert_memory_equal(cleared, c->out, count * sizeof *cleared);
    free(cleared);
}

static void check_layer(tml_layer layer)
{
    layer_case c = {.layer = layer};
    tml_activation_shape in = layer.in;

    c.kernel = numbers(layer.kernel.count);
    c.bias = numbers(layer.bias.count);
    c.d_kernel = numbers(layer.kernel.count);
    c.d_bias = numbers(layer.bias.count);
    c.in = numbers(in_size(&c));
    c.d_in = numbers(in_size(&c));
    c.other = numbers(in_size(&c));
    c.out = numbers(out_size(&c));
    c.d_out = numbers(out_size(&c));
    c.direction = numbers(out_size(&c));
    fill(1, layer.kernel.count, c.kernel);
    fill(2, layer.bias.count, c.bias);
    fill(3, in_size(&c), c.in);
    fill(4, in_size(&c), c.other);
    fill(5, out_size(&c), c.direction); /* in padding rows as well: they must not matter */
    fill(6, out_size(&c), c.out);
    tml_padding_clear(in, LANE, c.in);
    tml_padding_clear(in, LANE, c.other);
    forward(&c);
    check_padding_is_zero(&c);
    backward(&c);
    check_gradients(value, &c, layer.kernel.count, c.kernel, c.d_kernel);
    check_gradients(value, &c, layer.bias.count, c.bias, c.d_bias);
    for (size_t s = 0; s < LANE; ++s) {
        size_t first = s * tml_activation_size(in) + in.before * in.channels;

        check_gradients(value, &c, in.positions * in.channels, c.in + first, c.d_in + first);
    }
    free(c.kernel);
    free(c.bias);
    free(c.d_kernel);
    free(c.d_bias);
    free(c.in);
    free(c.d_in);
    free(c.other);
    free(c.out);
    free(c.d_out);
    free(c.direction);
}

static tml_layer layer_of(tml_layer_kind kind, size_t positions, size_t channels, size_t filters)
{
    tml_activation_shape in = {positions, channels, 1, 2};
    tml_activation_shape out = {positions, filters, 1, 2};
    tml_layer layer = {.kind = kind, .in = in, .out = out};

    return layer;
}

static void test_layer_normalisation(void **state)
{
    const size_t channels[] = {2, 7, 8, 21}; /* less than a vector, one, and more with a rest */

    (void)state;
    for (size_t i = 0; i < sizeof channels / sizeof channels[0]; ++i)
        for (int relu = 0; relu < 2; ++relu) {
            tml_layer layer = layer_of(TML_LAYER_NORM, 5, channels[i], channels[i]);

            layer.has_relu = relu == 1;
            layer.kernel.count = channels[i];
            layer.bias.count = channels[i];
            check_layer(layer);
        }
}

static void test_gelu(void **state)
{
    (void)state;
    check_layer(layer_of(TML_LAYER_GELU, 9, 7, 7));
}

static void test_sums(void **state)
{
    tml_layer layer = layer_of(TML_LAYER_ADD, 9, 7, 7);

    (void)state;
    check_layer(layer);
    layer.has_relu = true;
    check_layer(layer);
}

static void test_projection(void **state)
{
    tml_layer layer = layer_of(TML_LAYER_PROJECTION, 6, 5, 11);

    (void)state;
    layer.kernel.count = 55;
    layer.bias.count = 11;
    check_layer(layer);
}

static void test_average_pool(void **state)
{
    tml_layer layer = layer_of(TML_LAYER_AVERAGE_POOL, 6, 5, 5);

    (void)state;
    layer.out.positions = 1;
    layer.out.before = 0;
    layer.out.after = 0;
    check_layer(layer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_layer_normalisation),
        cmocka_unit_test(test_gelu),
        cmocka_unit_test(test_sums),
        cmocka_unit_test(test_projection),
        cmocka_unit_test(test_average_pool),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
