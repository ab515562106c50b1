#include <stdlib.h>
#include <string.h>

#include "report/clean_text.h"
#include "report/people_number.h"
#include "report/sheet.h"
#include "report/symbol.h"

/* What LaTeX wants written differently; the first that fits counts. A bracket or a star behind the end of a
 * line would be taken for an argument of it. */
static const char *const words_as[][2] = {
    {"\u03c7\u00b2", "$\\chi^2$"},
    {"R\u00b2", "$R^2$"},
    {"\u00b2", "$^2$"},
    {"\u03c3", "$\\sigma$"},
    {"\u03c7", "$\\chi$"},
    {"\u00b1", "$\\pm$"},
    {"\u2212", "$-$"},
    {"\u2013", "--"},
    {"\u2014", "---"},
    {"\u201c", "``"},
    {"\u201d", "''"},
    {"\u2019", "'"},
    {"\u2299", "$\\odot$"},
    {"\\", "\\textbackslash{}"},
    {"{", "\\{"},
    {"}", "\\}"},
    {"$", "\\$"},
    {"&", "\\&"},
    {"#", "\\#"},
    {"_", "\\_"},
    {"%", "\\%"},
    {"~", "\\textasciitilde{}"},
    {"^", "\\textasciicircum{}"},
    {"\"", "\\textquotedbl{}"},
    {"<", "\\textless{}"},
    {">", "\\textgreater{}"},
    {"|", "\\textbar{}"},
    {"[", "{[}"},
    {"]", "{]}"},
    {"*", "{*}"},
};

/* The same inside a formula, for what report/people_number.h writes. */
static const char *const numbers_as[][2] = {
    {" \u00b1 ", " \\pm "}, {"\u2212", "-"}, {" to ", "$ to $"}, {"not known", "\\mbox{not known}"}};

static void print_replaced(FILE *out, const char *text, const char *const (*pairs)[2], size_t count)
{
    while (*text != '\0') {
        size_t i = 0;

        while (i < count && strncmp(text, pairs[i][0], strlen(pairs[i][0])) != 0)
            ++i;
        if (i < count) {
            fputs(pairs[i][1], out);
            text += strlen(pairs[i][0]);
        } else {
            fputc(*text++, out);
        }
    }
}

static void print_words(FILE *out, const char *text)
{
    char *clean = tml_text_clean(text, false);

    if (clean != NULL)
        print_replaced(out, clean, words_as, sizeof words_as / sizeof words_as[0]);
    free(clean);
}

/* An 'e' is a power of ten: nothing else that people_number.h writes has one. */
static void print_number(FILE *out, const char *text)
{
    fputc('$', out);
    while (*text != '\0') {
        size_t length = strcspn(text, "e");
        char part[TML_PEOPLE_PAIR];
        char *rest;

        snprintf(part, sizeof part, "%.*s", (int)length, text);
        print_replaced(out, part, numbers_as, sizeof numbers_as / sizeof numbers_as[0]);
        text += length;
        if (*text == 'e') {
            fprintf(out, " \\times 10^{%ld}", strtol(text + 1, &rest, 10));
            text = rest > text ? rest : text + 1;
        }
    }
    fputc('$', out);
}

static void print_target(FILE *out, const tml_cell *cell)
{
    const char *unit = tml_people_unit(cell->unit);

    if (strcmp(cell->text, "teff") == 0)
        fputs("$T_\\mathrm{eff}$", out);
    else if (strcmp(cell->text, "logg") == 0)
        fputs("$\\log g$", out);
    else
        print_words(out, tml_symbol_of(cell->text));
    if (unit[0] == '\0')
        return;
    fputs(" {[}", out);
    print_words(out, unit);
    fputs("{]}", out);
}

static void print_cell(FILE *out, const tml_cell *cell)
{
    if (cell->kind == TML_CELL_EMPTY)
        fputs("--", out);
    else if (cell->kind == TML_CELL_TARGET)
        print_target(out, cell);
    else if (cell->kind == TML_CELL_NUMBER)
        print_number(out, cell->text);
    else
        print_words(out, cell->text);
}

static void print_line(FILE *out, const tml_cell *cells, size_t count)
{
    for (size_t c = 0; c < count; ++c) {
        fputs(c > 0 ? " & " : "", out);
        print_cell(out, &cells[c]);
    }
    fputs(" \\\\\n", out);
}

void tml_sheet_latex(FILE *out, const tml_sheet *sheet)
{
    fputs("\n\\begin{table}\n\\centering\n\\caption{", out);
    print_words(out, sheet->caption);
    fprintf(out, "}\n\\label{tab:%s}\n\\begin{tabular}{", sheet->key);
    for (size_t c = 0; c < sheet->columns; ++c)
        fputc(tml_sheet_has_numbers(sheet, c) ? 'r' : 'l', out);
    fputs("}\n\\toprule\n", out);
    print_line(out, sheet->header, sheet->columns);
    fputs("\\midrule\n", out);
    for (size_t row = 0; row < sheet->rows; ++row) {
        if (sheet->begins[row] && row > 0)
            fputs("\\addlinespace\n", out);
        print_line(out, sheet->cell + row * sheet->columns, sheet->columns);
    }
    fputs("\\bottomrule\n\\end{tabular}\n\\end{table}\n", out);
}
