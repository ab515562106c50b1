#ifndef TML_TESTS_ROUGH_CURVE_H
#define TML_TESTS_ROUGH_CURVE_H

/** @file rough_curve.h
 * The uneven points of tests/golden/statistics.py, with a step and a flat piece, and where curves through
 * them are looked at, also outside. Include it behind statistics_check.h. */

#include "statistics/cubic_pieces.h"

enum { ROUGH = 8, ROUGH_AT = 11 };

static const double rough_x[ROUGH] = {0.0, 0.5, 1.25, 1.5, 3.0, 4.0, 4.125, 6.0};
static const double rough_y[ROUGH] = {1.0, 3.0, 2.5, 2.5, -1.0, -1.5, 4.0, 4.25};
static const double rough_at[ROUGH_AT] = {-0.5, 0.0, 0.3, 1.0, 1.3, 2.0, 3.0, 4.05, 5.0, 6.0, 6.5};

/** @param room  absolute, per unit of the largest number around */
static inline void assert_rough_curve(const double *slope, const double *values, const double *derivatives,
                                      double room)
{
    tml_cubic_pieces curve = {ROUGH, rough_x, rough_y, slope};

    for (size_t i = 0; i < ROUGH_AT; ++i) {
        double derivative;
        double value = tml_cubic_at(&curve, rough_at[i], &derivative);

        assert_within(value, values[i], room * (1.0 + fabs(values[i])));
        assert_within(derivative, derivatives[i], room * (1.0 + fabs(derivatives[i])));
        assert_true(tml_cubic_at(&curve, rough_at[i], NULL) == value);
    }
}

#endif
