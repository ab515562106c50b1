/** @file test_exact_sum.c
 * Sums of doubles without rounding: any order, any split into accumulators, any size of number. */
#include "core/exact_sum.h"

#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "core/random.h"

enum { COUNT = 1000 };

static double sum_of(const double *values, size_t count)
{
    tml_exact_sum sum;

    tml_exact_sum_clear(&sum);
    for (size_t i = 0; i < count; ++i)
        tml_exact_sum_add(&sum, values[i]);
    return tml_exact_sum_value(&sum);
}

/* A finite double of either sign whose exponent is anywhere between the two. */
static double any_double(uint64_t i, int lowest, int highest)
{
    tml_random_words words = tml_random_at(5, TML_RANDOM_DRAW, i, 0, 0);
    int exponent = lowest + (int)(words.word[1] % (uint64_t)(highest - lowest + 1));

    return ldexp((words.word[2] % 2 == 0 ? 1.0 : -1.0) * (1.0 + tml_random_unit(words.word[0])), exponent);
}

static void assert_same(double a, double b)
{
    if (memcmp(&a, &b, sizeof a) != 0)
        fail_msg("%a is not %a", a, b);
}

static void test_one_value_is_its_own_sum(void **state)
{
    static const double ends[] = {0.0,
                                  1.0,
                                  -1.0,
                                  0.1,
                                  DBL_MAX,
                                  -DBL_MAX,
                                  DBL_MIN,
                                  -DBL_MIN,
                                  DBL_TRUE_MIN,
                                  -DBL_TRUE_MIN,
                                  DBL_MIN - DBL_TRUE_MIN};

    (void)state;
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; ++i)
        assert_same(sum_of(&ends[i], 1), ends[i]);
    for (uint64_t i = 0; i < 20000; ++i) {
        double value = any_double(i, -1074, 1023);

        assert_same(sum_of(&value, 1), value);
    }
}

static void test_nothing_and_zeros_add_to_zero(void **state)
{
    const double zeros[] = {0.0, -0.0, 5.0, -5.0};

    (void)state;
    assert_same(sum_of(zeros, 0), 0.0);
    assert_same(sum_of(zeros, 4), 0.0);
}

static void test_large_numbers_cancel_and_small_ones_remain(void **state)
{
    const double values[][3] = {{1e308, -1e308, 1.0},
                                {1e308, 1.0, -1e308},
                                {-DBL_MAX, DBL_TRUE_MIN, DBL_MAX},
                                {DBL_MAX, -DBL_TRUE_MIN, -DBL_MAX},
                                {1e16, 1.0, -1e16},
                                {0x1p1023, -0x1p1023, -0x1p-1000}};
    const double sums[] = {1.0, 1.0, DBL_TRUE_MIN, -DBL_TRUE_MIN, 1.0, -0x1p-1000};

    (void)state;
    for (size_t i = 0; i < sizeof sums / sizeof sums[0]; ++i)
        assert_same(sum_of(values[i], 3), sums[i]);
}

static void test_the_way_to_a_sum_may_leave_the_range_of_double(void **state)
{
    const double there_and_back[] = {DBL_MAX, DBL_MAX, DBL_MAX, -DBL_MAX, -DBL_MAX};

    (void)state;
    assert_same(sum_of(there_and_back, 5), DBL_MAX);
    assert_true(isinf(sum_of(there_and_back, 2)));
}

static void test_subnormal_numbers_add_exactly(void **state)
{
    tml_exact_sum sum;

    (void)state;
    tml_exact_sum_clear(&sum);
    for (int i = 0; i < 4097; ++i)
        tml_exact_sum_add(&sum, i % 3 == 0 ? -DBL_TRUE_MIN : 3 * DBL_TRUE_MIN);
    assert_same(tml_exact_sum_value(&sum), (2731 * 3 - 1366) * DBL_TRUE_MIN);
}

