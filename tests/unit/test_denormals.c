/** @file test_denormals.c
 * Denormals are zeros while they are to be, in the thread that asked for it, and in every thread that runs a
 * lane or a step of the optimiser, also in one that was there before; elsewhere they stay. */
#include "core/denormals.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "network/initialise.h"
#include "network/lane.h"
#include "training/weight_update.h"

enum { WAVELENGTHS = 4, THREADS = 4 };

/* 1e-40: the compiler must not multiply. */
static float denormal_product(void)
{
    volatile float small = 1e-20F;

    return small * small;
}

static void require_switch(void)
{
    if (strcmp(tml_denormals_mode(), "flushed") != 0) {
        print_message("this processor has no switch for denormals that is known\n");
        skip();
    }
}

static void test_products_are_zero_between_flush_and_restore(void **state)
{
    tml_denormals before;
    tml_denormals again;

    (void)state;
    require_switch();
    assert_true(denormal_product() > 0.0F);
    before = tml_denormals_flush();
    assert_true(denormal_product() == 0.0F);
    again = tml_denormals_flush();
    tml_denormals_restore(again);
    assert_true(denormal_product() == 0.0F); /* as before the inner one */
    tml_denormals_restore(before);
    assert_true(denormal_product() > 0.0F);
}

static void test_operands_are_zeros_too(void **state)
{
    volatile float tiny = 1e-40F;
    volatile double tiny_double = 1e-310;
    tml_denormals before;

    (void)state;
    require_switch();
    before = tml_denormals_flush();
    assert_true(tiny * 1e30F == 0.0F);
    assert_true(tiny_double * 1e100 == 0.0);
    tml_denormals_restore(before);
    assert_true(tiny * 1e30F > 0.0F);
}

/* A network whose only output is weight * spectrum, and what each thread finds. */
typedef struct rig {
    tml_network network;
    tml_prepared_weights prepared;
    float weights[1024];
    float kernels[1024];
    float output[THREADS];
    float update[THREADS];
    pthread_barrier_t barrier;
} rig;

typedef struct worker {
    rig *rig;
    int number;
} worker;

/* One dense layer: no convolution, no hidden layer. All weights but the biases are 1e-20. */
static void make_rig(rig *r)
{
    tml_architecture a = {.wavelengths = WAVELENGTHS, .targets = 1, .pool = 1};
    tml_error error = {0, ""};

    memset(r, 0, sizeof *r);
    assert_int_equal(tml_network_lay_out(&a, &r->network, &error), TML_OK);
    assert_true(r->network.parameter_count <= 1024 && tml_prepared_count(&r->network) <= 1024);
    for (size_t i = 0; i < r->network.layer_count; ++i)
        for (size_t k = 0; k < r->network.layer[i].kernel.count; ++k)
            r->weights[r->network.layer[i].kernel.offset + k] = 1e-20F;
    r->prepared.weights = r->weights;
    r->prepared.kernels = r->kernels;
    tml_prepare_weights(&r->network, &r->prepared);
}

static void *run_worker(void *context)
{
    worker *w = context;
    const float spectrum[WAVELENGTHS] = {1e-20F, 1e-20F, 1e-20F, 1e-20F};
    const float gradient = 1e-19F; /* its square is denormal */
    const tml_adam adam = {TML_ADAM_PYTORCH, 1e-3, 0.9, 0.999, 1e-7, 0.0};
    float weight = 1.0F;
    float first = 0.0F;
    tml_weight_arrays arrays = {&weight, &first, &w->rig->update[w->number]};
    tml_lane *lane = NULL;
    tml_error error = {0, ""};

    pthread_barrier_wait(&w->rig->barrier);
    if (tml_lane_create(&w->rig->network, 1, 0, &lane, &error) != TML_OK)
        return NULL;
    tml_lane_set_sample(lane, 0, spectrum, spectrum, 0);
    w->rig->output[w->number] = tml_lane_predict(lane, &w->rig->prepared)[0];
    tml_lane_destroy(&lane);
    tml_weight_update(&(tml_weight_step){&adam, 1, 1, 0.0, 1}, 1, (tml_share){0, 1}, &gradient, &arrays);
    return denormal_product() > 0.0F ? context : NULL; /* and afterwards denormals are back */
}

/* The threads have started before any of them runs a lane: nothing is handed down to them. */
static void test_every_thread_computes_without_denormals(void **state)
{
    static rig r;
    pthread_t threads[THREADS];
    worker workers[THREADS];

    (void)state;
    require_switch();
    make_rig(&r);
    assert_int_equal(pthread_barrier_init(&r.barrier, NULL, THREADS), 0);
    for (int i = 0; i < THREADS; ++i) {
        workers[i] = (worker){&r, i};
        r.output[i] = -1.0F;
        assert_int_equal(pthread_create(&threads[i], NULL, run_worker, &workers[i]), 0);
    }
    for (int i = 0; i < THREADS; ++i) {
        void *result = NULL;

        pthread_join(threads[i], &result);
        assert_non_null(result);
        assert_true(r.output[i] == 0.0F && r.update[i] == 0.0F);
    }
    pthread_barrier_destroy(&r.barrier);
}

/* The threads of OpenMP, which the calling one has started before. */
static void test_the_threads_of_an_update_do_too(void **state)
{
    enum { COUNT = 64 };
    const tml_adam adam = {TML_ADAM_PYTORCH, 1e-3, 0.9, 0.999, 1e-7, 0.0};
    float gradient[COUNT];
    float weights[COUNT] = {0};
    float first[COUNT] = {0};
    float second[COUNT] = {0};
    tml_weight_arrays arrays = {weights, first, second};

    (void)state;
    require_switch();
    for (size_t i = 0; i < COUNT; ++i)
        gradient[i] = 1.0F;
    tml_weight_update(&(tml_weight_step){&adam, 1, 1, 0.0, THREADS}, COUNT, (tml_share){0, COUNT}, gradient,
                      &arrays);
    memset(second, 0, sizeof second);
    for (size_t i = 0; i < COUNT; ++i)
        gradient[i] = 1e-19F;
    tml_weight_update(&(tml_weight_step){&adam, 2, 1, 0.0, THREADS}, COUNT, (tml_share){0, COUNT}, gradient,
                      &arrays);
    for (size_t i = 0; i < COUNT; ++i)
        assert_true(second[i] == 0.0F);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_products_are_zero_between_flush_and_restore),
        cmocka_unit_test(test_operands_are_zeros_too),
        cmocka_unit_test(test_every_thread_computes_without_denormals),
        cmocka_unit_test(test_the_threads_of_an_update_do_too),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
