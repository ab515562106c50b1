#include "network/loss.h"

#include <math.h>

size_t tml_loss_outputs(tml_loss_kind kind)
{
    return kind == TML_LOSS_GAUSSIAN ? 2 : 1;
}

const char *tml_loss_name(tml_loss_kind kind)
{
    static const char *const names[] = {"huber", "squared", "gaussian"};

    return names[kind];
}

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

double tml_loss_log_variance(const tml_loss *loss, double output)
{
    double low = log(loss->least_variance);
    double high = log(TML_LOSS_GREATEST_VARIANCE);

    return output < low ? low : output > high ? high : output;
}

/* One sample of one target: `mean` and `output`, the logarithm of its variance, with their slopes. */
static double gaussian(const tml_loss *loss, double e, double output, double *d_mean, double *d_output)
{
    double s = tml_loss_log_variance(loss, output);
    double precision = exp(-s);

    *d_mean = e * precision;
    *d_output = 0.5 * (1.0 - e * e * precision);
    if ((output<s && * d_output> 0.0) || (output > s && *d_output < 0.0))
        *d_output = 0.0; /* a step down the slope would lead further out */
    return 0.5 * (s + e * e * precision);
}

void tml_loss_of_lane(const tml_loss *loss, size_t lane, size_t targets, const tml_real *sample_weight,
                      const tml_real *output, const tml_real *target, double *sum, tml_real *d_output)
{
    size_t width = tml_loss_outputs(loss->kind) * targets;

    for (size_t t = 0; t < targets; ++t)
        sum[t] = 0.0;
    for (size_t s = 0; s < lane; ++s) {
        double weight = (double)sample_weight[s];

        for (size_t t = 0; t < targets; ++t) {
            size_t at = s * width + t;
            double e = (double)output[at] - (double)target[s * targets + t];
            double slope;
            double variance_slope = 0.0;
            double value;

            if (loss->kind == TML_LOSS_GAUSSIAN) {
                value = gaussian(loss, e, (double)output[at + targets], &slope, &variance_slope);
            } else {
                value = value_of(loss, e);
                slope = slope_of(loss, e);
            }
            sum[t] += weight * value;
            if (d_output == NULL)
                continue;
            d_output[at] = (tml_real)(weight * loss->weight[t] * slope);
            if (loss->kind == TML_LOSS_GAUSSIAN)
                d_output[at + targets] = (tml_real)(weight * loss->weight[t] * variance_slope);
        }
    }
}
