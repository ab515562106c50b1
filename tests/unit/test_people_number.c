/** @file test_people_number.c
 * Numbers are shown with the digits that their standard deviation justifies. */
#include "report/people_number.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void test_two_digits_of_the_deviation(void **state)
{
    static const struct {
        double sd;
        int decimals;
    } cases[] = {{31.2, 0},   {9.96, 0},   {9.94, 1},  {0.0942, 3},
                 {0.0996, 2}, {123.0, -1}, {99.6, -1}, {1.0, 1}};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; ++i)
        assert_int_equal(tml_people_decimals(cases[i].sd), cases[i].decimals);
    assert_int_equal(tml_people_decimals(0.0), TML_PEOPLE_PLAIN);
    assert_int_equal(tml_people_decimals(-1.0), TML_PEOPLE_PLAIN);
    assert_int_equal(tml_people_decimals(NAN), TML_PEOPLE_PLAIN);
    assert_int_equal(tml_people_decimals(INFINITY), TML_PEOPLE_PLAIN);
}

static void test_numbers(void **state)
{
    static const struct {
        double value;
        int decimals;
        const char *text;
    } cases[] = {{785.4321, 0, "785"}, {-0.123456, 3, "\u22120.123"}, {-0.0001, 2, "0.00"},
                 {1234.5, -1, "1230"}, {-1236.0, -1, "\u22121240"},   {0.5, TML_PEOPLE_PLAIN, "0.5"},
                 {1e300, 3, "1e+300"}, {NAN, 2, "not known"},         {INFINITY, 2, "not known"}};
    char text[TML_PEOPLE_TEXT];

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; ++i) {
        tml_people_number(cases[i].value, cases[i].decimals, text);
        assert_string_equal(text, cases[i].text);
    }
}

static void test_measures_and_intervals(void **state)
{
    char text[TML_PEOPLE_PAIR];

    (void)state;
    tml_people_measure(785.4, 31.2, text);
    assert_string_equal(text, "785 \u00b1 31");
    tml_people_measure(4.98765, 0.0942, text);
    assert_string_equal(text, "4.988 \u00b1 0.094");
    tml_people_measure(719.0, 0.0, text);
    assert_string_equal(text, "719");
    tml_people_measure(719.0, NAN, text);
    assert_string_equal(text, "719");
    tml_people_measure(NAN, 3.0, text);
    assert_string_equal(text, "not known");
    tml_people_interval(-0.21, 0.134, 0.05, text);
    assert_string_equal(text, "\u22120.210 to 0.134");
    tml_people_interval(NAN, 0.134, 0.05, text);
    assert_string_equal(text, "not known");
}

static void test_an_answer_in_one_line(void **state)
{
    tml_object_result object = {
        .parameters = 2,
        .parameter = {{.name = "teff", .unit = "K", .value = 785.4, .sd = 31.2},
                      {.name = "c_o", .unit = "solar ratio", .value = 0.7654, .sd = 0.1}}};
    char text[TML_PEOPLE_ANSWER];

    (void)state;
    tml_people_answer(&object, text);
    assert_string_equal(text, "Teff 785 \u00b1 31 K, C/O 0.77 \u00b1 0.10 solar");
    tml_people_label(&object, text);
    assert_string_equal(text, "Teff 785 K, C/O 0.77");
}

static void test_an_answer_that_is_too_long_is_cut(void **state)
{
    tml_object_result object = {.parameters = TML_RESULT_TARGETS};
    char text[TML_PEOPLE_ANSWER];

    (void)state;
    for (size_t p = 0; p < TML_RESULT_TARGETS; ++p) {
        memset(object.parameter[p].name, 'x', TML_RESULT_NAME - 1);
        memset(object.parameter[p].unit, 'y', TML_RESULT_NAME - 1);
    }
    tml_people_answer(&object, text);
    assert_int_equal(strlen(text), TML_PEOPLE_ANSWER - 1);
    tml_people_label(&object, text);
    assert_true(strlen(text) < TML_PEOPLE_ANSWER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_two_digits_of_the_deviation),
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_measures_and_intervals),
        cmocka_unit_test(test_an_answer_in_one_line),
        cmocka_unit_test(test_an_answer_that_is_too_long_is_cut),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
