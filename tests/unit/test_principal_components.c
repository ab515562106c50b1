/** @file test_principal_components.c
 * Eigenvectors of covariance matrices that are known in closed form, NumPy's of made-up rows, and what they
 * leave of a row. Golden numbers: tests/golden/statistics.py. */
#include "statistics/principal_components.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "unit/statistics_check.h"

enum { CHAIN = 12, ROWS = 12, FEATURES = 5 };

static tml_principal_components decompose(size_t features, const double *covariance, size_t kept)
{
    tml_principal_components pca;
    tml_error error = {0, ""};

    if (tml_principal_components_create(features, covariance, kept, &pca, &error) != TML_OK)
        fail_msg("%s", error.message);
    return pca;
}

static void test_two_features_by_hand(void **state)
{
    const double covariance[4] = {2.0, NAN, -1.0, 2.0}; /* the upper triangle is not looked at */
    tml_principal_components pca = decompose(2, covariance, 9);

    (void)state;
    assert_int_equal(pca.kept, 2);
    assert_close(pca.variance[0], 3.0, 1e-15);
    assert_close(pca.variance[1], 1.0, 1e-15);
    assert_close(pca.share[0], 0.75, 1e-15);
    assert_close(fabs(pca.component[0]), sqrt(0.5), 1e-15);
    assert_close(pca.component[0], -pca.component[1], 1e-15);
    assert_close(pca.component[2], pca.component[3], 1e-15);
    assert_true(pca.component[2] > 0.0);
    tml_principal_components_free(&pca);
    assert_null(pca.component);
}

/* Second differences: variances 2 + 2 cos(k pi / (n + 1)), components along sin(i k pi / (n + 1)) with
 * alternating signs. */
static void test_a_chain(void **state)
{
    double covariance[CHAIN * CHAIN] = {0.0};
    tml_principal_components pca;

    (void)state;
    for (size_t i = 0; i < CHAIN; ++i) {
        covariance[i * CHAIN + i] = 2.0;
        if (i > 0)
            covariance[i * CHAIN + i - 1] = covariance[(i - 1) * CHAIN + i] = -1.0;
    }
    pca = decompose(CHAIN, covariance, CHAIN);
    for (size_t k = 0; k < CHAIN; ++k) {
        double angle = pi * (double)(k + 1) / (CHAIN + 1);
        double along = 0.0;
        double largest = 0.0;

        assert_close(pca.variance[k], 2.0 + 2.0 * cos(angle), 1e-12);
        assert_close(pca.share[k], (2.0 + 2.0 * cos(angle)) / (2.0 * CHAIN), 1e-12);
        for (size_t i = 0; i < CHAIN; ++i) {
            double entry = pca.component[k * CHAIN + i];

            along += entry * sqrt(2.0 / (CHAIN + 1)) * sin((double)(i + 1) * angle) *
                     (i % 2 == 0 ? 1.0 : -1.0);
            if (fabs(entry) > fabs(largest) + 1e-9)
                largest = entry;
        }
        assert_close(fabs(along), 1.0, 1e-13);
        if (k != 0) /* whose two largest entries are equal but for sign and roundings */
            assert_true(largest > 0.0 || k % 2 == 0);
    }
    tml_principal_components_free(&pca);
}

static void fill_rows(double rows[ROWS][FEATURES], double *mean, double *covariance)
{
    for (int r = 0; r < ROWS; ++r)
        for (int c = 0; c < FEATURES; ++c)
            rows[r][c] = (3 * r + 5 * c + r * r * c) % 17 / 4.0;
    for (int c = 0; c < FEATURES; ++c) {
        mean[c] = 0.0;
        for (int r = 0; r < ROWS; ++r)
            mean[c] += rows[r][c] / ROWS;
    }
    for (int a = 0; a < FEATURES; ++a)
        for (int b = 0; b < FEATURES; ++b) {
            double sum = 0.0;

            for (int r = 0; r < ROWS; ++r)
                sum += (rows[r][a] - mean[a]) * (rows[r][b] - mean[b]);
            covariance[a * FEATURES + b] = sum / (ROWS - 1);
        }
}

