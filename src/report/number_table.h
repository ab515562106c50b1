#ifndef TML_REPORT_NUMBER_TABLE_H
#define TML_REPORT_NUMBER_TABLE_H

/** @file report/number_table.h
 * A CSV file of numbers in memory, one column of which may hold words (a part of the split, flags). Not
 * collective. */

#include <stdbool.h>
#include <stddef.h>

#include "core/status.h"

enum { TML_TABLE_NAME = 96, TML_TABLE_WORD = 160, TML_TABLE_WORDS = 1024 };

typedef struct tml_number_table {
    size_t rows;
    size_t columns;
    char (*names)[TML_TABLE_NAME]; /* [columns] */
    double *values;                /* [rows][columns]; NaN where there is no number */
    size_t *word;                  /* [rows] index into words; all 0 without a column of words */
    size_t word_count;
    char (*words)[TML_TABLE_WORD]; /* [word_count] different ones, as they come */
} tml_number_table;

/** Read a table.
 * @param word_column  name of the column of words; NULL: none
 * @param table        out, owned by the caller (tml_number_table_free); all zero on failure
 * @return TML_OK, TML_NO_INPUT, TML_BAD_DATA (with line and column), TML_IO_ERROR or TML_INTERNAL
 */
TML_NODISCARD tml_status tml_number_table_read(const char *path, const char *word_column,
                                               tml_number_table *table, tml_error *error);

/** Position of a column, or -1. */
long tml_number_table_find(const tml_number_table *table, const char *name);

/** A number. */
double tml_number_table_at(const tml_number_table *table, size_t row, long column);

/** Free what it owns and zero it; a zeroed one is fine. */
void tml_number_table_free(tml_number_table *table);

#endif
