/** @file test_text.c
 * Questions about strings: nearest word, whole numbers, copies that fit, bytes for people. */
#include "core/text.h"

#include <locale.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const char *const words[] = {"conv_filters", "conv_kernel", "pool", "learning_rate", "kind"};

static const char *nearest(const char *word)
{
    return tml_text_nearest(word, words, sizeof words / sizeof words[0]);
}

static void test_the_nearest_word_survives_one_slip(void **state)
{
    (void)state;
    assert_string_equal(nearest("conv_filter"), "conv_filters");    /* left out */
    assert_string_equal(nearest("conv_filterss"), "conv_filters");  /* put in */
    assert_string_equal(nearest("conv_kernal"), "conv_kernel");     /* changed */
    assert_string_equal(nearest("knid"), "kind");                   /* swapped */
    assert_string_equal(nearest("pool"), "pool");                   /* itself */
    assert_string_equal(nearest("Learning-Rate"), "learning_rate"); /* several */
}

static void test_a_swap_counts_as_one_slip(void **state)
{
    static const char *const names[] = {"ba"};

    (void)state;
    assert_string_equal(tml_text_nearest("ab", names, 1), "ba"); /* two changes would be the whole word */
    assert_null(tml_text_nearest("cd", names, 1));
}

static void test_a_word_without_resemblance_has_no_nearest(void **state)
{
    char longest[300];

    (void)state;
    assert_null(nearest("zzzzzzzz"));
    assert_null(nearest(""));
    assert_null(tml_text_nearest("pool", words, 0));
    memset(longest, 'q', sizeof longest);
    longest[sizeof longest - 1] = '\0';
    assert_null(nearest(longest)); /* compared by its first letters, not by luck */
}

static void test_doubles_are_read_whole_or_not_at_all(void **state)
{
    static const char *const bad[] = {"", " 1", "\t1", "\n1", "1 ", "1x", "x", "1,5", "--1", "1e", "."};
    double value = 7.0;

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; ++i)
        assert_false(tml_text_to_double(bad[i], &value));
    assert_true(value == 7.0); /* untouched */
    assert_true(tml_text_to_double("-1.5e-3", &value));
    assert_true(value == -1.5e-3);
    assert_true(tml_text_to_double("5e-324", &value));
    assert_true(value > 0.0);
    assert_true(tml_text_to_double("nan", &value));
    assert_true(isnan(value));
    assert_true(tml_text_to_double("-inf", &value));
    assert_true(isinf(value));
}

static void test_the_decimal_point_does_not_depend_on_the_locale(void **state)
{
    double value = 0.0;

    (void)state;
    if (setlocale(LC_ALL, "de_DE.UTF-8") == NULL) {
        printf("skipped: the locale de_DE.UTF-8 is not installed\n");
        skip();
    }
    assert_true(tml_text_to_double("1.5", &value));
    assert_true(value == 1.5);
    assert_false(tml_text_to_double("1,5", &value));
    assert_non_null(setlocale(LC_ALL, "C"));
}

static void test_whole_numbers_fit_or_are_refused(void **state)
{
    static const char *const bad[] = {"", "-1", "+1", " 1", "1 ", "1.0", "1e3", "x", "18446744073709551616"};
    uint64_t value = 7;

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; ++i)
        assert_false(tml_text_to_uint64(bad[i], &value));
    assert_int_equal(value, 7);
    assert_true(tml_text_to_uint64("18446744073709551615", &value));
    assert_true(value == UINT64_MAX);
    assert_true(tml_text_to_uint64("007", &value));
    assert_int_equal(value, 7);
}

static void test_a_copy_that_does_not_fit_leaves_an_empty_text(void **state)
{
    char target[4] = "old";

    (void)state;
    assert_true(tml_text_copy(target, sizeof target, "abc"));
    assert_string_equal(target, "abc");
    assert_false(tml_text_copy(target, sizeof target, "abcd"));
    assert_string_equal(target, "");
    assert_true(tml_text_copy(target, 1, ""));
}

static void test_bytes_have_three_digits_and_a_unit(void **state)
{
    static const struct {
        double bytes;
        const char *text;
    } cases[] = {{0, "0 B"},        {999, "999 B"},      {999.6, "1 kB"},
                 {1234, "1.23 kB"}, {12.3e6, "12.3 MB"}, {999.6e6, "1 GB"},
                 {4e12, "4 TB"},    {1.5e15, "1.5 PB"},  {1.8446744073709552e19, "18.4 EB"}};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; ++i) {
        char text[32];

        tml_text_bytes(cases[i].bytes, text);
        assert_string_equal(text, cases[i].text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_nearest_word_survives_one_slip),
        cmocka_unit_test(test_a_swap_counts_as_one_slip),
        cmocka_unit_test(test_a_word_without_resemblance_has_no_nearest),
        cmocka_unit_test(test_doubles_are_read_whole_or_not_at_all),
        cmocka_unit_test(test_the_decimal_point_does_not_depend_on_the_locale),
        cmocka_unit_test(test_whole_numbers_fit_or_are_refused),
        cmocka_unit_test(test_a_copy_that_does_not_fit_leaves_an_empty_text),
        cmocka_unit_test(test_bytes_have_three_digits_and_a_unit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
