#include "plots/smoothing.h"

#include <math.h>
#include <string.h>

#include "plots/histogram.h"

/* A narrower Gaussian would show the nodes. */
#define LEAST_WIDTH 0.7
#define LEAST_SLICE 0.25
/* Gaussians are cut off here. */
#define REACH 4.0

static bool is_inside(double value, tml_range range)
{
    return value >= range.low && value <= range.high;
}

double tml_smooth_spread(tml_strided values, tml_range range, double *scratch)
{
    size_t taken = 0;
    double mean = 0.0, squares = 0.0, sd, quartiles;

    for (size_t i = 0; i < values.count; ++i)
        if (is_inside(values.value[i * values.stride], range))
            scratch[taken++] = values.value[i * values.stride];
    if (taken < 2)
        return 0.0;
    tml_sample_sort(taken, scratch);
    for (size_t i = 0; i < taken; ++i)
        mean += (scratch[i] - scratch[0]) / (double)taken;
    for (size_t i = 0; i < taken; ++i)
        squares += (scratch[i] - scratch[0] - mean) * (scratch[i] - scratch[0] - mean);
    sd = sqrt(squares / (double)(taken - 1));
    quartiles = (tml_sample_quantile(taken, scratch, 0.75) - tml_sample_quantile(taken, scratch, 0.25)) /
                1.349;
    return quartiles > 0.0 ? fmin(sd, quartiles) : sd;
}

/* Place of a value among nodes: the node below it, and the share of the one above. */
static double place_of(double value, tml_range range, size_t nodes, size_t *below)
{
    double place = (value - range.low) / (range.high - range.low) * (double)(nodes - 1);
    double node = fmin(floor(place), (double)(nodes - 2));

    *below = (size_t)node;
    return place - node;
}

/* Smooth numbers that stand `stride` apart; @param width in nodes */
static void smooth(size_t nodes, size_t stride, double *numbers, double width)
{
    double wide = fmax(width, LEAST_WIDTH), result[TML_SMOOTH_LINE];
    size_t reach = (size_t)fmin(ceil(REACH * wide), (double)nodes);
    double weight[TML_SMOOTH_LINE + 1], sum = 0.0;

    for (size_t k = 0; k <= reach; ++k) {
        weight[k] = exp(-0.5 * (double)k * (double)k / (wide * wide));
        sum += k > 0 ? 2.0 * weight[k] : weight[k];
    }
    for (size_t i = 0; i < nodes; ++i) {
        size_t first = i > reach ? i - reach : 0, last = i + reach < nodes ? i + reach : nodes - 1;

        result[i] = 0.0;
        for (size_t j = first; j <= last; ++j)
            result[i] += numbers[j * stride] * weight[i > j ? i - j : j - i] / sum;
    }
    for (size_t i = 0; i < nodes; ++i)
        numbers[i * stride] = result[i];
}

void tml_smooth_line(tml_strided values, tml_range range, double spread, double density[TML_SMOOTH_LINE])
{
    double step = (range.high - range.low) / (TML_SMOOTH_LINE - 1), finite = 0.0, inside = 0.0;

    memset(density, 0, TML_SMOOTH_LINE * sizeof *density);
    for (size_t i = 0; i < values.count; ++i) {
        double value = values.value[i * values.stride], share;
        size_t below;

        finite += isfinite(value) ? 1.0 : 0.0;
        if (!is_inside(value, range))
            continue;
        share = place_of(value, range, TML_SMOOTH_LINE, &below);
        density[below] += 1.0 - share;
        density[below + 1] += share;
        inside += 1.0;
    }
    if (!(inside > 0.0))
        return;
    smooth(TML_SMOOTH_LINE, 1, density, 0.9 * spread * pow(inside, -0.2) / step);
    for (size_t i = 0; i < TML_SMOOTH_LINE; ++i)
        density[i] /= finite * step;
}

/* How much narrower than the whole a slice of related pairs is; a Gaussian that stands upright and is as wide
 * as the whole would blur them. */
