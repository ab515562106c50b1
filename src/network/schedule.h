#ifndef TML_NETWORK_SCHEDULE_H
#define TML_NETWORK_SCHEDULE_H

/** @file network/schedule.h
 * The learning rate as a pure function of the step and, for the plateau, of the losses so far, so that a
 * resumed training goes on with the same bits. Not collective. */

#include <stdbool.h>
#include <stdint.h>

typedef enum tml_schedule_kind {
    TML_SCHEDULE_CONSTANT,
    TML_SCHEDULE_COSINE, /* Loshchilov and Hutter 2017 (ICLR), eq. 5, without restarts */
    TML_SCHEDULE_PLATEAU /* cut when the loss has stopped to fall, as PyTorch's and Keras' ReduceLROnPlateau
                          */
} tml_schedule_kind;

typedef struct tml_schedule {
    tml_schedule_kind kind;
    double rate;           /* at the start of the decay */
    double final_fraction; /* of it that is left at the end of the decay and after; the plateau's least */
    uint64_t decay_steps;
    uint64_t warmup_steps;  /* before the decay: step s has (s + 1) / warmup_steps of the rate; 0: none */
    double plateau_factor;  /* of each cut */
    int64_t plateau_epochs; /* in a row without an improvement that bring a cut */
} tml_schedule;

/** What the losses so far have done to the rate: a fold over the epochs, kept in the checkpoint. */
typedef struct tml_plateau {
    int64_t waited; /* epochs in a row without an improvement or a cut */
    int64_t cuts;
} tml_plateau;

/** The plateau after one more epoch; of the other kinds always as it began, {0, 0}.
 * @param improved  whether the monitored loss was an improvement (statistics/early_stop.h)
 */
tml_plateau tml_plateau_after(const tml_schedule *schedule, tml_plateau before, bool improved);

/** Rate of a step.
 * @param step  counted from 0
 * @param cuts  of the plateau so far
 */
double tml_schedule_rate(const tml_schedule *schedule, uint64_t step, int64_t cuts);

#endif
