#ifndef TML_NETWORK_LOSS_H
#define TML_NETWORK_LOSS_H

/** @file network/loss.h
 * Losses of a lane with their gradients. Sums, not means: the caller divides by the samples of the whole
 * batch. Not collective. */

#include <stddef.h>

#include "network/real.h"

typedef enum tml_loss_kind { TML_LOSS_HUBER, TML_LOSS_SQUARED, TML_LOSS_GAUSSIAN } tml_loss_kind;

/** Their names, in this order, as a configuration has them. */
#define TML_LOSS_CHOICES "huber|squared|gaussian"

enum { TML_LOSS_TARGETS = 16 };

/** Least and greatest variance that the Gaussian loss takes, in the learned scale: the greatest keeps what a
 * network says at its start within numbers; the least is a setting. */
#define TML_LOSS_LEAST_VARIANCE 1e-6
#define TML_LOSS_GREATEST_VARIANCE 1e12

typedef struct tml_loss {
    tml_loss_kind kind;
    double delta;                    /* of Huber (1964), in standardised units */
    double weight[TML_LOSS_TARGETS]; /* of each target in the sum */
    double least_variance;           /* of the Gaussian loss, above 0 */
} tml_loss;

/** Outputs of the network for each target: 2 for the Gaussian loss (the mean and the logarithm of the
 * variance), else 1. */
size_t tml_loss_outputs(tml_loss_kind kind);

/** The name of a kind. Borrowed from static storage. */
const char *tml_loss_name(tml_loss_kind kind);

/** The logarithm of a variance that an output stands for: within the least and the greatest one. NaN stays.
 */
double tml_loss_log_variance(const tml_loss *loss, double output);

/** Loss and its gradient.
 *
 * Huber: e^2 / 2 where |e| <= delta, else delta (|e| - delta / 2), e = output - target; squared: e^2 / 2;
 * Gaussian: (s + e^2 exp(-s)) / 2 with s = tml_loss_log_variance, the negative logarithm of a normal
 * distribution's density without its constant (Nix and Weigend 1994; PyTorch's GaussianNLLLoss). Where s is
 * at a limit its slope is that of the limit if a step along it leads back, else 0.
 * @param sample_weight  [lane] 1, or 0 for a sample that only fills the lane
 * @param output         [lane][tml_loss_outputs x targets]: all means, then all logarithms of variances
 * @param target         [lane][targets]
 * @param sum            [targets] out: sum over the lane of the loss of each target, without `weight`
 * @param d_output       as output, out: gradient of the weighted sum; NULL if not wanted
 */
void tml_loss_of_lane(const tml_loss *loss, size_t lane, size_t targets, const tml_real *sample_weight,
                      const tml_real *output, const tml_real *target, double *sum, tml_real *d_output);

#endif