static double slice_width(tml_strided x, tml_strided y, tml_range x_range, tml_range y_range)
{
    double count = 0.0, sum_x = 0.0, sum_y = 0.0, xx = 0.0, yy = 0.0, xy = 0.0, related;

    for (size_t i = 0; i < x.count; ++i) {
        double across = x.value[i * x.stride], up = y.value[i * y.stride];

        if (!is_inside(across, x_range) || !is_inside(up, y_range))
            continue;
        across = (across - x_range.low) / (x_range.high - x_range.low);
        up = (up - y_range.low) / (y_range.high - y_range.low);
        count += 1.0;
        sum_x += across;
        sum_y += up;
        xx += across * across;
        yy += up * up;
        xy += across * up;
    }
    xx = count * xx - sum_x * sum_x;
    yy = count * yy - sum_y * sum_y;
    xy = count * xy - sum_x * sum_y;
    related = xx > 0.0 && yy > 0.0 ? xy * xy / (xx * yy) : 0.0;
    return sqrt(fmax(1.0 - related, LEAST_SLICE * LEAST_SLICE));
}

void tml_smooth_map(tml_strided x, tml_strided y, tml_range x_range, tml_range y_range, double x_spread,
                    double y_spread, double density[TML_SMOOTH_SIDE * TML_SMOOTH_SIDE])
{
    const size_t side = TML_SMOOTH_SIDE;
    double inside = 0.0, steps = (double)(side - 1), factor;

    memset(density, 0, side * side * sizeof *density);
    for (size_t i = 0; i < x.count; ++i) {
        double across = x.value[i * x.stride], up = y.value[i * y.stride], right, top;
        size_t column, row;

        if (!is_inside(across, x_range) || !is_inside(up, y_range))
            continue;
        right = place_of(across, x_range, side, &column);
        top = place_of(up, y_range, side, &row);
        density[row * side + column] += (1.0 - right) * (1.0 - top);
        density[row * side + column + 1] += right * (1.0 - top);
        density[(row + 1) * side + column] += (1.0 - right) * top;
        density[(row + 1) * side + column + 1] += right * top;
        inside += 1.0;
    }
    factor = inside > 0.0 ? slice_width(x, y, x_range, y_range) * pow(inside, -1.0 / 6.0) * steps : 0.0;
    for (size_t i = 0; i < side; ++i)
        smooth(side, 1, density + i * side, factor * x_spread / (x_range.high - x_range.low));
    for (size_t i = 0; i < side; ++i)
        smooth(side, side, density + i, factor * y_spread / (y_range.high - y_range.low));
    for (size_t i = 0; i < side; ++i)
        density[i] = density[(side - 1) * side + i] = density[i * side] = density[i * side + side - 1] = 0.0;
}

double tml_smooth_level(size_t count, const double *density, double share, double *scratch)
{
    double whole = 0.0, held = 0.0;
    size_t i = count;

    memcpy(scratch, density, count * sizeof *scratch);
    tml_sample_sort(count, scratch);
    for (size_t k = 0; k < count; ++k)
        whole += scratch[k];
    while (i > 0 && held < share * whole)
        held += scratch[--i];
    return i < count ? scratch[i] : 0.0;
}

double tml_smooth_at(const double density[TML_SMOOTH_SIDE * TML_SMOOTH_SIDE], double x, double y)
{
    const tml_range unit = {0.0, 1.0};
    size_t column, row;
    double right, top;
    const double *corner;

    if (!is_inside(x, unit) || !is_inside(y, unit))
        return 0.0;
    right = place_of(x, unit, TML_SMOOTH_SIDE, &column);
    top = place_of(y, unit, TML_SMOOTH_SIDE, &row);
    corner = density + row * TML_SMOOTH_SIDE + column;
    return (1.0 - top) * ((1.0 - right) * corner[0] + right * corner[1]) +
           top * ((1.0 - right) * corner[TML_SMOOTH_SIDE] + right * corner[TML_SMOOTH_SIDE + 1]);
}
