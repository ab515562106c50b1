/** @file test_huber_floor.c
 * The smallest mean Huber loss of one answer for several labels. */
#include "statistics/huber_floor.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static double loss(size_t count, const double *label, double centre, double delta)
{
    double sum = 0.0;

    for (size_t i = 0; i < count; ++i) {
        const double e = fabs(label[i] - centre);

        sum += e <= delta ? 0.5 * e * e : delta * (e - 0.5 * delta);
    }
    return sum;
}

/* By trying centres: no closed form is used. */
static double searched(size_t count, const double *label, double delta)
{
    double best = INFINITY;

    for (int i = 0; i <= 200000; ++i)
        best = fmin(best, loss(count, label, -10.0 + 1e-4 * i, delta));
    return best;
}

static void test_labels_that_are_equal_cost_nothing(void **state)
{
    const double label[3] = {0.7, 0.7, 0.7};

    (void)state;
    assert_true(tml_huber_floor(3, label, 1.0) == 0.0);
    assert_true(tml_huber_floor(1, label, 1.0) == 0.0);
    assert_true(tml_huber_floor(0, label, 1.0) == 0.0);
}

static void test_near_labels_cost_half_their_sum_of_squares(void **state)
{
    const double label[4] = {-0.3, 0.1, 0.2, 0.4}; /* mean 0.1 */

    (void)state;
    assert_true(fabs(tml_huber_floor(4, label, 1.0) - 0.5 * (0.16 + 0.0 + 0.01 + 0.09)) < 1e-15);
}

static void test_far_labels_are_found_by_search(void **state)
{
    static const double labels[3][5] = {
        {-5.0, -0.2, 0.0, 0.1, 6.5}, {0.0, 0.0, 0.0, 0.0, 9.0}, {-3.0, -3.0, 0.0, 3.0, 3.1}};
    static const double deltas[2] = {1.0, 0.25};

    (void)state;
    for (int i = 0; i < 3; ++i)
        for (int d = 0; d < 2; ++d) {
            const double floor = tml_huber_floor(5, labels[i], deltas[d]);

            /* The search goes in steps of 1e-4, about which the loss changes by 5 * 1e-8 / 2. */
            assert_true(fabs(floor - searched(5, labels[i], deltas[d])) < 1e-7);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_labels_that_are_equal_cost_nothing),
        cmocka_unit_test(test_near_labels_cost_half_their_sum_of_squares),
        cmocka_unit_test(test_far_labels_are_found_by_search),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
