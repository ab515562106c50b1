/** @file test_sheet.c
 * A table filled once says the same in HTML, Markdown and LaTeX, and no text from a file becomes markup in
 * any of them. */
#include "report/sheet.h"

#include <ctype.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "html_check.h"

static const char hostile[] = "\\a{b}$c&d#e_f%g~h^i\"j<k>l|m[n]*o`p!\nq\x80";

typedef void sheet_writer(FILE *out, const tml_sheet *sheet);

/* Not inlined: GCC 12 would warn of a pointer to `text` that there is not. */
__attribute__((noinline)) static char *written(sheet_writer *write, const tml_sheet *sheet)
{
    char *text = NULL;
    size_t count = 0;
    FILE *out = open_memstream(&text, &count);

    assert_non_null(out);
    write(out, sheet);
    assert_int_equal(fclose(out), 0);
    return text;
}

static void expect_text(sheet_writer *write, const tml_sheet *sheet, const char *expected)
{
    char *text = written(write, sheet);

    if (strstr(text, expected) == NULL)
        fail_msg("'%s' is not in:\n%s", expected, text);
    free(text);
}

static tml_sheet example(void)
{
    tml_sheet sheet;
    tml_error error = {0, ""};

    tml_sheet_create(&sheet, "objects", "50 % of A & B");
    tml_sheet_column(&sheet, "object");
    tml_sheet_column_of_target(&sheet, "teff", "K");
    tml_sheet_column_of_target(&sheet, "met", "dex");
    tml_sheet_column(&sheet, "\u03c7\u00b2");
    tml_sheet_group(&sheet);
    tml_sheet_words(&sheet, "HD 3651B");
    tml_sheet_measure(&sheet, 785.4321, 31.2);
    tml_sheet_measure(&sheet, -0.123456, 0.0456);
    tml_sheet_number(&sheet, 1.5, 2);
    tml_sheet_group(&sheet);
    tml_sheet_words(&sheet, hostile);
    tml_sheet_measure(&sheet, 1.25e20, NAN);
    tml_sheet_measure(&sheet, NAN, 0.1);
    tml_sheet_empty(&sheet);
    assert_int_equal(tml_sheet_complete(&sheet, &error), TML_OK);
    return sheet;
}

static void test_rows_of_every_format(void **state)
{
    tml_sheet sheet = example();

    (void)state;
    expect_text(tml_sheet_markdown, &sheet,
                "| object | Teff \\[K\\] | \\[M/H\\] \\[dex\\] | \u03c7\u00b2 |\n");
    expect_text(tml_sheet_markdown, &sheet, "| --- | ---: | ---: | ---: |\n");
    expect_text(tml_sheet_markdown, &sheet,
                "| HD 3651B | 785 \u00b1 31 | \u22120.123 \u00b1 0.046 | 1.50 |\n");
    expect_text(tml_sheet_markdown, &sheet, "| 1.25e+20 | \u2013 | \u2013 |\n");
    expect_text(tml_sheet_latex, &sheet, "\\caption{50 \\% of A \\& B}\n\\label{tab:objects}\n");
    expect_text(tml_sheet_latex, &sheet, "\\begin{tabular}{lrrr}\n\\toprule\n");
    expect_text(tml_sheet_latex, &sheet,
                "object & $T_\\mathrm{eff}$ {[}K{]} & {[}M/H{]} {[}dex{]} & $\\chi^2$ \\\\\n\\midrule\n");
    expect_text(tml_sheet_latex, &sheet,
                "HD 3651B & $785 \\pm 31$ & $-0.123 \\pm 0.046$ & $1.50$ \\\\\n\\addlinespace\n");
    expect_text(tml_sheet_latex, &sheet, "& $1.25 \\times 10^{20}$ & -- & -- \\\\\n\\bottomrule\n");
    expect_text(tml_sheet_html, &sheet, "<th scope=\"col\"><i>T</i><sub>eff</sub> [K]</th>");
    expect_text(tml_sheet_html, &sheet, "<td class=\"number\">785 \u00b1 31</td>");
    expect_text(tml_sheet_html, &sheet, "<tr class=\"group\"><th scope=\"row\">\\a{b}$c&amp;d");
    tml_sheet_free(&sheet);
}

