/** @file test_memory.c
 * Blocks count what they will need, hand out aligned zeroed spans, and refuse what cannot be. */
#include "core/memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static const size_t counts[] = {1, 0, 7, 64, 1000, 3};

enum { SPANS = sizeof counts / sizeof counts[0] };

static size_t take_all(tml_block *block, unsigned char *spans[SPANS])
{
    for (size_t i = 0; i < SPANS; ++i)
        spans[i] = tml_block_take(block, counts[i], 3);
    return tml_block_used(block);
}

static void test_a_plan_is_exactly_what_the_block_needs(void **state)
{
    tml_block *block = NULL;
    tml_error error = {0, ""};
    unsigned char *spans[SPANS];
    size_t planned;

    (void)state;
    assert_int_equal(tml_block_create(0, "a plan", &block, &error), TML_OK);
    planned = take_all(block, spans);
    for (size_t i = 0; i < SPANS; ++i)
        assert_null(spans[i]);
    tml_block_destroy(&block);
    assert_null(block);
    assert_int_equal(planned, 64 + 0 + 64 + 192 + 3008 + 64);

    assert_int_equal(tml_block_create(planned, "spans", &block, &error), TML_OK);
    assert_int_equal(take_all(block, spans), planned);
    for (size_t i = 0; i < SPANS; ++i) {
        assert_int_equal((uintptr_t)spans[i] % TML_ALIGNMENT, 0);
        for (size_t k = 0; k < 3 * counts[i]; ++k)
            assert_int_equal(spans[i][k], 0);
        memset(spans[i], (int)i + 1, 3 * counts[i]);
    }
    for (size_t i = 0; i < SPANS; ++i) /* no span lies in another */
        for (size_t k = 0; k < 3 * counts[i]; ++k)
            assert_int_equal(spans[i][k], i + 1);
    tml_block_destroy(&block);
}

static void test_large_blocks_are_aligned_for_large_pages(void **state)
{
    const size_t bytes = ((size_t)5 << 20) + 1;
    tml_block *block = NULL;
    tml_error error = {0, ""};
    unsigned char *span;

    (void)state;
    assert_int_equal(tml_block_create(bytes + TML_ALIGNMENT, "large", &block, &error), TML_OK);
    span = tml_block_take(block, bytes, 1);
    assert_int_equal((uintptr_t)span % ((size_t)2 << 20), 0);
    assert_int_equal(span[0] | span[bytes - 1], 0);
    tml_block_destroy(&block);
}

/* Whether Linux has been asked for huge pages there ("hg" among the flags of the mapping); -1: it does not
 * say. */
static int wants_huge_pages(const void *address)
{
    FILE *maps = fopen("/proc/self/smaps", "r");
    unsigned long long place = (uintptr_t)address;
    bool is_inside = false;
    int answer = -1;
    char line[512];

    while (maps != NULL && answer < 0 && fgets(line, sizeof line, maps) != NULL) {
        unsigned long long low, high;

        if (sscanf(line, "%llx-%llx ", &low, &high) == 2)
            is_inside = low <= place && place < high;
        else if (is_inside && strncmp(line, "VmFlags:", 8) == 0)
            answer = strstr(line, " hg") != NULL;
    }
    if (maps != NULL)
        fclose(maps);
    return answer;
}

static void test_large_blocks_ask_for_large_pages(void **state)
{
    tml_block *block = NULL;
    tml_error error = {0, ""};
    int answer;

    (void)state;
    if (access("/sys/kernel/mm/transparent_hugepage/enabled", F_OK) != 0) {
        print_message("this system has no huge pages to ask for\n");
        skip();
    }
    assert_int_equal(tml_block_create((size_t)9 << 20, "large", &block, &error), TML_OK);
    answer = wants_huge_pages(tml_block_take(block, 1, 1));
    tml_block_destroy(&block);
    assert_int_not_equal(answer, 0);
}

static void test_destroying_nothing_is_fine(void **state)
{
    tml_block *block = NULL;

    (void)state;
    tml_block_destroy(&block);
    assert_null(block);
}

static void test_a_block_beyond_memory_is_refused_with_its_role(void **state)
{
    tml_error error = {0, ""};

    (void)state;
    for (size_t bytes = SIZE_MAX; bytes > SIZE_MAX - 200; --bytes) { /* rounding up must not wrap to little */
        tml_block *block = (tml_block *)&error;

        assert_int_equal(tml_block_create(bytes, "the weights", &block, &error), TML_INTERNAL);
        assert_null(block);
        assert_non_null(strstr(error.message, "no memory for the weights ("));
    }
}

static void test_a_plan_that_overflows_cannot_be_made(void **state)
{
    static const size_t overflows[][2] = {
        {SIZE_MAX, 2}, {SIZE_MAX, 1}, {SIZE_MAX / 2 + 1, 1}, {SIZE_MAX / 16, 17}};

    (void)state;
    for (size_t i = 0; i < sizeof overflows / sizeof overflows[0]; ++i) {
        tml_block *block = NULL;
        tml_error error = {0, ""};
        size_t planned;

        assert_int_equal(tml_block_create(0, "a plan", &block, &error), TML_OK);
        assert_null(tml_block_take(block, 10, 8));
        assert_null(tml_block_take(block, overflows[i][0], overflows[i][1]));
        assert_null(tml_block_take(block, 10, 8));
        assert_null(tml_block_take(block, SIZE_MAX / 2, 1));
        planned = tml_block_used(block);
        tml_block_destroy(&block);
        assert_int_equal(tml_block_create(planned, "the plan", &block, &error), TML_INTERNAL);
        assert_null(block);
    }
}

static void test_arrays_are_zeroed_and_never_null(void **state)
{
    double *array = NULL;
    tml_error error = {0, ""};

    (void)state;
    assert_int_equal(tml_array_create(100, sizeof *array, "numbers", &array, &error), TML_OK);
    for (size_t i = 0; i < 100; ++i)
        assert_true(array[i] == 0.0);
    free(array);
    assert_int_equal(tml_array_create(0, sizeof *array, "numbers", &array, &error), TML_OK);
    assert_non_null(array);
    free(array);
}

static void test_an_array_beyond_memory_is_refused_with_its_role(void **state)
{
    tml_error error = {0, ""};
    double *array = (double *)&error;

    (void)state;
#ifdef __SANITIZE_ADDRESS__
    printf("skipped: the sanitizer ends the program before calloc can say no\n");
    skip();
#endif
    assert_int_equal(tml_array_create(SIZE_MAX / 2, sizeof *array, "the flux", &array, &error), TML_INTERNAL);
    assert_null(array);
    assert_non_null(strstr(error.message, "no memory for the flux ("));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_plan_is_exactly_what_the_block_needs),
        cmocka_unit_test(test_large_blocks_are_aligned_for_large_pages),
        cmocka_unit_test(test_large_blocks_ask_for_large_pages),
        cmocka_unit_test(test_destroying_nothing_is_fine),
        cmocka_unit_test(test_a_block_beyond_memory_is_refused_with_its_role),
        cmocka_unit_test(test_a_plan_that_overflows_cannot_be_made),
        cmocka_unit_test(test_arrays_are_zeroed_and_never_null),
        cmocka_unit_test(test_an_array_beyond_memory_is_refused_with_its_role),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
