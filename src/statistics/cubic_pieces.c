#include "statistics/cubic_pieces.h"

#include <gsl/gsl_interp.h>
#include <math.h>

double tml_cubic_at(const tml_cubic_pieces *curve, double x, double *slope)
{
    size_t i = gsl_interp_bsearch(curve->x, x, 0, curve->count - 1);
    double width = curve->x[i + 1] - curve->x[i];
    double along = x - curve->x[i];
    double secant = (curve->y[i + 1] - curve->y[i]) / width;
    double bend = (curve->slope[i] + curve->slope[i + 1] - 2.0 * secant) / width;
    double second = (secant - curve->slope[i]) / width - bend;
    double third = bend / width;

    if (slope != NULL)
        *slope = curve->slope[i] + along * (2.0 * second + 3.0 * third * along);
    return curve->y[i] + along * (curve->slope[i] + along * (second + along * third));
}

tml_status tml_cubic_check(size_t count, const double *x, const double *y, tml_error *error)
{
    if (count < 2)
        return TML_FAIL(error, TML_BAD_DATA, "a curve needs two points or more, not %zu", count);
    for (size_t i = 0; i < count; ++i) {
        if (!isfinite(x[i]) || !isfinite(y[i]))
            return TML_FAIL(error, TML_BAD_DATA, "point %zu of a curve is (%g, %g): not finite", i, x[i],
                            y[i]);
        if (i > 0 && x[i] <= x[i - 1])
            return TML_FAIL(
                error, TML_BAD_DATA,
                "point %zu of a curve has x = %.17g, which is not above %.17g before it: sort the "
                "points and merge those with the same x",
                i, x[i], x[i - 1]);
    }
    return TML_OK;
}
