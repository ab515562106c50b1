#include "report/sheet.h"

#include <assert.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "report/people_number.h"

enum { PRINTED = 1024 };

void tml_sheet_create(tml_sheet *sheet, const char *key, const char *caption)
{
    memset(sheet, 0, sizeof *sheet);
    sheet->key = key;
    snprintf(sheet->caption, sizeof sheet->caption, "%s", caption);
}

static void fill(tml_sheet *sheet, tml_cell *cell, tml_cell_kind kind, const char *text, const char *unit)
{
    memset(cell, 0, sizeof *cell);
    cell->kind = text[0] != '\0' ? kind : TML_CELL_EMPTY;
    if (cell->kind == TML_CELL_EMPTY)
        return;
    cell->text = strdup(text);
    snprintf(cell->unit, sizeof cell->unit, "%s", unit);
    sheet->lacks_memory = sheet->lacks_memory || cell->text == NULL;
}

static void add_column(tml_sheet *sheet, tml_cell_kind kind, const char *text, const char *unit)
{
    tml_cell *grown = realloc(sheet->header, (sheet->columns + 1) * sizeof *grown);

    assert(sheet->rows == 0);
    if (grown == NULL) {
        sheet->lacks_memory = true;
        return;
    }
    sheet->header = grown;
    fill(sheet, &grown[sheet->columns++], kind, text, unit);
}

void tml_sheet_column(tml_sheet *sheet, const char *words)
{
    add_column(sheet, TML_CELL_WORDS, words, "");
}

void tml_sheet_column_of_target(tml_sheet *sheet, const char *target, const char *unit)
{
    add_column(sheet, TML_CELL_TARGET, target, unit);
}

static bool begin_row(tml_sheet *sheet)
{
    bool *begins = realloc(sheet->begins, (sheet->rows + 1) * sizeof *begins);
    tml_cell *cell = NULL;

    if (begins != NULL) {
        begins[sheet->rows] = false;
        sheet->begins = begins;
        cell = realloc(sheet->cell, (sheet->rows + 1) * sheet->columns * sizeof *cell);
    }
    if (cell == NULL)
        return false;
    sheet->cell = cell;
    memset(cell + sheet->cells, 0, sheet->columns * sizeof *cell);
    ++sheet->rows;
    return true;
}

static void add_cell(tml_sheet *sheet, tml_cell_kind kind, const char *text, const char *unit)
{
    if (!sheet->lacks_memory && sheet->cells == sheet->rows * sheet->columns)
        sheet->lacks_memory = !begin_row(sheet);
    if (!sheet->lacks_memory)
        fill(sheet, &sheet->cell[sheet->cells++], kind, text, unit);
}

void tml_sheet_words(tml_sheet *sheet, const char *words)
{
    add_cell(sheet, TML_CELL_WORDS, words, "");
}

void tml_sheet_print(tml_sheet *sheet, const char *format, ...)
{
    char text[PRINTED];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    tml_sheet_words(sheet, text);
}

void tml_sheet_target(tml_sheet *sheet, const char *target, const char *unit)
{
    add_cell(sheet, TML_CELL_TARGET, target, unit);
}

void tml_sheet_empty(tml_sheet *sheet)
{
    add_cell(sheet, TML_CELL_EMPTY, "", "");
}

void tml_sheet_number(tml_sheet *sheet, double value, int decimals)
{
    char text[TML_PEOPLE_TEXT];

    tml_people_number(value, decimals, text);
    add_cell(sheet, TML_CELL_NUMBER, isfinite(value) ? text : "", "");
}

void tml_sheet_measure(tml_sheet *sheet, double value, double sd)
{
    char text[TML_PEOPLE_PAIR];

    tml_people_measure(value, sd, text);
    add_cell(sheet, TML_CELL_NUMBER, isfinite(value) ? text : "", "");
}

void tml_sheet_group(tml_sheet *sheet)
{
    assert(sheet->cells == sheet->rows * sheet->columns || sheet->lacks_memory);
    if (!sheet->lacks_memory)
        sheet->lacks_memory = !begin_row(sheet);
    if (!sheet->lacks_memory)
        sheet->begins[sheet->rows - 1] = true;
}

tml_status tml_sheet_complete(const tml_sheet *sheet, tml_error *error)
{
    assert(sheet->lacks_memory || sheet->cells == sheet->rows * sheet->columns);
    return sheet->lacks_memory ? TML_FAIL(error, TML_INTERNAL, "no memory for a table of the report")
                               : TML_OK;
}

bool tml_sheet_has_numbers(const tml_sheet *sheet, size_t column)
{
    for (size_t row = 0; row < sheet->rows; ++row)
        if (sheet->cell[row * sheet->columns + column].kind == TML_CELL_NUMBER)
            return true;
    return false;
}

void tml_sheet_free(tml_sheet *sheet)
{
    for (size_t i = 0; i < sheet->columns; ++i)
        free(sheet->header[i].text);
    for (size_t i = 0; i < sheet->cells; ++i)
        free(sheet->cell[i].text);
    free(sheet->header);
    free(sheet->cell);
    free(sheet->begins);
    memset(sheet, 0, sizeof *sheet);
}
