/** @file test_regression_bootstrap.c
 * Intervals of scores against NumPy with the same random numbers, and what they must be whatever these are.
 * Golden numbers: tests/golden/statistics.py. */
#include "statistics/regression_bootstrap.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "unit/statistics_check.h"

enum { ROWS = 40, TARGETS = 2, WIDTH = 2 * TARGETS + 1, SEED = 7, STREAM = 2 };

/* Rows as in a table of predictions: something, the truths, the predictions. */
static void fill_table(int count, double (*rows)[WIDTH])
{
    for (int i = 0; i < count; ++i) {
        rows[i][0] = i;
        rows[i][1] = 400.0 + 25.0 * (i * 7 % 40);
        rows[i][2] = i % 5 * 0.25;
        rows[i][3] = rows[i][1] + (i * i % 11) * 0.5 - 2.0 + (i == 13 ? 16.0 : 0.0);
        rows[i][4] = rows[i][2] + (i * 3 % 7 - 3) / 32.0;
    }
}

static void score(size_t count, double (*rows)[WIDTH], size_t target, tml_regression_result *result)
{
    tml_regression regression;

    tml_regression_clear(&regression);
    for (size_t i = 0; i < count; ++i)
        tml_regression_add(&regression, rows[i][1 + target], rows[i][1 + TARGETS + target]);
    *result = tml_regression_get(&regression);
}

/* Intervals of the targets from `first` on. */
static void resample(size_t count, double (*rows)[WIDTH], size_t first, uint64_t seed, uint64_t stream,
                     tml_regression_intervals *intervals)
{
    tml_regression_result scores[TARGETS];
    tml_scored_rows scored = {count, TARGETS - first, WIDTH, &rows[0][1 + first], &rows[0][3 + first],
                              scores};
    tml_error error = {0, ""};

    for (size_t t = first; t < TARGETS; ++t)
        score(count, rows, t, &scores[t - first]);
    assert_int_equal(tml_regression_bootstrap(&scored, seed, stream, intervals, &error), TML_OK);
}

static void assert_interval(tml_interval got, double low, double high)
{
    assert_within(got.low, low, 1e-12 * (fabs(low) + 0.01)); /* sums of 40 numbers, some with cancellation */
    assert_within(got.high, high, 1e-12 * (fabs(high) + 0.01));
}

static void assert_unknown(tml_interval got)
{
    assert_true(isnan(got.low) && isnan(got.high));
}

static void test_the_intervals_are_those_of_numpy(void **state)
{
    double rows[ROWS][WIDTH];
    tml_regression_intervals got[TARGETS];

    (void)state;
    fill_table(ROWS, rows);
    resample(ROWS, rows, 0, SEED, STREAM, got);
    assert_interval(got[0].r2, 0.99969547881249099, 0.99998285346942339);
    assert_interval(got[0].rmse, 1.2323122952175805, 4.6253547149245913);
    assert_interval(got[0].mae, 0.92468750000000011, 2.3253124999999999);
    assert_interval(got[0].bias, -0.36281249999999998, 1.3753124999999997);
    assert_interval(got[1].r2, 0.95284952849528493, 0.977882804742367);
    assert_interval(got[1].rmse, 0.053900588470813561, 0.071602745233684997);
    assert_interval(got[1].mae, 0.04296875, 0.064062499999999994);
    assert_interval(got[1].bias, -0.017187500000000001, 0.01953125);
}

static void test_the_numbers_depend_on_seed_and_stream_alone(void **state)
{
    double rows[ROWS][WIDTH];
    tml_regression_intervals got[TARGETS], again[TARGETS], other[TARGETS];

    (void)state;
    fill_table(ROWS, rows);
    resample(ROWS, rows, 0, SEED, STREAM, got);
    resample(ROWS, rows, 0, SEED, STREAM, again);
    assert_memory_equal(got, again, sizeof got);
    resample(ROWS, rows, 1, SEED, STREAM, again); /* the second target alone draws the same rows */
    assert_memory_equal(&got[1], &again[0], sizeof got[1]);
    resample(ROWS, rows, 0, SEED + 1, STREAM, other);
    assert_memory_not_equal(&got[0].bias, &other[0].bias, sizeof got[0].bias);
    resample(ROWS, rows, 0, SEED, STREAM + 1, other);
    assert_memory_not_equal(&got[0].bias, &other[0].bias, sizeof got[0].bias);
}

/* Residuals +1 and -1 in turn: the mean of 2500 has the standard deviation 1 / 50. The ends of 1000 resamples
 * are right to about 5 %. */
