#include "exploration/row_table.h"

#include <stdlib.h>
#include <string.h>

#include "core/checked.h"
#include "core/memory.h"
#include "mpi/agree.h"

static size_t length_of(const tml_row_table *table)
{
    return 1 + table->parameters + table->extra;
}

/* ---- lines ---- */

static int64_t row_of(const double *record)
{
    int64_t row;

    memcpy(&row, record, sizeof row);
    return row;
}

tml_row_line tml_row_table_line(const tml_row_table *table, size_t line)
{
    const double *record = table->record + line * length_of(table);

    return (tml_row_line){row_of(record), record + 1, record + 1 + table->parameters};
}

/* A line and what it is sorted by. */
typedef struct sort_key {
    double value;
    int64_t row;
    size_t line;
} sort_key;

static int compare_keys(const void *a, const void *b)
{
    const sort_key *left = a;
    const sort_key *right = b;
    int order = (left->value > right->value) - (left->value < right->value);

    if (order == 0)
        order = (left->row > right->row) - (left->row < right->row);
    return order != 0 ? order : (left->line > right->line) - (left->line < right->line);
}

/* Place in a record of the number that decides; 0: none does. */
static size_t deciding(const tml_row_table *table, const tml_row_request *request)
{
    switch (request->order) {
    case TML_ROWS_BY_PARAMETER:
        return 1 + request->column;
    case TML_ROWS_BY_EXTRA:
        return 1 + table->parameters + request->column;
    case TML_ROWS_BY_NUMBER:
        break;
    }
    return 0;
}

/* Rows of one number, which a foreign grid may have, keep the order of the file. */
static tml_status sort_lines(tml_row_table *table, const tml_row_request *request, tml_error *error)
{
    const size_t length = length_of(table);
    const size_t number = deciding(table, request);
    const double sign = request->order == TML_ROWS_BY_EXTRA ? -1.0 : 1.0;
    double *sorted = NULL;
    sort_key *keys = NULL;
    tml_status status = tml_array_create(table->count, sizeof *keys, "a table of rows", &keys, error);

    if (status == TML_OK)
        status = tml_array_create(table->count, length * sizeof *sorted, "a table of rows", &sorted, error);
    if (status == TML_OK) {
        for (size_t i = 0; i < table->count; ++i) {
            const double *record = table->record + i * length;

            keys[i] = (sort_key){number > 0 ? sign * record[number] : 0.0, row_of(record), i};
        }
        qsort(keys, table->count, sizeof *keys, compare_keys);
        for (size_t i = 0; i < table->count; ++i)
            memcpy(sorted + i * length, table->record + keys[i].line * length, length * sizeof *sorted);
        free(table->record);
        table->record = sorted;
    }
    free(keys);
    return status;
}

/* ---- gathering ---- */

/* What each rank sends; [size] on rank 0. */
typedef struct amounts {
    int *counts;
    int *starts;
} amounts;

static tml_status find_amounts(const tml_explored_rows *rows, int mine, amounts *a, tml_row_table *table,
                               tml_error *error)
{
    size_t numbers = 0;
    tml_status status = tml_mpi_check(MPI_Gather(&mine, 1, MPI_INT, a->counts, 1, MPI_INT, 0, rows->comm),
                                      "counting rows", error);

    for (int r = 0; r < rows->size && status == TML_OK && rows->rank == 0; ++r) {
        int fits;

        a->starts[r] = (int)numbers;
        numbers += (size_t)a->counts[r];
        if (!tml_int_from_size(numbers, &fits))
            status = TML_FAIL(error, TML_INTERNAL, "too many rows for one table");
    }
    table->count = numbers / length_of(table);
    if (status == TML_OK)
        status = tml_array_create(numbers, sizeof *table->record, "a table of rows", &table->record, error);
    return tml_agree(rows->comm, status, error);
}

static void fill_record(const tml_explored_rows *rows, size_t row, const tml_row_request *request,
                        double *record)
{
    memcpy(record, &rows->row[row], sizeof *record);
    memcpy(record + 1, rows->parameter + row * rows->parameters, rows->parameters * sizeof *record);
    request->fill(request->context, row, record + 1 + rows->parameters);
}

static tml_status gather(const tml_explored_rows *rows, size_t count, const size_t *chosen,
                         const tml_row_request *request, tml_row_table *table, tml_error *error)
{
    const char *what = "a table of rows";
    const size_t length = length_of(table);
    double *mine = NULL;
    int numbers = 0;
    amounts a = {NULL, NULL};
    tml_status status = tml_array_create(count, length * sizeof *mine, what, &mine, error);

    if (status == TML_OK && !tml_int_from_size(count * length, &numbers))
        status = TML_FAIL(error, TML_INTERNAL, "too many rows for one table");
    if (status == TML_OK)
        status = tml_array_create(2 * (size_t)rows->size, sizeof *a.counts, what, &a.counts, error);
    status = tml_agree(rows->comm, status, error);
    if (status == TML_OK) {
        a.starts = a.counts + rows->size;
        for (size_t i = 0; i < count; ++i)
            fill_record(rows, chosen[i], request, mine + i * length);
        status = find_amounts(rows, numbers, &a, table, error);
    }
    if (status == TML_OK)
        status = tml_mpi_check(MPI_Gatherv(mine, numbers, MPI_DOUBLE, table->record, a.counts, a.starts,
                                           MPI_DOUBLE, 0, rows->comm),
                               "gathering rows", error);
    free(mine);
    free(a.counts);
    return status;
}

tml_status tml_row_table_gather(const tml_explored_rows *rows, size_t count, const size_t *chosen,
                                const tml_row_request *request, tml_row_table *table, tml_error *error)
{
    tml_status status;

    *table = (tml_row_table){rows->parameters, request->extra, 0, NULL};
    status = gather(rows, count, chosen, request, table, error);
    if (status == TML_OK)
        status = tml_agree(rows->comm, sort_lines(table, request, error), error);
    if (status != TML_OK)
        tml_row_table_free(table);
    return status;
}

void tml_row_table_free(tml_row_table *table)
{
    free(table->record);
    memset(table, 0, sizeof *table);
}
