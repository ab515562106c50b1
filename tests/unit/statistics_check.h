#ifndef TML_TESTS_STATISTICS_CHECK_H
#define TML_TESTS_STATISTICS_CHECK_H

/** @file statistics_check.h
 * The samples and comparisons of the tests of src/statistics. The samples are those of
 * tests/golden/statistics.py, whose numbers the tests hold. For serial tests with cmocka; include it behind
 * cmocka.h. */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static const double pi = 3.14159265358979323846;

enum { FIRST_COUNT = 40, SECOND_COUNT = 35 };

static inline void assert_close(double got, double want, double relative)
{
    if (!(fabs(got - want) <= relative * fabs(want)))
        fail_msg("%.17g instead of %.17g", got, want);
}

static inline void assert_within(double got, double want, double absolute)
{
    if (!(fabs(got - want) <= absolute))
        fail_msg("%.17g instead of %.17g", got, want);
}

static inline int in_order(const void *a, const void *b)
{
    const double *left = a;
    const double *right = b;

    return (*left > *right) - (*left < *right);
}

static inline double first_value(int i)
{
    return (37 * i + 11) % 101 / 8.0;
}

static inline double second_value(int i)
{
    return (53 * i + 5) % 89 / 8.0 + 0.0625;
}

static inline double tied_first_value(int i)
{
    return i * i % 23 / 4.0;
}

static inline double tied_second_value(int i)
{
    return i * i * 3 % 19 / 4.0 + 0.5;
}

static inline double skewed_value(int i)
{
    return tied_first_value(i) + (i == 13 ? 16.0 : 0.0);
}

/** Fill values[count] with value(i) + shift, in the order of i. */
static inline void fill(int count, double value(int i), double shift, double *values)
{
    for (int i = 0; i < count; ++i)
        values[i] = value(i) + shift;
}

/** The same in ascending order. */
static inline void fill_sorted(int count, double value(int i), double shift, double *values)
{
    fill(count, value, shift, values);
    qsort(values, (size_t)count, sizeof *values, in_order);
}

#endif