static void test_the_interval_of_a_mean(void **state)
{
    enum { MANY = 2500 };
    static double rows[MANY][WIDTH];
    tml_regression_intervals got[TARGETS];

    (void)state;
    fill_table(MANY, rows);
    for (int i = 0; i < MANY; ++i)
        rows[i][3] = rows[i][1] + (i % 2 == 0 ? 1.0 : -1.0);
    resample(MANY, rows, 0, SEED, STREAM, got);
    assert_close(got[0].bias.low, -1.96 / 50.0, 0.15);
    assert_close(got[0].bias.high, 1.96 / 50.0, 0.15);
    assert_interval(got[0].rmse, 1.0, 1.0);
    assert_interval(got[0].mae, 1.0, 1.0);
}

/* More rows than are resampled: the interval is that of all of them, not that of the part. */
static void test_very_many_rows(void **state)
{
    enum { MANY = 4 * TML_BOOTSTRAP_MOST };
    double(*rows)[WIDTH] = malloc(MANY * sizeof *rows);
    tml_regression_intervals got[TARGETS];
    double reach = 1.96 / sqrt((double)MANY);

    (void)state;
    assert_non_null(rows);
    for (size_t i = 0; i < MANY; ++i) {
        rows[i][1] = rows[i][2] = (double)(i % 7);
        /* The third and fourth quarter of each four rows are never resampled: the centre is that of all. */
        rows[i][4] = rows[i][2] + (i / 4 % 2 == 0 ? 1.0 : -1.0) + (i % 4 == 3 ? 1.0 : 0.0);
    }
    resample(MANY, rows, 1, SEED, STREAM, got);
    assert_within(got[0].bias.low, 0.25 - reach, 0.1 * reach);
    assert_within(got[0].bias.high, 0.25 + reach, 0.1 * reach);
    free(rows);
}

static void test_a_perfect_prediction(void **state)
{
    double rows[ROWS][WIDTH];
    tml_regression_intervals got[TARGETS];

    (void)state;
    fill_table(ROWS, rows);
    for (int i = 0; i < ROWS; ++i)
        rows[i][3] = rows[i][1];
    resample(ROWS, rows, 0, SEED, STREAM, got);
    assert_true(got[0].r2.low == 1.0 && got[0].r2.high == 1.0);
    assert_true(got[0].rmse.high == 0.0 && got[0].mae.high == 0.0 && got[0].bias.low == 0.0);
}

/* A single row with another truth is missing in 0.9^10 = 35 % of the resamples of ten, and in 1 / e = 37 % of
 * those of forty; without it there is no R2. */
static void test_a_truth_that_hardly_varies(void **state)
{
    double rows[ROWS][WIDTH];
    tml_regression_intervals got[TARGETS];

    (void)state;
    fill_table(ROWS, rows);
    for (int i = 0; i < ROWS; ++i)
        rows[i][1] = i == 3 ? 1.0 / 3.0 : 0.1;
    resample(ROWS, rows, 0, SEED, STREAM, got);
    assert_true(got[0].r2.low < got[0].r2.high);
    assert_true(got[0].r2.low > -1e12); /* not a division by roundings */
    assert_true(isfinite(got[0].rmse.low));
    rows[3][1] = 0.1;
    resample(ROWS, rows, 0, SEED, STREAM, got);
    assert_unknown(got[0].r2);
    assert_true(isfinite(got[0].rmse.low) && isfinite(got[0].bias.high));
}

static void test_what_has_no_intervals(void **state)
{
    double rows[ROWS][WIDTH];
    tml_regression_intervals got[TARGETS];

    (void)state;
    fill_table(ROWS, rows);
    resample(TML_BOOTSTRAP_FEWEST - 1, rows, 0, SEED, STREAM, got);
    for (size_t t = 0; t < TARGETS; ++t) {
        assert_unknown(got[t].r2);
        assert_unknown(got[t].bias);
    }
    resample(TML_BOOTSTRAP_FEWEST, rows, 0, SEED, STREAM, got);
    assert_true(isfinite(got[0].rmse.low) && isfinite(got[1].rmse.high));
    rows[5][3] = (double)NAN; /* spoils the scores of its target, and only these */
    resample(ROWS, rows, 0, SEED, STREAM, got);
    assert_unknown(got[0].r2);
    assert_unknown(got[0].rmse);
    assert_unknown(got[0].mae);
    assert_unknown(got[0].bias);
    rows[5][3] = 1e61; /* beyond what is scored */
    resample(ROWS, rows, 0, SEED, STREAM, got);
    assert_unknown(got[0].mae);
    assert_interval(got[1].mae, 0.04296875, 0.064062499999999994);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_intervals_are_those_of_numpy),
        cmocka_unit_test(test_the_numbers_depend_on_seed_and_stream_alone),
        cmocka_unit_test(test_the_interval_of_a_mean),
        cmocka_unit_test(test_very_many_rows),
        cmocka_unit_test(test_a_perfect_prediction),
        cmocka_unit_test(test_a_truth_that_hardly_varies),
        cmocka_unit_test(test_what_has_no_intervals),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
