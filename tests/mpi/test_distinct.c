/** @file test_distinct.c
 * Different keys are counted once, however they are spread over the ranks.
 */
#include "mpi/distinct.h"

#include <stdbool.h>

#include "mpi_test.h"

enum { MANY = 5000 };

/* Key i of the whole: i mod `different`, spread over all 64 bits (an odd factor keeps them different). */
static uint64_t key_of(uint64_t i, uint64_t different)
{
    return (i % different) * UINT64_C(0x9E3779B97F4A7C15);
}

/* Rank r holds the keys from total * w(r) to total * w(r + 1) with w(r) = (r / size)^2: uneven, the first
 * few. */
static void count_spread(uint64_t total, uint64_t different, tml_distinct *result)
{
    const uint64_t size = (uint64_t)tml_test_size;
    const uint64_t rank = (uint64_t)tml_test_rank;
    const uint64_t first = total * rank * rank / (size * size);
    const uint64_t end = total * (rank + 1) * (rank + 1) / (size * size);
    uint64_t *keys = malloc((size_t)(end - first + 1) * sizeof *keys);
    tml_error error = {0, ""};

    for (uint64_t i = first; i < end; ++i)
        keys[i - first] = key_of(i, different);
    TML_CHECK(tml_distinct_count(MPI_COMM_WORLD, keys, (size_t)(end - first), result, &error) == TML_OK);
    free(keys);
}

static void test_all_different(void)
{
    tml_distinct result;

    count_spread(MANY, MANY, &result);
    TML_CHECK(result.different == MANY);
    TML_CHECK(result.repeated == 0);
    TML_CHECK(result.members == 0);
    TML_CHECK(result.few_count == 0);
}

/* 5000 keys of 3000 kinds: 2000 occur twice. */
static void test_some_occur_twice(void)
{
    tml_distinct result;

    count_spread(MANY, 3000, &result);
    TML_CHECK(result.different == 3000);
    TML_CHECK(result.repeated == 2000);
    TML_CHECK(result.members == 4000);
}

static bool contains(const tml_distinct *result, uint64_t key)
{
    for (size_t i = 0; i < result->few_count; ++i)
        if (result->few[i] == key)
            return true;
    return false;
}

static void test_few_keys_are_listed_in_order(void)
{
    tml_distinct result;

    for (uint64_t different = 1; different <= TML_DISTINCT_FEW; ++different) {
        count_spread(MANY, different, &result);
        TML_CHECK(result.different == different);
        TML_CHECK(result.repeated == different);
        TML_CHECK(result.members == MANY);
        TML_CHECK(result.few_count == different);
        for (size_t i = 1; i < result.few_count; ++i)
            TML_CHECK(result.few[i - 1] < result.few[i]);
        for (uint64_t i = 0; i < different; ++i)
            TML_CHECK(contains(&result, key_of(i, different)));
    }
    count_spread(MANY, TML_DISTINCT_FEW + 1, &result);
    TML_CHECK(result.few_count == 0);
}

static void test_one_and_no_keys(void)
{
    tml_distinct result;

    count_spread(1, 1, &result);
    TML_CHECK(result.different == 1);
    TML_CHECK(result.repeated == 0);
    TML_CHECK(result.few_count == 1 && result.few[0] == 0);
    count_spread(0, 1, &result);
    TML_CHECK(result.different == 0);
    TML_CHECK(result.few_count == 0);
}

int main(int argc, char **argv)
{
    tml_test_start(&argc, &argv);
    test_all_different();
    test_some_occur_twice();
    test_few_keys_are_listed_in_order();
    test_one_and_no_keys();
    return tml_test_finish();
}
