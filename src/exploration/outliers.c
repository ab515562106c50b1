#include "exploration/outliers.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "exploration/sorted_columns.h"
#include "mpi/agree.h"

/* Rows of this rank that go into a table. */
typedef struct choice {
    size_t count;
    size_t *row;
} choice;

static tml_status make_room(const tml_explored_rows *rows, choice *chosen, tml_error *error)
{
    chosen->count = 0;
    return tml_agree(
        rows->comm,
        tml_array_create(rows->count, sizeof *chosen->row, "a table of rows", &chosen->row, error), error);
}

/* ---- scores ---- */

static void copy_scores(const void *context, size_t row, double *extra)
{
    const tml_components *components = context;

    memcpy(extra, components->score + row * components->pca.kept, components->pca.kept * sizeof *extra);
}

tml_status tml_score_table(const tml_explored_rows *rows, const tml_components *components,
                           tml_row_table *table, tml_error *error)
{
    const uint64_t wanted = rows->total < TML_SCORE_ROWS ? rows->total : TML_SCORE_ROWS;
    const tml_row_request request = {components->pca.kept, copy_scores, components, TML_ROWS_BY_NUMBER, 0};
    choice chosen = {0, NULL};
    tml_status status = make_room(rows, &chosen, error);

    for (uint64_t i = 0; i < wanted && status == TML_OK; ++i) {
        uint64_t place = i * rows->total / wanted;

        if (place >= rows->first && place < rows->first + rows->count)
            chosen.row[chosen.count++] = (size_t)(place - rows->first);
    }
    if (status == TML_OK)
        status = tml_row_table_gather(rows, chosen.count, chosen.row, &request, table, error);
    free(chosen.row);
    return status;
}

/* ---- outliers ---- */

static void copy_outlier(const void *context, size_t row, double *extra)
{
    const tml_neighbours *neighbours = context;

    memcpy(&extra[TML_OUTLIER_NEAREST], &neighbours->nearest_row[row], sizeof *extra);
    extra[TML_OUTLIER_DISTANCE] = neighbours->distance[row];
    extra[TML_OUTLIER_SCORE] = tml_outlier_score(neighbours, row);
}

int64_t tml_outlier_nearest(const tml_row_line *line)
{
    int64_t row;

    memcpy(&row, &line->extra[TML_OUTLIER_NEAREST], sizeof row);
    return row;
}

/* The smallest distance that goes into the table; NaN: none does. */
static tml_status find_threshold(const tml_explored_rows *rows, const tml_neighbours *neighbours,
                                 double *threshold, tml_error *error)
{
    tml_sorted_columns sorted;
    uint64_t order;
    tml_status status = tml_sorted_columns_create(rows->comm, 1, rows->count, &sorted, error);

    *threshold = (double)NAN;
    if (status == TML_OK) {
        for (size_t i = 0; i < rows->count; ++i)
            tml_sorted_columns_put(&sorted, 0, neighbours->distance[i]);
        status = tml_sorted_columns_finish(&sorted, error);
    }
    if (status == TML_OK && !isnan(neighbours->median)) {
        order = sorted.total[0] > TML_OUTLIER_ROWS ? sorted.total[0] - TML_OUTLIER_ROWS : 0;
        status = tml_sorted_columns_values(&sorted, 1, &order, threshold, error);
    }
    tml_sorted_columns_free(&sorted);
    return status;
}

/* A row at the threshold and its number. */
typedef struct tied {
    int64_t number;
    size_t row;
} tied;

static int compare_tied(const void *a, const void *b)
{
    const tied *left = a;
    const tied *right = b;
    int order = (left->number > right->number) - (left->number < right->number);

    return order != 0 ? order : (left->row > right->row) - (left->row < right->row);
}

static int compare_rows(const void *a, const void *b)
{
    const size_t *left = a;
    const size_t *right = b;

    return (*left > *right) - (*left < *right);
}

/* All beyond the threshold, and those at it with the lowest numbers, so that no rank sends more than the
 * table holds and the choice is that of the whole grid. */
static tml_status choose_outliers(const tml_explored_rows *rows, const tml_neighbours *neighbours,
                                  double threshold, choice *chosen, tml_error *error)
{
    tied *ties = NULL;
    size_t tie_count = 0;
    tml_status status = tml_array_create(rows->count, sizeof *ties, "a table of rows", &ties, error);

    status = tml_agree(rows->comm, status, error);
    for (size_t i = 0; i < rows->count && status == TML_OK; ++i) {
        if (neighbours->distance[i] > threshold)
            chosen->row[chosen->count++] = i;
        else if (neighbours->distance[i] >= threshold)
            ties[tie_count++] = (tied){rows->row[i], i};
    }
    if (status == TML_OK) {
        qsort(ties, tie_count, sizeof *ties, compare_tied);
        for (size_t i = 0; i < tie_count && i < TML_OUTLIER_ROWS; ++i)
            chosen->row[chosen->count++] = ties[i].row;
        qsort(chosen->row, chosen->count, sizeof *chosen->row, compare_rows);
    }
    free(ties);
    return status;
}

tml_status tml_outlier_table(const tml_explored_rows *rows, const tml_neighbours *neighbours,
                             tml_row_table *table, tml_error *error)
{
    const tml_row_request request = {TML_OUTLIER_NUMBERS, copy_outlier, neighbours, TML_ROWS_BY_EXTRA,
                                     TML_OUTLIER_SCORE};
    choice chosen = {0, NULL};
    double threshold;
    tml_status status = find_threshold(rows, neighbours, &threshold, error);

    if (status == TML_OK)
        status = make_room(rows, &chosen, error);
    if (status == TML_OK)
        status = choose_outliers(rows, neighbours, threshold, &chosen, error);
    if (status == TML_OK)
        status = tml_row_table_gather(rows, chosen.count, chosen.row, &request, table, error);
    if (status == TML_OK && table->count > TML_OUTLIER_ROWS)
        table->count = TML_OUTLIER_ROWS;
    free(chosen.row);
    return status;
}
