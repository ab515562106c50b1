#ifndef TML_NETWORK_SCHEDULE_H
#define TML_NETWORK_SCHEDULE_H

/** @file network/schedule.h
 * The learning rate as a pure function of the step, so that a resumed training needs nothing but the step.
 * Not collective. */

#include <stdint.h>

typedef enum tml_schedule_kind {
    TML_SCHEDULE_CONSTANT,
    TML_SCHEDULE_COSINE /* Loshchilov and Hutter 2017 (ICLR), eq. 5, without restarts */
} tml_schedule_kind;

typedef struct tml_schedule {
    tml_schedule_kind kind;
    double rate;           /* at the start */
    double final_fraction; /* of it that is left at the end of the decay and after */
    uint64_t decay_steps;
} tml_schedule;

/** Rate of a step, counted from 0. */
double tml_schedule_rate(const tml_schedule *schedule, uint64_t step);

#endif
