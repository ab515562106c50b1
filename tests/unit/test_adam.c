/** @file test_adam.c
 * Adam and AdamW, in both forms, against the formulas of the papers in double, and any cut of the vector into
 * spans.
 *
 * Tolerance: a step of 1e-2 carries a few float roundings (1e-7 of it), and the weight itself is rounded once
 * per step (6e-8 of at most 2); thirty steps stay below 5e-6. */
#include "network/adam.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/random.h"

enum { COUNT = 1003, STEPS = 30 };

static const tml_adam_form FORMS[] = {TML_ADAM_PYTORCH, TML_ADAM_KERAS};

typedef struct numbers {
    float gradient[COUNT], weights[COUNT], first[COUNT], second[COUNT];
} numbers;

static tml_adam make(tml_adam_form form)
{
    tml_adam adam = {form, 1e-2, 0.9, 0.999, 1e-3, 0.0}; /* an epsilon that tells the forms apart */

    return adam;
}

static float uniform(uint64_t a, uint64_t b)
{
    return (float)(2.0 * tml_random_uniform(11, TML_RANDOM_NOISE, a, b, 0) - 1.0);
}

static void start(numbers *n)
{
    memset(n, 0, sizeof *n);
    for (size_t i = 0; i < COUNT; ++i)
        n->weights[i] = uniform(0, i);
}

/* Gradients of very different size, some of them exactly zero. */
static void draw_gradient(numbers *n, uint64_t step)
{
    for (size_t i = 0; i < COUNT; ++i)
        n->gradient[i] = i % 17 == 0 ? 0.0F : ldexpf(uniform(step, i), (int)(i % 20) - 14);
}

/* Kingma and Ba 2015: algorithm 1, or with the order of computation that section 2 suggests; before it the
 * decay of Loshchilov and Hutter 2019, algorithm 2, line 12. */
static void reference_step(const tml_adam *adam, int step, double gradient, double *w, double *m, double *v)
{
    double rest1 = 1.0 - pow(adam->beta1, step);
    double rest2 = 1.0 - pow(adam->beta2, step);

    *w -= adam->learning_rate * adam->weight_decay * *w;
    *m = adam->beta1 * *m + (1.0 - adam->beta1) * gradient;
    *v = adam->beta2 * *v + (1.0 - adam->beta2) * gradient * gradient;
    if (adam->form == TML_ADAM_PYTORCH)
        *w -= adam->learning_rate * (*m / rest1) / (sqrt(*v / rest2) + adam->epsilon);
    else
        *w -= adam->learning_rate * sqrt(rest2) / rest1 * *m / (sqrt(*v) + adam->epsilon);
}

static void check_many_steps(const tml_adam *adam)
{
    static numbers n;
    static double w[COUNT], m[COUNT], v[COUNT];

    start(&n);
    memset(m, 0, sizeof m);
    memset(v, 0, sizeof v);
    for (size_t i = 0; i < COUNT; ++i)
        w[i] = (double)n.weights[i];
    for (int step = 1; step <= STEPS; ++step) {
        draw_gradient(&n, (uint64_t)step);
        tml_adam_step(adam, (uint64_t)step, 0.25, COUNT, n.gradient, n.weights, n.first, n.second);
        for (size_t i = 0; i < COUNT; ++i)
            reference_step(adam, step, 0.25 * (double)n.gradient[i], &w[i], &m[i], &v[i]);
    }
    for (size_t i = 0; i < COUNT; ++i) {
        assert_true(fabs((double)n.weights[i] - w[i]) < 5e-6);
        assert_true(fabs((double)n.first[i] - m[i]) <= 1e-5 * sqrt(v[i] * 1000.0) + 1e-30);
        assert_true(fabs((double)n.second[i] - v[i]) <= 1e-5 * v[i]);
    }
}

static void test_many_steps_follow_the_formulas(void **state)
{
    (void)state;
    for (size_t f = 0; f < 2; ++f) {
        tml_adam adam = make(FORMS[f]);

        check_many_steps(&adam);
        adam.weight_decay = 2.0; /* thirty steps leave 0.55 of a weight */
        check_many_steps(&adam);
    }
}

