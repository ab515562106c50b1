/** @file test_random.c
 * The random numbers are Philox4x64-10, have the moments that they claim, and know no order of calls. */
#include "core/random.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum { ROUNDS = 10, SAMPLES = 40000 };

/* The high and the low word of a product, in four products of half words. */
static void multiply(uint64_t a, uint64_t b, uint64_t *high, uint64_t *low)
{
    const uint64_t half = 0xffffffffU;
    uint64_t low_low = (a & half) * (b & half);
    uint64_t high_low = (a >> 32) * (b & half);
    uint64_t low_high = (a & half) * (b >> 32);
    uint64_t middle = (low_low >> 32) + (high_low & half) + (low_high & half);

    *low = a * b;
    *high = (a >> 32) * (b >> 32) + (high_low >> 32) + (low_high >> 32) + (middle >> 32);
}

/* Philox4x64-10 from the paper (Salmon et al. 2011, section 3.3), independent of the library. */
static void philox(const uint64_t counter[4], const uint64_t key[2], uint64_t result[4])
{
    uint64_t k[2] = {key[0], key[1]};

    memcpy(result, counter, 4 * sizeof *result);
    for (int round = 0; round < ROUNDS; ++round) {
        uint64_t high[2];
        uint64_t low[2];
        uint64_t next[4];

        multiply(0xD2E7470EE14C6C93U, result[0], &high[0], &low[0]);
        multiply(0xCA5A826395121157U, result[2], &high[1], &low[1]);
        next[0] = high[1] ^ result[1] ^ k[0];
        next[1] = low[1];
        next[2] = high[0] ^ result[3] ^ k[1];
        next[3] = low[0];
        memcpy(result, next, sizeof next);
        k[0] += 0x9E3779B97F4A7C15U; /* golden ratio */
        k[1] += 0xBB67AE8584CAA73BU; /* sqrt(3) - 1 */
    }
}

static void test_the_reference_gives_the_published_answers(void **state)
{
    /* The lines "philox4x64 10" of Random123's tests/kat_vectors: counter, key, result. */
    static const uint64_t known[3][10] = {
        {0, 0, 0, 0, 0, 0, 0x16554d9eca36314cU, 0xdb20fe9d672d0fdcU, 0xd7e772cee186176bU,
         0x7e68b68aec7ba23bU},
        {UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX, 0x87b092c3013fe90bU,
         0x438c3c67be8d0224U, 0x9cc7d7c69cd777b6U, 0xa09caebf594f0ba0U},
        {0x243f6a8885a308d3U, 0x13198a2e03707344U, 0xa4093822299f31d0U, 0x082efa98ec4e6c89U,
         0x452821e638d01377U, 0xbe5466cf34e90c6cU, 0xa528f45403e61d95U, 0x38c72dbd566e9788U,
         0xa5a1610e72fd18b5U, 0x57bd43b5e52b7fe6U}};

    (void)state;
    for (size_t i = 0; i < 3; ++i) {
        uint64_t result[4];

        philox(known[i], known[i] + 4, result);
        assert_memory_equal(result, known[i] + 6, sizeof result);
    }
}

static void test_words_are_philox_of_purpose_and_numbers(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < 1000; ++i) {
        uint64_t a = i * 0x9E3779B97F4A7C15U;
        uint64_t b = i % 7 == 0 ? 0 : ~a;
        uint64_t c = i;
        uint64_t counter[4] = {i % 8 + 1, a, b, c};
        uint64_t key[2] = {i % 3 == 0 ? i : UINT64_MAX - i, 0};
        uint64_t wanted[4];
        tml_random_words words = tml_random_at(key[0], (tml_random_purpose)counter[0], a, b, c);

        philox(counter, key, wanted);
        assert_memory_equal(words.word, wanted, sizeof wanted);
    }
}

static void test_the_unit_interval_is_half_open(void **state)
{
    (void)state;
    assert_true(tml_random_unit(0) == 0.0);
    assert_true(tml_random_unit(2047) == 0.0); /* the lowest 11 bits are not used */
    assert_true(tml_random_unit(2048) == 0x1p-53);
    assert_true(tml_random_unit(UINT64_MAX) == 1.0 - 0x1p-53);
    assert_true(tml_random_uniform(3, TML_RANDOM_SPLIT, 5, 0, 0) ==
                tml_random_unit(tml_random_at(3, TML_RANDOM_SPLIT, 5, 0, 0).word[0]));
}

/* The mean of n values with a standard deviation of sd lies within 4 sd/sqrt(n): missed by 1 seed in 16000,
 * and the seed is fixed. */
static void assert_mean(double sum, double mean, double sd, size_t n)
{
    double distance = fabs(sum / (double)n - mean) * sqrt((double)n) / sd;

    if (!(distance < 4.0))
        fail_msg("mean %g, not %g: %g standard errors", sum / (double)n, mean, distance);
}

