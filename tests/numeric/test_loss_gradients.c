/** @file test_loss_gradients.c
 * The gradient of every loss, alone and at the end of a network, against central differences, in double.
 *
 * A four-point stencil with h = 1e-4 leaves an error of order h^4 f^(5) / 30 + eps / h, about 1e-11 for the
 * values here; 1e-6 relative (to the gradient and at least 1e-3) is asked for. No error lies at the kink of
 * Huber's slope, no variance at a limit. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/random.h"
#include "network/initialise.h"
#include "network/lane.h"

enum { LANE = 5, TARGETS = 3, WAVELENGTHS = 12 };

static const double tolerance = 1e-6;

static tml_loss loss_of(int kind)
{
    tml_loss loss = {.kind = (tml_loss_kind)kind,
                     .delta = 0.7,
                     .weight = {1.0, 0.25, 3.0},
                     .least_variance = TML_LOSS_LEAST_VARIANCE};

    return loss;
}

static double number(uint64_t a, uint64_t b)
{
    return 3.0 * tml_random_uniform(8, TML_RANDOM_NOISE, a, b, 0) - 1.5;
}

static double weighted(const tml_loss *loss, const double *sum)
{
    double total = 0.0;

    for (size_t t = 0; t < TARGETS; ++t)
        total += loss->weight[t] * sum[t];
    return total;
}

/* A scalar function of one number among many. */
typedef double scalar(const void *context);

static void check(scalar *f, const void *context, tml_real *x, double gradient)
{
    const double at[] = {-2, -1, 1, 2};
    const double weight[] = {1.0 / 12, -8.0 / 12, 8.0 / 12, -1.0 / 12};
    const double h = 1e-4;
    double kept = *x;
    double sum = 0.0;

    for (int i = 0; i < 4; ++i) {
        *x = kept + at[i] * h;
        sum += weight[i] * f(context);
    }
    *x = kept;
    if (fabs(sum / h - gradient) > tolerance * (fabs(gradient) + 1e-3))
        fail_msg("gradient %.12g, difference %.12g", gradient, sum / h);
}

typedef struct loss_case {
    tml_loss loss;
    double sample_weight[LANE];
    double output[LANE * 2 * TARGETS];
    double target[LANE * TARGETS];
} loss_case;

static double loss_value(const void *context)
{
    const loss_case *c = context;
    double sum[TARGETS];

    tml_loss_of_lane(&c->loss, LANE, TARGETS, c->sample_weight, c->output, c->target, sum, NULL);
    return weighted(&c->loss, sum);
}

static void test_every_loss(void **state)
{
    (void)state;
    for (int kind = TML_LOSS_HUBER; kind <= TML_LOSS_GAUSSIAN; ++kind) {
        loss_case c = {.loss = loss_of(kind)};
        double gradient[LANE * 2 * TARGETS];
        double sum[TARGETS];

        for (size_t s = 0; s < LANE; ++s)
            c.sample_weight[s] = s == 2 ? 0.0 : 1.0;
        for (size_t i = 0; i < LANE * 2 * TARGETS; ++i)
            c.output[i] = number(1, i);
        for (size_t i = 0; i < LANE * TARGETS; ++i)
            c.target[i] = number(2, i);
        tml_loss_of_lane(&c.loss, LANE, TARGETS, c.sample_weight, c.output, c.target, sum, gradient);
        for (size_t i = 0; i < LANE * TARGETS * tml_loss_outputs(c.loss.kind); ++i)
            check(loss_value, &c, &c.output[i], gradient[i]);
    }
}

/* ---- at the end of a network ---- */

typedef struct network_case {
    tml_network network;
    tml_loss loss;
    tml_real *weights;
    tml_prepared_weights *prepared;
    tml_lane *lane;
    double *gradient;
} network_case;

static void collect(void *context, size_t first, size_t count, const tml_real *values)
{
    memcpy((double *)context + first, values, count * sizeof *values);
}

static double network_value(const void *context)
{
    const network_case *c = context;
    double *ignored = c->gradient + c->network.parameter_count;
    double sum[TARGETS];

    tml_prepare_weights(&c->network, c->prepared);
    tml_lane_train(c->lane, c->prepared, &c->loss, 1, 1, sum, collect, ignored);
    return weighted(&c->loss, sum);
}

static void fill_lane(tml_lane *lane)
{
    for (size_t s = 0; s < LANE; ++s) {
        float spectrum[WAVELENGTHS];
        float targets[TARGETS];

        for (size_t i = 0; i < WAVELENGTHS; ++i)
            spectrum[i] = (float)number(10 + s, i);
        for (size_t t = 0; t < TARGETS; ++t)
            targets[t] = (float)number(20 + s, t);
        tml_lane_set_sample(lane, s, spectrum, spectrum, s);
        tml_lane_set_targets(lane, s, targets);
    }
}

/* Without a rectifier or a pool that could kink: the outputs alone behind the spectrum. */
static void test_the_gaussian_loss_at_the_end_of_a_network(void **state)
{
    tml_architecture a = {
        .wavelengths = WAVELENGTHS, .targets = TARGETS, .outputs_per_target = 2, .features = 2, .pool = 1};
    network_case c = {.loss = loss_of(TML_LOSS_GAUSSIAN)};
    tml_prepared_weights prepared = {0};
    tml_error error = {0, ""};
    size_t count;

    (void)state;
    assert_int_equal(tml_network_lay_out(&a, &c.network, &error), TML_OK);
    count = c.network.parameter_count;
    c.weights = calloc(count, sizeof *c.weights);
    prepared.kernels = calloc(tml_prepared_count(&c.network) + 1, sizeof(tml_real));
    c.gradient = calloc(2 * count, sizeof *c.gradient);
    assert_true(c.weights != NULL && prepared.kernels != NULL && c.gradient != NULL);
    tml_initialise_weights(&c.network, 3, c.weights);
    prepared.weights = c.weights;
    c.prepared = &prepared;
    assert_int_equal(tml_lane_create(&c.network, LANE, 1, &c.lane, &error), TML_OK);
    fill_lane(c.lane);
    network_value(&c);
    memcpy(c.gradient, c.gradient + count, count * sizeof *c.gradient);
    for (size_t i = 0; i < count; ++i)
        check(network_value, &c, &c.weights[i], c.gradient[i]);
    tml_lane_destroy(&c.lane);
    free(c.weights);
    free(prepared.kernels);
    free(c.gradient);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_loss),
        cmocka_unit_test(test_the_gaussian_loss_at_the_end_of_a_network),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
