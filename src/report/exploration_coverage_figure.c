#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/memory.h"
#include "plots/coverage_map.h"
#include "plots/histogram.h"
#include "report/exploration_figures.h"

enum { GROUPS_MOST = 64, BINS_MOST = 20, STEP_MOST = 4 };

/* Values of one parameter, and the cells that they are counted in. */
typedef struct cell_axis {
    size_t values, step; /* values in a cell */
    double *value;       /* [values] ascending */
} cell_axis;

/* All of the figure in memory. */
typedef struct counted {
    size_t axes;
    cell_axis axis[TML_COVERAGE_AXES];
    double sum[GROUPS_MOST][GROUPS_MOST]; /* of one pair of axes */
    double *room;                         /* 2 * nodes doubles: the values of all axes */
    tml_coverage_cell *cell;              /* [nodes] */
} counted;

static size_t groups_of(const cell_axis *axis)
{
    return (axis->values + axis->step - 1) / axis->step;
}

static double middle_of(const cell_axis *axis, size_t group)
{
    size_t first = group * axis->step, last = first + axis->step - 1;

    last = last < axis->values ? last : axis->values - 1;
    return 0.5 * (axis->value[first] + axis->value[last]);
}

static size_t group_of(const cell_axis *axis, double value)
{
    size_t low = 0, high = axis->values - 1;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (axis->value[middle] < value)
            low = middle + 1;
        else
            high = middle;
    }
    return low / axis->step;
}

/* Bins are put together when that gives equal cells. */
static size_t choose_step(size_t values, bool is_axis)
{
    if (values > GROUPS_MOST)
        return (values + BINS_MOST - 1) / BINS_MOST;
    for (size_t step = 2; step <= STEP_MOST && !is_axis && values > BINS_MOST; ++step)
        if (values % step == 0 && values / step <= BINS_MOST)
            return step;
    return 1;
}

static double *collect_axis(const tml_exploration *from, size_t a, double *room, cell_axis *axis)
{
    size_t taken = 0;

    axis->value = room;
    for (size_t i = 0; i < from->nodes; ++i) {
        if (from->node[i].x_parameter == a)
            room[taken++] = from->node[i].x;
        if (from->node[i].y_parameter == a)
            room[taken++] = from->node[i].y;
    }
    tml_sample_sort(taken, room);
    for (size_t i = 0; i < taken; ++i)
        if (axis->values == 0 || room[i] > axis->value[axis->values - 1])
            axis->value[axis->values++] = room[i];
    axis->step = choose_step(axis->values, tml_exploration_is_axis(from, from->name[a]));
    return room + taken;
}

/* Sum the nodes of a pair in its cells. */
static void sum_pair(const tml_exploration *from, size_t x, size_t y, counted *all)
{
    for (size_t i = 0; i < GROUPS_MOST; ++i)
        for (size_t k = 0; k < GROUPS_MOST; ++k)
            all->sum[i][k] = 0.0;
    for (size_t i = 0; i < from->nodes; ++i) {
        const tml_explored_node *node = &from->node[i];

        if (node->x_parameter == x && node->y_parameter == y)
            all->sum[group_of(&all->axis[x], node->x)][group_of(&all->axis[y], node->y)] += node->count;
    }
}

static size_t add_pair(size_t x, size_t y, const counted *all, tml_coverage_cell *cell)
{
    size_t count = 0;

    for (size_t i = 0; i < groups_of(&all->axis[x]); ++i)
        for (size_t k = 0; k < groups_of(&all->axis[y]); ++k)
            if (all->sum[i][k] > 0.0)
                cell[count++] = (tml_coverage_cell){x, y, middle_of(&all->axis[x], i),
                                                    middle_of(&all->axis[y], k), all->sum[i][k]};
    return count;
}

static size_t fill_cells(const tml_exploration *from, counted *all)
{
    double *room = all->room;
    size_t count = 0;

    for (size_t a = 0; a < all->axes; ++a)
        room = collect_axis(from, a, room, &all->axis[a]);
    for (size_t x = 0; x < all->axes; ++x) {
        for (size_t y = 0; y < all->axes; ++y) {
            if (x == y || all->axis[x].values == 0 || all->axis[y].values == 0)
                continue;
            sum_pair(from, x, y, all);
            count += add_pair(x, y, all, all->cell + count);
        }
    }
    return count;
}

static tml_status draw(const tml_exploration_scene *s, const tml_coverage_map_plot *plot, tml_error *error)
{
    char caption[TML_FIGURE_CAPTION];
    tml_report_figure *figure;
    tml_error why = {0, ""};
    tml_status status;

    snprintf(caption, sizeof caption,
             "What the grid covers: for each pair of parameters the number of spectra with these two values, "
             "whatever the other parameters are. White is a gap. Parameters that have no fixed values are "
             "counted in bins.%s",
             plot->axes < s->exploration->names ? " The first parameters are shown; coverage.csv has all."
                                                : "");
    status = tml_exploration_add_figure(s, "explore_coverage", caption, &figure, error);
    if (status == TML_OK)
        tml_report_figure_drawn(s->figures, figure,
                                tml_plot_coverage_map(plot, s->folder, figure->name, &why), &why);
    return status;
}

tml_status tml_exploration_coverage_draw(const tml_exploration_scene *scene, tml_error *error)
{
    const tml_exploration *from = scene->exploration;
    char labels[TML_COVERAGE_AXES][TML_EXPLORATION_LABEL];
    tml_coverage_map_plot plot = {.axes = from->names < TML_COVERAGE_AXES ? from->names : TML_COVERAGE_AXES};
    counted *all = NULL;
    tml_status status;

    if (plot.axes < 2)
        return TML_OK;
    for (size_t a = 0; a < plot.axes; ++a) {
        tml_exploration_label(from, from->name[a], labels[a]);
        plot.label[a] = labels[a];
    }
    status = tml_array_create(1, sizeof *all, "the coverage of a figure", &all, error);
    if (status != TML_OK)
        return status;
    all->axes = plot.axes;
    status = tml_array_create(2 * from->nodes, sizeof *all->room, "the values of a figure", &all->room,
                              error);
    if (status == TML_OK)
        status = tml_array_create(from->nodes, sizeof *all->cell, "the cells of a figure", &all->cell, error);
    if (status == TML_OK) {
        plot.cells = fill_cells(from, all);
        plot.cell = all->cell;
        status = draw(scene, &plot, error);
    }
    free(all->cell);
    free(all->room);
    free(all);
    return status;
}
