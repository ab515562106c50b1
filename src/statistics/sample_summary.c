#include "statistics/sample_summary.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

double tml_sorted_quantile(size_t count, const double *sorted, double p)
{
    double place = (double)(count - 1) * p;
    size_t below = (size_t)place;

    assert(count > 0 && p >= 0.0 && p <= 1.0);
    if (below + 1 >= count)
        return sorted[count - 1];
    return sorted[below] + (place - (double)below) * (sorted[below + 1] - sorted[below]);
}

static int compare_doubles(const void *a, const void *b)
{
    const double *left = a;
    const double *right = b;

    return (*left > *right) - (*left < *right);
}

/* Distances from a value, in ascending order, are a merge of the values above it and those below it, read
 * backwards: no second array is needed. */
static double median_distance(size_t count, const double *sorted, double centre)
{
    size_t above = 0;
    size_t below;
    double last = 0.0;
    double distance = 0.0;

    while (above < count && sorted[above] < centre)
        ++above;
    below = above;
    for (size_t taken = 0; taken < count / 2 + 1; ++taken) {
        last = distance;
        if (below == 0 || (above < count && sorted[above] - centre <= centre - sorted[below - 1]))
            distance = sorted[above++] - centre;
        else
            distance = centre - sorted[--below];
    }
    return count % 2 == 1 ? distance : last + 0.5 * (distance - last);
}

tml_sample_summary tml_sample_summarise(size_t count, double *values)
{
    tml_sample_summary summary = {count, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN};
    double shift = 0.0;
    double squares = 0.0;

    if (count == 0)
        return summary;
    qsort(values, count, sizeof *values, compare_doubles);
    for (size_t i = 0; i < count; ++i)
        shift += (values[i] - values[0]) / (double)count;
    for (size_t i = 0; i < count; ++i) {
        double deviation = values[i] - values[0] - shift;

        squares += deviation * deviation;
    }
    summary.mean = values[0] + shift;
    summary.sd = count > 1 ? sqrt(squares / (double)(count - 1)) : (double)NAN;
    summary.minimum = values[0];
    summary.maximum = values[count - 1];
    summary.p2_5 = tml_sorted_quantile(count, values, 0.025);
    summary.p16 = tml_sorted_quantile(count, values, 0.158655);
    summary.p50 = tml_sorted_quantile(count, values, 0.5);
    summary.p84 = tml_sorted_quantile(count, values, 0.841345);
    summary.p97_5 = tml_sorted_quantile(count, values, 0.975);
    summary.mad = median_distance(count, values, summary.p50);
    return summary;
}
