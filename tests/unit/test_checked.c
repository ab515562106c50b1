/** @file test_checked.c
 * Sizes that do not fit are refused, and the result is then untouched. */
#include "core/checked.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void test_products_up_to_the_largest_size_fit(void **state)
{
    size_t product = 7;

    (void)state;
    assert_true(tml_size_multiply(0, SIZE_MAX, &product));
    assert_int_equal(product, 0);
    assert_true(tml_size_multiply(SIZE_MAX, 0, &product));
    assert_int_equal(product, 0);
    assert_true(tml_size_multiply(SIZE_MAX, 1, &product));
    assert_true(product == SIZE_MAX);
    assert_true(tml_size_multiply(3, SIZE_MAX / 3, &product));
    assert_true(product == SIZE_MAX); /* 2^64 - 1 is a multiple of 3 */
}

static void test_products_beyond_it_do_not(void **state)
{
    size_t product = 7;

    (void)state;
    assert_false(tml_size_multiply(2, SIZE_MAX / 2 + 1, &product));
    assert_false(tml_size_multiply(SIZE_MAX / 2 + 1, 2, &product));
    assert_false(tml_size_multiply(SIZE_MAX, SIZE_MAX, &product)); /* wraps to 1 */
    assert_int_equal(product, 7);
}

static void test_sums_fit_or_not(void **state)
{
    size_t sum = 7;

    (void)state;
    assert_false(tml_size_add(SIZE_MAX, 1, &sum));
    assert_false(tml_size_add(SIZE_MAX / 2 + 1, SIZE_MAX / 2 + 1, &sum));
    assert_int_equal(sum, 7);
    assert_true(tml_size_add(SIZE_MAX - 1, 1, &sum));
    assert_true(sum == SIZE_MAX);
    assert_true(tml_size_add(0, 0, &sum));
    assert_int_equal(sum, 0);
}

static void test_int_takes_what_it_can_hold(void **state)
{
    int narrow = 7;

    (void)state;
    assert_false(tml_int_from_size((size_t)INT_MAX + 1, &narrow));
    assert_false(tml_int_from_size(SIZE_MAX, &narrow));
    assert_false(tml_int_from_size((size_t)1 << 32, &narrow));
    assert_int_equal(narrow, 7);
    assert_true(tml_int_from_size(INT_MAX, &narrow));
    assert_int_equal(narrow, INT_MAX);
    assert_true(tml_int_from_size(0, &narrow));
    assert_int_equal(narrow, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_products_up_to_the_largest_size_fit),
        cmocka_unit_test(test_products_beyond_it_do_not),
        cmocka_unit_test(test_sums_fit_or_not),
        cmocka_unit_test(test_int_takes_what_it_can_hold),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
