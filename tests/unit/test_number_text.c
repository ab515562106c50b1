/** @file test_number_text.c
 * Numbers are written with the fewest digits that read back to the same double. */
#include "core/number_text.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/text.h"

static void assert_text(double value, const char *want)
{
    char text[TML_NUMBER_TEXT];

    tml_number_text(value, text);
    assert_string_equal(text, want);
}

static void test_short_numbers_stay_short(void **state)
{
    (void)state;
    assert_text(0.0, "0");
    assert_text(-0.0, "-0");
    assert_text(0.1, "0.1");
    assert_text(1000000.0, "1000000");
    assert_text(-1.8890368e-4, "-0.00018890368");
    assert_text(1e-300, "1e-300");
}

static void test_long_numbers_keep_every_digit(void **state)
{
    (void)state;
    assert_text(0.1 + 0.2, "0.30000000000000004");
    assert_text(1.0 / 3.0, "0.3333333333333333");
    assert_text(9007199254740993.0, "9007199254740992");
}

static void test_what_is_not_finite_has_a_word(void **state)
{
    (void)state;
    assert_text((double)NAN, "nan");
    assert_text(-(double)NAN, "nan");
    assert_text((double)INFINITY, "inf");
    assert_text(-(double)INFINITY, "-inf");
}

static void test_every_number_reads_back(void **state)
{
    uint64_t bits = 1;

    (void)state;
    for (int i = 0; i < 20000; ++i) {
        char text[TML_NUMBER_TEXT];
        double value;
        double back;

        bits = bits * 6364136223846793005U + 1442695040888963407U;
        memcpy(&value, &bits, sizeof value);
        if (!isfinite(value))
            continue;
        tml_number_text(value, text);
        assert_true(tml_text_to_double(text, &back));
        assert_memory_equal(&back, &value, sizeof value);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_short_numbers_stay_short),
        cmocka_unit_test(test_long_numbers_keep_every_digit),
        cmocka_unit_test(test_what_is_not_finite_has_a_word),
        cmocka_unit_test(test_every_number_reads_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
