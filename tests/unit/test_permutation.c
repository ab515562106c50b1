/** @file test_permutation.c
 * The keyed order is a bijection for every count, another one for every key, and without a pattern. */
#include "core/permutation.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { SMALL_COUNTS = 600, SAMPLES = 20000 };

static void check_bijection(uint64_t count, uint64_t epoch)
{
    const tml_permutation order = tml_permutation_create(count, 42, TML_RANDOM_SHUFFLE, epoch);
    unsigned char *seen = calloc(count, 1);

    assert_non_null(seen);
    for (uint64_t i = 0; i < count; ++i) {
        const uint64_t item = tml_permutation_at(&order, i);

        assert_true(item < count);
        assert_int_equal(seen[item], 0);
        seen[item] = 1;
    }
    free(seen);
}

static void test_every_small_count_is_a_bijection(void **state)
{
    (void)state;
    for (uint64_t count = 1; count <= SMALL_COUNTS; ++count)
        check_bijection(count, count % 7);
}

static void test_large_counts_around_powers_of_four_are_bijections(void **state)
{
    (void)state;
    for (uint64_t power = 1 << 12; power <= 1 << 18; power *= 4)
        for (uint64_t count = power - 1; count <= power + 1; ++count)
            check_bijection(count, 3);
    check_bijection(1000003, 0);
}

static int compare(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a;
    const uint64_t y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

static void test_huge_counts_stay_inside_and_do_not_repeat(void **state)
{
    static const uint64_t counts[] = {4294967296U, 4294967297U, 1000000000039U, (uint64_t)1 << 62};
    uint64_t *items = calloc(SAMPLES, sizeof *items);

    (void)state;
    assert_non_null(items);
    for (size_t c = 0; c < sizeof counts / sizeof counts[0]; ++c) {
        const tml_permutation order = tml_permutation_create(counts[c], 1, TML_RANDOM_ORDER, 0);

        for (uint64_t i = 0; i < SAMPLES; ++i) {
            items[i] = tml_permutation_at(&order, counts[c] / SAMPLES * i);
            assert_true(items[i] < counts[c]);
        }
        qsort(items, SAMPLES, sizeof *items, compare);
        for (size_t i = 1; i < SAMPLES; ++i)
            assert_true(items[i] != items[i - 1]);
    }
    free(items);
}

static void test_seed_purpose_and_epoch_each_change_the_order(void **state)
{
    enum { COUNT = 5000 };
    const tml_permutation orders[] = {
        tml_permutation_create(COUNT, 42, TML_RANDOM_SHUFFLE, 0),
        tml_permutation_create(COUNT, 42, TML_RANDOM_SHUFFLE, 1),
        tml_permutation_create(COUNT, 43, TML_RANDOM_SHUFFLE, 0),
        tml_permutation_create(COUNT, 42, TML_RANDOM_ORDER, 0),
    };

    (void)state;
    for (size_t a = 0; a < 4; ++a) {
        for (size_t b = 0; b < a; ++b) {
            int same = 0;

            for (uint64_t i = 0; i < COUNT; ++i)
                same += tml_permutation_at(&orders[a], i) == tml_permutation_at(&orders[b], i);
            /* Independent orders agree in one place on average (Poisson); 12 is beyond 1e-9. */
            assert_in_range(same, 0, 12);
        }
    }
}

static double correlation(const double *x, const double *y, size_t count)
{
    double mean_x = 0.0, mean_y = 0.0, xx = 0.0, yy = 0.0, xy = 0.0;

    for (size_t i = 0; i < count; ++i) {
        mean_x += x[i] / (double)count;
        mean_y += y[i] / (double)count;
    }
    for (size_t i = 0; i < count; ++i) {
        xx += (x[i] - mean_x) * (x[i] - mean_x);
        yy += (y[i] - mean_y) * (y[i] - mean_y);
        xy += (x[i] - mean_x) * (y[i] - mean_y);
    }
    return xy / sqrt(xx * yy);
}

static void test_the_order_has_no_trend_and_no_echo(void **state)
{
    enum { COUNT = 10007, MOST_LAG = 8 };
    double *position = calloc(COUNT, sizeof *position);
    double *item = calloc(COUNT, sizeof *item);
    /* Standard deviation 1 / sqrt(COUNT) for a random order; five of them for nine looks at four epochs. */
    const double limit = 5.0 / sqrt((double)COUNT);

    (void)state;
    assert_non_null(position);
    assert_non_null(item);
    for (uint64_t epoch = 0; epoch < 4; ++epoch) {
        const tml_permutation order = tml_permutation_create(COUNT, 7, TML_RANDOM_SHUFFLE, epoch);

        for (uint64_t i = 0; i < COUNT; ++i) {
            position[i] = (double)i;
            item[i] = (double)tml_permutation_at(&order, i);
        }
        assert_true(fabs(correlation(position, item, COUNT)) < limit);
        for (size_t lag = 1; lag <= MOST_LAG; ++lag)
            assert_true(fabs(correlation(item, item + lag, COUNT - lag)) < limit);
    }
    free(position);
    free(item);
}

/* Few items are the hard case of a Feistel network: its halves have one or two bits. */
static void test_few_items_come_first_equally_often(void **state)
{
    enum { EPOCHS = 8000 };

    (void)state;
    for (uint64_t count = 2; count <= 20; ++count) {
        int first[20] = {0};
        double expected = (double)EPOCHS / (double)count;

        for (uint64_t epoch = 0; epoch < EPOCHS; ++epoch) {
            const tml_permutation order = tml_permutation_create(count, 5, TML_RANDOM_SHUFFLE, epoch);

            ++first[tml_permutation_at(&order, 0)];
        }
        for (uint64_t i = 0; i < count; ++i) /* binomial: five standard deviations */
            assert_true(fabs(first[i] - expected) < 5.0 * sqrt(expected));
    }
}

/* These values fix the rows of files that exist: a change here is a change of the file format. */
static void test_the_order_is_the_one_of_the_file_format(void **state)
{
    static const uint64_t known[10] = {2, 5, 0, 8, 4, 7, 9, 3, 1, 6};
    const tml_permutation order = tml_permutation_create(10, 42, TML_RANDOM_ORDER, 0);
    const tml_permutation large = tml_permutation_create(30888, 0, TML_RANDOM_ORDER, 0);

    (void)state;
    for (uint64_t i = 0; i < 10; ++i)
        assert_int_equal(tml_permutation_at(&order, i), known[i]);
    assert_int_equal(tml_permutation_at(&large, 0), 29246);
    assert_int_equal(tml_permutation_at(&large, 30887), 26666);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_small_count_is_a_bijection),
        cmocka_unit_test(test_large_counts_around_powers_of_four_are_bijections),
        cmocka_unit_test(test_huge_counts_stay_inside_and_do_not_repeat),
        cmocka_unit_test(test_seed_purpose_and_epoch_each_change_the_order),
        cmocka_unit_test(test_the_order_has_no_trend_and_no_echo),
        cmocka_unit_test(test_few_items_come_first_equally_often),
        cmocka_unit_test(test_the_order_is_the_one_of_the_file_format),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
