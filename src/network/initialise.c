#include "network/initialise.h"

#include <math.h>
#include <string.h>

#include "core/random.h"

/* Standard deviation of the standard normal distribution cut at +-2. */
#define CUT_NORMAL_SD 0.87962566103423978

/* A standard normal number within +-2: the first of a keyed sequence that is. */
static double cut_normal(uint64_t seed, uint64_t layer, uint64_t position)
{
    for (uint64_t attempt = 0;; ++attempt) {
        tml_random_words words = tml_random_at(seed, TML_RANDOM_WEIGHTS, layer, position, attempt);
        double normal[4];

        tml_random_normal_pair(words.word[0], words.word[1], normal);
        tml_random_normal_pair(words.word[2], words.word[3], normal + 2);
        for (int i = 0; i < 4; ++i)
            if (fabs(normal[i]) <= 2.0)
                return normal[i];
    }
}

static void fill_hidden(const tml_layer *layer, size_t number, uint64_t seed, tml_real *kernel)
{
    double fan_in = (double)layer->kernel.count / (double)layer->out.channels;
    double sd = sqrt(2.0 / fan_in) / CUT_NORMAL_SD;

    for (size_t i = 0; i < layer->kernel.count; ++i)
        kernel[i] = (tml_real)(sd * cut_normal(seed, number, i));
}

static void fill_head(const tml_layer *layer, size_t number, uint64_t seed, tml_real *kernel)
{
    double limit = sqrt(6.0 / ((double)layer->in.channels + 1.0));

    for (size_t i = 0; i < layer->kernel.count; ++i)
        kernel[i] = (tml_real)(limit *
                               (2.0 * tml_random_uniform(seed, TML_RANDOM_WEIGHTS, number, i, 0) - 1.0));
}

static void fill_factors(const tml_layer *layer, tml_real *factors)
{
    for (size_t i = 0; i < layer->kernel.count; ++i)
        factors[i] = 1;
}

void tml_initialise_weights(const tml_network *network, uint64_t seed, tml_real *weights)
{
    size_t number = 0; /* among the layers with weights: a pool or a dropout more does not change the start */

    memset(weights, 0, network->parameter_count * sizeof *weights);
    for (size_t i = 0; i < network->layer_count; ++i) {
        const tml_layer *layer = &network->layer[i];
        tml_real *kernel = weights + layer->kernel.offset;

        if (layer->kernel.count == 0)
            continue;
        if (layer->kind == TML_LAYER_NORM)
            fill_factors(layer, kernel);
        else if (layer->is_head)
            fill_head(layer, number, seed, kernel);
        else
            fill_hidden(layer, number, seed, kernel);
        ++number;
    }
}
