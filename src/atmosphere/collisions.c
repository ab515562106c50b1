#include "atmosphere/collisions.h"

#include "atmosphere/fast_math.h"
#include "core/wide.h"

TML_WIDE void tml_collisions_add(size_t bins, const float *restrict low, const float *restrict high,
                                 double share, double weight, double *restrict sum)
{
    const double ln_10 = 2.30258509299404568402;

    for (size_t b = 0; b < bins; ++b)
        sum[b] += weight * tml_fast_exp(ln_10 * ((1.0 - share) * (double)low[b] + share * (double)high[b]));
}
