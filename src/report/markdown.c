#include <stdlib.h>
#include <string.h>

#include "report/clean_text.h"
#include "report/people_number.h"
#include "report/sheet.h"
#include "report/symbol.h"

#define DASH "\u2013"

/* Backslashes before what GitHub would take for markup; '<' and '&' would begin HTML. */
static void print_text(FILE *out, const char *text)
{
    char *clean = tml_text_clean(text, false);

    for (const char *at = clean; at != NULL && *at != '\0'; ++at) {
        if (*at == '<')
            fputs("&lt;", out);
        else if (*at == '&')
            fputs("&amp;", out);
        else if (strchr("\\`*_[]|~#>!$", *at) != NULL)
            fprintf(out, "\\%c", *at);
        else
            fputc(*at, out);
    }
    free(clean);
}

static void print_cell(FILE *out, const tml_cell *cell)
{
    const char *unit = tml_people_unit(cell->unit);

    if (cell->kind == TML_CELL_EMPTY) {
        fputs(DASH, out);
        return;
    }
    print_text(out, cell->kind == TML_CELL_TARGET ? tml_symbol_of(cell->text) : cell->text);
    if (unit[0] == '\0')
        return;
    fputs(" \\[", out);
    print_text(out, unit);
    fputs("\\]", out);
}

static void print_line(FILE *out, const tml_cell *cells, size_t count)
{
    for (size_t c = 0; c < count; ++c) {
        fputs("| ", out);
        print_cell(out, &cells[c]);
        fputc(' ', out);
    }
    fputs("|\n", out);
}

void tml_sheet_markdown(FILE *out, const tml_sheet *sheet)
{
    fputs("\n", out);
    print_text(out, sheet->caption);
    fputs("\n\n", out);
    print_line(out, sheet->header, sheet->columns);
    for (size_t c = 0; c < sheet->columns; ++c)
        fputs(tml_sheet_has_numbers(sheet, c) ? "| ---: " : "| --- ", out);
    fputs("|\n", out);
    for (size_t row = 0; row < sheet->rows; ++row)
        print_line(out, sheet->cell + row * sheet->columns, sheet->columns);
}
