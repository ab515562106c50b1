/** @file test_exact_moments.c
 * Variance and third moment keep their digits where the textbook formula loses all of them. */
#include "core/exact_moments.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

typedef struct sums {
    double count;
    tml_exact_sum first, second, third;
} sums;

static void clear(sums *s)
{
    s->count = 0.0;
    tml_exact_sum_clear(&s->first);
    tml_exact_sum_clear(&s->second);
    tml_exact_sum_clear(&s->third);
}

static void add(sums *s, double value)
{
    s->count += 1.0;
    tml_exact_sum_add(&s->first, value);
    tml_exact_sum_add_square(&s->second, value);
    tml_exact_sum_add_cube(&s->third, value);
}

static double variance(const sums *s)
{
    return tml_exact_variance(s->count, &s->first, &s->second);
}

static double third_moment(const sums *s)
{
    return tml_exact_third_moment(s->count, &s->first, &s->second, &s->third);
}

/* 0, 1 and 5: mean 2, variance 14/3, third moment (-8 - 1 + 27) / 3 = 6. */
static void test_closed_form(void **state)
{
    sums s;

    (void)state;
    clear(&s);
    add(&s, 0.0);
    add(&s, 1.0);
    add(&s, 5.0);
    assert_true(tml_exact_mean(s.count, &s.first) == 2.0);
    assert_true(variance(&s) == 14.0 / 3.0);
    assert_true(third_moment(&s) == 6.0);
}

/* 2^40 + {0, 1, 5}: the squares need 81 bits and the cubes 121, the answers do not change by a bit. */
static void test_a_large_offset_costs_nothing(void **state)
{
    sums s;

    (void)state;
    clear(&s);
    add(&s, 0x1p40);
    add(&s, 0x1p40 + 1.0);
    add(&s, 0x1p40 + 5.0);
    assert_true(variance(&s) == 14.0 / 3.0);
    assert_true(third_moment(&s) == 6.0);
}

static void test_equal_values_have_exactly_no_variance(void **state)
{
    const double values[] = {0.1, -785.3, 1e50, 3e-40};

    (void)state;
    for (size_t v = 0; v < sizeof values / sizeof values[0]; ++v) {
        sums s;

        clear(&s);
        for (int i = 0; i < 1001; ++i)
            add(&s, values[v]);
        assert_true(variance(&s) == 0.0);
        assert_true(third_moment(&s) == 0.0);
    }
}

static void test_no_values_have_no_moments(void **state)
{
    sums s;

    (void)state;
    clear(&s);
    assert_true(isnan(tml_exact_mean(s.count, &s.first)));
    assert_true(isnan(variance(&s)));
    assert_true(isnan(third_moment(&s)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_closed_form),
        cmocka_unit_test(test_a_large_offset_costs_nothing),
        cmocka_unit_test(test_equal_values_have_exactly_no_variance),
        cmocka_unit_test(test_no_values_have_no_moments),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
