#ifndef TML_NETWORK_INITIALISE_H
#define TML_NETWORK_INITIALISE_H

/** @file network/initialise.h
 * Starting weights as Keras draws them, each a function of (seed, layer, position) alone. Not collective. */

#include <stdint.h>

#include "network/architecture.h"
#include "network/real.h"

/** Kernels of hidden layers: he_normal (He et al. 2015), a normal distribution cut at two standard deviations
 * and rescaled to variance 2 / fan_in. Kernel of the outputs: glorot_uniform (Glorot and Bengio 2010) of one
 * unit each, uniform within sqrt(6 / (fan_in + 1)). Factors of a normalisation: 1. Biases: 0.
 * @param weights  [parameter_count] out
 */
void tml_initialise_weights(const tml_network *network, uint64_t seed, tml_real *weights);

#endif
