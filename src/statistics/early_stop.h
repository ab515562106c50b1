#ifndef TML_STATISTICS_EARLY_STOP_H
#define TML_STATISTICS_EARLY_STOP_H

/** @file statistics/early_stop.h
 * When a training has stopped getting better (the rule of Keras' EarlyStopping with a falling monitor).
 *
 * An epoch is an improvement if its loss + min_delta is below the best one so far; after `patience` epochs in
 * a row without an improvement the training stops and the weights of the best epoch are taken. The state is
 * plain numbers, so that a checkpoint keeps it. Not collective: given the same (reduced) loss every rank
 * decides alike.
 */

#include <stdint.h>

typedef struct tml_early_stop {
    double min_delta;   /* in units of the loss, at least 0 */
    int64_t patience;   /* epochs; 0 acts as 1 */
    double best_loss;   /* infinity before the first improvement */
    int64_t best_epoch; /* -1 before the first improvement */
    int64_t waited;     /* epochs in a row without an improvement */
} tml_early_stop;

typedef enum tml_early_stop_verdict {
    TML_EARLY_STOP_IMPROVED, /* keep these weights as the best */
    TML_EARLY_STOP_WAIT,     /* go on */
    TML_EARLY_STOP_NOW       /* end after this epoch and restore the best weights */
} tml_early_stop_verdict;

/** Start before the first epoch. */
void tml_early_stop_begin(tml_early_stop *state, double min_delta, int64_t patience);

/** Take note of one epoch.
 * @param loss  of the monitored set; NaN is no improvement
 */
tml_early_stop_verdict tml_early_stop_update(tml_early_stop *state, int64_t epoch, double loss);

#endif
