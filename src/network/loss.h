#ifndef TML_NETWORK_LOSS_H
#define TML_NETWORK_LOSS_H

/** @file network/loss.h
 * Losses of a lane with their gradients. Sums, not means: the caller divides by the samples of the whole
 * batch. Not collective. */

#include <stddef.h>

#include "network/real.h"

typedef enum tml_loss_kind { TML_LOSS_HUBER, TML_LOSS_SQUARED } tml_loss_kind;

enum { TML_LOSS_TARGETS = 16 };

typedef struct tml_loss {
    tml_loss_kind kind;
    double delta;                    /* of Huber (1964), in standardised units */
    double weight[TML_LOSS_TARGETS]; /* of each target in the sum */
} tml_loss;

/** Loss and its gradient.
 *
 * Huber: e^2 / 2 where |e| <= delta, else delta (|e| - delta / 2), e = output - target; squared: e^2 / 2.
 * @param sample_weight  [lane] 1, or 0 for a sample that only fills the lane
 * @param output, target [lane][targets]
 * @param sum            [targets] out: sum over the lane of the loss of each target, without `weight`
 * @param d_output       [lane][targets] out: gradient of the weighted sum; NULL if not wanted
 */
void tml_loss_of_lane(const tml_loss *loss, size_t lane, size_t targets, const tml_real *sample_weight,
                      const tml_real *output, const tml_real *target, double *sum, tml_real *d_output);

#endif
