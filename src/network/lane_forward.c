#include "network/average_pool.h"
#include "network/concatenate.h"
#include "network/convolution.h"
#include "network/dense.h"
#include "network/dropout.h"
#include "network/gelu.h"
#include "network/lane_private.h"
#include "network/layer_norm.h"
#include "network/pool.h"
#include "network/projection.h"
#include "network/skip_add.h"

static void drop_out(tml_lane *lane, size_t i, size_t count, const tml_lane_moment *moment)
{
    const tml_layer *layer = &lane->network->layer[i];
    tml_dropout_key key = {moment->seed, moment->step, i};
    size_t units = layer->out.channels;

    for (size_t s = 0; s < count; ++s)
        tml_dropout_factors(key, lane->number[s], layer->rate, units, lane->factor[i] + s * units);
    tml_dropout_apply(count * units, lane->factor[i], lane->output[i + 1]);
}

static void layer_forward(tml_lane *lane, const tml_prepared_weights *prepared, size_t i, size_t count,
                          const tml_lane_moment *moment)
{
    const tml_layer *layer = &lane->network->layer[i];
    const tml_real *kernel = prepared->weights + layer->kernel.offset;
    const tml_real *bias = prepared->weights + layer->bias.offset;
    const tml_real *in = lane->output[layer->from];
    tml_real *out = lane->output[i + 1];
    size_t numbers = count * tml_activation_size(layer->out);

    switch (layer->kind) {
    case TML_LAYER_CONVOLUTION:
        tml_convolution_forward(layer, count, kernel, prepared->kernels + lane->prepared[i], bias, in, out,
                                lane->scratch);
        break;
    case TML_LAYER_PROJECTION:
        tml_projection_forward(layer, count, kernel, bias, in, out);
        break;
    case TML_LAYER_NORM:
        tml_layer_norm_forward(layer, count, kernel, bias, in, out);
        break;
    case TML_LAYER_GELU:
        tml_gelu_forward(numbers, in, out);
        break;
    case TML_LAYER_ADD:
        tml_skip_add(layer->has_relu, numbers, in, lane->output[layer->with], out);
        break;
    case TML_LAYER_POOL:
        tml_pool_forward(layer, count, in, out);
        break;
    case TML_LAYER_AVERAGE_POOL:
        tml_average_pool_forward(layer, count, in, out);
        break;
    case TML_LAYER_DENSE:
        tml_dense_forward(layer, count, kernel, bias, in, out, lane->scratch);
        break;
    case TML_LAYER_DROPOUT:
        if (moment != NULL)
            drop_out(lane, i, count, moment);
        break;
    case TML_LAYER_CONCATENATE:
        tml_concatenate_forward(layer, count, in, lane->features, out);
        break;
    }
}

const tml_real *tml_lane_forward(tml_lane *lane, const tml_prepared_weights *prepared, size_t count,
                                 const tml_lane_moment *moment)
{
    for (size_t i = 0; i < lane->network->layer_count; ++i) {
        layer_forward(lane, prepared, i, count, moment);
        tml_lane_tell(lane, &lane->network->layer[i], false);
    }
    return lane->output[lane->network->layer_count];
}
