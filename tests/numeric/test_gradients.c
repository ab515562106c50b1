/** @file test_gradients.c
 * Every layer's gradient, and the whole network's, against central differences, in double.
 *
 * A four-point stencil with h = 1e-5 leaves an error of order h^4 f^(5) / 30 + eps / h, about 1e-10 for the
 * values here; 1e-6 relative (to the gradient and at least 1e-3) is asked for. A ReLU or a maximum whose
 * winner changes within the stencil makes the difference wrong, not the gradient: inputs are spread so that
 * this is rare, and a stencil that disagrees with a ten times finer one is counted as a kink. At most one in
 * twenty may be.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/random.h"
#include "network/convolution.h"
#include "network/dense.h"
#include "network/initialise.h"
#include "network/lane.h"
#include "network/pool.h"

enum { LANE = 3 };

static const double tolerance = 1e-6;

static void fill(uint64_t key, size_t count, tml_real *values)
{
    tml_random_normals(key, TML_RANDOM_NOISE, 0, 0, count, values);
}

/* A scalar function of one number among many. */
typedef double scalar(void *context);

static double difference(scalar *f, void *context, tml_real *x, double h)
{
    const double at[] = {-2, -1, 1, 2};
    const double weight[] = {1.0 / 12, -8.0 / 12, 8.0 / 12, -1.0 / 12};
    tml_real kept = *x;
    double sum = 0;

    for (int i = 0; i < 4; ++i) {
        *x = kept + at[i] * h;
        sum += weight[i] * f(context);
    }
    *x = kept;
    return sum / h;
}

/* Compare `count` gradients, at most 60 of them spread over the range. */
static void check_gradients(scalar *f, void *context, size_t count, tml_real *x, const tml_real *gradient)
{
    size_t stride = count / 60 + 1;
    int tried = 0;
    int kinks = 0;

    for (size_t i = 0; i < count; i += stride, ++tried) {
        double coarse = difference(f, context, &x[i], 1e-4);
        double fine = difference(f, context, &x[i], 1e-5);
        double scale = fabs(fine) + fabs(gradient[i]) + 1e-3;

        if (fabs(coarse - fine) > tolerance * scale && fabs(fine - gradient[i]) > tolerance * scale) {
            ++kinks;
            continue;
        }
        if (fabs(fine - gradient[i]) > tolerance * scale)
            fail_msg("entry %zu: gradient %.12g, difference %.12g", i, gradient[i], fine);
    }
    assert_true(kinks * 20 <= tried);
}

/* ---- single layers: f = sum of direction * output ---- */

typedef struct layer_case {
    tml_layer layer;
    tml_real *kernel, *bias, *in, *out, *direction;
    tml_real *prepared, *scratch; /* of a convolution */
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
        tml_dense_forward(&c->layer, LANE, c->kernel, c->bias, c->in, c->out);
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
                              .has_relu = true,
                              .window = window,
                              .tile = tile,
                              .in = in,
                              .out = out}};
    tml_real *d_out, *d_kernel, *d_bias, *d_in;

    c.layer.kernel.count = window * channels * filters;
    c.layer.bias.count = filters;
    make_case(&c, 10 * window + channels);
    c.prepared = calloc(tml_convolution_prepared_count(&c.layer), sizeof(tml_real));
    c.scratch = calloc(tml_convolution_scratch_count(&c.layer, LANE, 1) + 1, sizeof(tml_real));
    d_out = calloc(out_size(&c) + filters, sizeof(tml_real)); /* a row of zeros in front */
    d_kernel = calloc(c.layer.kernel.count, sizeof(tml_real));
    d_bias = calloc(filters, sizeof(tml_real));
    d_in = calloc(in_size(&c), sizeof(tml_real));
    layer_value(&c);
    memcpy(d_out + filters, c.direction, out_size(&c) * sizeof(tml_real));
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
    c.prepared = calloc(tml_convolution_prepared_count(&c.layer), sizeof(tml_real));
    c.scratch = calloc(tml_convolution_scratch_count(&c.layer, LANE, 0), sizeof(tml_real));
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
    layer_value(&c);
    memcpy(d_out, c.direction, out_size(&c) * sizeof(tml_real));
    tml_dense_backward(&c.layer, LANE, c.kernel, c.in, c.out, d_out, d_kernel, d_bias, d_in);
    check_gradients(layer_value, &c, c.layer.kernel.count, c.kernel, d_kernel);
    check_gradients(layer_value, &c, units_out, c.bias, d_bias);
    check_gradients(layer_value, &c, LANE * units_in, c.in, d_in);
    free(d_kernel);
    free(d_bias);
    free(d_in);
    free(d_out);
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

/* ---- the whole network ---- */

typedef struct network_case {
    tml_network network;
    tml_prepared_weights prepared;
    tml_real *weights, *gradient;
    tml_lane *lane;
    tml_loss loss;
    size_t covered; /* entries that the backward pass has reported */
} network_case;

static void collect(void *context, size_t first, size_t count, const tml_real *values)
{
    network_case *c = context;

    assert_int_equal(first, c->covered); /* in ascending order, without gaps */
    memcpy(c->gradient + first, values, count * sizeof *values);
    c->covered += count;
}

