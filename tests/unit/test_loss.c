/** @file test_loss.c
 * Huber's, the squared and the Gaussian loss: values, slopes, weights of targets, and samples that count for
 * nothing. */
#include "network/loss.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* Loss and slope of one sample and one target with error e; all numbers here are exact in binary. */
static double one(tml_loss_kind kind, double delta, double e, double *slope)
{
    tml_loss loss = {kind, delta, {1.0}, TML_LOSS_LEAST_VARIANCE};
    const float weight = 1.0F;
    const float target = 0.5F;
    float output = (float)(e + 0.5);
    float d_output = 0.0F;
    double sum = -1.0;

    tml_loss_of_lane(&loss, 1, 1, &weight, &output, &target, &sum, &d_output);
    *slope = (double)d_output;
    return sum;
}

static void test_huber_is_square_inside_and_straight_outside(void **state)
{
    static const double cases[][4] = {/* delta, e, loss, slope */
                                      {1.0, 0.0, 0.0, 0.0},       {1.0, 0.5, 0.125, 0.5},
                                      {1.0, -0.5, 0.125, -0.5},   {1.0, 1.0, 0.5, 1.0},
                                      {1.0, -1.0, 0.5, -1.0},     {1.0, 3.0, 2.5, 1.0},
                                      {1.0, -3.0, 2.5, -1.0},     {0.25, 0.25, 0.03125, 0.25},
                                      {0.25, 2.0, 0.46875, 0.25}, {4.0, -3.0, 4.5, -3.0}};
    double slope;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; ++i) {
        assert_true(one(TML_LOSS_HUBER, cases[i][0], cases[i][1], &slope) == cases[i][2]);
        assert_true(slope == cases[i][3]);
    }
}

static void test_the_squared_loss_is_half_the_square_everywhere(void **state)
{
    double slope;

    (void)state;
    for (double e = -8.0; e <= 8.0; e += 0.5) {
        assert_true(one(TML_LOSS_SQUARED, 1.0, e, &slope) == 0.5 * e * e);
        assert_true(slope == e);
    }
}

/* Continuous with its slope where the two parts of Huber's loss meet. */
static void test_huber_has_no_step_at_delta(void **state)
{
    double below;
    double above;
    double inside = one(TML_LOSS_HUBER, 1.0, 1.0 - 0x1p-20, &below);
    double outside = one(TML_LOSS_HUBER, 1.0, 1.0 + 0x1p-20, &above);

    (void)state;
    assert_true(fabs(inside - outside) < 4e-6);
    assert_true(fabs(below - above) < 4e-6);
}

/* The weight of a target is in the gradient, not in the sums that are reported. */
static void test_target_weights_scale_the_gradient_alone(void **state)
{
    tml_loss loss = {TML_LOSS_HUBER, 1.0, {2.0, 0.0, 0.5}, TML_LOSS_LEAST_VARIANCE};
    const float weight[2] = {1.0F, 1.0F};
    const float output[2][3] = {{0.5F, 0.5F, 4.0F}, {-0.5F, 2.0F, -4.0F}};
    const float target[2][3] = {{0}};
    float d_output[2][3];
    double sum[3];

    (void)state;
    tml_loss_of_lane(&loss, 2, 3, weight, &output[0][0], &target[0][0], sum, &d_output[0][0]);
    assert_true(sum[0] == 0.25 && sum[1] == 0.125 + 1.5 && sum[2] == 7.0);
    assert_true(d_output[0][0] == 1.0F && d_output[1][0] == -1.0F);
    assert_true(d_output[0][1] == 0.0F && d_output[1][1] == 0.0F);
    assert_true(d_output[0][2] == 0.5F && d_output[1][2] == -0.5F);
}

