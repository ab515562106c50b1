#include "statistics/pchip.h"

#include <math.h>

#include "statistics/cubic_pieces.h"

static int sign(double value)
{
    return (value > 0.0) - (value < 0.0);
}

static double secant(const double *x, const double *y, size_t i)
{
    return (y[i + 1] - y[i]) / (x[i + 1] - x[i]);
}

/* @param h, m  width and secant of the outer interval; next_ of its neighbour */
static double end_slope(double h, double next_h, double m, double next_m)
{
    double slope = ((2.0 * h + next_h) * m - h * next_m) / (h + next_h);

    if (sign(slope) != sign(m))
        return 0.0;
    if (sign(m) != sign(next_m) && fabs(slope) > 3.0 * fabs(m))
        return 3.0 * m;
    return slope;
}

static double inner_slope(double left_h, double right_h, double left, double right)
{
    double left_weight = 2.0 * right_h + left_h;
    double right_weight = right_h + 2.0 * left_h;

    if (sign(left) * sign(right) <= 0)
        return 0.0;
    return (left_weight + right_weight) / (left_weight / left + right_weight / right);
}

tml_status tml_pchip_slopes(size_t count, const double *x, const double *y, double *slope, tml_error *error)
{
    size_t last = count - 1;
    tml_status status = tml_cubic_check(count, x, y, error);

    if (status != TML_OK)
        return status;
    slope[0] = slope[last] = secant(x, y, 0);
    if (count == 2)
        return TML_OK;
    for (size_t i = 1; i < last; ++i)
        slope[i] = inner_slope(x[i] - x[i - 1], x[i + 1] - x[i], secant(x, y, i - 1), secant(x, y, i));
    slope[0] = end_slope(x[1] - x[0], x[2] - x[1], secant(x, y, 0), secant(x, y, 1));
    slope[last] = end_slope(x[last] - x[last - 1], x[last - 1] - x[last - 2], secant(x, y, last - 1),
                            secant(x, y, last - 2));
    return TML_OK;
}
