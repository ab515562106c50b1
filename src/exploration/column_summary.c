#include "exploration/column_summary.h"

#include <math.h>
#include <stdlib.h>

#include "core/memory.h"
#include "exploration/block_sums.h"
#include "exploration/sorted_columns.h"

/* Columns at a time, which bounds the memory for sorting. */
enum { GROUP = 32, QUANTILES = 5, MOMENTS = 2 };

/* Some columns that stand side by side. */
typedef struct group {
    const tml_explored_rows *rows;
    tml_column_value *value;
    size_t first, columns;
    tml_column_summary *summary; /* [columns] */
} group;

/* ---- order ---- */

static tml_status find_whiskers(const tml_sorted_columns *sorted, const group *g, tml_error *error)
{
    double low[GROUP];
    double high[GROUP];
    tml_status status;

    for (size_t c = 0; c < g->columns; ++c) {
        double reach = 1.5 * (g->summary[c].q3 - g->summary[c].q1);

        low[c] = g->summary[c].q1 - reach;
        high[c] = g->summary[c].q3 + reach;
    }
    status = tml_sorted_columns_within(sorted, low, high, error);
    for (size_t c = 0; c < g->columns && status == TML_OK; ++c) {
        tml_column_summary *s = &g->summary[c];

        /* A quartile between two values may have none of them within reach. */
        s->whisker_low = s->count > 0 ? fmin(low[c], s->q1) : (double)NAN;
        s->whisker_high = s->count > 0 ? fmax(high[c], s->q3) : (double)NAN;
    }
    return status;
}

static tml_status find_quantiles(const tml_sorted_columns *sorted, const group *g, tml_error *error)
{
    static const double p[QUANTILES] = {0.025, 0.25, 0.5, 0.75, 0.975};
    double values[GROUP][QUANTILES];
    tml_status status = tml_sorted_columns_quantiles(sorted, QUANTILES, p, &values[0][0], error);

    for (size_t c = 0; c < g->columns && status == TML_OK; ++c) {
        tml_column_summary *s = &g->summary[c];

        s->count = sorted->total[c];
        s->minimum = s->count > 0 ? sorted->minimum[c] : (double)NAN;
        s->maximum = s->count > 0 ? sorted->maximum[c] : (double)NAN;
        s->p2_5 = values[c][0];
        s->q1 = values[c][1];
        s->median = values[c][2];
        s->q3 = values[c][3];
        s->p97_5 = values[c][4];
    }
    return status == TML_OK ? find_whiskers(sorted, g, error) : status;
}

static tml_status summarise_order(const group *g, tml_error *error)
{
    tml_sorted_columns sorted;
    tml_status status = tml_sorted_columns_create(g->rows->comm, g->columns, g->rows->count, &sorted, error);

    if (status == TML_OK) {
        for (size_t c = 0; c < g->columns; ++c)
            for (size_t i = 0; i < g->rows->count; ++i)
                tml_sorted_columns_put(&sorted, c, g->value(g->rows, i, g->first + c));
        status = tml_sorted_columns_finish(&sorted, error);
    }
    if (status == TML_OK)
        status = find_quantiles(&sorted, g, error);
    tml_sorted_columns_free(&sorted);
    return status;
}

/* ---- moments ---- */

static void add_means(const group *g, size_t row, double *partial)
{
    for (size_t c = 0; c < g->columns; ++c) {
        double x = g->value(g->rows, row, g->first + c);

        if (!isnan(x))
            partial[c] += x;
    }
}

static void add_moments(const group *g, size_t row, double *partial)
{
    for (size_t c = 0; c < g->columns; ++c) {
        double d = g->value(g->rows, row, g->first + c) - g->summary[c].mean;

        if (isnan(d))
            continue;
        partial[MOMENTS * c] += d * d;
        partial[MOMENTS * c + 1] += d * d * d;
    }
}

static tml_status add_up(const group *g, void add(const group *g, size_t row, double *partial), size_t count,
                         double *total, tml_error *error)
{
    tml_block_sums sums;
    tml_status status = tml_block_sums_create(g->rows->comm, count, &sums, error);

    for (size_t i = 0; i < g->rows->count && status == TML_OK;) {
        for (size_t end = tml_explored_rows_block(g->rows, i); i < end; ++i)
            add(g, i, sums.partial);
        tml_block_sums_end_block(&sums);
    }
    if (status == TML_OK)
        status = tml_block_sums_reduce(&sums, total, error);
    tml_block_sums_free(&sums);
    return status;
}

static tml_status summarise_moments(const group *g, tml_error *error)
{
    double total[MOMENTS * GROUP];
    tml_status status = add_up(g, add_means, g->columns, total, error);

    if (status != TML_OK)
        return status;
    for (size_t c = 0; c < g->columns; ++c) {
        tml_column_summary *s = &g->summary[c];

        /* Of equal values the mean is that value, without rounding. */
        s->mean = s->minimum < s->maximum ? total[c] / (double)s->count : s->minimum;
    }
    status = add_up(g, add_moments, MOMENTS * g->columns, total, error);
    for (size_t c = 0; c < g->columns && status == TML_OK; ++c) {
        tml_column_summary *s = &g->summary[c];
        double count = (double)s->count;
        double variance = total[MOMENTS * c] / count;

        s->sd = s->count > 1 ? sqrt(total[MOMENTS * c] / (count - 1.0)) : (double)NAN;
        s->skewness = variance > 0.0 ? total[MOMENTS * c + 1] / count / (variance * sqrt(variance))
                                     : (double)NAN;
    }
    return status;
}

tml_status tml_column_summaries(const tml_explored_rows *rows, size_t columns, tml_column_value *value,
                                tml_column_summary *summary, tml_error *error)
{
    tml_status status = TML_OK;

    for (size_t first = 0; first < columns && status == TML_OK; first += GROUP) {
        const group g = {rows, value, first, columns - first < GROUP ? columns - first : GROUP,
                         summary + first};

        status = summarise_order(&g, error);
        if (status == TML_OK)
            status = summarise_moments(&g, error);
    }
    return status;
}