static void test_a_sample_of_weight_zero_counts_for_nothing(void **state)
{
    tml_loss loss = {TML_LOSS_SQUARED, 1.0, {1.0, 1.0}, TML_LOSS_LEAST_VARIANCE};
    const float weight[3] = {1.0F, 0.0F, 1.0F};
    const float output[3][2] = {{1.0F, 2.0F}, {1e6F, -1e6F}, {3.0F, 0.0F}};
    const float target[3][2] = {{0}};
    float d_output[3][2];
    double sum[2];

    (void)state;
    tml_loss_of_lane(&loss, 3, 2, weight, &output[0][0], &target[0][0], sum, &d_output[0][0]);
    assert_true(sum[0] == 5.0 && sum[1] == 2.0);
    assert_true(d_output[1][0] == 0.0F && d_output[1][1] == 0.0F);
    assert_true(d_output[2][0] == 3.0F && d_output[0][1] == 2.0F);
}

static void test_the_gradient_may_be_left_out(void **state)
{
    tml_loss loss = {TML_LOSS_HUBER, 1.0, {1.0}, TML_LOSS_LEAST_VARIANCE};
    const float weight = 1.0F;
    const float output = 3.0F;
    const float target = 0.0F;
    double sum = -1.0;

    (void)state;
    tml_loss_of_lane(&loss, 1, 1, &weight, &output, &target, &sum, NULL);
    assert_true(sum == 2.5);
}

static void test_what_is_not_finite_stays_visible(void **state)
{
    double slope;

    (void)state;
    assert_true(isnan(one(TML_LOSS_HUBER, 1.0, (double)NAN, &slope)));
    assert_true(isnan(slope));
    assert_true(isinf(one(TML_LOSS_HUBER, 1.0, (double)INFINITY, &slope)));
    assert_true(isnan(one(TML_LOSS_SQUARED, 1.0, (double)NAN, &slope)));
}

/* The Gaussian loss of one target: mean off by e, and what the network says of the variance. */
static double gaussian(double least, double e, double output, double *d_mean, double *d_output)
{
    tml_loss loss = {TML_LOSS_GAUSSIAN, 1.0, {1.0}, least};
    const float weight = 1.0F;
    const float target = 0.0F;
    const float outputs[2] = {(float)e, (float)output};
    float d_outputs[2];
    double sum;

    tml_loss_of_lane(&loss, 1, 1, &weight, outputs, &target, &sum, d_outputs);
    *d_mean = (double)d_outputs[0];
    *d_output = (double)d_outputs[1];
    return sum;
}

/* -ln of the normal density without (ln 2 pi) / 2; slopes in float: 1e-7. */
static void test_the_gaussian_loss_is_a_density(void **state)
{
    double d_mean;
    double d_output;

    (void)state;
    for (double s = -8.0; s <= 8.0; s += 0.5)
        for (double e = -3.0; e <= 3.0; e += 0.75) {
            double sigma = exp(0.5 * s);
            double density = exp(-0.5 * e * e / (sigma * sigma)) / sigma;
            double value = gaussian(1e-6, e, s, &d_mean, &d_output);

            if (density > 1e-300)
                assert_true(fabs(value + log(density)) < 1e-12 * (1.0 + fabs(value)));
            assert_true(fabs(d_mean - e / (sigma * sigma)) <= 1e-7 * fabs(d_mean));
            assert_true(fabs(d_output - 0.5 * (1.0 - e * e / (sigma * sigma))) <=
                        1e-7 * (1.0 + fabs(d_output)));
        }
}

/* At a limit the slope is that of the limit where it leads back, and none where it leads out. */
static void test_the_variance_stays_within_its_limits(void **state)
{
    const double least = 0.0625;
    double d_mean;
    double d_output;

    (void)state;
    assert_true(fabs(gaussian(least, 0.0, -50.0, &d_mean, &d_output) - 0.5 * log(least)) < 1e-12);
    assert_true(d_mean == 0.0 && d_output == 0.0);
    assert_true(fabs(gaussian(least, 1.0, -50.0, &d_mean, &d_output) - 0.5 * log(least) - 8.0) < 1e-12);
    assert_true(d_mean == 16.0 && d_output == -7.5);
    gaussian(least, 0.0, 1e30, &d_mean, &d_output);
    assert_true(d_output == 0.5);
    gaussian(least, 1e8, 1e30, &d_mean, &d_output);
    assert_true(d_output == 0.0);
    assert_true(tml_loss_log_variance(&(tml_loss){.least_variance = 1.0}, -3.0) == 0.0);
    assert_true(tml_loss_log_variance(&(tml_loss){.least_variance = 1.0}, 3.0) == 3.0);
    assert_true(tml_loss_log_variance(&(tml_loss){.least_variance = 1.0}, 1e9) ==
                log(TML_LOSS_GREATEST_VARIANCE));
    assert_true(isnan(tml_loss_log_variance(&(tml_loss){.least_variance = 1.0}, (double)NAN)));
}

