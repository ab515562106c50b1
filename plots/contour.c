#include "plots/contour.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/memory.h"

enum { CORNERS = 4 };

/* The edges between nodes: first those along the rows, then those along the columns. A line crosses an edge
 * once, so that the edge that follows on an edge says it all. */
typedef struct tracing {
    size_t columns, rows;
    const double *values;
    double level;
    size_t *next; /* [2 * columns * rows] number of an edge + 1; 0: no line crosses this one */
} tracing;

static size_t node_of(const tracing *t, size_t row, size_t column)
{
    return row * t->columns + column;
}

/* The edges of a cell against the clock, from the lower one on. */
static void find_edges(const tracing *t, size_t row, size_t column, size_t edge[CORNERS])
{
    size_t upright = t->columns * t->rows;

    edge[0] = node_of(t, row, column);
    edge[1] = upright + node_of(t, row, column + 1);
    edge[2] = node_of(t, row + 1, column);
    edge[3] = upright + node_of(t, row, column);
}

/* A line comes in where, against the clock, a corner above the level is followed by one below, and leaves
 * where it is the other way round. */
static void cross_cell(tracing *t, size_t row, size_t column)
{
    const size_t corner[CORNERS] = {node_of(t, row, column), node_of(t, row, column + 1),
                                    node_of(t, row + 1, column + 1), node_of(t, row + 1, column)};
    size_t edge[CORNERS], ways_in = 0;
    bool is_above[CORNERS];
    double sum = 0.0;

    for (size_t k = 0; k < CORNERS; ++k) {
        is_above[k] = t->values[corner[k]] >= t->level;
        sum += t->values[corner[k]];
    }
    for (size_t k = 0; k < CORNERS; ++k)
        ways_in += is_above[k] && !is_above[(k + 1) % CORNERS];
    find_edges(t, row, column, edge);
    for (size_t k = 0; k < CORNERS; ++k) {
        size_t out = (k + 1) % CORNERS;

        if (!is_above[k] || is_above[(k + 1) % CORNERS])
            continue;
        /* Around the corners below if the middle is above, around those above if it is not. */
        if (ways_in == 2)
            out = sum >= CORNERS * t->level ? (k + 1) % CORNERS : (k + CORNERS - 1) % CORNERS;
        else
            while (is_above[out] || !is_above[(out + 1) % CORNERS])
                out = (out + 1) % CORNERS;
        t->next[edge[k]] = edge[out] + 1;
    }
}

/* Where the line crosses an edge. */
static void crossing(const tracing *t, size_t edge, double *x, double *y)
{
    size_t nodes = t->columns * t->rows, node = edge % nodes;
    size_t other = edge < nodes ? node + 1 : node + t->columns;
    double share = (t->level - t->values[node]) / (t->values[other] - t->values[node]);

    *x = (double)(node % t->columns) + (edge < nodes ? share : 0.0);
    *y = (double)(node / t->columns) + (edge < nodes ? 0.0 : share);
}

static void follow(tracing *t, size_t first, tml_contour *contour)
{
    size_t edge = first;

    while (t->next[edge] != 0) {
        size_t after = t->next[edge] - 1;

        crossing(t, edge, &contour->x[contour->count], &contour->y[contour->count]);
        ++contour->count;
        t->next[edge] = 0;
        edge = after;
    }
    crossing(t, first, &contour->x[contour->count], &contour->y[contour->count]);
    contour->x[contour->count + 1] = contour->y[contour->count + 1] = NAN;
    contour->count += 2;
}

static size_t count_points(const tracing *t)
{
    size_t crossed = 0;

    for (size_t edge = 0; edge < 2 * t->columns * t->rows; ++edge)
        crossed += t->next[edge] != 0;
    return 2 * crossed; /* a line of n crossings has n + 2 points, and at least 4 crossings */
}

tml_status tml_contour_trace(size_t columns, size_t rows, const double *values, double level,
                             tml_contour *contour, tml_error *error)
{
    tracing t = {columns, rows, values, level, NULL};
    size_t edges = 2 * columns * rows;
    tml_status status = tml_array_create(edges, sizeof *t.next, "lines of equal value", &t.next, error);

    memset(contour, 0, sizeof *contour);
    if (status != TML_OK)
        return status;
    for (size_t row = 0; row + 1 < rows; ++row)
        for (size_t column = 0; column + 1 < columns; ++column)
            cross_cell(&t, row, column);
    status = tml_array_create(count_points(&t), sizeof(double), "lines of equal value", &contour->x, error);
    if (status == TML_OK)
        status = tml_array_create(count_points(&t), sizeof(double), "lines of equal value", &contour->y,
                                  error);
    for (size_t edge = 0; edge < edges && status == TML_OK; ++edge)
        if (t.next[edge] != 0)
            follow(&t, edge, contour);
    free(t.next);
    if (status != TML_OK)
        tml_contour_free(contour);
    return status;
}

void tml_contour_free(tml_contour *contour)
{
    free(contour->x);
    free(contour->y);
    memset(contour, 0, sizeof *contour);
}
