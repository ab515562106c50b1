#include "inference/predicted_spread.h"

#include <math.h>

bool tml_predicts_spread(const tml_model *model)
{
    return model->settings.loss_kind == TML_LOSS_GAUSSIAN;
}

void tml_predicted_spread(const tml_model *model, const float *output, double *spread)
{
    size_t targets = model->settings.targets.count;
    tml_loss loss = tml_settings_loss(&model->settings);

    for (size_t t = 0; t < targets; ++t)
        spread[t] = exp(0.5 * tml_loss_log_variance(&loss, (double)output[targets + t])) *
                    fabs(model->preparation.targets[t].divisor);
}