/* All means first, then all variances, in each row; weights of targets and empty samples as elsewhere. */
static void test_means_stand_before_variances(void **state)
{
    tml_loss loss = {TML_LOSS_GAUSSIAN, 1.0, {1.0, 4.0}, 1e-6};
    const float weight[3] = {1.0F, 0.0F, 1.0F};
    const float output[3][4] = {{1.0F, 2.0F, 0.0F, 0.0F}, {9.0F, 9.0F, 9.0F, 9.0F}, {0.0F, 3.0F, 0.0F, 0.0F}};
    const float target[3][2] = {{0}};
    float d_output[3][4];
    double sum[2];

    (void)state;
    tml_loss_of_lane(&loss, 3, 2, weight, &output[0][0], &target[0][0], sum, &d_output[0][0]);
    assert_true(sum[0] == 0.5 && sum[1] == 2.0 + 4.5);
    assert_true(d_output[0][0] == 1.0F && d_output[0][1] == 8.0F);
    assert_true(d_output[0][2] == 0.0F && d_output[0][3] == 4.0F * 0.5F * (1.0F - 4.0F));
    for (size_t i = 0; i < 4; ++i)
        assert_true(d_output[1][i] == 0.0F);
    assert_true(d_output[2][2] == 0.5F && d_output[2][3] == 4.0F * 0.5F * (1.0F - 9.0F));
}

static void test_a_variance_that_is_no_number_stays_visible(void **state)
{
    double d_mean;
    double d_output;

    (void)state;
    assert_true(isnan(gaussian(1e-6, 1.0, (double)NAN, &d_mean, &d_output)));
    assert_true(isnan(d_mean) && isnan(d_output));
    assert_true(isnan(gaussian(1e-6, (double)NAN, 0.0, &d_mean, &d_output)));
}

static void test_each_kind_has_its_name_and_its_outputs(void **state)
{
    (void)state;
    assert_string_equal(tml_loss_name(TML_LOSS_HUBER), "huber");
    assert_string_equal(tml_loss_name(TML_LOSS_SQUARED), "squared");
    assert_string_equal(tml_loss_name(TML_LOSS_GAUSSIAN), "gaussian");
    assert_int_equal(tml_loss_outputs(TML_LOSS_HUBER), 1);
    assert_int_equal(tml_loss_outputs(TML_LOSS_SQUARED), 1);
    assert_int_equal(tml_loss_outputs(TML_LOSS_GAUSSIAN), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_huber_is_square_inside_and_straight_outside),
        cmocka_unit_test(test_the_squared_loss_is_half_the_square_everywhere),
        cmocka_unit_test(test_huber_has_no_step_at_delta),
        cmocka_unit_test(test_target_weights_scale_the_gradient_alone),
        cmocka_unit_test(test_a_sample_of_weight_zero_counts_for_nothing),
        cmocka_unit_test(test_the_gradient_may_be_left_out),
        cmocka_unit_test(test_what_is_not_finite_stays_visible),
        cmocka_unit_test(test_the_gaussian_loss_is_a_density),
        cmocka_unit_test(test_the_variance_stays_within_its_limits),
        cmocka_unit_test(test_means_stand_before_variances),
        cmocka_unit_test(test_a_variance_that_is_no_number_stays_visible),
        cmocka_unit_test(test_each_kind_has_its_name_and_its_outputs),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
