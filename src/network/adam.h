#ifndef TML_NETWORK_ADAM_H
#define TML_NETWORK_ADAM_H

/** @file network/adam.h
 * Adam (Kingma and Ba 2015, algorithm 1) and AdamW (Loshchilov and Hutter 2019, algorithm 2) on flat spans,
 * in one pass. Element by element, so that any cut of the vector into spans gives the same bits. Not
 * collective.
 */

#include <stddef.h>
#include <stdint.h>

#include "network/real.h"

/** Where the bias corrections and epsilon stand.
 * pytorch: w -= lr / (1 - b1^t) * m / (sqrt(v) / sqrt(1 - b2^t) + epsilon)   (the paper's algorithm 1)
 * keras:   w -= lr sqrt(1 - b2^t) / (1 - b1^t) * m / (sqrt(v) + epsilon)     (its section 2, "epsilon hat")
 */
typedef enum tml_adam_form { TML_ADAM_PYTORCH, TML_ADAM_KERAS } tml_adam_form;

typedef struct tml_adam {
    tml_adam_form form;
    double learning_rate;
    double beta1;
    double beta2;
    double epsilon;
    double weight_decay; /* AdamW: w is first multiplied by 1 - lr * weight_decay; 0: Adam */
} tml_adam;

/** One step on a span.
 * @param step      number of the step, from 1
 * @param scale     factor of the gradient, 1 / samples of the batch
 * @param gradient  [count] summed over the batch
 * @param weights, first_moment, second_moment  [count], in and out
 */
void tml_adam_step(const tml_adam *adam, uint64_t step, double scale, size_t count, const tml_real *gradient,
                   tml_real *weights, tml_real *first_moment, tml_real *second_moment);

#endif
