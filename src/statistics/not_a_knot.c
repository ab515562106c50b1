#include "statistics/not_a_knot.h"

#include <stdlib.h>

#include "core/memory.h"
#include "statistics/cubic_pieces.h"

static double secant(const double *x, const double *y, size_t i)
{
    return (y[i + 1] - y[i]) / (x[i + 1] - x[i]);
}

static void parabola(const double *x, const double *y, double *slope)
{
    double left = secant(x, y, 0);
    double right = secant(x, y, 1);
    double middle = ((x[1] - x[0]) * right + (x[2] - x[1]) * left) / (x[2] - x[0]);

    slope[0] = 2.0 * left - middle;
    slope[1] = middle;
    slope[2] = 2.0 * right - middle;
}

/* Right side of an end's equation. @param h, m  width and secant of the outer interval; next_ of its
 * neighbour */
static double end_value(double h, double next_h, double m, double next_m)
{
    double both = h + next_h;

    return ((h + 2.0 * both) * next_h * m + h * h * next_m) / both;
}

/* Elimination without exchange of rows: above[1] < 1, hence every divisor is positive.
 * @param above  [count] scratch: what is left above the diagonal, the diagonal being 1 */
static void solve(size_t count, const double *x, const double *y, double *slope, double *above)
{
    size_t last = count - 1;
    double before;

    above[0] = (x[2] - x[0]) / (x[2] - x[1]);
    slope[0] = end_value(x[1] - x[0], x[2] - x[1], secant(x, y, 0), secant(x, y, 1)) / (x[2] - x[1]);
    for (size_t i = 1; i < last; ++i) {
        double left = x[i] - x[i - 1];
        double right = x[i + 1] - x[i];
        double pivot = 2.0 * (left + right) - right * above[i - 1];

        above[i] = left / pivot;
        slope[i] = (3.0 * (right * secant(x, y, i - 1) + left * secant(x, y, i)) - right * slope[i - 1]) /
                   pivot;
    }
    before = x[last] - x[last - 2];
    slope[last] = (end_value(x[last] - x[last - 1], x[last - 1] - x[last - 2], secant(x, y, last - 1),
                             secant(x, y, last - 2)) -
                   before * slope[last - 1]) /
                  (x[last - 1] - x[last - 2] - before * above[last - 1]);
    for (size_t i = last; i-- > 0;)
        slope[i] -= above[i] * slope[i + 1];
}

tml_status tml_not_a_knot_slopes(size_t count, const double *x, const double *y, double *slope,
                                 tml_error *error)
{
    double *above = NULL;
    tml_status status = tml_cubic_check(count, x, y, error);

    if (status != TML_OK)
        return status;
    if (count == 2) {
        slope[0] = slope[1] = secant(x, y, 0);
        return TML_OK;
    }
    if (count == 3) {
        parabola(x, y, slope);
        return TML_OK;
    }
    status = tml_array_create(count, sizeof *above, "a spline", &above, error);
    if (status == TML_OK)
        solve(count, x, y, slope, above);
    free(above);
    return status;
}
