#include "network/gradient_norm.h"

#include "network/wide.h"

/* As many sums side by side as two vectors of AVX2 hold twice: the additions do not wait for each other. */
enum { SUMS = 16 };

TML_WIDE double tml_square_sum(size_t count, const tml_real *values)
{
    double sum[SUMS] = {0.0};
    size_t whole = count - count % SUMS;
    double total = 0.0;

    for (size_t i = 0; i < whole; i += SUMS)
        for (size_t j = 0; j < SUMS; ++j)
            sum[j] += (double)values[i + j] * (double)values[i + j];
    for (size_t i = whole; i < count; ++i)
        sum[i - whole] += (double)values[i] * (double)values[i];
    for (size_t j = 0; j < SUMS; ++j)
        total += sum[j];
    return total;
}

double tml_clip_factor(double norm, double limit)
{
    return limit > 0.0 && norm > limit ? limit / norm : 1.0;
}
