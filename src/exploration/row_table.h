#ifndef TML_EXPLORATION_ROW_TABLE_H
#define TML_EXPLORATION_ROW_TABLE_H

/** @file exploration/row_table.h
 * A few rows of a grid with something about each, brought together on rank 0. */

#include <stddef.h>
#include <stdint.h>

#include "core/status.h"
#include "exploration/explored_rows.h"

/** One line of a table. */
typedef struct tml_row_line {
    int64_t row;             /* number in the source */
    const double *parameter; /* [parameters] borrowed from the table */
    const double *extra;     /* [extra] borrowed from the table */
} tml_row_line;

/** On ranks other than 0 without lines. */
typedef struct tml_row_table {
    size_t parameters, extra;
    size_t count;   /* lines */
    double *record; /* [count] the bits of the row's number, parameters, extra */
} tml_row_table;

/** What stands in a line beside number and parameters. @param row among those of this rank */
typedef void tml_row_extra(const void *context, size_t row, double *extra);

/** How lines are sorted; equal ones by the number of the row. */
typedef enum tml_row_order {
    TML_ROWS_BY_NUMBER,    /* by the number of the row alone */
    TML_ROWS_BY_PARAMETER, /* by a parameter, ascending */
    TML_ROWS_BY_EXTRA      /* by one of the extra numbers, descending */
} tml_row_order;

/** What is wanted of each row. */
typedef struct tml_row_request {
    size_t extra; /* numbers that `fill` writes */
    tml_row_extra *fill;
    const void *context;
    tml_row_order order;
    size_t column; /* of the order */
} tml_row_request;

/** Gather and sort chosen rows. Collective over rows->comm; request equal on all ranks but for its context.
 * @param chosen  [count] rows of this rank, ascending
 * @param table   out, owned by the caller (tml_row_table_free); all zero on failure
 * @return TML_OK or TML_INTERNAL (too many), the same on all ranks */
TML_NODISCARD tml_status tml_row_table_gather(const tml_explored_rows *rows, size_t count,
                                              const size_t *chosen, const tml_row_request *request,
                                              tml_row_table *table, tml_error *error);

/** A line of the table. */
tml_row_line tml_row_table_line(const tml_row_table *table, size_t line);

/** Free what it owns and zero it; a zeroed one is fine. */
void tml_row_table_free(tml_row_table *table);

#endif
