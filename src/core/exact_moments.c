#include "core/exact_moments.h"

#include <math.h>

/* Four doubles hold 212 bits: more than any sum needs of values that are comparable at all. */
enum { PARTS = 4 };

static void add_product(tml_exact_sum *sum, double a, double b)
{
    double high = a * b;

    tml_exact_sum_add(sum, high);
    tml_exact_sum_add(sum, fma(a, b, -high));
}

static void add_triple_product(tml_exact_sum *sum, double a, double b, double c)
{
    double high = a * b;

    add_product(sum, high, c);
    add_product(sum, fma(a, b, -high), c);
}

/* The sum as an unevaluated sum of doubles, each the rounding error of those before it. */
static void expand(const tml_exact_sum *sum, double parts[PARTS])
{
    tml_exact_sum rest = *sum;

    for (int i = 0; i < PARTS; ++i) {
        parts[i] = tml_exact_sum_value(&rest);
        tml_exact_sum_add(&rest, -parts[i]);
    }
}

void tml_exact_sum_add_square(tml_exact_sum *sum, double value)
{
    add_product(sum, value, value);
}

void tml_exact_sum_add_cube(tml_exact_sum *sum, double value)
{
    add_triple_product(sum, value, value, value);
}

double tml_exact_mean(double count, const tml_exact_sum *first)
{
    if (!(count > 0.0))
        return NAN;
    return tml_exact_sum_value(first) / count;
}

double tml_exact_variance(double count, const tml_exact_sum *first, const tml_exact_sum *second)
{
    double sum[PARTS];
    double squares[PARTS];
    tml_exact_sum total;

    if (!(count > 0.0))
        return NAN;
    expand(first, sum);
    expand(second, squares);
    tml_exact_sum_clear(&total);
    for (int i = 0; i < PARTS; ++i) {
        add_product(&total, count, squares[i]);
        for (int j = 0; j < PARTS; ++j)
            add_product(&total, -sum[i], sum[j]);
    }
    return fmax(tml_exact_sum_value(&total), 0.0) / (count * count);
}

double tml_exact_third_moment(double count, const tml_exact_sum *first, const tml_exact_sum *second,
                              const tml_exact_sum *third)
{
    double sum[PARTS];
    double squares[PARTS];
    double cubes[PARTS];
    tml_exact_sum total;

    if (!(count > 0.0))
        return NAN;
    expand(first, sum);
    expand(second, squares);
    expand(third, cubes);
    tml_exact_sum_clear(&total);
    for (int i = 0; i < PARTS; ++i) {
        add_triple_product(&total, count, count, cubes[i]);
        for (int j = 0; j < PARTS; ++j) {
            add_triple_product(&total, -3.0 * count, sum[i], squares[j]);
            for (int k = 0; k < PARTS; ++k)
                add_triple_product(&total, 2.0 * sum[i], sum[j], sum[k]);
        }
    }
    return tml_exact_sum_value(&total) / (count * count * count);
}
