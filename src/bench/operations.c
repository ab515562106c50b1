#include "bench/operations.h"

tml_operations tml_layer_operations(const tml_layer *layer)
{
    tml_operations count = {0.0, 0.0};
    double pairs = (double)layer->in.channels * (double)layer->out.channels;

    if (layer->kind == TML_LAYER_DENSE || layer->kind == TML_LAYER_PROJECTION) {
        count.effective = count.real = 2.0 * pairs * (double)layer->out.positions;
    } else if (layer->kind == TML_LAYER_CONVOLUTION) {
        count.effective = 2.0 * pairs * (double)(layer->window * layer->out.positions);
        count.real = count.effective;
        if (layer->tile > 0) {
            size_t tiles = (layer->out.positions + layer->tile - 1) / layer->tile;

            count.real = 2.0 * pairs * (double)(tiles * (layer->tile + layer->window - 1));
        }
    }
    return count;
}

tml_operations tml_network_operations(const tml_network *network, bool is_training)
{
    tml_operations sum = {0.0, 0.0};

    for (size_t i = 0; i < network->layer_count; ++i) {
        tml_operations one = tml_layer_operations(&network->layer[i]);
        double products = !is_training ? 1.0 : network->layer[i].from > 0 ? 3.0 : 2.0;

        sum.effective += products * one.effective;
        sum.real += products * one.real;
    }
    return sum;
}