/* Without a gradient nothing but the decay is left: 1 - lr * decay each step, whatever the moments are. */
static void test_decay_is_decoupled_from_the_gradient(void **state)
{
    tml_adam adam = make(TML_ADAM_PYTORCH);
    const float gradient = 0.0F;
    float w = 0.5F;
    float m = 0.0F;
    float v = 0.0F;

    (void)state;
    adam.learning_rate = 0.125;
    adam.weight_decay = 4.0;
    for (uint64_t step = 1; step <= 3; ++step)
        tml_adam_step(&adam, step, 1.0, 1, &gradient, &w, &m, &v);
    assert_true(w == 0.0625F && m == 0.0F && v == 0.0F); /* halves are exact */
}

/* With m = (1 - b1) g and v = (1 - b2) g^2 the corrections cancel: lr g / (|g| + epsilon), and for the keras
 * form with epsilon / sqrt(1 - b2). */
static void test_the_first_step_has_its_closed_form(void **state)
{
    const float gradients[] = {4.0F, -0.5F, 1e-3F, 0.0F};

    (void)state;
    for (size_t f = 0; f < 2; ++f)
        for (size_t i = 0; i < 4; ++i) {
            tml_adam adam = make(FORMS[f]);
            double epsilon = FORMS[f] == TML_ADAM_KERAS ? adam.epsilon / sqrt(1.0 - adam.beta2)
                                                        : adam.epsilon;
            double g = 2.0 * (double)gradients[i];
            float w = 0.0F;
            float m = 0.0F;
            float v = 0.0F;
            double want = -adam.learning_rate * g / (fabs(g) + epsilon);

            tml_adam_step(&adam, 1, 2.0, 1, &gradients[i], &w, &m, &v);
            assert_true(fabs((double)w - want) <= 2e-6 * fabs(want)); /* 1 - b2 in float: 5e-5 of ten */
        }
}

static void test_a_weight_without_gradient_and_moment_stays(void **state)
{
    tml_adam adam = make(TML_ADAM_PYTORCH);
    const float gradient = 0.0F;
    float w = 0.7F;
    float m = 0.0F;
    float v = 0.0F;

    (void)state;
    adam.epsilon = 1e-7;
    for (uint64_t step = 1; step < 5; ++step)
        tml_adam_step(&adam, step, 1.0, 1, &gradient, &w, &m, &v);
    assert_true(w == 0.7F && m == 0.0F && v == 0.0F);
}

static void test_late_steps_have_no_correction_left(void **state)
{
    const float gradient = 0.5F;

    (void)state;
    for (size_t f = 0; f < 2; ++f) {
        tml_adam adam = make(FORMS[f]);
        float w = 0.0F;
        float m = 0.5F;
        float v = 0.25F;

        tml_adam_step(&adam, 1000000, 1.0, 1, &gradient, &w, &m, &v);
        assert_true(fabs((double)w + 1e-2 * 0.5 / (0.5 + 1e-3)) < 1e-8);
    }
}

/* Spans of every length and place: what a rank that owns a part of the vector does. */
static void test_any_cut_of_the_vector_gives_the_same_bits(void **state)
{
    static numbers whole, cut;

    (void)state;
    for (size_t f = 0; f < 2; ++f) {
        tml_adam adam = make(FORMS[f]);

        adam.weight_decay = 0.3;
        start(&whole);
        start(&cut);
        for (uint64_t step = 1; step <= 5; ++step) {
            size_t length;

            draw_gradient(&whole, step);
            draw_gradient(&cut, step);
            tml_adam_step(&adam, step, 1.0 / 3.0, COUNT, whole.gradient, whole.weights, whole.first,
                          whole.second);
            for (size_t at = 0; at < COUNT; at += length) {
                length = 1 + (size_t)(tml_random_at(3, TML_RANDOM_NOISE, step, at, 0).word[0] % 37);
                if (length > COUNT - at)
                    length = COUNT - at;
                tml_adam_step(&adam, step, 1.0 / 3.0, length, cut.gradient + at, cut.weights + at,
                              cut.first + at, cut.second + at);
            }
        }
        assert_memory_equal(&whole, &cut, sizeof whole);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_many_steps_follow_the_formulas),
        cmocka_unit_test(test_decay_is_decoupled_from_the_gradient),
        cmocka_unit_test(test_the_first_step_has_its_closed_form),
        cmocka_unit_test(test_a_weight_without_gradient_and_moment_stays),
        cmocka_unit_test(test_late_steps_have_no_correction_left),
        cmocka_unit_test(test_any_cut_of_the_vector_gives_the_same_bits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
