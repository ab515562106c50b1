/** @file test_html.c
 * Whatever a text holds, none of it is markup or broken UTF-8; a picture keeps its looks and gets ids of its
 * own. */
#include "report/html.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "report/clean_text.h"
#include "report/figure_list.h"
#include "report/json_text.h"
#include "report/svg_inline.h"

static char *printed;
static size_t printed_count;

static FILE *begin(void)
{
    FILE *out = open_memstream(&printed, &printed_count);

    assert_non_null(out);
    return out;
}

static void expect_printed(FILE *out, const char *want)
{
    assert_int_equal(fclose(out), 0);
    assert_string_equal(printed, want);
    free(printed);
}

static void test_text_is_escaped(void **state)
{
    FILE *out = begin();

    (void)state;
    tml_html_text(out, "<a href=\"x\" onclick='y'>&amp;</a>");
    expect_printed(out, "&lt;a href=&quot;x&quot; onclick=&#39;y&#39;&gt;&amp;amp;&lt;/a&gt;");
}

static void test_broken_text_is_mended(void **state)
{
    static const struct {
        const char *text, *clean;
    } cases[] = {{"\u03b2 Pic", "\u03b2 Pic"},
                 {"\U0001f52d", "\U0001f52d"},
                 {"a\xff"
                  "b",
                  "a\ufffd"
                  "b"},
                 {"\xc3", "\ufffd"},
                 {"\xc0\xaf", "\ufffd\ufffd"},                     /* "/" in two bytes */
                 {"\xed\xa0\x80", "\ufffd\ufffd\ufffd"},           /* half of a surrogate pair */
                 {"\xf4\x90\x80\x80", "\ufffd\ufffd\ufffd\ufffd"}, /* beyond the last character */
                 {"a\x01\x1b[31m", "a\ufffd\ufffd[31m"},
                 {"a\tb\nc\r\n", "a b c  "},
                 {"x\u202ey", "x\ufffdy"}, /* turns the rest of the line around */
                 {"x\xc2\x85y", "x\ufffdy"}};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; ++i) {
        char *clean = tml_text_clean(cases[i].text, false);

        assert_string_equal(clean, cases[i].clean);
        free(clean);
    }
}

static void test_lines_stay_where_they_are_wanted(void **state)
{
    char *clean = tml_text_clean("a:\n\tb\r\n", true);

    (void)state;
    assert_string_equal(clean, "a:\n\tb \n");
    free(clean);
}

static void test_targets_and_cells(void **state)
{
    FILE *out = begin();

    (void)state;
    tml_html_row_of_target(out, "teff", "K");
    tml_html_cell(out, "%d %s", 5, "<");
    tml_html_row_end(out);
    tml_html_target(out, "c_o", "solar ratio");
    tml_html_target(out, "<x>", "");
    expect_printed(out, "<tr><th scope=\"row\"><i>T</i><sub>eff</sub> [K]</th><td>5 &lt;</td></tr>\n"
                        "C/O [solar]&lt;x&gt;");
}

static void test_a_picture_gets_ids_of_its_own(void **state)
{
    static const char svg[] = "<?xml version=\"1.0\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" "
                              "xmlns:xlink=\"http://www.w3.org/1999/xlink\" width=\"9pt\">"
                              "<g id=\"surface0\"><path clip-path=\"url(#clip1)\" d=\"M 0 0\"/>"
                              "<use xlink:href=\"#glyph0-1\" x=\"1\"/></g></svg>\n";
    FILE *out = begin();

    (void)state;
    assert_true(tml_svg_inline(out, svg, "f7", "a \"label\""));
    expect_printed(out, "<svg role=\"img\" aria-label=\"a &quot;label&quot;\" width=\"9pt\">"
                        "<g id=\"f7-surface0\"><path clip-path=\"url(#f7-clip1)\" d=\"M 0 0\"/>"
                        "<use href=\"#f7-glyph0-1\" x=\"1\"/></g></svg>\n");
}

static void test_what_is_no_picture_is_not_printed(void **state)
{
    FILE *out = begin();

    (void)state;
    assert_false(tml_svg_inline(out, "<html></html>", "f0", "x"));
    expect_printed(out, "");
}

static void test_json_of_a_document_keeps_all_digits(void **state)
{
    cJSON *document = cJSON_Parse("{\"a\xff\": [0.1, 0.30000000000000004, 1e300, true, null, \"x\xff\"]}");
    cJSON *copy = tml_json_copy(document);
    char *text = cJSON_PrintUnformatted(copy);

    (void)state;
    assert_string_equal(text, "{\"a\ufffd\":[0.1,0.30000000000000004,1e+300,true,null,\"x\ufffd\"]}");
    free(text);
    cJSON_Delete(copy);
    cJSON_Delete(document);
}

static void test_names_of_figures_are_plain_and_different(void **state)
{
    static const char *const wanted[] = {"../../etc/x", "HD 1_model", "hd 1_model",
                                         "HD/1_model",  "",           "\xce\xb2"};
    static const char *const got[] = {"______etc_x",  "HD_1_model", "hd_1_model_2",
                                      "HD_1_model_3", "figure",     "__"};
    tml_report_figures figures = {.folder = "x"};
    tml_report_figure *figure;
    tml_error error = {0, ""};

    (void)state;
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; ++i) {
        assert_int_equal(
            tml_report_figures_add(&figures, TML_FIGURE_OF_OBJECT, i, wanted[i], "caption", &figure, &error),
            TML_OK);
        assert_string_equal(figure->name, got[i]);
    }
    tml_report_figures_free(&figures);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text_is_escaped),
        cmocka_unit_test(test_broken_text_is_mended),
        cmocka_unit_test(test_lines_stay_where_they_are_wanted),
        cmocka_unit_test(test_targets_and_cells),
        cmocka_unit_test(test_a_picture_gets_ids_of_its_own),
        cmocka_unit_test(test_what_is_no_picture_is_not_printed),
        cmocka_unit_test(test_json_of_a_document_keeps_all_digits),
        cmocka_unit_test(test_names_of_figures_are_plain_and_different),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
