/** @file test_compact_svg.c
 * An SVG is made smaller without a change of what it says: initial values and invisible rims go, colours of 8
 * bits become such, and all else stays to the byte. */
#include "plots/compact_svg.h"
#include "plots/svg_groups.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void expect(const char *given, const char *wanted)
{
    char text[1024];
    size_t count;

    strcpy(text, given);
    count = tml_compact_svg(text, strlen(given));
    assert_string_equal(text, wanted);
    assert_int_equal(count, strlen(wanted));
}

static void test_a_filled_shape_keeps_its_fill_alone(void **state)
{
    (void)state;
    expect("<path style=\"fill-rule:nonzero;fill:rgb(0%,44.705882%,69.803922%);fill-opacity:0.75;"
           "stroke-width:0.01;stroke-linecap:butt;stroke-linejoin:bevel;stroke:rgb(0%,44.705882%,69.803922%);"
           "stroke-opacity:0.75;stroke-miterlimit:10;\" d=\"M 1 2\"/>",
           "<path style=\"fill:#0072b2;fill-opacity:0.75;\" d=\"M 1 2\"/>");
}

static void test_a_line_stays_a_line(void **state)
{
    (void)state;
    expect("<path style=\"fill:none;stroke-width:0.9;stroke-linecap:round;stroke-linejoin:bevel;"
           "stroke:rgb(100%,0%,0%);stroke-opacity:1;stroke-miterlimit:10;\" d=\"M 1 2\"/>",
           "<path style=\"fill:none;stroke-width:0.9;stroke-linecap:round;stroke-linejoin:bevel;"
           "stroke:#ff0000;\" d=\"M 1 2\"/>");
    expect("<path style=\"stroke-linejoin:miter;stroke-miterlimit:10;\"/>",
           "<path style=\"stroke-linejoin:miter;stroke-miterlimit:10;\"/>");
}

static void test_colours_that_have_no_code_stay(void **state)
{
    (void)state;
    expect("<g style=\"fill:rgb(50%,0%,0%);\">", "<g style=\"fill:rgb(50%,0%,0%);\">");
    expect("<g style=\"fill:rgb(0%,0%);\">", "<g style=\"fill:rgb(0%,0%);\">");
    expect("<g style=\"fill:rgb(200%,0%,0%);\">", "<g style=\"fill:rgb(200%,0%,0%);\">");
}

static void test_what_is_no_style_stays(void **state)
{
    (void)state;
    expect("", "");
    expect("<svg width=\"1\">stroke-opacity:1; rgb(0%,0%,0%)</svg>\n",
           "<svg width=\"1\">stroke-opacity:1; rgb(0%,0%,0%)</svg>\n");
    expect("<g style=\"fill:none", "<g style=\"fill:none");
    expect("<g style=\"\"/><g style=\"fill-opacity:1\"/>", "<g style=\"\"/><g style=\"fill-opacity:1\"/>");
}

static void test_coordinates_are_rounded_to_hundredths(void **state)
{
    (void)state;
    expect("<path d=\"M 30.996094 -0.004 C 1.5 2.25 L -12.345678 0.359375 7\"/>",
           "<path d=\"M 31 0 C 1.5 2.25 L -12.35 0.36 7\"/>");
    expect("<use x=\"11.045898\" y=\"127.515625\"/>", "<use x=\"11.05\" y=\"127.52\"/>");
    expect("<g transform=\"matrix(0.123456,0,0,-1,0,200)\"/>",
           "<g transform=\"matrix(0.123456,0,0,-1,0,200)\"/>");
    expect("<path d=\"M 1.234567", "<path d=\"M 1.234567");
}

static void expect_grouped(const char *given, const char *wanted)
{
    size_t count = 0;
    char *text = tml_svg_group_paths(given, &count);

    assert_non_null(text);
    assert_string_equal(text, wanted);
    assert_int_equal(count, strlen(wanted));
    free(text);
}

static void test_paths_of_one_look_become_a_group(void **state)
{
    (void)state;
    expect_grouped("<svg>\n<path style=\"a\" d=\"M 1 2\" transform=\"t\"/>\n"
                   "<path style=\"a\" d=\"M 3 4\" transform=\"t\"/>\n"
                   "<path style=\"a\" d=\"M 5 6\" transform=\"t\"/>\n"
                   "<path style=\"b\" d=\"M 7 8\" transform=\"t\"/>\n</svg>\n",
                   "<svg>\n<g style=\"a\" transform=\"t\">\n<path d=\"M 1 2\"/>\n<path d=\"M 3 4\"/>\n"
                   "<path d=\"M 5 6\"/>\n</g>\n<path style=\"b\" d=\"M 7 8\" transform=\"t\"/>\n</svg>\n");
    expect_grouped("<path style=\"a\" d=\"1\"/>\n<path style=\"a\" d=\"2\"/>\n"
                   "<path style=\"a\" d=\"3\" transform=\"t\"/>\n",
                   "<path style=\"a\" d=\"1\"/>\n<path style=\"a\" d=\"2\"/>\n"
                   "<path style=\"a\" d=\"3\" transform=\"t\"/>\n");
    expect_grouped("<path style=\"a\" d=\"1", "<path style=\"a\" d=\"1");
    expect_grouped("", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_filled_shape_keeps_its_fill_alone),
        cmocka_unit_test(test_a_line_stays_a_line),
        cmocka_unit_test(test_colours_that_have_no_code_stay),
        cmocka_unit_test(test_what_is_no_style_stays),
        cmocka_unit_test(test_coordinates_are_rounded_to_hundredths),
        cmocka_unit_test(test_paths_of_one_look_become_a_group),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
