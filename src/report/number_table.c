#include "report/number_table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/checked.h"
#include "core/memory.h"
#include "core/text.h"
#include "io/csv_reader.h"

static tml_status read_names(const char *path, const tml_csv_reader *reader, tml_number_table *table,
                             tml_error *error)
{
    tml_status status;

    table->columns = tml_csv_columns(reader);
    status = tml_array_create(table->columns, sizeof *table->names, "the columns of a table", &table->names,
                              error);
    if (status == TML_OK)
        status = tml_array_create(TML_TABLE_WORDS, sizeof *table->words, "the words of a table",
                                  &table->words, error);
    for (size_t c = 0; c < table->columns && status == TML_OK; ++c)
        if (!tml_text_copy(table->names[c], TML_TABLE_NAME, tml_csv_name(reader, c)))
            status = TML_FAIL(error, TML_BAD_DATA, "%s: line 1: the name of column %zu is too long", path,
                              c + 1);
    return status;
}

static tml_status grow(const char *path, size_t *room, tml_number_table *table, tml_error *error)
{
    size_t more = *room > 0 ? 2 * *room : 1024;
    size_t cells = 0;
    size_t bytes = 0;
    double *values;
    size_t *word;

    if (table->rows < *room)
        return TML_OK;
    if (!tml_size_multiply(more, table->columns, &cells) || !tml_size_multiply(cells, sizeof *values, &bytes))
        return TML_FAIL(error, TML_INTERNAL, "%s: the table is too large", path);
    values = realloc(table->values, bytes);
    if (values != NULL)
        table->values = values;
    word = realloc(table->word, more * sizeof *word);
    if (word != NULL)
        table->word = word;
    if (values == NULL || word == NULL)
        return TML_FAIL(error, TML_INTERNAL, "%s: no memory for %zu rows", path, more);
    *room = more;
    return TML_OK;
}

static tml_status take_word(const char *path, const tml_csv_reader *reader, const char *field,
                            tml_number_table *table, tml_error *error)
{
    size_t at = 0;

    while (at < table->word_count && strcmp(table->words[at], field) != 0)
        ++at;
    if (at == table->word_count) {
        if (at == TML_TABLE_WORDS || !tml_text_copy(table->words[at], TML_TABLE_WORD, field))
            return TML_FAIL(error, TML_BAD_DATA, "%s: line %lld: '%.40s' is not a word of this table", path,
                            (long long)tml_csv_line(reader), field);
        ++table->word_count;
    }
    table->word[table->rows] = at;
    return TML_OK;
}

static tml_status take_row(const char *path, const tml_csv_reader *reader, const char *const *fields,
                           long word_column, tml_number_table *table, tml_error *error)
{
    double *values = table->values + table->rows * table->columns;

    table->word[table->rows] = 0;
    for (size_t c = 0; c < table->columns; ++c) {
        values[c] = NAN;
        if ((long)c == word_column) {
            tml_status status = take_word(path, reader, fields[c], table, error);

            if (status != TML_OK)
                return status;
        } else if (fields[c][0] != '\0' && !tml_text_to_double(fields[c], &values[c])) {
            return TML_FAIL(error, TML_BAD_DATA, "%s: line %lld, column %s: '%.40s' is not a number", path,
                            (long long)tml_csv_line(reader), table->names[c], fields[c]);
        }
    }
    ++table->rows;
    return TML_OK;
}

static tml_status read_rows(const char *path, tml_csv_reader *reader, const char *word_column,
                            tml_number_table *table, tml_error *error)
{
    const char *const *fields = NULL;
    long words = word_column != NULL ? tml_csv_find(reader, word_column) : -1;
    size_t room = 0;
    tml_status status = read_names(path, reader, table, error);

    if (status == TML_OK && word_column != NULL && words < 0)
        status = TML_FAIL(error, TML_BAD_DATA,
                          "%s: line 1: there is no column '%s'; was the file written by another version?",
                          path, word_column);
    while (status == TML_OK) {
        status = tml_csv_next(reader, &fields, error);
        if (status != TML_OK || fields == NULL)
            break;
        status = grow(path, &room, table, error);
        if (status == TML_OK)
            status = take_row(path, reader, fields, words, table, error);
    }
    return status;
}

tml_status tml_number_table_read(const char *path, const char *word_column, tml_number_table *table,
                                 tml_error *error)
{
    tml_csv_reader *reader = NULL;
    tml_status status;

    memset(table, 0, sizeof *table);
    status = tml_csv_open(path, &reader, error);
    if (status == TML_OK)
        status = read_rows(path, reader, word_column, table, error);
    tml_csv_close(&reader);
    if (status != TML_OK)
        tml_number_table_free(table);
    return status;
}

long tml_number_table_find(const tml_number_table *table, const char *name)
{
    for (size_t c = 0; c < table->columns; ++c)
        if (strcmp(table->names[c], name) == 0)
            return (long)c;
    return -1;
}

double tml_number_table_at(const tml_number_table *table, size_t row, long column)
{
    return table->values[row * table->columns + (size_t)column];
}

void tml_number_table_free(tml_number_table *table)
{
    free(table->names);
    free(table->values);
    free(table->word);
    free(table->words);
    memset(table, 0, sizeof *table);
}
