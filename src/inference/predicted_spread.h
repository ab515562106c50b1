#ifndef TML_INFERENCE_PREDICTED_SPREAD_H
#define TML_INFERENCE_PREDICTED_SPREAD_H

/** @file inference/predicted_spread.h
 * The standard deviation that a network predicts beside each target, where it has learned one (loss.kind
 * gaussian). Not collective. */

#include <stdbool.h>

#include "training/model.h"

/** Whether the network predicts one. */
bool tml_predicts_spread(const tml_model *model);

/** The standard deviations of one sample.
 * @param output  [tml_network_outputs] of the network
 * @param spread  out: [targets] in the targets' units, but log10 where the network learns the logarithm
 */
void tml_predicted_spread(const tml_model *model, const float *output, double *spread);

#endif