static void ignore(void *context, size_t first, size_t count, const tml_real *values)
{
    (void)context;
    (void)first;
    (void)count;
    (void)values;
}

static double network_value(void *context)
{
    network_case *c = context;
    double sum[TML_LOSS_TARGETS];
    double total = 0;

    tml_prepare_weights(&c->network, &c->prepared);
    tml_lane_train(c->lane, &c->prepared, &c->loss, 5, 3, sum, ignore, NULL);
    for (size_t t = 0; t < c->network.architecture.targets; ++t)
        total += c->loss.weight[t] * sum[t];
    return total;
}

static void fill_lane(network_case *c)
{
    const tml_architecture *a = &c->network.architecture;

    for (size_t s = 0; s < LANE - 1; ++s) {
        float spectrum[64];
        float features[8];
        float targets[8];

        for (size_t i = 0; i < a->wavelengths; ++i)
            spectrum[i] = (float)tml_random_uniform(1, TML_RANDOM_NOISE, s, i, 0) * 2.0F - 1.0F;
        for (size_t i = 0; i < a->features; ++i)
            features[i] = (float)tml_random_uniform(2, TML_RANDOM_NOISE, s, i, 0);
        for (size_t i = 0; i < a->targets; ++i)
            targets[i] = 4.0F * (float)tml_random_uniform(3, TML_RANDOM_NOISE, s, i, 0) - 2.0F;
        tml_lane_set_sample(c->lane, s, spectrum, features, 17 + s);
        tml_lane_set_targets(c->lane, s, targets);
    }
    tml_lane_set_empty(c->lane, LANE - 1); /* a short lane */
}

static void check_network(const tml_architecture *architecture, tml_loss_kind loss)
{
    network_case c = {.loss = {loss, 1.0, {1.0, 0.5, 2.0}}};
    tml_error error;
    size_t count;

    assert_int_equal(tml_network_lay_out(architecture, &c.network, &error), TML_OK);
    count = c.network.parameter_count;
    c.weights = calloc(count, sizeof(tml_real));
    c.gradient = calloc(count, sizeof(tml_real));
    c.prepared.weights = c.weights;
    c.prepared.kernels = calloc(tml_prepared_count(&c.network), sizeof(tml_real));
    tml_initialise_weights(&c.network, 9, c.weights);
    for (size_t i = 0; i < count; ++i) /* biases off zero, so that padding rows are told from others */
        c.weights[i] += 0.05 * (tml_random_uniform(4, TML_RANDOM_NOISE, i, 0, 0) - 0.5);
    assert_int_equal(tml_lane_create(&c.network, LANE, 1, &c.lane, &error), TML_OK);
    fill_lane(&c);
    tml_prepare_weights(&c.network, &c.prepared);
    {
        double sum[TML_LOSS_TARGETS];

        tml_lane_train(c.lane, &c.prepared, &c.loss, 5, 3, sum, collect, &c);
    }
    assert_int_equal(c.covered, count);
    for (size_t i = 0; i < c.network.layer_count; ++i) {
        const tml_layer *layer = &c.network.layer[i];

        check_gradients(network_value, &c, layer->kernel.count, c.weights + layer->kernel.offset,
                        c.gradient + layer->kernel.offset);
        check_gradients(network_value, &c, layer->bias.count, c.weights + layer->bias.offset,
                        c.gradient + layer->bias.offset);
    }
    tml_lane_destroy(&c.lane);
    free(c.weights);
    free(c.gradient);
    free(c.prepared.kernels);
}

static void test_whole_network_with_dropout_and_features(void **state)
{
    tml_architecture a = {.wavelengths = 29,
                          .features = 2,
                          .targets = 3,
                          .conv_blocks = 2,
                          .conv_layers = 2,
                          .conv_filters = 3,
                          .conv_kernel = 4,
                          .pool = 3,
                          .fc1_layers = 2,
                          .fc1_units = 6,
                          .fc2_blocks = 2,
                          .fc2_layers = 2,
                          .fc2_units = 4,
                          .fc1_dropout = 0.2,
                          .fc2_dropout = 0.3};

    (void)state;
    check_network(&a, TML_LOSS_HUBER);
    check_network(&a, TML_LOSS_SQUARED);
}

static void test_network_without_dense_stacks_and_features(void **state)
{
    tml_architecture a = {.wavelengths = 12,
                          .targets = 1,
                          .conv_blocks = 1,
                          .conv_layers = 1,
                          .conv_filters = 4,
                          .conv_kernel = 5,
                          .pool = 2};

    (void)state;
    check_network(&a, TML_LOSS_HUBER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_convolution_of_every_window),
        cmocka_unit_test(test_winograd_is_a_convolution),
        cmocka_unit_test(test_winograd_of_every_window),
        cmocka_unit_test(test_dense_with_and_without_relu),
        cmocka_unit_test(test_pool_with_leftover_and_padding),
        cmocka_unit_test(test_whole_network_with_dropout_and_features),
        cmocka_unit_test(test_network_without_dense_stacks_and_features),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
