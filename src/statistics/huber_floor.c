#include "statistics/huber_floor.h"

#include <math.h>

static double huber_sum(size_t count, const double *label, double centre, double delta)
{
    double sum = 0.0;

    for (size_t i = 0; i < count; ++i) {
        const double e = fabs(label[i] - centre);

        sum += e <= delta ? 0.5 * e * e : delta * (e - 0.5 * delta);
    }
    return sum;
}

/* Falls as the centre rises: minus the slope of the sum of the losses. */
static double pull(size_t count, const double *label, double centre, double delta)
{
    double sum = 0.0;

    for (size_t i = 0; i < count; ++i)
        sum += fmax(-delta, fmin(delta, label[i] - centre));
    return sum;
}

static double bisect(size_t count, const double *label, double low, double high, double delta)
{
    for (;;) {
        const double middle = low + 0.5 * (high - low);

        if (!(middle > low && middle < high))
            return middle;
        if (pull(count, label, middle, delta) > 0.0)
            low = middle;
        else
            high = middle;
    }
}

double tml_huber_floor(size_t count, const double *label, double delta)
{
    double low, high, mean;

    if (count < 2)
        return 0.0;
    low = high = mean = label[0];
    for (size_t i = 1; i < count; ++i) {
        low = fmin(low, label[i]);
        high = fmax(high, label[i]);
        mean += (label[i] - mean) / (double)(i + 1);
    }
    if (!(high > low))
        return 0.0;
    if (high - mean <= delta && mean - low <= delta)
        return huber_sum(count, label, mean, delta);
    return huber_sum(count, label, bisect(count, label, low, high, delta), delta);
}
