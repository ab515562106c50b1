/** @file test_compact_svg.c
 * An SVG is made smaller without a change of what it says: initial values and invisible rims go, colours of 8
 * bits become such, and all else stays to the byte. */
#include "plots/compact_svg.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_filled_shape_keeps_its_fill_alone),
        cmocka_unit_test(test_a_line_stays_a_line),
        cmocka_unit_test(test_colours_that_have_no_code_stay),
        cmocka_unit_test(test_what_is_no_style_stays),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