static void test_hostile_text_in_html(void **state)
{
    tml_sheet sheet = example();
    char *text = written(tml_sheet_html, &sheet);

    (void)state;
    html_check_tags(text);
    assert_non_null(strstr(text, "&quot;j&lt;k&gt;l"));
    free(text);
    tml_sheet_free(&sheet);
}

/* Every row has as many unescaped bars as the header; what GitHub would take for markup is escaped. */
static void test_hostile_text_in_markdown(void **state)
{
    tml_sheet sheet = example();
    char *text = written(tml_sheet_markdown, &sheet);
    size_t rows = 0;
    char *rest = NULL;

    (void)state;
    assert_non_null(strstr(text, "\\\\a{b}\\$c&amp;d\\#e\\_f%g\\~h^i\"j&lt;k\\>l\\|m\\[n\\]\\*o\\`p\\! q"));
    for (char *line = strtok_r(text, "\n", &rest); line != NULL; line = strtok_r(NULL, "\n", &rest)) {
        size_t bars = 0;

        for (size_t i = 0; line[i] != '\0'; ++i)
            bars += line[i] == '|' && (i == 0 || line[i - 1] != '\\');
        if (line[0] != '|')
            continue;
        assert_int_equal(bars, 5);
        ++rows;
    }
    assert_int_equal(rows, 4);
    free(text);
    tml_sheet_free(&sheet);
}

/* As TeX reads it: groups close, formulas close within their cell, every row has its cells, and no character
 * is left that means something else. */
static void test_hostile_text_in_latex(void **state)
{
    tml_sheet sheet = example();
    char *text = written(tml_sheet_latex, &sheet);
    int depth = 0;
    bool is_formula = false;
    size_t cells = 1, rows = 0;

    (void)state;
    assert_non_null(strstr(text, "\\textbackslash{}a\\{b\\}\\$c\\&d\\#e\\_f\\%g\\textasciitilde{}h"
                                 "\\textasciicircum{}i\\textquotedbl{}j\\textless{}k\\textgreater{}l"
                                 "\\textbar{}m{[}n{]}{*}o`p! q"));
    for (const char *at = text; *at != '\0'; ++at) {
        if (at[0] == '\\' && at[1] == '\\') {
            assert_int_equal(cells, sheet.columns);
            cells = 1;
            ++rows;
            ++at;
        } else if (at[0] == '\\' && !isalpha((unsigned char)at[1])) {
            ++at; /* an escaped character */
        } else {
            is_formula ^= *at == '$';
            depth += (*at == '{') - (*at == '}');
            cells += *at == '&';
            assert_true(depth >= 0);
            if (strchr("#%~\"<>|", *at) != NULL || (strchr("_^", *at) != NULL && !is_formula) ||
                (*at == '&' && is_formula) ||
                (*at & 0x80 && strncmp(at, "\xef\xbf\xbd", 3) != 0 && strncmp(at, "\xbf\xbd", 2) != 0 &&
                 *at != (char)0xbd))
                fail_msg("left to TeX: %.20s", at);
        }
    }
    assert_int_equal(depth, 0);
    assert_false(is_formula);
    assert_int_equal(rows, 3);
    free(text);
    tml_sheet_free(&sheet);
}

static void test_a_freed_sheet_is_empty(void **state)
{
    tml_sheet sheet = example();

    (void)state;
    tml_sheet_free(&sheet);
    assert_int_equal(sheet.rows, 0);
    assert_null(sheet.cell);
    tml_sheet_free(&sheet);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows_of_every_format),     cmocka_unit_test(test_hostile_text_in_html),
        cmocka_unit_test(test_hostile_text_in_markdown), cmocka_unit_test(test_hostile_text_in_latex),
        cmocka_unit_test(test_a_freed_sheet_is_empty),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
