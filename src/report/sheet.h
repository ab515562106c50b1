#ifndef TML_REPORT_SHEET_H
#define TML_REPORT_SHEET_H

/** @file report/sheet.h
 * A table of words and numbers for people, filled once and written as HTML, Markdown or LaTeX. Not
 * collective.
 *
 * Order of calls: create, columns, then for each row its cells from left to right, tml_sheet_complete, the
 * writers, free. Want of memory is kept until tml_sheet_complete.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "core/status.h"

enum { TML_SHEET_CAPTION = 512, TML_SHEET_UNIT = 64 };

typedef enum tml_cell_kind {
    TML_CELL_EMPTY,
    TML_CELL_WORDS,  /* from anywhere */
    TML_CELL_NUMBER, /* as report/people_number.h writes them */
    TML_CELL_TARGET  /* a target by its symbol and unit */
} tml_cell_kind;

typedef struct tml_cell {
    tml_cell_kind kind;
    char *text;                /* owned; NULL when empty */
    char unit[TML_SHEET_UNIT]; /* of a target */
} tml_cell;

typedef struct tml_sheet {
    char caption[TML_SHEET_CAPTION];
    const char *key; /* word for references, borrowed */
    size_t columns;
    size_t rows;      /* complete ones, and perhaps one more that is being filled */
    size_t cells;     /* in the body */
    tml_cell *header; /* [columns] owned */
    tml_cell *cell;   /* [rows][columns] owned */
    bool *begins;     /* [rows] owned: a group of rows begins here */
    bool lacks_memory;
} tml_sheet;

/** An empty sheet. @param key  a word such as "objects", borrowed */
void tml_sheet_create(tml_sheet *sheet, const char *key, const char *caption);

/** One more column, before the first row. */
void tml_sheet_column(tml_sheet *sheet, const char *words);
void tml_sheet_column_of_target(tml_sheet *sheet, const char *target, const char *unit);

/** The next cell of the row; with the last column of a row the next row begins by itself. */
void tml_sheet_words(tml_sheet *sheet, const char *words);
void tml_sheet_print(tml_sheet *sheet, const char *format, ...) TML_PRINTF(2, 3);
void tml_sheet_target(tml_sheet *sheet, const char *target, const char *unit);
void tml_sheet_empty(tml_sheet *sheet);

/** The next cell: a number with that many decimals (report/people_number.h); empty when it is not finite. */
void tml_sheet_number(tml_sheet *sheet, double value, int decimals);

/** The next cell: a number with its error; empty when it is not finite. */
void tml_sheet_measure(tml_sheet *sheet, double value, double sd);

/** The rows that follow are a new group. */
void tml_sheet_group(tml_sheet *sheet);

/** Whether it is all there. @return TML_OK or TML_INTERNAL (no memory) */
TML_NODISCARD tml_status tml_sheet_complete(const tml_sheet *sheet, tml_error *error);

/** Whether there are numbers in a column, which then is set to the right. */
bool tml_sheet_has_numbers(const tml_sheet *sheet, size_t column);

/** Write it. An empty cell is a dash. LaTeX: a table float for the packages booktabs and fontenc (T1). */
void tml_sheet_html(FILE *out, const tml_sheet *sheet);
void tml_sheet_markdown(FILE *out, const tml_sheet *sheet);
void tml_sheet_latex(FILE *out, const tml_sheet *sheet);

/** Free what it owns and zero it; a zeroed one is fine. */
void tml_sheet_free(tml_sheet *sheet);

#endif
