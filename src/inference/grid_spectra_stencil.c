#include <string.h>

#include "inference/grid_spectra_private.h"

/* Points of a local fit: this many per target, up to the most. Median and 95th percentile of
 * |log10 F - log10 F_true| for four targets; each node of Sonora Bobcat from the others; each of 4,000 points
 * of the toy model at random from the others; points of the toy model in a regular grid that has other
 * metallicities at solar C/O only:
 * -  8 points: 0.0042 0.0260, 0.0030 0.0244, 0.0132 0.1279
 * - 12 points: 0.0050 0.0321, 0.0033 0.0229, 0.0117 0.1130
 * - 16 points: 0.0057 0.0370, 0.0037 0.0233, 0.0112 0.1030
 * - 24 points: 0.0075 0.0474, 0.0045 0.0255, 0.0108 0.0949
 * - 48 points: 0.0118 0.0812, 0.0063 0.0323, 0.0114 0.0894
 * Sixteen are a compromise. Where all corners are there, the multilinear interpolation is better: in the
 * regular grid without gaps 0.0032 0.0176 against 0.0038 0.0219 of sixteen points. */
enum { NEAREST_PER_TARGET = 4, NEAREST_MOST = 48 };

typedef struct neighbour {
    double distance; /* squared */
    size_t point;
} neighbour;

static size_t nearest_wanted(const tml_grid_spectra *s)
{
    size_t wanted = NEAREST_PER_TARGET * s->targets;

    return wanted < NEAREST_MOST ? wanted : NEAREST_MOST;
}

size_t tml_grid_stencil_most(const tml_grid_spectra *spectra)
{
    size_t corners = spectra->targets < 8 ? (size_t)1 << spectra->targets : TML_STENCIL_POINTS;
    size_t nearest = nearest_wanted(spectra);

    return corners > nearest ? corners : nearest;
}

/* Moves the point into the grid's range. @return bit t: target t was outside */
static uint32_t move_inside(const tml_grid_spectra *s, const double *at, double *inside)
{
    uint32_t outside = 0;

    for (size_t t = 0; t < s->targets; ++t) {
        const tml_grid_axis *axis = &s->axis[t];

        inside[t] = at[t] < axis->low ? axis->low : at[t] > axis->high ? axis->high : at[t];
        if (at[t] < axis->low || at[t] > axis->high)
            outside |= (uint32_t)1 << t;
    }
    return outside;
}

/* @return whether all corners with a weight are there; the stencil then has them */
static bool find_corners(const tml_grid_spectra *s, const double *inside, tml_grid_stencil *stencil)
{
    tml_bracket bracket[TML_PREPARATION_TARGETS];
    size_t corner[TML_STENCIL_POINTS * TML_PREPARATION_TARGETS];
    size_t corners;

    for (size_t t = 0; t < s->targets; ++t)
        bracket[t] = tml_bracket_of(s->axis[t].count, s->axis[t].learned, tml_grid_learned(s, t, inside[t]));
    corners = tml_multilinear(s->targets, bracket, corner, stencil->weight);
    for (size_t c = 0; c < corners; ++c) {
        double truth[TML_PREPARATION_TARGETS];
        size_t point;

        for (size_t t = 0; t < s->targets; ++t)
            truth[t] = s->axis[t].node[corner[c * s->targets + t]];
        point = tml_grid_point_find(s, truth);
        if (point == s->points)
            return false;
        stencil->point[c] = (uint32_t)point;
    }
    stencil->count = (uint32_t)corners;
    return corners > 0;
}

static bool is_nearer(const tml_grid_spectra *s, const neighbour *a, const neighbour *b)
{
    if (a->distance < b->distance || a->distance > b->distance)
        return a->distance < b->distance;
    return s->point[a->point].row < s->point[b->point].row;
}

/* @param found  out: [NEAREST_MOST] from the nearest on   @return how many */
static size_t find_nearest(const tml_grid_spectra *s, const double *place, neighbour *found)
{
    size_t wanted = nearest_wanted(s);
    size_t count = 0;

    for (size_t i = 0; i < s->points; ++i) {
        neighbour next = {0.0, i};
        size_t at = count;

        for (size_t t = 0; t < s->targets; ++t) {
            double offset = s->place[i * s->targets + t] - place[t];

            next.distance += offset * offset;
        }
        if (count == wanted && !is_nearer(s, &next, &found[count - 1]))
            continue;
        if (count == wanted)
            at = --count;
        for (; at > 0 && is_nearer(s, &next, &found[at - 1]); --at)
            found[at] = found[at - 1];
        found[at] = next;
        count += 1;
    }
    return count;
}

static tml_status fit_nearest(const tml_grid_spectra *s, const double *inside, tml_grid_stencil *stencil,
                              tml_error *error)
{
    neighbour found[NEAREST_MOST];
    double place[TML_PREPARATION_TARGETS];
    double x[NEAREST_MOST * TML_PREPARATION_TARGETS];

    for (size_t t = 0; t < s->targets; ++t)
        place[t] = tml_grid_learned(s, t, inside[t]) / s->axis[t].step;
    stencil->count = (uint32_t)find_nearest(s, place, found);
    for (size_t k = 0; k < stencil->count; ++k) {
        stencil->point[k] = (uint32_t)found[k].point;
        memcpy(x + k * s->targets, s->place + found[k].point * s->targets, s->targets * sizeof *x);
    }
    return tml_local_linear(s->targets, stencil->count, x, place, stencil->weight, error);
}

tml_status tml_grid_stencil_make(const tml_grid_spectra *spectra, const double *at, tml_grid_stencil *stencil,
                                 tml_error *error)
{
    double inside[TML_PREPARATION_TARGETS];
    size_t point;

    memset(stencil, 0, sizeof *stencil); /* it is sent as bytes */
    stencil->note.outside = move_inside(spectra, at, inside);
    point = tml_grid_point_find(spectra, inside);
    if (point < spectra->points) {
        stencil->note.method = TML_INTERPOLATION_NODE;
        stencil->count = 1;
        stencil->point[0] = (uint32_t)point;
        stencil->weight[0] = 1.0;
        return TML_OK;
    }
    if (spectra->has_axes && find_corners(spectra, inside, stencil)) {
        stencil->note.method = TML_INTERPOLATION_MULTILINEAR;
        return TML_OK;
    }
    stencil->note.method = TML_INTERPOLATION_SCATTERED;
    return fit_nearest(spectra, inside, stencil, error);
}
