/** @file test_weight_update.c
 * A step of the optimiser shared by threads has the bits of one thread's, and a gradient that is too long is
 * shortened to its limit before it. */
#include "training/weight_update.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/random.h"

enum { COUNT = 4099, STEPS = 4 };

typedef struct numbers {
    float gradient[COUNT], weights[COUNT], first[COUNT], second[COUNT];
} numbers;

static const tml_adam ADAM = {TML_ADAM_PYTORCH, 1e-2, 0.9, 0.999, 1e-7, 0.1};

static void start(numbers *n)
{
    memset(n, 0, sizeof *n);
    for (size_t i = 0; i < COUNT; ++i) {
        n->weights[i] = (float)tml_random_uniform(1, TML_RANDOM_NOISE, i, 0, 0);
        n->gradient[i] = (float)tml_random_uniform(2, TML_RANDOM_NOISE, i, 0, 0) - 0.5F;
    }
}

static void run(numbers *n, uint64_t samples, double clip_norm, int threads)
{
    const tml_weight_arrays arrays = {n->weights, n->first, n->second};

    start(n);
    for (uint64_t step = 1; step <= STEPS; ++step) {
        const tml_weight_step what = {&ADAM, step, samples, clip_norm, threads};
        const tml_share lower = {0, COUNT / 3};
        const tml_share upper = {COUNT / 3, COUNT - COUNT / 3};

        tml_weight_update(&what, COUNT, lower, n->gradient, &arrays); /* as two ranks of a node would */
        tml_weight_update(&what, COUNT, upper, n->gradient, &arrays);
    }
}

static void test_any_number_of_threads_gives_the_same_bits(void **state)
{
    static numbers alone, shared;
    static const double limits[] = {0.0, 0.1};

    (void)state;
    for (size_t l = 0; l < 2; ++l) {
        run(&alone, 3, limits[l], 1);
        for (int threads = 2; threads <= 7; ++threads) {
            run(&shared, 3, limits[l], threads);
            assert_memory_equal(&alone, &shared, sizeof alone);
        }
    }
}

/* The second moment after one step is (1 - b2) g^2, so its sum tells the norm that the step has seen. */
static double norm_seen(uint64_t samples, double clip_norm)
{
    static numbers n;
    const tml_weight_arrays arrays = {n.weights, n.first, n.second};
    const tml_weight_step step = {&ADAM, 1, samples, clip_norm, 2};
    const tml_share all = {0, COUNT};
    double sum = 0.0;

    start(&n);
    tml_weight_update(&step, COUNT, all, n.gradient, &arrays);
    for (size_t i = 0; i < COUNT; ++i)
        sum += (double)n.second[i];
    return sqrt(sum / (1.0 - ADAM.beta2));
}

/* Float roundings: 1e-6. The gradient's norm is near sqrt(4099 / 12) = 18.5. */
static void test_a_gradient_is_shortened_to_its_limit(void **state)
{
    double whole = norm_seen(1, 0.0);

    (void)state;
    assert_true(whole > 15.0 && whole < 22.0);
    assert_true(fabs(norm_seen(1, 5.0) / 5.0 - 1.0) < 1e-4);
    assert_true(norm_seen(1, 30.0) == whole);
    assert_true(fabs(norm_seen(4, 0.0) / (0.25 * whole) - 1.0) < 1e-6); /* the mean, not the sum */
    assert_true(norm_seen(4, 0.26 * whole) == norm_seen(4, 0.0));
    assert_true(fabs(norm_seen(4, 0.24 * whole) / (0.24 * whole) - 1.0) < 1e-4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_any_number_of_threads_gives_the_same_bits),
        cmocka_unit_test(test_a_gradient_is_shortened_to_its_limit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
