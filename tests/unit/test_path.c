/** @file test_path.c
 * A folder and a name are joined by exactly one slash, or not at all when there is no room. */
#include "io/path.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void test_joins_with_one_slash(void **state)
{
    char buffer[16];

    (void)state;
    assert_true(tml_path_join(buffer, sizeof buffer, "run", "model.h5"));
    assert_string_equal(buffer, "run/model.h5");
    assert_true(tml_path_join(buffer, sizeof buffer, "run/", "model.h5"));
    assert_string_equal(buffer, "run/model.h5");
    assert_true(tml_path_join(buffer, sizeof buffer, "", "model.h5"));
    assert_string_equal(buffer, "model.h5");
}

static void test_what_does_not_fit_is_not_cut(void **state)
{
    char buffer[13] = "x";

    (void)state;
    assert_true(tml_path_join(buffer, 13, "run", "model.h5"));
    assert_false(tml_path_join(buffer, 12, "run", "model.h5"));
    assert_string_equal(buffer, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_joins_with_one_slash),
        cmocka_unit_test(test_what_does_not_fit_is_not_cut),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