static void test_uniform_numbers_have_the_moments_of_uniform_numbers(void **state)
{
    double sum = 0.0;
    double square = 0.0;
    double neighbours = 0.0;
    double before = tml_random_uniform(1, TML_RANDOM_DRAW, SAMPLES, 0, 0);

    (void)state;
    for (uint64_t i = 0; i < SAMPLES; ++i) {
        double u = tml_random_uniform(1, TML_RANDOM_DRAW, i, 0, 0);

        sum += u;
        square += (u - 0.5) * (u - 0.5);
        neighbours += (u - 0.5) * (before - 0.5);
        before = u;
    }
    assert_mean(sum, 0.5, sqrt(1.0 / 12.0), SAMPLES);
    assert_mean(square, 1.0 / 12.0, sqrt(1.0 / 180.0), SAMPLES);
    assert_mean(neighbours, 0.0, 1.0 / 12.0, SAMPLES);
}

static void test_normal_numbers_have_the_moments_of_normal_numbers(void **state)
{
    static double values[SAMPLES];
    double sum[5] = {0};
    double pairs = 0.0;

    (void)state;
    tml_random_normals(1, TML_RANDOM_NOISE, 2, 3, SAMPLES, values);
    for (size_t i = 0; i < SAMPLES; ++i) {
        double power = 1.0;

        for (int k = 1; k <= 4; ++k) {
            power *= values[i];
            sum[k] += power;
        }
        if (i % 2 == 1)
            pairs += values[i] * values[i - 1];
    }
    /* E x^k = 0, 1, 0, 3; variance of x^k = (2k-1)!! - (E x^k)^2 = 1, 2, 15, 96. */
    assert_mean(sum[1], 0.0, 1.0, SAMPLES);
    assert_mean(sum[2], 1.0, sqrt(2.0), SAMPLES);
    assert_mean(sum[3], 0.0, sqrt(15.0), SAMPLES);
    assert_mean(sum[4], 3.0, sqrt(96.0), SAMPLES);
    assert_mean(pairs, 0.0, 1.0, SAMPLES / 2);
}

static void test_normal_numbers_are_finite_at_the_ends(void **state)
{
    double normal[2];

    (void)state;
    tml_random_normal_pair(0, 0, normal);
    assert_true(normal[0] == 0.0 && normal[1] == 0.0);
    tml_random_normal_pair(UINT64_MAX, 0, normal);
    assert_true(fabs(normal[0] - sqrt(2.0 * 53.0 * log(2.0))) < 1e-12); /* some ulp of 8.6 */
    tml_random_normal_pair(UINT64_MAX, UINT64_MAX, normal);
    assert_true(isfinite(normal[0]) && isfinite(normal[1]));
}

static void test_numbers_depend_neither_on_order_nor_on_count(void **state)
{
    enum { COUNT = 37 };
    double all[COUNT];

    (void)state;
    tml_random_normals(9, TML_RANDOM_NOISE, 4, 5, COUNT, all);
    for (size_t count = COUNT; count-- > 0;) {
        double part[COUNT + 1];

        part[count] = 123.0;
        tml_random_normals(9, TML_RANDOM_NOISE, 4, 5, count, part);
        assert_memory_equal(part, all, count * sizeof all[0]);
        assert_true(part[count] == 123.0); /* nothing behind the end is touched */
    }
    for (uint64_t i = 0; i < COUNT; ++i) { /* four numbers for each counter: part of the file format */
        tml_random_words words = tml_random_at(9, TML_RANDOM_NOISE, 4, 5, i / 4);
        double pair[2];

        tml_random_normal_pair(words.word[i % 4 / 2 * 2], words.word[i % 4 / 2 * 2 + 1], pair);
        assert_true(all[i] == pair[i % 2]);
    }
}

static void test_every_part_of_the_counter_matters(void **state)
{
    tml_random_words base = tml_random_at(1, TML_RANDOM_SPLIT, 2, 3, 4);
    tml_random_words others[] = {
        tml_random_at(2, TML_RANDOM_SPLIT, 2, 3, 4), tml_random_at(1, TML_RANDOM_ORDER, 2, 3, 4),
        tml_random_at(1, TML_RANDOM_SPLIT, 3, 3, 4), tml_random_at(1, TML_RANDOM_SPLIT, 2, 2, 4),
        tml_random_at(1, TML_RANDOM_SPLIT, 2, 3, 5)};

    (void)state;
    for (size_t i = 0; i < sizeof others / sizeof others[0]; ++i)
        for (size_t k = 0; k < 4; ++k)
            assert_true(others[i].word[k] != base.word[k]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_reference_gives_the_published_answers),
        cmocka_unit_test(test_words_are_philox_of_purpose_and_numbers),
        cmocka_unit_test(test_the_unit_interval_is_half_open),
        cmocka_unit_test(test_uniform_numbers_have_the_moments_of_uniform_numbers),
        cmocka_unit_test(test_normal_numbers_have_the_moments_of_normal_numbers),
        cmocka_unit_test(test_normal_numbers_are_finite_at_the_ends),
        cmocka_unit_test(test_numbers_depend_neither_on_order_nor_on_count),
        cmocka_unit_test(test_every_part_of_the_counter_matters),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
