#include "report/html.h"
#include "report/sheet.h"

#define DASH "\u2013"

static void print_cell(FILE *out, const tml_cell *cell)
{
    if (cell->kind == TML_CELL_EMPTY)
        fputs(DASH, out);
    else if (cell->kind == TML_CELL_TARGET)
        tml_html_target(out, cell->text, cell->unit);
    else
        tml_html_text(out, cell->text);
}

static void print_row(FILE *out, const tml_sheet *sheet, size_t row)
{
    fputs(sheet->begins[row] && row > 0 ? "<tr class=\"group\">" : "<tr>", out);
    for (size_t c = 0; c < sheet->columns; ++c) {
        fputs(c == 0                            ? "<th scope=\"row\">"
              : tml_sheet_has_numbers(sheet, c) ? "<td class=\"number\">"
                                                : "<td class=\"words\">",
              out);
        print_cell(out, &sheet->cell[row * sheet->columns + c]);
        fputs(c == 0 ? "</th>" : "</td>", out);
    }
    fputs("</tr>\n", out);
}

void tml_sheet_html(FILE *out, const tml_sheet *sheet)
{
    tml_html_table_begin(out, sheet->caption);
    fputs("<thead><tr>", out);
    for (size_t c = 0; c < sheet->columns; ++c) {
        fputs(c == 0 || tml_sheet_has_numbers(sheet, c) ? "<th scope=\"col\">"
                                                        : "<th scope=\"col\" class=\"words\">",
              out);
        print_cell(out, &sheet->header[c]);
        fputs("</th>", out);
    }
    fputs("</tr></thead>\n<tbody>\n", out);
    for (size_t row = 0; row < sheet->rows; ++row)
        print_row(out, sheet, row);
    tml_html_table_end(out);
}
