#include "network/loss.h"

#include <math.h>

static double value_of(const tml_loss *loss, double e)
{
    if (loss->kind == TML_LOSS_HUBER && fabs(e) > loss->delta)
        return loss->delta * (fabs(e) - 0.5 * loss->delta);
    return 0.5 * e * e;
}

static double slope_of(const tml_loss *loss, double e)
{
    if (loss->kind == TML_LOSS_HUBER && fabs(e) > loss->delta)
        return e > 0 ? loss->delta : -loss->delta;
    return e;
}

void tml_loss_of_lane(const tml_loss *loss, size_t lane, size_t targets, const tml_real *sample_weight,
                      const tml_real *output, const tml_real *target, double *sum, tml_real *d_output)
{
    for (size_t t = 0; t < targets; ++t)
        sum[t] = 0.0;
    for (size_t s = 0; s < lane; ++s) {
        double weight = (double)sample_weight[s];

        for (size_t t = 0; t < targets; ++t) {
            double e = (double)output[s * targets + t] - (double)target[s * targets + t];

            sum[t] += weight * value_of(loss, e);
            if (d_output != NULL)
                d_output[s * targets + t] = (tml_real)(weight * loss->weight[t] * slope_of(loss, e));
        }
    }
}