static void test_rows_as_by_numpy(void **state)
{
    static const double variances[FEATURES] = {3.1219869453055136, 1.8179595589585738, 0.7797773933481017,
                                               0.58286041401823663, 0.44694220352109137};
    static const double components[FEATURES * FEATURES] = {
        0.6872321268241528,    0.23580162600137944,  -0.38975488996528423,  -0.52507563905884624,
        0.21094145171338524,   0.089015724638401808, 0.53254148739517038,   -0.50170913094338132,
        0.62002552031088098,   -0.26894621592671425, 0.38474788516495279,   0.077530990086354529,
        0.4120036767032495,    0.4960438119632527,   0.65585937321448362,   -0.51715256374135343,
        -0.041975911989515668, -0.53329753793829116, -0.031750561092277987, 0.66736563181488184,
        -0.32297135369053037,  0.80809908165207256,  0.37712833371167931,   -0.30462495943940071,
        0.08742558508113682};
    static const double scores[FEATURES] = {-1.3868772875349782, -0.1422778680768319, 1.1273858059243311,
                                            1.1706328338635252, -0.42544968942744338};
    double rows[ROWS][FEATURES], mean[FEATURES], covariance[FEATURES * FEATURES], got[FEATURES];
    tml_principal_components pca, two;

    (void)state;
    fill_rows(rows, mean, covariance);
    pca = decompose(FEATURES, covariance, FEATURES);
    two = decompose(FEATURES, covariance, 2);
    for (size_t i = 0; i < FEATURES; ++i)
        assert_close(pca.variance[i], variances[i], 1e-13);
    for (size_t i = 0; i < (size_t)FEATURES * FEATURES; ++i)
        assert_within(pca.component[i], components[i], 1e-13);
    assert_memory_equal(two.component, pca.component, 2 * FEATURES * sizeof *pca.component);
    tml_principal_scores(&pca, mean, rows[7], got);
    for (size_t i = 0; i < FEATURES; ++i)
        assert_within(got[i], scores[i], 1e-13);
    assert_within(tml_principal_error(&pca, mean, rows[7], got), 0.0, 1e-14);
    assert_close(tml_principal_error(&two, mean, rows[7], got), 0.75131716676153626, 1e-13);
    tml_principal_components_free(&pca);
    tml_principal_components_free(&two);
}

/* Over all rows the mean squared error is what the components that were left out had of the variance. */
static void test_the_error_is_the_variance_left_out(void **state)
{
    double rows[ROWS][FEATURES], mean[FEATURES], covariance[FEATURES * FEATURES], scores[FEATURES];

    (void)state;
    fill_rows(rows, mean, covariance);
    for (size_t kept = 0; kept <= FEATURES; ++kept) {
        tml_principal_components pca = decompose(FEATURES, covariance, kept);
        double squares = 0.0;
        double left_out = 0.0;

        for (size_t r = 0; r < ROWS; ++r) {
            double error;

            tml_principal_scores(&pca, mean, rows[r], scores);
            error = tml_principal_error(&pca, mean, rows[r], scores);
            squares += error * error * FEATURES / (ROWS - 1);
        }
        for (size_t i = kept; i < FEATURES; ++i)
            left_out += pca.variance[i];
        assert_within(squares, left_out, 1e-13);
        tml_principal_components_free(&pca);
    }
}

/* Two features that always agree: roundings must not make a negative variance. */
static void test_what_does_not_vary(void **state)
{
    const double agree[9] = {0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1};
    const double nothing[4] = {0.0, 0.0, 0.0, 0.0};
    tml_principal_components pca = decompose(3, agree, 3);

    (void)state;
    assert_close(pca.variance[0], 0.3, 1e-15);
    assert_true(pca.variance[1] >= 0.0 && pca.variance[2] >= 0.0 && pca.variance[1] < 1e-16);
    for (size_t i = 0; i < 3; ++i)
        assert_close(pca.component[i], sqrt(1.0 / 3.0), 1e-15);
    tml_principal_components_free(&pca);
    pca = decompose(2, nothing, 1);
    assert_true(pca.variance[0] == 0.0 && isnan(pca.share[0]));
    tml_principal_components_free(&pca);
}

static void test_what_cannot_be_decomposed(void **state)
{
    const double holes[4] = {1.0, 0.0, NAN, 1.0};
    tml_principal_components pca;
    tml_error error = {0, ""};

    (void)state;
    assert_int_equal(tml_principal_components_create(2, holes, 2, &pca, &error), TML_BAD_DATA);
    assert_non_null(strstr(error.message, "features 1 and 0"));
    assert_null(pca.component);
    assert_null(pca.variance);
    assert_int_equal(tml_principal_components_create(0, holes, 2, &pca, &error), TML_BAD_DATA);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_two_features_by_hand),
        cmocka_unit_test(test_a_chain),
        cmocka_unit_test(test_rows_as_by_numpy),
        cmocka_unit_test(test_the_error_is_the_variance_left_out),
        cmocka_unit_test(test_what_does_not_vary),
        cmocka_unit_test(test_what_cannot_be_decomposed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