static void test_the_order_does_not_matter(void **state)
{
    double values[COUNT];
    double first;

    (void)state;
    for (uint64_t i = 0; i < COUNT; ++i)
        values[i] = any_double(i, -1060, 1010);
    first = sum_of(values, COUNT);
    for (uint64_t round = 0; round < 20; ++round) {
        for (uint64_t i = COUNT - 1; i > 0; --i) { /* Fisher and Yates */
            uint64_t other = tml_random_at(6, TML_RANDOM_SHUFFLE, round, i, 0).word[0] % (i + 1);
            double kept = values[i];

            values[i] = values[other];
            values[other] = kept;
        }
        assert_same(sum_of(values, COUNT), first);
    }
}

static void test_accumulators_combine_by_adding_their_limbs(void **state)
{
    tml_exact_sum parts[7];
    double values[COUNT];

    (void)state;
    for (size_t p = 0; p < 7; ++p)
        tml_exact_sum_clear(&parts[p]);
    for (uint64_t i = 0; i < COUNT; ++i) {
        values[i] = any_double(i + COUNT, -1074, 1010);
        tml_exact_sum_add(&parts[i * i % 7], values[i]);
    }
    for (size_t p = 1; p < 7; ++p)
        for (size_t l = 0; l < TML_EXACT_SUM_LIMBS; ++l)
            parts[0].limb[l] += parts[p].limb[l];
    assert_same(tml_exact_sum_value(&parts[0]), sum_of(values, COUNT));
}

/* Integers below 2^63 have an exact sum in integers: long double holds it, and its distance is the error.
 * They are shifted so that they begin at every place of a limb. */
static void test_the_value_is_within_one_ulp(void **state)
{
    (void)state;
    for (uint64_t round = 0; round < 2000; ++round) {
        tml_exact_sum sum;
        int64_t exact = 0;
        int shift = (int)(round % 32);
        double value;
        long double error;
        double ulp;

        tml_exact_sum_clear(&sum);
        for (uint64_t i = 0; i < 8; ++i) {
            int64_t integer = (int64_t)(tml_random_at(7, TML_RANDOM_DRAW, round, i, 0).word[0] >> 11)
                              << (i % 8);

            integer = i % 3 == 1 ? -integer : integer; /* 53 bits, times at most 2^7: exact in double */
            exact += integer;
            tml_exact_sum_add(&sum, ldexp((double)integer, shift));
        }
        value = tml_exact_sum_value(&sum);
        ulp = nextafter(fabs(value), HUGE_VAL) - fabs(value);
        error = fabsl((long double)value - ldexpl((long double)exact, shift));
        assert_true(error <= (long double)ulp);
    }
}

static void test_the_sign_is_that_of_the_exact_sum(void **state)
{
    (void)state;
    for (uint64_t round = 0; round < 200; ++round) {
        double values[COUNT / 10];
        double sum;

        for (uint64_t i = 0; i < COUNT / 10; ++i)
            values[i] = any_double(round * COUNT + i, -40, 40);
        sum = sum_of(values, COUNT / 10);
        for (size_t i = 0; i < COUNT / 10; ++i)
            values[i] = -values[i];
        assert_same(sum_of(values, COUNT / 10), -sum);
    }
}

static void test_a_million_values_carry_without_loss(void **state)
{
    tml_exact_sum sum;

    (void)state;
    tml_exact_sum_clear(&sum);
    for (int i = 0; i < 1 << 20; ++i)
        tml_exact_sum_add(&sum, -0x1.fffffffffffffp100);
    assert_same(tml_exact_sum_value(&sum), -0x1.fffffffffffffp120);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_value_is_its_own_sum),
        cmocka_unit_test(test_nothing_and_zeros_add_to_zero),
        cmocka_unit_test(test_large_numbers_cancel_and_small_ones_remain),
        cmocka_unit_test(test_the_way_to_a_sum_may_leave_the_range_of_double),
        cmocka_unit_test(test_subnormal_numbers_add_exactly),
        cmocka_unit_test(test_the_order_does_not_matter),
        cmocka_unit_test(test_accumulators_combine_by_adding_their_limbs),
        cmocka_unit_test(test_the_value_is_within_one_ulp),
        cmocka_unit_test(test_the_sign_is_that_of_the_exact_sum),
        cmocka_unit_test(test_a_million_values_carry_without_loss),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
